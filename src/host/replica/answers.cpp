// SPDX-License-Identifier: Apache-2.0
#include "replica/answers.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "statement/device.hpp"
#include "statement/list.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

constexpr std::size_t list_entries_max = decltype(proof::ListAnswer::entries)::size_max;

std::span<const Digest> digests(const std::vector<Digest>& from) { return from; }

}  // namespace

Reading::Reading(std::shared_ptr<const Tip> tip, Snapshot snapshot, const storage::ChainFile& chain,
                 const LogStore& log, const FateIndex& fates, const BlockIndex& blocks)
    : tip_(std::move(tip)), snapshot_(std::move(snapshot)), chain_(chain), log_(log), fates_(fates), blocks_(blocks) {}

std::uint64_t Reading::things() const { return snapshot_.count(); }

Result<Buffer> Reading::record(const Digest& key) const {
  TRY(const auto place, snapshot_.find(key));
  if (!place) return fail(Code::not_found, "the ledger has no such record");
  TRY(const auto stored, read_row(chain_, *place));
  return platform::copy(stored.row.value);
}

proof::Anchor Reading::anchor() const {
  auto checkpoint = cbor::decode<proof::Checkpoint>(tip_->checkpoint);
  ASSERT(checkpoint.has_value());
  return {tip_->record_bytes, {digests(tip_->log_path)}, *checkpoint};
}

Result<proof::Item> Reading::item(const Digest& key, std::vector<Buffer>& held) const {
  TRY(const auto found, snapshot_.prove(key));
  proof::Item out;
  out.depth = found.path.depth();
  out.bitmap = held.emplace_back(platform::copy(found.path.bitmap()));
  Buffer siblings;
  for (const auto& sibling : found.path.siblings()) platform::append(siblings, sibling);
  out.siblings = held.emplace_back(std::move(siblings));
  if (found.standing == StateProof::Standing::nothing) return out;
  TRY(auto stored, read_row(chain_, found.place));
  if (found.standing == StateProof::Standing::other) {
    out.other = proof::OtherLeaf{stored.row.key, crypto::sha256(stored.row.value)};
  } else {
    const auto offset = static_cast<std::size_t>(stored.row.value.data() - stored.bytes.data());
    const std::size_t length = stored.row.value.size();
    out.value = ByteView(held.emplace_back(std::move(stored.bytes))).subspan(offset, length);
  }
  return out;
}

Result<Buffer> Reading::state_answer(const Digest& key) const {
  std::vector<Buffer> held;
  held.reserve(4);
  TRY(const auto found, item(key, held));
  return platform::encode(proof::StateAnswer{anchor(), found});
}

Result<std::vector<Id>> Reading::list_entries(const Digest& key) const {
  std::vector<Id> entries;
  TRY(const auto newest, snapshot_.find(key));
  if (!newest) return entries;
  for (Place at = *newest; at.is_set();) {
    TRY(const auto stored, read_row(chain_, at));
    if (entries.size() + stored.row.appended.size() > list_entries_max) {
      return fail(Code::exhausted, "the list has more than 4,096 entries: it cannot be answered in one piece");
    }
    entries.insert(entries.end(), stored.row.appended.rbegin(), stored.row.appended.rend());
    at = stored.row.previous;
  }
  std::reverse(entries.begin(), entries.end());
  return entries;
}

Result<Buffer> Reading::device_list(std::string_view member) const {
  const Digest key = path::list(member, list::Kind::devices);
  TRY(const auto entries, list_entries(key));
  std::vector<Buffer> held;
  held.reserve(3 * (entries.size() + 1));
  TRY(const auto record, item(key, held));
  std::vector<proof::Item> items;
  for (const auto& entry : entries) {
    TRY(const auto device, item(path::device(entry), held));
    items.push_back(device);
  }
  return platform::encode(
      proof::ListAnswer{anchor(), record, {std::span<const Id>(entries)}, {std::span<const proof::Item>(items)}});
}

Result<Fate> Reading::fate(const Digest& identity) const {
  const auto place = fates_.find(identity);
  if (!place || place->height > tip_->record.height) {
    return fail(Code::not_found, "no statement with this identity was executed on this ledger");
  }
  TRY(const Buffer bytes, read_bytes(chain_, place->fate));
  TRY(const auto stored, cbor::decode<StoredFate>(bytes));
  Fate out{stored.identity, place->height, {}};
  for (const auto body : stored.bodies) {
    out.bodies.push_back({body.refusal, body.outcome, std::string(body.subject), std::string(body.object)});
  }
  return out;
}

Result<Buffer> Reading::submission(const Digest& identity) const {
  const auto place = fates_.find(identity);
  if (!place || place->height > tip_->record.height) {
    return fail(Code::not_found, "no statement with this identity was executed on this ledger");
  }
  return read_bytes(chain_, place->submission);
}

Result<Buffer> Reading::consistency(std::uint64_t from_size) const {
  if (from_size == 0 || from_size > tip_->log_size) {
    return fail(Code::invalid, "there is no such earlier size of the log");
  }
  TRY(const auto path, log_.consistency(from_size, tip_->log_size));
  return platform::encode(proof::Consistency{from_size, tip_->log_size, {digests(path)}});
}

Result<Buffer> Reading::tile(unsigned level, std::uint64_t index, unsigned width) const {
  return log_.tile(level, index, width, tip_->log_size);
}

}  // namespace mikusari::replica
