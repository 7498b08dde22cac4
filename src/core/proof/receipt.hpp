// SPDX-License-Identifier: Apache-2.0
// A receipt: proof that one body was committed (docs/formats/receipt.md). It discloses none of its siblings.
#pragma once

#include "proof/block.hpp"
#include "proof/checkpoint.hpp"
#include "proof/log_path.hpp"
#include "statement/submission.hpp"

namespace mikusari::proof {

// One committed body with all that its leaf in the log is computed from.
struct Event {
  ByteView sign1;           // the statement's tagged COSE_Sign1
  std::uint64_t index = 0;  // of the body in its statement
  statement::Salt salt;
  ByteView body;
  LogPath bodies_path;  // inclusion of the body's leaf under bodies_root
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;
  statement::Outcome outcome{};
  static constexpr auto fields = std::tuple{cbor::Field{1, "sign1", &Event::sign1},
                                            cbor::Field{2, "index", &Event::index, "of the body in its statement"},
                                            cbor::Field{3, "salt", &Event::salt},
                                            cbor::Field{4, "body", &Event::body},
                                            cbor::Field{5, "bodies_path", &Event::bodies_path},
                                            cbor::Field{6, "height", &Event::height},
                                            cbor::Field{7, "time_ms", &Event::time_ms},
                                            cbor::Field{8, "outcome", &Event::outcome}};
};

// What check_event() returns: the body is the one signed for, and this is its leaf. Whether the leaf is in the log, and
// whether the signature holds, is for the caller to prove.
struct CheckedEvent {
  statement::SignedPayload statement;
  Digest identity;
  ByteView body;
  Digest leaf_hash;
};
Result<CheckedEvent> check_event(const Event& event);

struct Receipt {
  Event event;
  std::uint64_t leaf_index = 0;
  LogPath log_path;
  Checkpoint checkpoint;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "event", &Receipt::event}, cbor::Field{2, "leaf_index", &Receipt::leaf_index, "in the log"},
      cbor::Field{3, "log_path", &Receipt::log_path, "inclusion in the checkpoint's log"},
      cbor::Field{4, "checkpoint", &Receipt::checkpoint}};
};

struct VerifiedReceipt {
  CheckedEvent event;
  std::uint64_t height;
  std::uint64_t time_ms;
  statement::Outcome outcome;
  VerifiedCheckpoint checkpoint;
};
// Errors: `unauthenticated` when any link does not hold; the text says which.
Result<VerifiedReceipt> verify(const Receipt& receipt, const Policy& policy);

}  // namespace mikusari::proof
