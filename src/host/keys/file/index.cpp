// SPDX-License-Identifier: Apache-2.0
#include "keys/file/index.hpp"

#include "keys/file/pack.hpp"
#include "platform/secret.hpp"

namespace mikusari::keys::file {
namespace {

constexpr std::string_view key_suffix = ".key";
constexpr std::string_view pack_suffix = ".pack";

}  // namespace

std::string key_file(std::string_view name) { return std::string(name) + std::string(key_suffix); }
std::string pack_file(std::string_view prefix) { return std::string(prefix) + std::string(pack_suffix); }

Result<Index> Index::scan(platform::Files& files, const std::string& directory) {
  Index index;
  TRY(const auto names, files.list(directory));
  for (const std::string& name : names) {
    const bool pack = name.ends_with(pack_suffix);
    if (!pack && !name.ends_with(key_suffix)) continue;
    const auto added = pack ? index.add_pack(files, directory, name) : index.add_file(files, directory, name);
    if (added) continue;
    if (added.error().code() == Code::unavailable) return std::unexpected(added.error());
    index.damage_.emplace(name, added.error().with_context(platform::join(directory, name)));
  }
  return index;
}

Result<void> Index::add_file(platform::Files& files, const std::string& directory, const std::string& file) {
  auto read = platform::read_whole(files, platform::join(directory, file), record_bytes_max);
  if (!read && read.error().code() == Code::exhausted) return fail(Code::corrupt, "the file is too large for a key");
  if (!read) return std::unexpected(read.error());
  const platform::Secret bytes = platform::Secret::take(std::move(*read));
  TRY(Record record, decode_record(bytes.reveal()));
  if (key_file(record.info.name) != file) return fail(Code::corrupt, "the file is not named after its key");
  return add_new({.info = std::move(record.info), .file = file, .offset = 0, .length = bytes.size()});
}

Result<void> Index::add_pack(platform::Files& files, const std::string& directory, const std::string& file) {
  TRY(const auto opened, files.open(platform::join(directory, file), platform::Open::read));
  const std::string begins = file.substr(0, file.size() - pack_suffix.size()) + "-";
  PackReader reader(*opened);
  for (;;) {
    TRY(const auto frame, reader.next());
    if (!frame) return {};
    TRY(Record record, decode_record(frame->record));
    if (!record.info.name.starts_with(begins)) return fail(Code::corrupt, "a packed key is not named after its pack");
    TRY(add_new(
        {.info = std::move(record.info), .file = file, .offset = frame->offset, .length = frame->record.size()}));
  }
}

Result<void> Index::add_new(Place place) {
  if (find(place.info.name) != nullptr) return fail(Code::corrupt, "another file holds a key of the same name");
  add(std::move(place));
  return {};
}

const Place* Index::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

const Place* Index::find(const Digest& thumbprint) const {
  const auto found = by_thumbprint_.find(thumbprint);
  return found == by_thumbprint_.end() ? nullptr : find(found->second);
}

std::vector<KeyInfo> Index::list() const {
  std::vector<KeyInfo> out;
  out.reserve(by_name_.size());
  for (const auto& [name, place] : by_name_) out.push_back(place.info);
  return out;
}

void Index::add(Place place) {
  const std::string name = place.info.name;
  by_thumbprint_.insert_or_assign(place.info.thumbprint, name);
  by_name_.insert_or_assign(name, std::move(place));
}

void Index::remove(const std::string& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  by_thumbprint_.erase(found->second.info.thumbprint);
  by_name_.erase(found);
}

const Error* Index::damage(std::string_view name) const {
  for (const auto& [file, error] : damage_) {
    const bool pack = file.ends_with(pack_suffix);
    const bool here =
        pack ? name.starts_with(file.substr(0, file.size() - pack_suffix.size()) + "-") : key_file(name) == file;
    if (here) return &error;
  }
  return nullptr;
}

}  // namespace mikusari::keys::file
