// SPDX-License-Identifier: Apache-2.0
// State answers: what the ledger says of a thing now, present or absent, with proof (docs/formats/state-answer.md).
#pragma once

#include "merkle/map.hpp"
#include "proof/receipt.hpp"

namespace mikusari::proof {

// What many answers share: the newest block's record, its place as the last leaf of the log, and the checkpoint.
struct Anchor {
  ByteView record;  // encoded BlockRecord
  LogPath log_path;
  Checkpoint checkpoint;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "record", &Anchor::record, "the newest block record"},
                 cbor::Field{2, "log_path", &Anchor::log_path}, cbor::Field{3, "checkpoint", &Anchor::checkpoint}};
};

struct VerifiedAnchor {
  BlockRecord record;
  VerifiedCheckpoint checkpoint;
};
// The record must be the last leaf of the checkpoint's log: what it says is the newest that the checkpoint knows.
Result<VerifiedAnchor> verify(const Anchor& anchor, const Policy& policy);

// The place of one key in the state tree: see merkle/map.hpp.
struct OtherLeaf {
  Digest key, value_hash;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &OtherLeaf::key}, cbor::Field{2, "value_hash", &OtherLeaf::value_hash}};
};
struct Item {
  std::optional<ByteView> value;   // the record's stored bytes; none when absent
  std::uint64_t depth = 0;         // levels from the root
  ByteView bitmap;                 // one bit a level, root first: is the sibling there?
  ByteView siblings;               // 32 bytes each, leaf first, only those that are there
  std::optional<OtherLeaf> other;  // absent because another leaf stands in the place
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "value", &Item::value, "the record, none when absent"},
                 cbor::Field{2, "depth", &Item::depth}, cbor::Field{3, "bitmap", &Item::bitmap},
                 cbor::Field{4, "siblings", &Item::siblings}, cbor::Field{5, "other", &Item::other}};
};

// What verify() returns: the value that the state has under `key`, or proven absence.
struct VerifiedItem {
  Digest key;
  std::optional<ByteView> value;
};
Result<VerifiedItem> verify(const Item& item, const Digest& key, const VerifiedAnchor& anchor);

struct StateAnswer {
  Anchor anchor;
  Item item;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "anchor", &StateAnswer::anchor}, cbor::Field{2, "item", &StateAnswer::item}};
};

struct VerifiedState {
  VerifiedAnchor anchor;
  std::optional<ByteView> value;
};
// `key` is statement/path.hpp's of what was asked.
Result<VerifiedState> verify(const StateAnswer& answer, const Digest& key, const Policy& policy);

// A complete list: all entries, and the present state of each (docs/formats/list-answer.md).
struct ListAnswer {
  Anchor anchor;
  Item list;  // the list's record, absent when it has no entry
  cbor::List<Id, 4096> entries;
  cbor::List<Item, 4096> items;  // the device record of each entry, in order
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "anchor", &ListAnswer::anchor}, cbor::Field{2, "list", &ListAnswer::list},
                 cbor::Field{3, "entries", &ListAnswer::entries}, cbor::Field{4, "items", &ListAnswer::items}};
};
struct VerifiedList {
  VerifiedAnchor anchor;
  cbor::List<Id, 4096> entries;
  cbor::List<Item, 4096> items;
};
// The list of devices that `member` has ever owned; every item verified.
Result<VerifiedList> verify_devices(const ListAnswer& answer, std::string_view member, const Policy& policy);

}  // namespace mikusari::proof
