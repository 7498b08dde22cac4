// SPDX-License-Identifier: Apache-2.0
#include "cli/exit.hpp"
#include "cli/parser.hpp"

namespace mikusari::cli {
namespace {

std::string usage(const Command& command) {
  std::string out = "mikusari " + command.path;
  for (const auto& option : command.options) {
    std::string word = option.name;
    if (!option.positional() && option.form != Form::flag) word += " VALUE";
    if (option.form == Form::list) word += "...";
    out += option.need == Need::required ? " " + word : " [" + word + "]";
  }
  return out;
}

// What an option means, with the words that it takes, unless the meaning says them.
std::string meaning(const Option& option) {
  std::string words;
  bool is_said = true;
  for (const auto& choice : option.choices) {
    is_said = is_said && option.en.find(choice) != std::string::npos;
    words += (words.empty() ? "" : ", ") + choice;
  }
  return is_said ? option.en : option.en + " (" + words + ")";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string completion_script() {
  std::string out =
      "_mikusari() {\n  local cur=${COMP_WORDS[COMP_CWORD]} line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n  local "
      "words=\"\"\n  case \"$line\" in\n";
  for (const auto& command : commands()) {
    out += "    \"" + command.path + "\"*) words=\"";
    for (const auto& option : command.options) out += option.positional() ? "" : option.name + " ";
    for (const auto& option : global_options()) out += option.name + " ";
    out += "\" ;;\n";
  }
  for (const auto& group : groups()) {
    out += "    \"" + group.name + "\"*) words=\"";
    for (const auto& command : commands()) {
      if (command.path.starts_with(group.name + " ")) out += command.path.substr(group.name.size() + 1) + " ";
    }
    out += "\" ;;\n";
  }
  out += "    *) words=\"";
  for (const auto& group : groups()) out += group.name + " ";
  for (const auto& command : commands()) out += command.path.find(' ') == std::string::npos ? command.path + " " : "";
  return out +
         "\" ;;\n  esac\n  COMPREPLY=( $(compgen -W \"$words\" -- \"$cur\") $(compgen -f -- \"$cur\") )\n}\ncomplete "
         "-F _mikusari mikusari\n";
}

std::string manual_page() {
  std::string out =
      ".TH MIKUSARI 1\n.SH NAME\nmikusari \\- the proven life of devices and their parts\n.SH SYNOPSIS\nmikusari "
      "[options] GROUP COMMAND\n.SH OPTIONS\n";
  for (const auto& option : global_options())
    out += ".TP\n.B " + escaped(option.name) + "\n" + escaped(option.en) + "\n";
  out += ".SH COMMANDS\n";
  for (const auto& command : commands()) {
    out += ".SS " + escaped(usage(command)) + "\n" + escaped(command.en) + "\n";
    for (const auto& option : command.options)
      out += ".TP\n.B " + escaped(option.name) + "\n" + escaped(meaning(option)) + "\n";
  }
  out += ".SH EXIT STATUS\n";
  for (const auto& row : exit_rows)
    out += ".TP\n.B " + std::to_string(row.code) + "\n" + escaped(std::string(row.en)) + "\n";
  return out;
}

std::string reference_page() {
  std::string out = "## Options of every command\n| option | meaning |\n|---|---|\n";
  for (const auto& option : global_options()) out += "| `" + option.name + "` | " + option.en + " |\n";
  out += "\n## Exit codes\n| code | meaning |\n|---|---|\n";
  for (const auto& row : exit_rows) out += "| " + std::to_string(row.code) + " | " + std::string(row.en) + " |\n";
  out += "\n## Commands\n";
  for (const auto& command : commands()) {
    out += "### `" + usage(command) + "`\n" + command.en + ".\n\n";
    for (const auto& option : command.options) out += "- `" + option.name + "`: " + meaning(option) + "\n";
    if (!command.options.empty()) out += "\n";
  }
  out.pop_back();
  return out;
}

}  // namespace mikusari::cli
