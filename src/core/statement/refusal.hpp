// SPDX-License-Identifier: Apache-2.0
// Why the ledger refuses a body. The number is consensus data (it stands under a block's refused root) and is never
// reused; the sentences are for people, in English and Japanese, and stand here and nowhere else. What is refused at
// the door (form, signatures, kind, another ledger) never reaches a block: those are Errors, not refusals.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "encoding/field.hpp"

namespace mikusari::statement {

enum class Refusal : std::uint8_t {
  none = 0,
  // about the statement
  malformed_body = 1,
  expired = 4,
  stale = 5,
  rolled_back = 6,
  too_many_changes = 7,
  // about the signer
  key_not_active = 17,
  key_not_for_signing = 18,
  signer_not_active = 19,
  not_entitled = 20,
  missing_role = 21,
  missing_approvals = 22,
  bad_possession = 24,
  bad_mount_proof = 25,
  // about the things
  not_registered = 32,
  already_registered = 33,
  key_taken = 34,
  wrong_state = 35,
  not_in_custody = 36,
  in_transit = 37,
  wrong_model = 38,
  already_disputed = 39,
  retired_or_destroyed = 40,
  too_many_mounts = 41,
  not_mounted_here = 42,
  not_offered = 43,
  not_increasing = 44,
  bad_name = 45,
  bad_threshold = 46,
  too_many_claims = 47,
  too_many_keys = 48,
  veto_time_over = 49,
  would_orphan_ledger = 50,
  bad_key = 51,
  bad_weight = 52,
  too_deep = 53,
};

struct RefusalText {
  Refusal value;
  std::string_view name;     // stable word for programs
  Code code;                 // its class
  std::string_view english;  // {s} stands for the subject, {o} for the object
  std::string_view japanese;
};

// Ordered by value.
std::span<const RefusalText> refusals();
const RefusalText& text_of(Refusal refusal);

constexpr auto names_of(Refusal) {
  using enum Refusal;
  return std::array{cbor::Name{none, "none"},
                    cbor::Name{malformed_body, "malformed_body"},
                    cbor::Name{expired, "expired"},
                    cbor::Name{stale, "stale"},
                    cbor::Name{rolled_back, "rolled_back"},
                    cbor::Name{too_many_changes, "too_many_changes"},
                    cbor::Name{key_not_active, "key_not_active"},
                    cbor::Name{key_not_for_signing, "key_not_for_signing"},
                    cbor::Name{signer_not_active, "signer_not_active"},
                    cbor::Name{not_entitled, "not_entitled"},
                    cbor::Name{missing_role, "missing_role"},
                    cbor::Name{missing_approvals, "missing_approvals"},
                    cbor::Name{bad_possession, "bad_possession"},
                    cbor::Name{bad_mount_proof, "bad_mount_proof"},
                    cbor::Name{not_registered, "not_registered"},
                    cbor::Name{already_registered, "already_registered"},
                    cbor::Name{key_taken, "key_taken"},
                    cbor::Name{wrong_state, "wrong_state"},
                    cbor::Name{not_in_custody, "not_in_custody"},
                    cbor::Name{in_transit, "in_transit"},
                    cbor::Name{wrong_model, "wrong_model"},
                    cbor::Name{already_disputed, "already_disputed"},
                    cbor::Name{retired_or_destroyed, "retired_or_destroyed"},
                    cbor::Name{too_many_mounts, "too_many_mounts"},
                    cbor::Name{not_mounted_here, "not_mounted_here"},
                    cbor::Name{not_offered, "not_offered"},
                    cbor::Name{not_increasing, "not_increasing"},
                    cbor::Name{bad_name, "bad_name"},
                    cbor::Name{bad_threshold, "bad_threshold"},
                    cbor::Name{too_many_claims, "too_many_claims"},
                    cbor::Name{too_many_keys, "too_many_keys"},
                    cbor::Name{veto_time_over, "veto_time_over"},
                    cbor::Name{would_orphan_ledger, "would_orphan_ledger"},
                    cbor::Name{bad_key, "bad_key"},
                    cbor::Name{bad_weight, "bad_weight"},
                    cbor::Name{too_deep, "too_deep"}};
}

// What became of an accepted body.
enum class Outcome : std::uint8_t {
  done = 1,
  disputed = 2,  // accepted, and it contradicts another claim: both are disputed now
};
constexpr auto names_of(Outcome) {
  return std::array{cbor::Name{Outcome::done, "done"}, cbor::Name{Outcome::disputed, "disputed"}};
}

}  // namespace mikusari::statement
