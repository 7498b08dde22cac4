// SPDX-License-Identifier: Apache-2.0
#include "keys/file/directory.hpp"

#include <filesystem>
#include <system_error>

namespace mikusari::keys::file {

Result<void> check_private(const std::string& directory) {
  std::error_code error;
  const auto status = std::filesystem::status(directory, error);
  if (error)
    return std::unexpected(Error(Code::not_found, "the directory cannot be looked at").with_context(directory));
  using std::filesystem::perms;
  if ((status.permissions() & (perms::group_all | perms::others_all)) != perms::none) {
    return std::unexpected(
        Error(Code::forbidden, "a key directory must be closed to group and others: set its mode to 0700")
            .with_context(directory));
  }
  return {};
}

}  // namespace mikusari::keys::file
