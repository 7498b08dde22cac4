// SPDX-License-Identifier: Apache-2.0
#include "replica/answers.hpp"

#include <algorithm>

#include "replica/withholding.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

std::span<const Digest> digests(const std::vector<Digest>& from) { return from; }

Error changed_log() {
  return Error(Code::corrupt,
               "the log's files were changed on the disk: stop the node and delete them; they are made "
               "again from the chain");
}

}  // namespace

Reading::Reading(std::shared_ptr<const Tip> tip, Snapshot snapshot, const Archive& archive)
    : tip_(std::move(tip)), snapshot_(std::move(snapshot)), archive_(archive) {}

std::uint64_t Reading::things() const { return snapshot_.count(); }

Result<std::optional<StoredRow>> Reading::row(const Digest& key) const {
  TRY(const auto leaf, snapshot_.candidate(key));
  if (!leaf) return std::nullopt;
  TRY(auto stored, archive_.chain.row(*leaf, key));
  if (stored.row.key != key) return std::nullopt;
  return stored;
}

Result<Buffer> Reading::record(const Digest& key) const {
  TRY(const auto stored, row(key));
  if (!stored) return fail(Code::not_found, "the ledger has no such record");
  return platform::copy(stored->row.value);
}

proof::Anchor Reading::anchor() const {
  const auto checkpoint = cbor::decode<proof::Checkpoint>(tip_->checkpoint);
  ASSERT(checkpoint.has_value());
  return {tip_->record_bytes, {digests(tip_->log_path)}, *checkpoint};
}

Result<proof::Item> Reading::item(const Digest& key, std::vector<Buffer>& held) const {
  TRY(const auto found, snapshot_.prove(key));
  proof::Item out;
  out.depth = found.path.depth();
  out.bitmap = held.emplace_back(platform::copy(found.path.bitmap()));
  out.siblings = held.emplace_back(platform::copy(std::as_bytes(found.path.siblings())));
  if (!found.leaf) return out;
  const bool may_be_its_own = found.leaf->prefix() == prefix_of(key);
  TRY(auto stored, may_be_its_own ? archive_.chain.row(*found.leaf, key) : archive_.chain.row(*found.leaf));
  if (stored.row.key != key) {
    out.other = proof::OtherLeaf{stored.row.key, crypto::sha256(stored.row.value)};
  } else {
    out.value = stored.row.value;
    held.push_back(std::move(stored.bytes));  // a moved vector keeps its memory
  }
  return out;
}

Result<Buffer> Reading::state_answer(const Digest& key) const {
  std::vector<Buffer> held;
  TRY(const auto found, item(key, held));
  return platform::encode(proof::StateAnswer{{}, anchor(), found});
}

Result<bool> Reading::withholds(const statement::Submission& submission, std::uint64_t body) const {
  if (!can_be_withheld(submission.statement.payload.kind)) return false;
  return snapshot_.exists(path::withheld(submission.identity, body));
}

Result<FatePlace> Reading::place_of(const Digest& identity) const {
  const auto place = archive_.indexes.fates.find(identity);
  if (!place || place->height > tip_->record.height)
    return fail(Code::not_found, "no statement with this identity was executed on this ledger");
  return *place;
}

Result<Fate> Reading::fate(const Digest& identity) const {
  TRY(const auto place, place_of(identity));
  TRY(const Buffer bytes, archive_.chain.bytes(place.fate));
  const auto stored = cbor::decode<StoredFate>(bytes);
  if (!stored || stored->identity != identity) return archive_.chain.changed_fate(place.fate);
  Fate out{identity, place.height, {}};
  for (const auto body : stored->bodies)
    out.bodies.push_back({body.refusal, body.outcome, std::string(body.subject), std::string(body.object)});
  return out;
}

// The statement is the one whose leaves the log has, to the last byte of its signature and approvals, and its bodies
// ended as its fate says: as far as they were committed.
Result<void> Reading::check_logged(const StoredStatement& stored, const FatePlace& place) const {
  const auto& submission = stored.submission;
  TRY(const Fate fate, this->fate(submission.identity));
  if (fate.bodies.size() != submission.bodies.size()) return archive_.chain.changed_statement(place.submission);
  const auto block = archive_.indexes.blocks.find(place.height);
  ASSERT(block.has_value());
  proof::BodyLeaf leaf;
  leaf.identity = submission.identity;
  leaf.signature_hash = crypto::sha256(submission.statement.signature);
  leaf.also_hash = statement::also_hash(submission.also);
  leaf.height = place.height;
  leaf.time_ms = block->time_ms;
  std::size_t body = 0;
  std::uint64_t at = place.first_leaf;
  for (const auto salted : submission.bodies) {
    const auto& its = fate.bodies[body++];
    if (!its.accepted()) continue;
    leaf.body_leaf = statement::body_leaf(salted);
    leaf.outcome = its.outcome;
    if (at >= tip_->log_size) return archive_.chain.changed_fate(place.fate);
    TRY(const Digest logged, archive_.log.leaf(at++));
    if (logged != proof::leaf_hash(leaf)) return archive_.chain.changed_statement(place.submission);
  }
  return {};
}

Result<Buffer> Reading::submission(const Digest& identity) const {
  TRY(const auto place, place_of(identity));
  TRY(const auto stored, archive_.chain.statement(place.submission));
  if (stored.submission.identity != identity) return archive_.chain.changed_statement(place.submission);
  TRY(check_logged(stored, place));
  std::vector<bool> withheld(stored.submission.bodies.size());
  for (std::size_t i = 0; i < withheld.size(); ++i) {
    TRY(const bool is_withheld, withholds(stored.submission, i));
    withheld[i] = is_withheld;
  }
  const bool any = std::ranges::find(withheld, true) != withheld.end();
  return any ? without_bodies(stored.submission, withheld) : platform::copy(stored.whole);
}

Result<Buffer> Reading::policy_step(std::uint64_t epoch) const {
  const auto identity = archive_.indexes.steps.find(epoch);
  if (!identity || epoch > tip_->record.policy_epoch)
    return fail(Code::not_found, "no incarnation has begun this epoch of the trust policy");
  return submission(*identity);
}

Result<Buffer> Reading::consistency(std::uint64_t from_size) const {
  if (from_size == 0 || from_size > tip_->log_size)
    return fail(Code::invalid, "there is no such earlier size of the log");
  TRY(const auto path, archive_.log.consistency(from_size, tip_->log_size));
  TRY(const Digest from_root, archive_.log.root_at(from_size));
  if (!merkle::verify_consistency(from_size, from_root, tip_->log_size, tip_->log_root, path))
    return std::unexpected(changed_log());
  return platform::encode(proof::Consistency{{}, from_size, tip_->log_size, {digests(path)}});
}

Result<Buffer> Reading::tile(unsigned level, std::uint64_t index, unsigned width) const {
  return archive_.log.tile(level, index, width, tip_->log_size);
}

}  // namespace mikusari::replica
