// SPDX-License-Identifier: Apache-2.0
#include "replica/list_history.hpp"

#include <algorithm>
#include <bit>

namespace mikusari::replica {

Result<ListHistory> ListHistory::of(const Reading& reading, const Digest& key, const StoredRow& newest) {
  ListHistory out(reading, key, newest);
  const auto record = cbor::decode<list::Record>(newest.row.value);
  if (!record) return fail(Code::corrupt, "the record of a list is not one");
  out.tree_ = record->tree;
  return out;
}

Result<ListHistory::Step> ListHistory::step_of(const Row& row, std::uint64_t count_max) const {
  const auto record = cbor::decode<list::Record>(row.value);
  auto entries = entries_of(row);
  if (!record || !entries || record->tree.count > count_max || entries->size() > record->tree.count) return changed();
  return Step{record->tree.count - entries->size(), record->tree.count, *std::move(entries), row.previous};
}

Result<ListHistory::Step> ListHistory::step_before(const Step& step) const {
  if (!step.previous.is_set()) return changed();
  TRY(const auto stored, reading_->archive().chain.older_row(step.previous, key_));
  TRY(auto before, step_of(stored.row, step.first));
  if (before.count != step.first) return changed();
  return before;
}

Result<ListHistory::Step> ListHistory::step_with(std::uint64_t entry) const {
  Step step;
  if (const auto near = reading_->archive().indexes.lists.find(key_, entry, tree_.count)) {
    TRY(const auto stored, reading_->archive().chain.older_row(*near, key_));
    TRY(step, step_of(stored.row, tree_.count));
  } else {
    TRY(step, step_of(newest_->row, tree_.count));
  }
  if (entry >= step.count) return changed();
  while (entry < step.first) {
    TRY(step, step_before(step));
  }
  return step;
}

Result<std::vector<list::Entry>> ListHistory::entries(std::uint64_t first, std::uint64_t end) const {
  std::vector<list::Entry> out;  // newest first
  if (first == end) return out;
  TRY(auto step, step_with(end - 1));
  while (true) {
    const std::uint64_t begin = std::max(first, step.first);
    for (std::uint64_t i = std::min(end, step.count); i > begin; --i)
      out.push_back(step.entries[static_cast<std::size_t>(i - 1 - step.first)]);
    if (step.first <= first) break;
    TRY(step, step_before(step));
  }
  std::ranges::reverse(out);
  return out;
}

Result<merkle::CompactRange> ListHistory::range(std::uint64_t n) const {
  merkle::CompactRange out;
  if (n == 0) return out;
  TRY(const auto step, step_with(n - 1));
  if (step.first != 0) {
    if (!step.previous.is_set()) return changed();
    TRY(const auto before, reading_->archive().chain.older_row(step.previous, key_));
    const auto record = cbor::decode<list::Record>(before.row.value);
    if (!record || record->tree.count != step.first) return changed();
    const auto range = ledger::list_range(record->tree, before.row.sides);
    if (!range) return changed();
    out = *range;
  }
  for (std::uint64_t i = step.first; i < n; ++i)
    out.append(list::leaf_hash(step.entries[static_cast<std::size_t>(i - step.first)]));
  return out;
}

// The last leaf completes the subtree; what is before it is the end of the compact range up to there.
Result<Digest> ListHistory::subtree(std::uint64_t at, unsigned level) const {
  const std::uint64_t last = at + (std::uint64_t{1} << level) - 1;
  TRY(const auto before, range(last));
  TRY(const auto entry, entries(last, last + 1));
  Digest node = list::leaf_hash(entry.front());
  for (unsigned i = 0; i < level; ++i) node = merkle::node_hash(before.nodes()[before.nodes().size() - 1 - i], node);
  return node;
}

Result<std::vector<Digest>> ListHistory::behind(std::uint64_t end) const {
  std::vector<Digest> out;
  while (end < tree_.count) {
    const auto room = static_cast<unsigned>(std::bit_width(tree_.count - end) - 1);
    const unsigned level = end == 0 ? room : std::min(room, static_cast<unsigned>(std::countr_zero(end)));
    TRY(const Digest root, subtree(end, level));
    out.push_back(root);
    end += std::uint64_t{1} << level;
  }
  return out;
}

}  // namespace mikusari::replica
