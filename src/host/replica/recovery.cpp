// SPDX-License-Identifier: Apache-2.0
#include "replica/recovery.hpp"

#include <string>

#include "crypto/hash.hpp"

namespace mikusari::replica {
namespace {

std::unexpected<Error> bad_block(std::uint64_t height, const char* what) {
  return std::unexpected(Error(Code::corrupt, what).with_context("block " + std::to_string(height)));
}

}  // namespace

Result<void> check_order(const DecodedFrame& frame, const Head* before, ByteView genesis, const Digest& ledger) {
  const auto& record = frame.record;
  if (record.ledger != ledger) return bad_block(record.height, "it belongs to another ledger");
  if (before == nullptr) {
    if (frame.submissions.size() != 1 || !equal(frame.submissions[0], genesis))
      return bad_block(0, "it is not this genesis' block");
    return {};
  }
  if (record.height != before->record.height + 1) return bad_block(record.height, "its height is not the next");
  if (record.prev != crypto::sha256(before->record_bytes))
    return bad_block(record.height, "it does not follow the block before it");
  if (record.time_ms < before->record.time_ms)
    return bad_block(record.height, "its time is before the previous block's");
  if (record.first_leaf != before->log.size())
    return bad_block(record.height, "its leaves do not follow those before it in the log");
  return {};
}

void Recovery::index(const DecodedFrame& frame, Position position) {
  std::uint64_t leaf = frame.record.first_leaf;
  for (std::size_t s = 0; s < frame.fates.size(); ++s) {
    fates_.insert(frame.fates[s].identity, {shifted(frame.places.submissions[s], position),
                                            shifted(frame.places.fates[s], position), frame.record.height, leaf});
    for (const auto body : frame.fates[s].bodies) leaf += body.refusal == statement::Refusal::none ? 1 : 0;
  }
  for (std::size_t i = 0; i < frame.rows.size(); ++i) {
    rows_.insert_or_assign(frame.rows[i].key,
                           NewestRow{crypto::sha256(frame.rows[i].value), shifted(frame.places.rows[i], position)});
  }
}

Result<void> Recovery::take(const storage::Frame& stored) {
  auto frame = decode_frame(stored.payload);
  if (!frame) return std::unexpected(std::move(frame).error().with_context("block " + std::to_string(stored.height)));
  TRY(check_order(*frame, frames_ == 0 ? nullptr : &head_, genesis_, ledger_));
  TRY(const auto leaves, log_leaves(*frame));
  for (const auto& leaf : leaves) head_.log.append(leaf);
  if (log_.size() == frame->record.first_leaf) TRY(log_.append(leaves));
  index(*frame, stored.position);
  blocks_.append({stored.position, static_cast<std::uint32_t>(stored.payload.size()), frame->record.time_ms});
  head_.record = frame->record;
  head_.record_bytes = platform::copy(frame->record_bytes);
  ++frames_;
  return {};
}

Result<void> Recovery::rebuild_log(const storage::ChainSource& source) {
  TRY(log_.reset());
  TRY(storage::scan(source, [&](const storage::Frame& stored) -> Result<void> {
    TRY(const auto frame, decode_frame(stored.payload));
    TRY(const auto leaves, log_leaves(frame));
    return log_.append(leaves);
  }));
  if (log_.root() != head_.log.root())
    return fail(Code::internal, "the log's files do not hold what was written to them");
  return {};
}

Result<Head> Recovery::finish(StateTree& tree, const storage::ChainSource& source) {
  std::vector<Change> changes;
  changes.reserve(rows_.size());
  for (const auto& [key, row] : rows_) changes.push_back({key, row.value_hash, row.place});
  rows_.clear();
  TRY(auto staged, tree.apply({}, changes));
  if (staged.version().root() != head_.record.map_root) {
    return bad_block(head_.record.height,
                     "the state that the frames hold is not the one that the block recorded: restore the store");
  }
  head_.state = staged.version();
  tree.publish(std::move(staged));
  if (log_.size() > head_.log.size()) TRY(log_.truncate(head_.log.size()));
  if (log_.size() != head_.log.size() || log_.root() != head_.log.root()) TRY(rebuild_log(source));
  return std::move(head_);
}

}  // namespace mikusari::replica
