// SPDX-License-Identifier: Apache-2.0
// Pages of lists: the part of Reading that proves what a party has.
#include <algorithm>

#include "replica/list_history.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

constexpr std::size_t page_bytes_max = 1024 * 1024;
constexpr std::size_t frame_bytes = 32 * 1024;  // of a page without entries, at most: anchor, record, range
constexpr std::size_t entry_bytes = 64;

std::size_t size_of(const proof::Item& item) {
  constexpr std::size_t heads = 64;
  return heads + (item.value ? item.value->size() : 64) + item.bitmap.size() + item.siblings.size();
}

// What a page holds beside its anchor; the views point into the buffers.
struct Parts {
  std::vector<Buffer> held;
  proof::Item list;
  std::vector<list::Entry> entries;
  std::vector<proof::Item> items;
  merkle::CompactRange before;
  std::vector<Digest> after;
};

// The records of the entries, as many as a page takes.
Result<void> add_items(const Reading& reading, list::Kind kind, Parts& parts) {
  std::size_t bytes = frame_bytes;
  for (const auto& entry : parts.entries) {
    TRY(const auto item, reading.item(proof::path_of(kind, entry.what), parts.held));
    bytes += entry_bytes + size_of(item);
    if (bytes > page_bytes_max && !parts.items.empty()) break;
    parts.items.push_back(item);
  }
  parts.entries.resize(parts.items.size());
  return {};
}

// That the page is the list's: everything in it was read from the disk.
Result<void> check_root(const Parts& parts, const ListHistory& list) {
  merkle::CompactRange range = parts.before;
  for (const auto& entry : parts.entries) range.append(list::leaf_hash(entry));
  if (merkle::root_behind(range, list.tree().count, parts.after) != list.tree().root) return list.changed();
  return {};
}

Result<void> add_entries(const Reading& reading, const Digest& key, list::Kind kind, std::uint64_t first,
                         std::uint64_t most, Parts& parts) {
  TRY(const auto newest, reading.row(key));
  if (!newest) {
    return first == 0 ? Result<void>() : fail(Code::invalid, "the list has no entries: a page of it begins at 0");
  }
  TRY(const auto list, ListHistory::of(reading, key, *newest));
  if (first > list.tree().count) return fail(Code::invalid, "the list has not so many entries");
  TRY(parts.entries, list.entries(first, first + std::min(most, list.tree().count - first)));
  TRY(add_items(reading, kind, parts));
  TRY(parts.before, list.range(first));
  TRY(parts.after, list.behind(first + parts.entries.size()));
  return check_root(parts, list);
}

}  // namespace

Result<Buffer> Reading::list_page(const Handle& party, list::Kind kind, std::uint64_t first, std::uint64_t most) const {
  if (most == 0 || most > list_entries_max) return fail(Code::invalid, "a page has 1 to 1,024 entries");
  const Digest key = path::list(party, kind);
  Parts parts;
  TRY(parts.list, item(key, parts.held));
  TRY(add_entries(*this, key, kind, first, most, parts));
  proof::ListPage page;
  page.anchor = anchor();
  page.list = parts.list;
  page.range = {first, {parts.before.nodes()}, {std::span<const Digest>(parts.after)}};
  page.entries = {std::span<const list::Entry>(parts.entries)};
  page.items = {std::span<const proof::Item>(parts.items)};
  return platform::encode(page);
}

}  // namespace mikusari::replica
