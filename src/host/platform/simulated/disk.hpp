// SPDX-License-Identifier: Apache-2.0
// A file system in memory that loses what it may lose. POSIX promises nothing about what was not synced, and this
// disk makes use of all of it, under a seed:
// - each append or truncation since the last sync() of its file is, at a crash, kept or dropped, an append also cut at
//   any byte or turned to zeros, independently of the others: a later one may survive an earlier one, with zeros in
//   the hole;
// - each name made, renamed or removed since the last sync_directory() is kept or forgotten;
// - after a failed sync() what was unsynced stays at risk whatever later syncs say.
// make_directory() is durable at once.
//
// Calls that change something (open that makes a file, append, sync, truncate, rename, remove, make_directory,
// sync_directory) are counted from 1; faults are set by that count, so that a scenario is run once to learn how many
// there are, and then once for each. Any thread; repeatable only with one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/file.hpp"

namespace mikusari::platform {

class SimulatedDisk final : public Files {
 public:
  explicit SimulatedDisk(std::uint64_t seed = 1);
  ~SimulatedDisk() override;

  Result<std::unique_ptr<File>> open(const std::string& path, Open how,
                                     Permission permission = Permission::owner_only) override;
  Result<Entry> entry(const std::string& path) const override;
  Result<std::uint64_t> size(const std::string& path) const override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) const override;
  Result<void> make_directory(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<std::unique_ptr<DirectoryLock>> lock(const std::string& directory) override;

  // How many changing calls there were.
  std::uint64_t changes() const;
  // The power goes at the n-th changing call, which takes effect as an unsynced one may; it and every call after it
  // is `unavailable` until restart().
  void crash_at(std::uint64_t change);
  // The power goes now.
  void crash();
  bool crashed() const;
  // Applies the loss and goes on. Files and locks held from before stay `unavailable`. Forgets planned faults.
  void restart();
  // The n-th changing call fails with this; an append leaves a part of its bytes, a sync puts at risk what it was for.
  void fail_at(std::uint64_t change, Error error);

  // For tests that damage or look at what is stored: a file's bytes as they are read now.
  Result<Buffer> contents(const std::string& path) const;
  // Sets them, durably and uncounted; makes the file and its directory when absent.
  void replace(const std::string& path, ByteView bytes);

 private:
  struct State;
  class OpenFile;
  class Lock;
  std::shared_ptr<State> state_;
};

}  // namespace mikusari::platform
