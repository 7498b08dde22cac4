// SPDX-License-Identifier: Apache-2.0
// Files and directories, as much of them as a ledger needs: append, sync, cut, rename. Nothing is durable before
// sync() (contents) and sync_directory() (names: what was created, renamed or removed).
//
// Errors carry the path. not_found: no such file; conflict: exists already; forbidden: no permission; exhausted: disk
// or quota full, too many open files; unavailable: locked by another process; corrupt: a file ends before what was
// asked for; internal: the device fails.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "platform/bytes.hpp"

namespace mikusari::platform {

// An open file. read() and size() from any thread at any time; append() and truncate() from one thread at a time, and
// sync() may run beside them (it covers what was appended before it was called).
class File {
 public:
  virtual ~File() = default;
  // Fills all of `into` from `offset`; `corrupt` when the file ends before.
  virtual Result<void> read(std::uint64_t offset, MutableByteView into) const = 0;
  // Adds at the end; the offset of the first byte. After an error the file may hold a part of the bytes beyond its
  // old end: truncate() to that end, or write there again.
  virtual Result<std::uint64_t> append(ByteView bytes) = 0;
  // Contents and size reach the disk (fdatasync). After an error what was appended since the last good sync() may be
  // lost even when a later sync() succeeds: the caller must not go on as if it were there.
  virtual Result<void> sync() = 0;
  // REQUIRES: size is not larger than the file.
  virtual Result<void> truncate(std::uint64_t size) = 0;
  virtual std::uint64_t size() const = 0;
};

enum class Open : std::uint8_t {
  read,        // must exist; append, sync and truncate are `forbidden`; a pipe or device is read to its end at once
  append,      // must exist
  create,      // made when absent
  create_new,  // `conflict` when it exists
};

enum class Permission : std::uint8_t { owner_only, everybody_reads };  // of a file that is made: 0600, 0644

enum class Entry : std::uint8_t { absent, file, directory };

// Held on a directory until destroyed or until the process ends, however it ends.
class DirectoryLock {
 public:
  virtual ~DirectoryLock() = default;
};

// Any thread.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Open how,
                                             Permission permission = Permission::owner_only) = 0;
  virtual Result<Entry> entry(const std::string& path) const = 0;
  virtual Result<std::uint64_t> size(const std::string& path) const = 0;
  // Replaces `to` when it is there, in one step.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  // Names, without the directory, in ascending order.
  virtual Result<std::vector<std::string>> list(const std::string& directory) const = 0;
  // Durable when it returns; parents are made too; fine when it exists. Mode 0700.
  virtual Result<void> make_directory(const std::string& path) = 0;
  virtual Result<void> sync_directory(const std::string& path) = 0;
  // `unavailable` while somebody else, in this process or another, holds it. May leave a file "LOCK" there.
  virtual Result<std::unique_ptr<DirectoryLock>> lock(const std::string& directory) = 0;

  // A path that cannot be looked at counts as absent: opening it will say why.
  bool exists(const std::string& path) const { return entry(path).value_or(Entry::absent) != Entry::absent; }
};

// "a/b" from "a" and "b"; an empty directory is the current one.
std::string join(const std::string& directory, const std::string& name);
// The directory part of a path: "a" of "a/b", "." of "b", "/" of "/b".
std::string parent(const std::string& path);

// A whole file; `exhausted` when it is larger than bytes_max.
Result<Buffer> read_whole(Files& files, const std::string& path, std::size_t bytes_max);

// After success, and after a crash at any moment, the file is wholly the old or wholly the new one; after success it
// is the new one, durably. Writes path + ".tmp" on the way.
Result<void> write_atomically(Files& files, const std::string& path, ByteView bytes,
                              Permission permission = Permission::owner_only);

}  // namespace mikusari::platform
