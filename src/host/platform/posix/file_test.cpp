// SPDX-License-Identifier: Apache-2.0
// What only a real system shows: full disks, limits, permissions, other processes.
#include "platform/posix/file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace mikusari::platform {
namespace {

class PosixFilesTest : public ::testing::Test {
 protected:
  PosixFilesTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mikusari-posix-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~PosixFilesTest() override { std::filesystem::remove_all(root_); }
  std::string at(const std::string& name) const { return join(root_, name); }
  unsigned mode(const std::string& path) const {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
  // Runs in a child process; its answer is what the child returned.
  template <class Function>
  int in_child(const Function& function) const {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(function());
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  PosixFiles files_;
  std::string root_;
};

TEST_F(PosixFilesTest, FullDiskIsExhaustedAndNamesTheFile) {
  auto file = files_.open("/dev/full", Open::append);
  ASSERT_TRUE(file) << file.error().message();
  const auto result = (*file)->append(as_bytes("x"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Code::exhausted);
  EXPECT_EQ(result.error().message(), "/dev/full: no space left on the device");
}

TEST_F(PosixFilesTest, ShortWriteIsContinuedUntilTheSystemSaysNoAndTheEndStaysWhereItWas) {
  const int answer = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto file = files_.open(at("a"), Open::create).value();
    if (!file->append(Buffer(100))) return 1;
    const rlimit limit{1000, 1000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const auto result = file->append(Buffer(2000, std::byte{1}));
    if (result || result.error().code() != Code::exhausted) return 3;
    if (files_.size(at("a")) != 1000U) return 4;  // the kernel took a part
    if (file->size() != 100 || !file->truncate(100)) return 5;
    return file->append(Buffer(50)) == 100U && files_.size(at("a")) == 150U ? 0 : 6;
  });
  EXPECT_EQ(answer, 0);
}

TEST_F(PosixFilesTest, PermissionsAreWhatWasAskedFor) {
  ::umask(022);
  ASSERT_TRUE(write_atomically(files_, at("secret"), as_bytes("x")));
  ASSERT_TRUE(write_atomically(files_, at("public"), as_bytes("x"), Permission::everybody_reads));
  EXPECT_EQ(mode(at("secret")), 0600U);
  EXPECT_EQ(mode(at("public")), 0644U);
  ASSERT_TRUE(files_.make_directory(at("d")));
  EXPECT_EQ(mode(at("d")), 0700U);
}

TEST_F(PosixFilesTest, ForbiddenDirectoryIsSaidToBe) {
  ASSERT_TRUE(files_.make_directory(at("d")));
  const int answer = in_child([&] {
    ::chmod(at("d").c_str(), 0);
    if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0) return 1;
    ::chmod(root_.c_str(), 0755);
    const auto result = files_.open(at("d/a"), Open::create);
    return !result && result.error().code() == Code::forbidden ? 0 : 2;
  });
  EXPECT_EQ(answer, 0);
}

TEST_F(PosixFilesTest, LockHoldsAgainstAnotherProcessAndEndsWithIt) {
  {
    const auto lock = files_.lock(root_).value();
    EXPECT_EQ(in_child([&] {
                PosixFiles files;
                const auto second = files.lock(root_);
                return !second && second.error().code() == Code::unavailable ? 0 : 1;
              }),
              0);
  }
  EXPECT_EQ(in_child([&] {
              auto lock = files_.lock(root_);
              return lock ? (lock->release(), 0) : 1;  // ends without letting go
            }),
            0);
  EXPECT_TRUE(files_.lock(root_));
}

TEST_F(PosixFilesTest, WhatHasNoSizeIsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::string text(200'000, 'x');
  text.back() = 'y';
  std::thread writer([&] {
    for (std::string_view rest = text; !rest.empty();) rest.remove_prefix(::write(ends[1], rest.data(), rest.size()));
    ::close(ends[1]);
  });
  const auto read = read_whole(files_, "/dev/fd/" + std::to_string(ends[0]), 1 << 20);
  writer.join();
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(as_text(*read), text);
  const auto proc = read_whole(files_, "/proc/self/comm", 64);
  ASSERT_TRUE(proc.has_value());
  EXPECT_FALSE(proc->empty());
  ::close(ends[0]);
}

TEST_F(PosixFilesTest, TooManyOpenFilesIsExhausted) {
  const int answer = in_child([&] {
    const rlimit limit{3, 3};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
    const auto result = files_.open(at("a"), Open::create);
    return !result && result.error().code() == Code::exhausted ? 0 : 2;
  });
  EXPECT_EQ(answer, 0);
}

TEST_F(PosixFilesTest, FailedAtomicWriteLeavesTheOldFile) {
  ASSERT_TRUE(write_atomically(files_, at("a"), as_bytes("old")));
  const int answer = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10, 10};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    return write_atomically(files_, at("a"), Buffer(100)) ? 2 : 0;
  });
  EXPECT_EQ(answer, 0);
  EXPECT_EQ(as_text(read_whole(files_, at("a"), 100).value()), "old");
  EXPECT_FALSE(files_.exists(at("a.tmp")));
}

}  // namespace
}  // namespace mikusari::platform
