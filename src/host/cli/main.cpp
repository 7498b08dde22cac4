// SPDX-License-Identifier: Apache-2.0
#include "cli/main.hpp"

#include <algorithm>
#include <ostream>

#include "cli/exit.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"
#include "platform/posix/process.hpp"

namespace mikusari::cli {
namespace {

// The language that is asked for, before the words are understood: errors about them are said in it.
std::string_view language_in(const std::vector<std::string>& words) {
  constexpr std::string_view with_value = "--lang=";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with(with_value)) return std::string_view(words[i]).substr(with_value.size());
    if (words[i] == "--lang" && i + 1 < words.size()) return words[i + 1];
  }
  return {};
}

bool is_set(const std::map<std::string, std::string>& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found != environment.end() && !found->second.empty();
}

bool wants_json(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

int tell(const Help& help, bool as_json, std::ostream& out) {
  if (as_json)
    out << "{\"command\":" << json_text(help.command) << ",\"text\":" << json_text(help.text) << "}\n";
  else
    out << help.text;
  out.flush();
  return exit_done;
}

int misunderstood(const std::vector<std::string>& words, const Error& error, std::ostream& out, std::ostream& err) {
  if (!wants_json(words)) {
    err << "mikusari: " << error.message() << std::endl;
    return exit_usage;
  }
  out << "{\"command\":" << json_text(path_in(words)) << ",\"error\":{\"code\":" << json_text(name(error.code()))
      << ",\"message\":" << json_text(error.message()) << "}}" << std::endl;
  return exit_usage;
}

}  // namespace

int main(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
         std::ostream& out, std::ostream& err) {
  auto parsed = parse_words(words, wants_japanese(language_in(words), environment));
  if (!parsed) return misunderstood(words, parsed.error(), out, err);
  if (const auto* help = std::get_if<Help>(&*parsed)) return tell(*help, wants_json(words), out);
  auto& [command, arguments] = std::get<Parsed>(*parsed);
  if (!arguments.has("--home") && !is_set(environment, "MIKUSARI_HOME") && !is_set(environment, "HOME"))
    return misunderstood(words, Error(Code::invalid, "there is no home folder: give --home, or set HOME"), out, err);
  Session session(std::move(arguments), environment, out, err);
  if (const auto done = command->run(session); !done) {
    session.finish(command->path, done.error());
    return exit_code(done.error().code());
  }
  session.finish(command->path);
  return exit_done;
}

int process_main(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                 std::ostream& out, std::ostream& err) {
  for (const auto prepare : {platform::hold_standard_descriptors, platform::forbid_core_dumps}) {
    const auto prepared = prepare();
    if (prepared) continue;
    err << "mikusari: " << prepared.error().message() << std::endl;
    return exit_code(prepared.error().code());
  }
  const int code = main(words, environment, out, err);
  if (out.flush() || code != exit_done) return code;
  err << "mikusari: the output could not be written (is the disk full?); what was asked for is done" << std::endl;
  return exit_output_lost;
}

}  // namespace mikusari::cli
