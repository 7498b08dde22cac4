// SPDX-License-Identifier: Apache-2.0
// The entries of a list with completeness and the nodes of their tree, found by walking the list's rows in the chain
// file. What it gives was read from rows that are under no root any more: the caller compares the page that he makes of
// it with the list's root. One thread.
#pragma once

#include "replica/answers.hpp"

namespace mikusari::replica {

class ListHistory {
 public:
  // `newest` is the list's row in the reading. Both must outlive it. `corrupt` when the row is no list's.
  static Result<ListHistory> of(const Reading& reading, const Digest& key, const StoredRow& newest);

  const Tree& tree() const { return tree_; }
  // The entries [first, end). REQUIRES: first <= end <= tree().count; so for n and end below.
  Result<std::vector<list::Entry>> entries(std::uint64_t first, std::uint64_t end) const;
  // The compact range of the first n entries.
  Result<merkle::CompactRange> range(std::uint64_t n) const;
  // The roots of the subtrees behind `end`, as merkle::root_behind() takes them.
  Result<std::vector<Digest>> behind(std::uint64_t end) const;

  // What was read is not what was written: reports it.
  std::unexpected<Error> changed() const { return reading_->archive().chain.changed(key_, newest_->place); }

 private:
  // The row with which the list got an entry, and what it had then.
  struct Step {
    std::uint64_t first = 0, count = 0;  // entries before the row, and with it
    std::vector<list::Entry> entries;
    Place previous;
  };
  ListHistory(const Reading& reading, const Digest& key, const StoredRow& newest)
      : reading_(&reading), key_(key), newest_(&newest) {}
  Result<Step> step_of(const Row& row, std::uint64_t count_max) const;
  Result<Step> step_before(const Step& step) const;
  Result<Step> step_with(std::uint64_t entry) const;
  Result<Digest> subtree(std::uint64_t at, unsigned level) const;

  const Reading* reading_;
  Digest key_;
  const StoredRow* newest_;
  Tree tree_;
};

}  // namespace mikusari::replica
