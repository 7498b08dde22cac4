// SPDX-License-Identifier: Apache-2.0
#include "replica/thing_history.hpp"

namespace mikusari::replica {

Result<ThingHistory> ThingHistory::of(const Reading& reading, const StoredRow& newest, std::uint64_t since_ms) {
  const auto head = read_head(newest.row.value);
  if (!head) return fail(Code::corrupt, "the record of a thing is not one");
  ThingHistory out(reading, newest, *head, since_ms);
  TRY(out.open(newest));
  TRY(out.find_next());
  return out;
}

Result<void> ThingHistory::open(const StoredRow& stored) {
  const auto head = read_head(stored.row.value);
  auto events = events_of(stored.row);
  const auto block = head ? reading_->archive().indexes.blocks.find(head->changed) : std::nullopt;
  if (!block || !events || events->size() > left() || head->history.count != left()) return changed();
  events_ = *std::move(events);
  row_ = stored.place.position;
  previous_ = stored.row.previous;
  block_ = *block;
  return {};
}

Result<void> ThingHistory::find_next() {
  next_.reset();
  if (left() == 0) return {};
  while (events_.empty()) {
    if (!previous_.is_set()) return changed();
    TRY(const auto stored, reading_->archive().chain.older_row(previous_, key_));
    TRY(open(stored));
  }
  if (block_.time_ms < since_ms_) return {};
  const EventPlace& event = events_.back();
  if (event.back > row_ || event.length > frame_bytes_max) return changed();
  next_ = ThingEvent{{row_ - event.back, static_cast<std::uint32_t>(event.length)},
                     event.body,
                     block_.first_leaf + event.leaf,
                     block_.height,
                     block_.time_ms,
                     event.outcome};
  return {};
}

Result<void> ThingHistory::take(const Digest& leaf_hash) {
  taken_.prepend(leaf_hash);
  events_.pop_back();
  return find_next();
}

// The row before has the range of what came before this row; the rest of this row's events are in the log.
Result<merkle::CompactRange> ThingHistory::before() const {
  merkle::CompactRange out;
  if (left() == 0) return out;
  const std::uint64_t base = left() - events_.size();
  if (base != 0) {
    if (!previous_.is_set()) return changed();
    TRY(const auto stored, reading_->archive().chain.older_row(previous_, key_));
    const auto head = read_head(stored.row.value);
    const auto sides = cbor::decode<Sides>(stored.row.sides);
    if (!head || !sides || head->history.count != base) return changed();
    std::vector<Digest> nodes;
    for (const auto node : sides->history) nodes.push_back(node);
    const auto range = merkle::CompactRange::from(base, nodes);
    if (!range || range->root() != head->history.root) return changed();
    out = *range;
  }
  for (const auto& event : events_) {
    TRY(const Digest leaf, reading_->archive().log.leaf(block_.first_leaf + event.leaf));
    out.append(leaf);
  }
  return out;
}

}  // namespace mikusari::replica
