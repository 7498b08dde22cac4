// SPDX-License-Identifier: Apache-2.0
// What stands in the ledger's log: a leaf for every committed body, then one for the block that committed them.
#pragma once

#include "statement/head.hpp"
#include "statement/refusal.hpp"

namespace mikusari::proof {

enum class LeafType : std::uint8_t { body = 1, block = 2 };
constexpr auto names_of(LeafType) {
  return std::array{cbor::Name{LeafType::body, "body"}, cbor::Name{LeafType::block, "block"}};
}

// Its RFC 6962 leaf hash is a leaf of the log, and of the histories of the things that it changed (statement/head.hpp).
struct BodyLeaf {
  Form form;
  LeafType type = LeafType::body;
  Digest identity;                  // of the statement
  Digest signature_hash;            // SHA-256 of its 64 signature bytes
  std::optional<Digest> also_hash;  // of its approvals (statement::also_hash)
  Digest body_leaf;                 // statement::body_leaf(salt, body)
  std::uint64_t height = 0;         // of the block
  std::uint64_t time_ms = 0;        // of the block, so that an event's time is proven wherever the event is
  statement::Outcome outcome{};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "form", &BodyLeaf::form},           cbor::Field{2, "type", &BodyLeaf::type},
      cbor::Field{3, "identity", &BodyLeaf::identity},   cbor::Field{4, "signature_hash", &BodyLeaf::signature_hash},
      cbor::Field{5, "also_hash", &BodyLeaf::also_hash}, cbor::Field{6, "body_leaf", &BodyLeaf::body_leaf},
      cbor::Field{7, "height", &BodyLeaf::height},       cbor::Field{8, "time_ms", &BodyLeaf::time_ms},
      cbor::Field{9, "outcome", &BodyLeaf::outcome}};
};

// Heights ascend; there may be gaps between them.
struct BlockRecord {
  Form form;
  LeafType type = LeafType::block;
  Digest ledger;
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;     // Unix time; never before the previous block's
  Digest prev;                   // SHA-256 of the previous record's encoding; the ledger id for the first
  Digest map_root;               // of the state after the block
  Digest changed;                // SHA-256 over the first 8 bytes of each key whose row the block changed, ascending
  std::uint64_t first_leaf = 0;  // index in the log of the block's first body leaf
  std::uint64_t committed = 0;   // how many body leaves; the record's own leaf follows them
  Digest refused_root;           // RFC 6962 root over refused_leaf()s, in order
  std::uint64_t policy_epoch = 0;
  static constexpr auto fields = std::tuple{cbor::Field{1, "form", &BlockRecord::form},
                                            cbor::Field{2, "type", &BlockRecord::type},
                                            cbor::Field{3, "ledger", &BlockRecord::ledger},
                                            cbor::Field{4, "height", &BlockRecord::height},
                                            cbor::Field{5, "time_ms", &BlockRecord::time_ms},
                                            cbor::Field{6, "prev", &BlockRecord::prev},
                                            cbor::Field{7, "map_root", &BlockRecord::map_root},
                                            cbor::Field{8, "changed", &BlockRecord::changed},
                                            cbor::Field{9, "first_leaf", &BlockRecord::first_leaf},
                                            cbor::Field{10, "committed", &BlockRecord::committed},
                                            cbor::Field{11, "refused_root", &BlockRecord::refused_root},
                                            cbor::Field{12, "policy_epoch", &BlockRecord::policy_epoch}};
};

constexpr std::size_t block_record_bytes_max = 320;

Digest leaf_hash(const BodyLeaf& leaf);
Digest leaf_hash(const BlockRecord& record);
// RFC 6962 leaf hash of the CBOR array [form, identity, body index, refusal].
Digest refused_leaf(const Digest& identity, std::uint64_t index, statement::Refusal refusal);

}  // namespace mikusari::proof
