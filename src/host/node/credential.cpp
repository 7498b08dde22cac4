// SPDX-License-Identifier: Apache-2.0
#include "node/credential.hpp"

#include <cstdlib>

namespace mikusari::node {
namespace {

using keys::file::Credential;
using platform::Secret;

constexpr std::size_t passphrase_bytes_max = 4096;

Result<Credential> passphrase_of(ByteView words, const std::string& from) {
  if (words.empty()) return std::unexpected(Error(Code::invalid, "the passphrase is empty").with_context(from));
  return Credential::passphrase(Secret::copy(words));
}

}  // namespace

Result<Credential> credential_of(platform::Files& files, const Config& config) {
  if (config.unlock == "none") return Credential::unprotected();
  if (config.unlock_from.empty()) {
    return std::unexpected(
        Error(Code::invalid, "keys.unlock_from must say where it is").with_context("keys.unlock = " + config.unlock));
  }
  if (config.unlock == "passphrase_env") {
    const char* words = std::getenv(config.unlock_from.c_str());
    if (words == nullptr) {
      return std::unexpected(
          Error(Code::not_found, "this environment variable is not set").with_context(config.unlock_from));
    }
    return passphrase_of(as_bytes(words), config.unlock_from);
  }
  const std::string path = config.path(config.unlock_from);
  if (config.unlock == "key_file") {
    TRY(Secret contents, keys::file::read_key_file(files, path));
    return Credential::key_file(std::move(contents));
  }
  TRY(auto bytes, platform::read_whole(files, path, passphrase_bytes_max));
  const Secret contents = Secret::take(std::move(bytes));
  return passphrase_of(keys::file::passphrase_line(contents.reveal()), path);
}

}  // namespace mikusari::node
