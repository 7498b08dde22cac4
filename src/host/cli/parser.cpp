// SPDX-License-Identifier: Apache-2.0
#include "cli/parser.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

namespace mikusari::cli {
namespace {

#include <cli_version.inc>  // made of version.inc.in

struct Slot {
  const Option* option;
  std::vector<std::string> values;
  bool set = false;
};

// "[THING…]" where the library writes how many there may be.
class Words : public CLI::Formatter {
 public:
  std::string make_option_usage(const CLI::Option* option) const override {
    const std::string name = make_option_name(option, true) + (option->get_expected_max() > 1 ? "…" : "");
    return option->get_required() ? name : "[" + name + "]";
  }
};

struct Tree {
  CLI::App root{"Mikusari: the proven life of devices and their parts", "mikusari"};
  std::map<std::string, CLI::App*> apps;
  std::map<const Command*, CLI::App*> leaves;
  std::map<CLI::App*, std::deque<Slot>> slots;
};

// `--part A B` where nothing else could follow; where positional arguments may, each value has its own `--part`.
enum class Greed : std::uint8_t { one_value, many_values };

void add_option(Tree& tree, CLI::App& app, const Option& option, Greed greed, bool japanese) {
  auto& slot = tree.slots[&app].emplace_back(Slot{&option, {}, false});
  const std::string& help = japanese ? option.ja : option.en;
  if (option.form == Form::flag) {
    app.add_flag(option.name, slot.set, help);
    return;
  }
  auto* made = app.add_option(option.name, slot.values, help);
  made->type_name(option.positional() ? "" : "TEXT");
  if (option.form == Form::text)
    made->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  if (option.form == Form::list && !option.positional())
    made->expected(1, 4096)->allow_extra_args(greed == Greed::many_values);
  if (option.form == Form::list && option.positional()) made->expected(option.need == Need::required ? 1 : 0, 65536);
  if (!option.choices.empty()) made->check(CLI::IsMember(option.choices));
  if (option.need == Need::required) made->required();
}

// What stands below the help of a command.
std::string footer_of(bool japanese) {
  std::string names;
  for (const auto& option : global_options()) names += " " + option.name;
  return (japanese ? "すべてのコマンドの共通オプション（`mikusari --help` に説明）:"
                   : "Options of every command (see `mikusari --help`):") +
         names;
}

void build(Tree& tree, bool japanese) {
  tree.root.formatter(std::make_shared<Words>());
  tree.root.require_subcommand(1);
  tree.root.fallthrough();
  for (const auto& option : global_options()) add_option(tree, tree.root, option, Greed::one_value, japanese);
  for (const auto& group : groups()) {
    auto* app = tree.root.add_subcommand(group.name, japanese ? group.ja : group.en);
    app->require_subcommand(1)->fallthrough()->footer(footer_of(japanese));
    tree.apps[group.name] = app;
  }
  for (const auto& command : commands()) {
    const auto space = command.path.find(' ');
    auto* above = space == std::string::npos ? &tree.root : tree.apps.at(command.path.substr(0, space));
    auto* app = above->add_subcommand(space == std::string::npos ? command.path : command.path.substr(space + 1),
                                      japanese ? command.ja : command.en);
    app->fallthrough()->footer(footer_of(japanese));
    tree.leaves[&command] = app;
    const bool positional = std::any_of(command.options.begin(), command.options.end(),
                                        [](const Option& each) { return each.positional(); });
    for (const auto& option : command.options) {
      add_option(tree, *app, option, positional ? Greed::one_value : Greed::many_values, japanese);
    }
  }
}

void take(const Tree& tree, const CLI::App* app, Arguments& into) {
  const auto found = tree.slots.find(const_cast<CLI::App*>(app));
  if (found == tree.slots.end()) return;
  for (const auto& slot : found->second) {
    if (slot.set) into.add(slot.option->name, "");
    for (const auto& value : slot.values) into.add(slot.option->name, value);
  }
}

// The first option or word that was given without a value, as an unset variable of a shell gives it; empty: none.
std::string empty_one(const Tree& tree, CLI::App* app, const Command& command) {
  const auto found = tree.slots.find(app);
  if (found == tree.slots.end()) return "";
  for (const auto& slot : found->second) {
    const auto& may = command.may_be_empty;
    const bool given = std::ranges::find(slot.values, "") != slot.values.end();
    if (given && std::ranges::find(may, slot.option->name) == may.end()) return slot.option->name;
  }
  return "";
}

// Of the last command that is named, with the whole way to it.
std::string help_of(const CLI::App& root) {
  const CLI::App* shown = &root;
  std::string above;
  while (!shown->get_subcommands().empty()) {
    above += (above.empty() ? "" : " ") + shown->get_name();
    shown = shown->get_subcommands().front();
  }
  return shown->help(above);
}

bool wants_version(Tree& tree) {
  const auto& slots = tree.slots[&tree.root];
  return std::any_of(slots.begin(), slots.end(),
                     [](const Slot& slot) { return slot.set && slot.option->name == "--version"; });
}

// As path_in(), with the first word that is no command.
std::string reached(const std::vector<std::string>& words, std::string& unknown) {
  std::string path;
  const auto& globals = global_options();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("-")) {
      for (const auto& option : globals) i += option.name == words[i] && option.form != Form::flag ? 1 : 0;
      continue;
    }
    const std::string longer = path.empty() ? words[i] : path + " " + words[i];
    bool known = false, complete = false;
    for (const auto& command : commands()) {
      known = known || command.path == longer || command.path.starts_with(longer + " ");
      complete = complete || command.path == path;
    }
    if (complete) break;
    if (!known) {
      unknown = words[i];
      break;
    }
    path = longer;
  }
  return path;
}

