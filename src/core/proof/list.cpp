// SPDX-License-Identifier: Apache-2.0
#include "proof/state.hpp"
#include "statement/path.hpp"

namespace mikusari::proof {
namespace {

// The entries are those of the list's tree: its record commits to their number and root.
// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<std::uint64_t> check_entries(const ListPage& page, const VerifiedItem& list) {
  if (!list.value) {
    const auto& range = page.range;
    if (page.entries.empty() && range.first == 0 && range.before.empty() && range.after.empty()) return 0;
    return fail(Code::unauthenticated, "the list has entries that the ledger does not know");
  }
  TRY(const auto& record, cbor::decode<list::Record>(*list.value));
  RangeTree tree;
  TRY(tree.begin(page.range));
  for (const auto entry : page.entries) TRY(tree.append(list::leaf_hash(entry)));
  TRY(const Digest root, tree.finish(page.range, record.tree.count));
  if (root != record.tree.root)
    return fail(Code::unauthenticated, "the page has other entries than the ledger's list has there");
  return record.tree.count;
}

[[gnu::noinline]] Result<void> check_items(const ListPage& page, list::Kind kind, const VerifiedAnchor& anchor) {
  if (page.items.size() != page.entries.size())
    return fail(Code::invalid, "there is not one record for each entry of the list");
  auto entry = page.entries.begin();
  for (const auto item : page.items) {
    TRY(const auto& verified, verify(item, path_of(kind, (*entry).what), anchor));
    if (!verified.value) return fail(Code::unauthenticated, "an entry of the list is shown as absent");
    ++entry;
  }
  return {};
}

}  // namespace

Digest path_of(list::Kind kind, const Digest& what) {
  switch (kind) {
    case list::Kind::keys: return path::key(what);
    case list::Kind::devices: return path::device(what);
    case list::Kind::models: return path::model(what);
    case list::Kind::releases: return what;
    case list::Kind::parties: return path::party(what);
  }
  return what;
}

Result<VerifiedListPage> verify(const ListPage& page, const Handle& party, list::Kind kind, const Policy& policy) {
  TRY(const auto& anchor, verify(page.anchor, policy));
  TRY(const auto& list, verify(page.list, path::list(party, kind), anchor));
  TRY(const std::uint64_t count, check_entries(page, list));
  TRY(check_items(page, kind, anchor));
  return VerifiedListPage{anchor, page.range.first, count, page.entries, page.items};
}

}  // namespace mikusari::proof
