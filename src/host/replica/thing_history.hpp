// SPDX-License-Identifier: Apache-2.0
// The events of a device or part, newest first, found by walking its rows back through the chain file, a row at a time.
// Older rows are under no root any more: who makes a page of them compares it with the root of the thing's present
// head. A value; one thread.
#pragma once

#include "replica/answers.hpp"
#include "replica/suffix_range.hpp"

namespace mikusari::replica {

// A body that changed the thing.
struct ThingEvent {
  Place submission;  // as stored
  std::uint64_t body = 0;
  std::uint64_t leaf = 0;  // in the log
  std::uint64_t height = 0, time_ms = 0;
  statement::Outcome outcome{};
};

class ThingHistory {
 public:
  // `newest` is the thing's row in the reading, which must outlive the history. Events before `since_ms` are left where
  // they are.
  static Result<ThingHistory> of(const Reading& reading, const StoredRow& newest, std::uint64_t since_ms);

  const Head& head() const { return head_; }
  // The newest event that was not taken yet; none when there is none, or it is too old.
  const std::optional<ThingEvent>& next() const { return next_; }
  // Goes on to the event before, knowing the leaf of this one. REQUIRES: next().
  Result<void> take(const Digest& leaf_hash);

  // Events that were not taken.
  std::uint64_t left() const { return taken_.begin(); }
  // Their compact range.
  Result<merkle::CompactRange> before() const;
  // The subtrees behind them: of all that were taken.
  std::vector<Digest> after() const { return taken_.nodes(); }

  // What was read is not what was written: reports it.
  std::unexpected<Error> changed() const { return reading_->archive().chain.changed(key_, newest_); }

 private:
  ThingHistory(const Reading& reading, const StoredRow& newest, const Head& head, std::uint64_t since_ms)
      : reading_(&reading),
        key_(newest.row.key),
        newest_(newest.place),
        head_(head),
        since_ms_(since_ms),
        taken_(head.history.count) {}
  Result<void> open(const StoredRow& stored);
  Result<void> find_next();

  const Reading* reading_;
  Digest key_;
  Place newest_;
  Head head_;
  std::uint64_t since_ms_;
  SuffixRange taken_;
  // The row that is being walked: its events that were not taken, and the row before it.
  std::vector<EventPlace> events_;
  Position row_ = 0;
  Place previous_;
  BlockPlace block_;
  std::optional<ThingEvent> next_;
};

}  // namespace mikusari::replica
