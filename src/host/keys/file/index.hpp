// SPDX-License-Identifier: Apache-2.0
// Which keys a directory holds and where: `<name>.key` files of one record, `<prefix>.pack` files of many. Rebuilt by
// reading them; never stored. One thread at a time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "keys/file/format.hpp"
#include "platform/file.hpp"

namespace mikusari::keys::file {

struct Place {
  KeyInfo info;
  std::string file;  // without the directory
  std::uint64_t offset = 0;
  std::size_t length = 0;
};

class Index {
 public:
  // Reads every key file's public part. A damaged file is remembered and does not hide the others; an error is
  // returned only when the directory itself cannot be read.
  static Result<Index> scan(platform::Files& files, const std::string& directory);

  const Place* find(std::string_view name) const;
  const Place* find(const Digest& thumbprint) const;
  std::vector<KeyInfo> list() const;  // ascending by name
  void add(Place place);
  void remove(const std::string& name);

  // The error of a file that is damaged, or null. The second form: of the file in which a key of this name would be.
  const Error* damage() const { return damage_.empty() ? nullptr : &damage_.begin()->second; }
  const Error* damage(std::string_view name) const;

 private:
  Result<void> add_file(platform::Files& files, const std::string& directory, const std::string& file);
  Result<void> add_pack(platform::Files& files, const std::string& directory, const std::string& file);
  Result<void> add_new(Place place);  // `corrupt` when the name is taken

  std::map<std::string, Place, std::less<>> by_name_;
  std::map<Digest, std::string> by_thumbprint_;
  std::map<std::string, Error> damage_;  // by file
};

std::string key_file(std::string_view name);
std::string pack_file(std::string_view prefix);

}  // namespace mikusari::keys::file
