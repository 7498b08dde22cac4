// SPDX-License-Identifier: Apache-2.0
#include "cli/main.hpp"

#include <ostream>

#include "cli/exit.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"

namespace mikusari::cli {
namespace {

bool wants_japanese(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("--lang=")) return words[i].starts_with("--lang=ja");
    if (words[i] == "--lang" && i + 1 < words.size()) return words[i + 1].starts_with("ja");
  }
  for (const char* name : {"LC_ALL", "LANG"}) {
    if (const auto found = environment.find(name); found != environment.end() && !found->second.empty())
      return found->second.starts_with("ja");
  }
  return false;
}

}  // namespace

int main(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
         std::ostream& out, std::ostream& err) {
  auto parsed = parse_words(words, wants_japanese(words, environment));
  if (!parsed) {
    err << "mikusari: " << parsed.error().message() << std::endl;
    return exit_usage;
  }
  if (const auto* help = std::get_if<Help>(&*parsed)) {
    out << help->text << std::flush;
    return exit_done;
  }
  auto& [command, arguments] = std::get<Parsed>(*parsed);
  Session session(std::move(arguments), environment, out, err);
  if (const auto done = command->run(session); !done) {
    session.finish(command->path, done.error());
    return exit_code(done.error().code());
  }
  session.finish(command->path);
  return exit_done;
}

}  // namespace mikusari::cli
