// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/incarnation.hpp"

#include <algorithm>

#include "proof/policy.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

proof::Policy policy_in_force(const View& view) { return view.known<proof::Policy>(path::policy()); }

}  // namespace

Checked<> approved(const incarnation::Begin&, const Said& said, const View& view) {
  std::uint64_t count = 1;
  for (const auto& approver : said.approvers) count += approver.role == statement::ApprovalRole::recovery ? 1 : 0;
  const auto policy = policy_in_force(view);
  if (policy.recovery_threshold == 0 || count < policy.recovery_threshold)
    return refuse(missing_approvals, "recovery role");
  return {};
}

Ruling apply(const incarnation::Begin& body, const Said&, const View& view, Changes& changes) {
  auto policy = policy_in_force(view);
  if (body.epoch != policy.epoch + 1) return refuse(stale, "trust policy");
  if (!check_signers(body.signers, body.threshold)) return refuse(bad_threshold, "checkpoint signers");
  if (body.lost_size && *body.lost_size <= body.size) return refuse(malformed_body);
  policy.epoch = body.epoch;
  policy.signers = body.signers;
  policy.threshold = body.threshold;
  const auto bytes = platform::encode(policy);
  if (!proof::parse_policy(bytes)) return refuse(bad_key, "checkpoint signers");
  changes.put(path::policy(), policy);
  return Ruling::done();
}

}  // namespace mikusari::ledger
