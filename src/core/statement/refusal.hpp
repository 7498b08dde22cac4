// SPDX-License-Identifier: Apache-2.0
// Why the ledger refuses a body. The number is consensus data (it stands under a block's refused root) and is never
// reused; the sentences are for people, in English and Japanese, and stand here and nowhere else. Some say why a whole
// statement is discarded (expired, over_quota, counter_used, missing_approvals, what concerns the signer): it leaves no
// trace then. What is refused at the door (form, signatures, kind, another ledger) never reaches a block: those are
// Errors, not refusals.
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
  stopped = 8,
  over_quota = 9,
  no_room = 10,
  counter_used = 11,
  withheld = 12,
  // about the signer
  key_not_active = 17,
  key_not_for_signing = 18,
  not_entitled = 20,
  missing_role = 21,
  missing_approvals = 22,
  bad_possession = 24,
  bad_mount_proof = 25,
  suspended = 26,
  // about the things
  not_registered = 32,
  already_registered = 33,
  key_taken = 34,
  wrong_state = 35,
  not_in_custody = 36,
  in_transit = 37,
  wrong_model = 38,
  retired_or_destroyed = 40,
  too_many_mounts = 41,
  not_mounted_here = 42,
  not_offered = 43,
  not_increasing = 44,
  bad_name = 45,
  bad_threshold = 46,
  too_many_keys = 48,
  veto_time_over = 49,
  would_orphan_ledger = 50,
  bad_key = 51,
  bad_weight = 52,
  too_deep = 53,
  being_handed_over = 54,
  not_owned = 55,
  too_many_alarms = 56,
  mounted_elsewhere = 57,
  needs_acceptance = 58,
  not_empty = 59,
  step_too_large = 60,
  no_longer_open = 61,
  already_said = 62,
  bad_parameter = 63,
  still_waits = 64,
  too_many_proposals = 65,
  not_recoverable = 66,
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
                    cbor::Name{stopped, "stopped"},
                    cbor::Name{over_quota, "over_quota"},
                    cbor::Name{no_room, "no_room"},
                    cbor::Name{counter_used, "counter_used"},
                    cbor::Name{withheld, "withheld"},
                    cbor::Name{key_not_active, "key_not_active"},
                    cbor::Name{key_not_for_signing, "key_not_for_signing"},
                    cbor::Name{not_entitled, "not_entitled"},
                    cbor::Name{missing_role, "missing_role"},
                    cbor::Name{missing_approvals, "missing_approvals"},
                    cbor::Name{bad_possession, "bad_possession"},
                    cbor::Name{bad_mount_proof, "bad_mount_proof"},
                    cbor::Name{suspended, "suspended"},
                    cbor::Name{not_registered, "not_registered"},
                    cbor::Name{already_registered, "already_registered"},
                    cbor::Name{key_taken, "key_taken"},
                    cbor::Name{wrong_state, "wrong_state"},
                    cbor::Name{not_in_custody, "not_in_custody"},
                    cbor::Name{in_transit, "in_transit"},
                    cbor::Name{wrong_model, "wrong_model"},
                    cbor::Name{retired_or_destroyed, "retired_or_destroyed"},
                    cbor::Name{too_many_mounts, "too_many_mounts"},
                    cbor::Name{not_mounted_here, "not_mounted_here"},
                    cbor::Name{not_offered, "not_offered"},
                    cbor::Name{not_increasing, "not_increasing"},
                    cbor::Name{bad_name, "bad_name"},
                    cbor::Name{bad_threshold, "bad_threshold"},
                    cbor::Name{too_many_keys, "too_many_keys"},
                    cbor::Name{veto_time_over, "veto_time_over"},
                    cbor::Name{would_orphan_ledger, "would_orphan_ledger"},
                    cbor::Name{bad_key, "bad_key"},
                    cbor::Name{bad_weight, "bad_weight"},
                    cbor::Name{too_deep, "too_deep"},
                    cbor::Name{being_handed_over, "being_handed_over"},
                    cbor::Name{not_owned, "not_owned"},
                    cbor::Name{too_many_alarms, "too_many_alarms"},
                    cbor::Name{mounted_elsewhere, "mounted_elsewhere"},
                    cbor::Name{needs_acceptance, "needs_acceptance"},
                    cbor::Name{not_empty, "not_empty"},
                    cbor::Name{step_too_large, "step_too_large"},
                    cbor::Name{no_longer_open, "no_longer_open"},
                    cbor::Name{already_said, "already_said"},
                    cbor::Name{bad_parameter, "bad_parameter"},
                    cbor::Name{still_waits, "still_waits"},
                    cbor::Name{too_many_proposals, "too_many_proposals"},
                    cbor::Name{not_recoverable, "not_recoverable"}};
}

// What became of an accepted body.
enum class Outcome : std::uint8_t {
  done = 1,
  alarm = 2,   // accepted as evidence that a part or key turned up twice: both are named, and nothing else happened
  voided = 3,  // the deciding vote, of a matter that the rules refused then: the proposal is closed
};
constexpr auto names_of(Outcome) {
  using enum Outcome;
  return std::array{cbor::Name{done, "done"}, cbor::Name{alarm, "alarm"}, cbor::Name{voided, "voided"}};
}

}  // namespace mikusari::statement
