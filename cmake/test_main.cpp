// SPDX-License-Identifier: Apache-2.0
// Runs a room's tests in a folder of temporary files of its own, which goes with it: two runs at once do not meet.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  std::string folder = (std::filesystem::temp_directory_path() / "mikusari-test-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::perror(folder.c_str());
    return 1;
  }
  setenv("TMPDIR", folder.c_str(), 1);
  setenv("TEST_TMPDIR", folder.c_str(), 1);
  const pid_t self = getpid();
  const int failed = RUN_ALL_TESTS();
  if (getpid() == self) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  return failed;
}
