// SPDX-License-Identifier: Apache-2.0
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "cli/main.hpp"

int main(int argc, char** argv) {
  std::map<std::string, std::string> environment;
  for (const char* name : {"HOME", "LANG", "LC_ALL", "MIKUSARI_HOME"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  // Services are started without it.
  if (environment["HOME"].empty()) {
    if (const passwd* user = getpwuid(getuid())) environment["HOME"] = user->pw_dir;
  }
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return mikusari::cli::process_main(words, environment, std::cout, std::cerr);
}
