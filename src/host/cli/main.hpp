// SPDX-License-Identifier: Apache-2.0
// The command line as a function: words and environment in, text and an exit code out. Call it from the process's only
// thread.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace mikusari::cli {

// `words` without the program's name. The exit code is exit_code()'s (exit.hpp).
int main(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
         std::ostream& out, std::ostream& err);

// The same for a whole process, which will hold private keys: it leaves no core file.
int process_main(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                 std::ostream& out, std::ostream& err);

}  // namespace mikusari::cli
