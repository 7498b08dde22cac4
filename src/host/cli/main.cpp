// SPDX-License-Identifier: Apache-2.0
#include "cli/main.hpp"

#include <ostream>

#include "cli/exit.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"

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

}  // namespace

int main(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
         std::ostream& out, std::ostream& err) {
  auto parsed = parse_words(words, wants_japanese(language_in(words), environment));
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
