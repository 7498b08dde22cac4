// SPDX-License-Identifier: Apache-2.0
#include "proof/state.hpp"
#include "statement/path.hpp"

namespace mikusari::proof {
namespace {

// The entries are all there are: the list's record commits to their number and their tree.
// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<void> check_complete(const ListAnswer& answer, const VerifiedItem& list) {
  if (!list.value) {
    if (answer.entries.empty()) return {};
    return fail(Code::unauthenticated, "the list has entries that the ledger does not know");
  }
  TRY(const auto record, cbor::decode<list::Record>(*list.value));
  merkle::CompactRange range;
  for (const auto id : answer.entries) range.append(merkle::leaf_hash(id));
  bool same = record.count == range.size() && record.frontier.size() == range.nodes().size();
  std::size_t i = 0;
  for (const auto digest : record.frontier) same = same && digest == range.nodes()[i++];
  if (!same)
    return fail(Code::unauthenticated, "the list is not complete, or has entries that the ledger does not know");
  return {};
}

[[gnu::noinline]] Result<void> check_items(const ListAnswer& answer, const VerifiedAnchor& anchor) {
  if (answer.items.size() != answer.entries.size())
    return fail(Code::invalid, "there is not one record for each entry of the list");
  auto entry = answer.entries.begin();
  for (const auto item : answer.items) {
    TRY(const auto verified, verify(item, path::device(*entry), anchor));
    if (!verified.value) return fail(Code::unauthenticated, "an entry of the list is shown as absent");
    ++entry;
  }
  return {};
}

}  // namespace

Result<VerifiedList> verify_devices(const ListAnswer& answer, std::string_view member, const Policy& policy) {
  TRY(const auto anchor, verify(answer.anchor, policy));
  TRY(const auto list, verify(answer.list, path::list(member, list::Kind::devices), anchor));
  TRY(check_complete(answer, list));
  TRY(check_items(answer, anchor));
  return VerifiedList{anchor, answer.entries, answer.items};
}

}  // namespace mikusari::proof