std::vector<std::string> words_below(const std::string& path) {
  std::vector<std::string> out;
  const std::string prefix = path.empty() ? "" : path + " ";
  for (const auto& command : commands()) {
    if (!command.path.starts_with(prefix) || command.path.size() == prefix.size()) continue;
    const std::string rest = command.path.substr(prefix.size());
    const std::string word = rest.substr(0, rest.find(' '));
    if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
  }
  return out;
}

std::vector<std::string> option_names(const std::string& path) {
  std::vector<std::string> out;
  for (const auto& option : global_options()) out.push_back(option.name);
  for (const auto& command : commands()) {
    if (command.path != path) continue;
    for (const auto& option : command.options) out.push_back(option.name);
  }
  return out;
}

Error wrong(const std::vector<std::string>& words, const std::string& why, bool japanese) {
  std::string unknown;
  const std::string path = reached(words, unknown);
  const std::string program = path.empty() ? "mikusari" : "mikusari " + path;
  std::string hint;
  if (!unknown.empty()) {
    const auto near = nearest_word(unknown, words_below(path));
    const std::string said = (japanese ? "コマンドがありません: " : "there is no command: ") + program + " " + unknown;
    hint = said + (near.empty() ? "" : (japanese ? "。もしかして: " : ". Did you mean: ") + program + " " + near + "?");
  } else {
    hint = why;
    const auto names = option_names(path);
    for (const auto& word : words) {
      const std::string name = word.substr(0, word.find('='));
      if (!name.starts_with("--") || std::find(names.begin(), names.end(), name) != names.end()) continue;
      const auto near = nearest_word(name, names);
      hint = (japanese ? "オプションがありません: " : "there is no option ") + name;
      if (!near.empty()) hint += (japanese ? "。もしかして: " : ". Did you mean: ") + near + "?";
      break;
    }
  }
  return Error(Code::invalid, japanese ? "`--help` で使い方を表示します" : "see `--help`")
      .with_context(hint + " (" + program + ")");
}

}  // namespace

std::string nearest_word(std::string_view wrong, const std::vector<std::string>& words) {
  std::string best;
  std::size_t least = 1 + wrong.size() / 3 + 1;
  for (const auto& word : words) {
    // Edits: one character more, less or another, or two neighbours exchanged.
    std::vector<std::size_t> before, above, row(word.size() + 1);
    for (std::size_t j = 0; j <= word.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= wrong.size(); ++i) {
      before = std::exchange(above, row);
      row[0] = i;
      for (std::size_t j = 1; j <= word.size(); ++j) {
        row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (wrong[i - 1] == word[j - 1] ? 0U : 1U)});
        const bool exchanged = i > 1 && j > 1 && wrong[i - 1] == word[j - 2] && wrong[i - 2] == word[j - 1];
        if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    if (row.back() < least) {
      least = row.back();
      best = word;
    }
  }
  return best;
}

std::string path_in(const std::vector<std::string>& words) {
  std::string unknown;
  return reached(words, unknown);
}

std::string version_line() { return "mikusari " + std::string(project_version); }

Result<std::variant<Parsed, Help>> parse_words(const std::vector<std::string>& words, bool japanese) {
  Tree tree;
  build(tree, japanese);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    tree.root.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return std::variant<Parsed, Help>(Help{"help", help_of(tree.root)});
  } catch (const CLI::ParseError& error) {
    if (wants_version(tree)) return std::variant<Parsed, Help>(Help{"version", version_line() + "\n"});
    if (words.empty()) return std::variant<Parsed, Help>(Help{"help", help_of(tree.root)});
    return std::unexpected(wrong(words, error.what(), japanese));
  }
  for (const auto& [command, app] : tree.leaves) {
    if (!app->parsed()) continue;
    if (wants_version(tree)) return std::variant<Parsed, Help>(Help{"version", version_line() + "\n"});
    for (CLI::App* each : {&tree.root, app}) {
      const auto empty = empty_one(tree, each, *command);
      if (!empty.empty())
        return std::unexpected(wrong(words,
                                     empty + (japanese ? ": 値が空です（変数は設定されていますか）"
                                                       : ": its value is empty: is a variable unset?"),
                                     japanese));
    }
    Parsed out{command, {}};
    take(tree, &tree.root, out.arguments);
    take(tree, app, out.arguments);
    return std::variant<Parsed, Help>(std::move(out));
  }
  return std::unexpected(wrong(words, "no command", japanese));
}

}  // namespace mikusari::cli
