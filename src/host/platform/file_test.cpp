// SPDX-License-Identifier: Apache-2.0
// What every implementation of Files promises.
#include "platform/file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "platform/posix/file.hpp"
#include "platform/simulated/disk.hpp"

namespace mikusari::platform {
namespace {

struct Machine {
  virtual ~Machine() = default;
  virtual Files& files() = 0;
  virtual std::string root() = 0;
};

struct PosixMachine final : Machine {
  PosixMachine() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mikusari-file-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
  }
  ~PosixMachine() override { std::filesystem::remove_all(directory); }
  Files& files() override { return posix; }
  std::string root() override { return directory; }
  PosixFiles posix;
  std::string directory;
};

struct SimulatedMachine final : Machine {
  SimulatedMachine() { (void)disk.make_directory("/data"); }
  Files& files() override { return disk; }
  std::string root() override { return "/data"; }
  SimulatedDisk disk;
};

enum class Kind { posix, simulated };
void PrintTo(Kind kind, std::ostream* out) { *out << (kind == Kind::posix ? "posix" : "simulated"); }

class FilesContract : public ::testing::TestWithParam<Kind> {
 protected:
  std::string at(const std::string& name) const { return join(machine_->root(), name); }
  void write(const std::string& path, std::string_view text) {
    auto file = files_.open(path, Open::create);
    ASSERT_TRUE(file) << file.error().message();
    ASSERT_TRUE((*file)->append(as_bytes(text)));
  }
  std::string read(const std::string& path) {
    const auto bytes = read_whole(files_, path, 1000);
    return bytes ? std::string(as_text(*bytes)) : "error: " + bytes.error().message();
  }

  std::unique_ptr<Machine> machine_ = GetParam() == Kind::posix ? std::unique_ptr<Machine>(new PosixMachine)
                                                                : std::unique_ptr<Machine>(new SimulatedMachine);
  Files& files_ = machine_->files();
};

TEST_P(FilesContract, AppendsAtTheEndAndReadsFromAnywhere) {
  auto file = files_.open(at("a"), Open::create_new).value();
  EXPECT_EQ(file->append(as_bytes("hello")), 0U);
  EXPECT_EQ(file->append(as_bytes(" world")), 5U);
  EXPECT_EQ(file->append({}), 11U);
  EXPECT_EQ(file->size(), 11U);
  Buffer middle(5);
  ASSERT_TRUE(file->read(3, middle));
  EXPECT_EQ(as_text(middle), "lo wo");
  EXPECT_TRUE(file->sync());
  EXPECT_EQ(read(at("a")), "hello world");
}

TEST_P(FilesContract, ReadPastTheEndIsCorruptAndNamesTheFile) {
  write(at("a"), "abc");
  const auto file = files_.open(at("a"), Open::read).value();
  Buffer four(4);
  const auto result = file->read(0, four);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Code::corrupt);
  EXPECT_NE(result.error().message().find(at("a")), std::string::npos);
  Buffer one(1);
  EXPECT_FALSE(file->read(3, one));
  EXPECT_TRUE(file->read(3, {}));
}

TEST_P(FilesContract, TruncatesAndGoesOnFromThere) {
  auto file = files_.open(at("a"), Open::create).value();
  ASSERT_TRUE(file->append(as_bytes("abcdef")));
  ASSERT_TRUE(file->truncate(2));
  EXPECT_EQ(file->size(), 2U);
  EXPECT_EQ(file->append(as_bytes("X")), 2U);
  EXPECT_EQ(read(at("a")), "abX");
}

TEST_P(FilesContract, OpenSaysWhatIsWrong) {
  EXPECT_EQ(files_.open(at("none"), Open::read).error().code(), Code::not_found);
  EXPECT_EQ(files_.open(at("none"), Open::append).error().code(), Code::not_found);
  EXPECT_EQ(files_.open(at("none/a"), Open::create).error().code(), Code::not_found);
  EXPECT_EQ(files_.open(machine_->root(), Open::read).error().code(), Code::invalid);
  write(at("a"), "x");
  EXPECT_EQ(files_.open(at("a"), Open::create_new).error().code(), Code::conflict);
  EXPECT_EQ(files_.open(at("a"), Open::append).value()->size(), 1U);
}

TEST_P(FilesContract, FileOpenedForReadingCannotBeChanged) {
  write(at("a"), "abc");
  const auto file = files_.open(at("a"), Open::read).value();
  EXPECT_EQ(file->append(as_bytes("d")).error().code(), Code::forbidden);
  EXPECT_EQ(file->truncate(0).error().code(), Code::forbidden);
  EXPECT_EQ(file->sync().error().code(), Code::forbidden);
  EXPECT_EQ(read(at("a")), "abc");
}

