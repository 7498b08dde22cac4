// SPDX-License-Identifier: Apache-2.0
// FileKeyStore's batches: packs.
#include "keys/file/file_key_store.hpp"
#include "keys/file/pack.hpp"

namespace mikusari::keys::file {
namespace {

constexpr std::size_t keys_a_sync = 256;

}  // namespace

Result<std::vector<std::string>> FileKeyStore::missing(std::string_view prefix, std::size_t count,
                                                       crypto::Algorithm algorithm, Purpose purpose) {
  if (const Error* damage = index_.damage(batch_name(prefix, 0))) return std::unexpected(*damage);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = batch_name(prefix, i);
    const Place* place = index_.find(name);
    if (place == nullptr) {
      out.push_back(std::move(name));
    } else if (place->info.public_key.algorithm() != algorithm || place->info.purpose != purpose) {
      return std::unexpected(
          Error(Code::conflict, "there is a key of this name with another algorithm or purpose").with_context(name));
    }
  }
  return out;
}

Result<void> FileKeyStore::append_to_pack(const std::string& file, const std::vector<std::string>& names,
                                          crypto::Algorithm algorithm, Purpose purpose) {
  TRY(const auto pack, machine_.files.open(path(file), platform::Open::create));
  TRY(machine_.files.sync_directory(directory_));
  {
    PackReader reader(*pack);
    for (;;) {
      TRY(const auto frame, reader.next());
      if (!frame) break;
    }
    if (reader.torn()) {
      TRY(pack->truncate(reader.end()));
      TRY(pack->sync());
    }
  }
  for (std::size_t begin = 0; begin < names.size(); begin += keys_a_sync) {
    const std::size_t end = std::min(names.size(), begin + keys_a_sync);
    std::vector<Place> places;
    WipedBuffer frames;
    frames.bytes.reserve((end - begin) * (frame_head_bytes + record_bytes_max));
    for (std::size_t i = begin; i < end; ++i) {
      TRY(Made made, make_key(names[i], algorithm, purpose));
      append_frame(frames.bytes, made.record.reveal());
      places.push_back({std::move(made.info), file, frames.bytes.size() - made.record.size(), made.record.size()});
    }
    TRY(const std::uint64_t offset, pack->append(frames.bytes));
    TRY(pack->sync());
    for (Place& place : places) {
      place.offset += offset;
      index_.add(std::move(place));
    }
  }
  return {};
}

Result<std::vector<KeyInfo>> FileKeyStore::create_many(std::string_view prefix, std::size_t count,
                                                       crypto::Algorithm algorithm, Purpose purpose) {
  const Capabilities can = capabilities();
  if (count == 0 || count > can.batch_keys_max) return fail(Code::invalid, "a batch has 1 to 1,000,000 keys");
  TRY(check_name(prefix));
  TRY(check_request(batch_name(prefix, count - 1), algorithm, purpose, can));
  TRY(require_unlocked());
  platform::MutexLock lock(mutex_);
  TRY(const auto directory_lock, machine_.files.lock(directory_));
  TRY(rescan());
  TRY(const auto names, missing(prefix, count, algorithm, purpose));
  if (!names.empty()) TRY(append_to_pack(pack_file(prefix), names, algorithm, purpose));
  std::vector<KeyInfo> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) out.push_back(index_.find(batch_name(prefix, i))->info);
  return out;
}

Result<void> FileKeyStore::remove_from_pack(const Place& place) {
  const std::string where = path(place.file);
  TRY(const auto pack, machine_.files.open(where, platform::Open::read));
  WipedBuffer kept;
  kept.bytes.reserve(static_cast<std::size_t>(pack->size()));
  PackReader reader(*pack);
  for (;;) {
    TRY(const auto frame, reader.next());
    if (!frame) break;
    if (frame->offset != place.offset) append_frame(kept.bytes, frame->record);
  }
  if (kept.bytes.empty()) {
    TRY(machine_.files.remove(where));
    return machine_.files.sync_directory(directory_);
  }
  return platform::write_atomically(machine_.files, where, kept.bytes);
}

}  // namespace mikusari::keys::file
