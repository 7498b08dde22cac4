// SPDX-License-Identifier: Apache-2.0
#include "replica/recovery.hpp"

#include <algorithm>
#include <string>

#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

std::unexpected<Error> bad_block(std::uint64_t height, Error what) {
  return std::unexpected(std::move(what).with_context("block " + std::to_string(height)));
}

// The genesis of the first form had its version where the second has its form.
bool is_first_form(ByteView genesis) {
  cbor::Reader in(genesis);
  if (!in.map()) return false;
  const auto key = in.uint(), version = in.uint();
  return key == std::uint64_t{1} && version == std::uint64_t{1};
}

}  // namespace

Result<Genesis> read_genesis(ByteView bytes) {
  if (is_first_form(bytes)) return fail(Code::conflict, first_form_text);
  TRY(const auto genesis, cbor::decode<Genesis>(bytes, cbor::Additions::refuse));
  TRY(mikusari::check(genesis));
  return genesis;
}

Result<void> check_order(const DecodedFrame& frame, const LedgerEnd* before, ByteView genesis, const Digest& ledger) {
  const auto& record = frame.record;
  if (record.ledger != ledger) return fail(Code::corrupt, "it belongs to another ledger");
  if (before == nullptr) {
    if (frame.submissions.size() != 1 || !frame.fates.empty() || !equal(frame.submissions[0], genesis))
      return fail(Code::corrupt, "it is not this genesis' block");
    return {};
  }
  if (record.height <= before->record.height)
    return fail(Code::corrupt, "its height is not above that of the block before it");
  if (record.prev != crypto::sha256(before->record_bytes))
    return fail(Code::corrupt, "it does not follow the block before it");
  if (record.time_ms < before->record.time_ms) return fail(Code::corrupt, "its time is before the previous block's");
  if (record.first_leaf != before->log.size())
    return fail(Code::corrupt, "its leaves do not follow those before it in the log");
  return {};
}

Result<void> check_changed(const DecodedFrame& frame) {
  ChangedKeys keys;
  for (const auto& row : frame.rows) keys.add(row.key);
  const bool ascend =
      std::ranges::adjacent_find(frame.rows, std::ranges::greater_equal{}, &Row::key) == frame.rows.end();
  if (!ascend || keys.finish() != frame.record.changed)
    return fail(Code::corrupt, "its rows are not the ones that its record names");
  return {};
}

Result<void> Recovery::index(const DecodedFrame& frame, std::span<const statement::Submission> submissions,
                             Position position) {
  std::uint64_t leaf = frame.record.first_leaf;
  std::vector<bool> accepted;
  for (std::size_t s = 0; s < submissions.size(); ++s) {
    accepted.clear();
    for (const auto body : frame.fates[s].bodies) accepted.push_back(body.accepted());
    indexes_.add_submission(submissions[s], accepted,
                            {shifted(frame.places.submissions[s], position), shifted(frame.places.fates[s], position),
                             frame.record.height, leaf});
    leaf += static_cast<std::uint64_t>(std::ranges::count(accepted, true));
  }
  for (std::size_t i = 0; i < frame.rows.size(); ++i) {
    const auto& row = frame.rows[i];
    const Place place = shifted(frame.places.rows[i], position);
    rows_.insert_or_assign(row.key, NewestRow{crypto::sha256(row.value), place});
    TRY(const std::size_t entries, count_entries(row));
    if (entries != 0) indexes_.add_list(row.key, row.value, entries, place);
    if (row.key == path::policy())
      policies_.push_back({frames_, std::make_shared<const platform::Buffer>(platform::copy(row.value))});
  }
  indexes_.blocks.append({frame.record.height, position, frame.record.time_ms, frame.record.first_leaf});
  return {};
}

Result<void> Recovery::take(const storage::Frame& stored) {
  const auto taken = [&]() -> Result<void> {
    TRY(const auto frame, decode_frame(stored.payload));
    TRY(check_order(frame, frames_ == 0 ? nullptr : &end_, genesis_, ledger_));
    TRY(check_changed(frame));
    TRY(const auto submissions, parse_submissions(frame));
    TRY(const auto leaves, log_leaves(frame, submissions));
    for (const auto& leaf : leaves) end_.log.append(leaf);
    if (log_.size() == frame.record.first_leaf) TRY(log_.append(leaves));
    TRY(index(frame, submissions, stored.position));
    TRY(const auto withheld, withheld_by(frame));
    withheld_.insert(withheld_.end(), withheld.begin(), withheld.end());
    end_.record = frame.record;
    end_.record_bytes = platform::copy(frame.record_bytes);
    end_.block = frames_++;
    return {};
  }();
  return taken ? Result<void>() : bad_block(stored.height, taken.error());
}

Result<void> Recovery::rebuild_log(const storage::ChainSource& source) {
  TRY(log_.reset());
  TRY(storage::scan(source, [&](const storage::Frame& stored) -> Result<void> {
    TRY(const auto frame, decode_frame(stored.payload));
    TRY(const auto submissions, parse_submissions(frame));
    TRY(const auto leaves, log_leaves(frame, submissions));
    return log_.append(leaves);
  }));
  if (log_.root() != end_.log.root())
    return fail(Code::internal, "the log's files do not hold what was written to them");
  return {};
}

Result<LedgerEnd> Recovery::finish(StateTree& tree, const storage::ChainSource& source) {
  std::vector<Change> changes;
  changes.reserve(rows_.size());
  for (const auto& [key, row] : rows_) changes.push_back({key, row.value_hash, row.place, {}});
  rows_.clear();
  TRY(auto staged, tree.apply({}, changes));
  if (staged.version().root() != end_.record.map_root) {
    return bad_block(end_.record.height,
                     Error(Code::corrupt,
                           "the state that the frames hold is not the one that the block recorded: restore the store"));
  }
  if (policies_.empty()) return fail(Code::corrupt, "the ledger has no trust policy");
  end_.policy = policies_.back().policy;
  TRY(const auto policy, proof::parse_policy(*end_.policy));
  if (policy.epoch != end_.record.policy_epoch)
    return bad_block(end_.record.height, Error(Code::corrupt, "its policy epoch is not the one of the state"));
  end_.state = staged.version();
  tree.publish(std::move(staged));
  if (log_.size() > end_.log.size()) TRY(log_.truncate(end_.log.size()));
  if (log_.size() != end_.log.size() || log_.root() != end_.log.root()) TRY(rebuild_log(source));
  return std::move(end_);
}

}  // namespace mikusari::replica
