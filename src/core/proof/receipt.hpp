// SPDX-License-Identifier: Apache-2.0
// A receipt: proof that one body was committed (docs/formats/receipt.md). It discloses none of its siblings.
#pragma once

#include "proof/block.hpp"
#include "proof/checkpoint.hpp"
#include "proof/log_path.hpp"
#include "statement/submission.hpp"

namespace mikusari::proof {

// One committed body with all that its leaf in the log is computed from. Of a withheld body only its leaf is left: the
// reader then sees that something was said, when, and by whom.
struct Event {
  ByteView sign1;                   // the statement's tagged COSE_Sign1
  std::optional<ByteView> also;     // its approvals, as the submission has them
  std::optional<Digest> also_hash;  // or their hash
  std::uint64_t index = 0;          // of the body in its statement
  std::optional<statement::Salt> salt;
  std::optional<ByteView> body;
  std::optional<Digest> withheld;  // the body's leaf, instead of salt and body
  LogPath bodies_path;             // inclusion of the body's leaf under bodies_root
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;
  statement::Outcome outcome{};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "sign1", &Event::sign1},
                 cbor::Field{2, "also", &Event::also, "the statement's approvals"},
                 cbor::Field{3, "also_hash", &Event::also_hash, "or their hash; neither: it has none"},
                 cbor::Field{4, "index", &Event::index, "of the body in its statement"},
                 cbor::Field{5, "salt", &Event::salt},
                 cbor::Field{6, "body", &Event::body},
                 cbor::Field{7, "withheld", &Event::withheld, "the body's leaf, instead of salt and body"},
                 cbor::Field{8, "bodies_path", &Event::bodies_path},
                 cbor::Field{9, "height", &Event::height},
                 cbor::Field{10, "time_ms", &Event::time_ms},
                 cbor::Field{11, "outcome", &Event::outcome}};
};

// What check_event() returns: the body is the one signed for, and this is its leaf. Whether the leaf is in the log, and
// whether the signature holds, is for the caller to prove.
struct CheckedEvent {
  statement::SignedPayload statement;
  Digest identity;
  std::optional<ByteView> body;  // none: it is withheld
  Digest leaf_hash;
};
Result<CheckedEvent> check_event(const Event& event);

struct Receipt {
  Form form;
  Event event;
  std::uint64_t leaf_index = 0;
  LogPath log_path;
  Checkpoint checkpoint;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Receipt::form}, cbor::Field{2, "event", &Receipt::event},
                 cbor::Field{3, "leaf_index", &Receipt::leaf_index, "in the log"},
                 cbor::Field{4, "log_path", &Receipt::log_path, "inclusion in the checkpoint's log"},
                 cbor::Field{5, "checkpoint", &Receipt::checkpoint}};
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
