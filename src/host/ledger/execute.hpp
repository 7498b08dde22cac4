// SPDX-License-Identifier: Apache-2.0
// Executes one submission on a state: who signed, may they, does each body's rule accept it (docs/formats/bodies.md).
//
// Deterministic: reads the submission, the block's height and time and the state, and nothing else. Bounded: whatever a
// submission holds, its refused bodies cost at most the ledger's `refused_steps`, and its accepted ones change at most
// `statement_growth` bytes.
#pragma once

#include <string>
#include <vector>

#include "ledger/said.hpp"
#include "ledger/state.hpp"
#include "statement/ledger.hpp"
#include "statement/submission.hpp"

namespace mikusari::ledger {

// What became of one body.
struct BodyFate : Ruling {
  BodyFate() = default;
  BodyFate(Ruling ruling) : Ruling(std::move(ruling)) {}
  Digest leaf_hash;            // of the body's leaf in the log, when accepted
  std::vector<Digest> gained;  // keys of the things whose history it entered, sorted, when accepted
  std::size_t written = 0;     // bytes of the records that it changed, and of their rows' heads, when accepted
};

enum class Standing : std::uint8_t {
  executed,   // its counter n is used; each body has a fate
  discarded,  // it leaves no trace, and n is unused: see SubmissionFate::why
};

struct SubmissionFate {
  Digest identity;
  Standing standing = Standing::executed;
  Ruling why;  // of a discarded statement
  std::vector<BodyFate> bodies;
  std::uint64_t steps = 0;  // what executing it has cost (state.hpp)
};

// At the door and in consensus: does the signature hold under the key that the state before the block has for its kid,
// and do the approvals' signatures? Deterministic, so that every validator refuses the same.
// Errors: `unauthenticated` (unknown key, signature or approval that does not hold), `forbidden` (a key whose purpose
// is another), `invalid` (another ledger, too many bodies, approvals where the kind has none, claims that do not say
// what key and kind say, a withheld body), `newer` (unknown kind). None of these changes back: keys and subjects stay
// as they were registered. `decoded`: of what `before` has been asked for.
Result<void> check_signatures(const statement::Submission& submission, const BlockContext& block, const Source& before,
                              Signatures& signatures, Decoded& decoded);

// Executes a submission that check_signatures() accepted on the same `before`. `block_state` is the block's overlay
// over `before`; on return it holds what changed. `before` decides whose signature holds, `block_state` who may still
// act. `bytes` is the submission's length.
SubmissionFate execute(const statement::Submission& submission, std::size_t bytes, const BlockContext& block,
                       const Source& before, Overlay& block_state, Signatures& signatures);

// The state that a genesis founds, as changes of an overlay over nothing. REQUIRES: check(genesis) accepted it.
void found(const Genesis& genesis, const Digest& ledger, Overlay& state);

}  // namespace mikusari::ledger
