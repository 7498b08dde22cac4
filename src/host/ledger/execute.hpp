// SPDX-License-Identifier: Apache-2.0
// Executes one submission on a state: who signed, may they, does each body's rule accept it (docs/formats/bodies.md).
//
// Deterministic: reads the submission, the block's height and time and the state, and nothing else.
#pragma once

#include <string>
#include <vector>

#include "ledger/said.hpp"
#include "ledger/state.hpp"
#include "statement/ledger.hpp"
#include "statement/submission.hpp"

namespace mikusari::ledger {

// What became of one body.
struct BodyFate {
  statement::Refusal refusal = statement::Refusal::none;
  statement::Outcome outcome = statement::Outcome::done;
  std::string subject, object;
  Digest leaf_hash;             // of the body's leaf in the log, when accepted
  std::vector<Digest> changed;  // keys of the things that it changed, sorted, when accepted
  std::size_t written = 0;      // bytes of the records that it changed, and of their rows' heads, when accepted
  bool accepted() const { return refusal == statement::Refusal::none; }
};

enum class Standing : std::uint8_t {
  executed,   // its counter n is used; each body has a fate
  discarded,  // its n was used before (a duplicate or replay) or lies below the window: it leaves no trace
};

struct SubmissionFate {
  Digest identity;
  Standing standing = Standing::executed;
  std::vector<BodyFate> bodies;
};

// At the door and in consensus: does the signature hold under the key that the state before the block has for its kid,
// and do the approvals' signatures? Deterministic, so that every validator refuses the same.
// Errors: `unauthenticated` (unknown key, signature or approval that does not hold), `forbidden` (a key that is no
// wallet key), `invalid` (another ledger, unknown kind, too many bodies, `on` or approvals where the kind has none,
// claims that do not say what key and kind say). None of these changes back: keys and subjects stay as they were
// registered.
Result<void> check_signatures(const statement::Submission& submission, const BlockContext& block, const Source& before,
                              Signatures& signatures);

// Executes a submission that check_signatures() accepted on the same `before`. `block_state` is the block's overlay
// over `before`; on return it holds what changed. `before` decides whose signature holds, `block_state` who may still
// act.
SubmissionFate execute(const statement::Submission& submission, const BlockContext& block, const Source& before,
                       Overlay& block_state, Signatures& signatures);

// The state that a genesis founds, as changes of an overlay over nothing. REQUIRES: check(genesis) accepted it.
void found(const Genesis& genesis, const Digest& ledger, Overlay& state);

}  // namespace mikusari::ledger
