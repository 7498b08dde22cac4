// SPDX-License-Identifier: Apache-2.0
// Words to a command with its arguments, and the help. Any thread.
#pragma once

#include <variant>

#include "cli/command.hpp"

namespace mikusari::cli {

struct Parsed {
  const Command* command;
  Arguments arguments;  // the global options among them
};
// Text instead of a command: help, or the version.
struct Help {
  std::string command;  // "help" or "version", for programs
  std::string text;
};
// "mikusari 1.2.3"
std::string version_line();

// The commands as far as the words name them: "", "part", "part register".
std::string path_in(const std::vector<std::string>& words);

// Errors: `invalid`, with what is nearest to a word that is not known.
Result<std::variant<Parsed, Help>> parse_words(const std::vector<std::string>& words, bool japanese);

// Of the words, the one that is fewest edits away, when that is few enough for a slip of the hand; else empty.
std::string nearest_word(std::string_view wrong, const std::vector<std::string>& words);

// Scripts and pages made from the same data.
std::string completion_script();  // for bash
std::string manual_page();        // groff -man
std::string reference_page();     // docs/reference/cli.md's table of commands, Markdown

}  // namespace mikusari::cli
