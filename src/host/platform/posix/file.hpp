// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "platform/file.hpp"

namespace mikusari::platform {

// The file system of this machine. Interrupted calls are repeated, short writes continued.
class PosixFiles final : public Files {
 public:
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
};

}  // namespace mikusari::platform