TEST_P(FilesContract, TwoOpeningsSeeOneFile) {
  auto writer = files_.open(at("a"), Open::create).value();
  const auto reader = files_.open(at("a"), Open::read).value();
  ASSERT_TRUE(writer->append(as_bytes("abc")));
  Buffer three(3);
  ASSERT_TRUE(reader->read(0, three));
  EXPECT_EQ(as_text(three), "abc");
}

TEST_P(FilesContract, EntryTellsFilesFromDirectories) {
  write(at("a"), "");
  EXPECT_EQ(files_.entry(at("a")), Entry::file);
  EXPECT_EQ(files_.entry(machine_->root()), Entry::directory);
  EXPECT_EQ(files_.entry(at("b")), Entry::absent);
  EXPECT_TRUE(files_.exists(at("a")));
  EXPECT_FALSE(files_.exists(at("b")));
}

TEST_P(FilesContract, SizeIsInBytes) {
  write(at("a"), "abc");
  EXPECT_EQ(files_.size(at("a")), 3U);
  EXPECT_EQ(files_.size(at("b")).error().code(), Code::not_found);
}

TEST_P(FilesContract, RenameReplaces) {
  write(at("a"), "new");
  write(at("b"), "old");
  ASSERT_TRUE(files_.rename(at("a"), at("b")));
  EXPECT_EQ(read(at("b")), "new");
  EXPECT_FALSE(files_.exists(at("a")));
  EXPECT_EQ(files_.rename(at("a"), at("b")).error().code(), Code::not_found);
}

TEST_P(FilesContract, RemovedFileStaysReadableToWhoHasItOpen) {
  write(at("a"), "abc");
  const auto file = files_.open(at("a"), Open::read).value();
  ASSERT_TRUE(files_.remove(at("a")));
  EXPECT_FALSE(files_.exists(at("a")));
  Buffer three(3);
  EXPECT_TRUE(file->read(0, three));
  EXPECT_EQ(files_.remove(at("a")).error().code(), Code::not_found);
}

TEST_P(FilesContract, ListIsSortedAndOneLevelDeep) {
  ASSERT_TRUE(files_.make_directory(at("d/e")));
  write(at("c"), "");
  write(at("a"), "");
  write(at("d/inner"), "");
  EXPECT_EQ(files_.list(machine_->root()), (std::vector<std::string>{"a", "c", "d"}));
  EXPECT_EQ(files_.list(at("d")), (std::vector<std::string>{"e", "inner"}));
  EXPECT_EQ(files_.list(at("none")).error().code(), Code::not_found);
}

TEST_P(FilesContract, MakeDirectoryMakesParentsAndIsContentWithWhatIsThere) {
  ASSERT_TRUE(files_.make_directory(at("x/y/z")));
  ASSERT_TRUE(files_.make_directory(at("x/y/z")));
  EXPECT_EQ(files_.entry(at("x/y")), Entry::directory);
  write(at("f"), "");
  EXPECT_EQ(files_.make_directory(at("f")).error().code(), Code::invalid);
  EXPECT_TRUE(files_.sync_directory(at("x")));
  EXPECT_EQ(files_.sync_directory(at("none")).error().code(), Code::not_found);
}

TEST_P(FilesContract, LockIsHeldByOneAtATime) {
  auto lock = files_.lock(machine_->root());
  ASSERT_TRUE(lock);
  EXPECT_EQ(files_.lock(machine_->root()).error().code(), Code::unavailable);
  lock->reset();
  EXPECT_TRUE(files_.lock(machine_->root()));
  EXPECT_EQ(files_.lock(at("none")).error().code(), Code::not_found);
}

TEST_P(FilesContract, ReadWholeRefusesWhatIsLargerThanAsked) {
  write(at("a"), "abcdef");
  EXPECT_EQ(read_whole(files_, at("a"), 5).error().code(), Code::exhausted);
  EXPECT_EQ(read_whole(files_, at("a"), 6).value().size(), 6U);
}

TEST_P(FilesContract, WriteAtomicallyReplacesAndLeavesNoTrace) {
  write(at("a.tmp"), "left behind by a crash");
  ASSERT_TRUE(write_atomically(files_, at("a"), as_bytes("one")));
  ASSERT_TRUE(write_atomically(files_, at("a"), as_bytes("two")));
  EXPECT_EQ(read(at("a")), "two");
  EXPECT_EQ(files_.list(machine_->root()), (std::vector<std::string>{"a"}));
}

INSTANTIATE_TEST_SUITE_P(Every, FilesContract, ::testing::Values(Kind::posix, Kind::simulated),
                         ::testing::PrintToStringParamName());

TEST(Path, JoinsAndSplits) {
  EXPECT_EQ(join("a", "b"), "a/b");
  EXPECT_EQ(join("a/", "b"), "a/b");
  EXPECT_EQ(join("", "b"), "b");
  EXPECT_EQ(parent("a/b"), "a");
  EXPECT_EQ(parent("b"), ".");
  EXPECT_EQ(parent("/b"), "/");
}

}  // namespace
}  // namespace mikusari::platform
