// SPDX-License-Identifier: Apache-2.0
// For tests only: steps from one trust policy to the next, with everything open to change.
#pragma once

#include "proof/test_ledger.hpp"

namespace mikusari::test {

// What the recovery keys of a ledger say when its node is lost. By default: the log as it is goes on under "log.new".
class StepMaker {
 public:
  explicit StepMaker(TestLedger& ledger) : ledger_(&ledger) {
    signers.push_back(TestLedger::checkpoint_keys_of("log.new", 1, {crypto::Algorithm::ed25519}));
    body.epoch = ledger.epoch + 1;
    body.threshold = 1;
    body.size = ledger.log.size();
    body.root = ledger.log.root(ledger.log.size());
    for (auto& signer : ledger.recovery_signers) by.push_back(&signer);
  }

  Octets make() {
    std::vector<CheckpointSigner> views;
    for (const auto& entry : signers)
      views.push_back({entry.name, std::span<const crypto::PublicKey>(entry.keys), entry.weight});
    body.signers = std::span<const CheckpointSigner>(views);
    const Octets bytes = encoded(body);
    std::vector<statement::SaltedBody> bodies(
        count, {statement::Salt::copy(named("salt of the step").view().first(16)), bytes, std::nullopt});
    std::vector<Approver> approvers;
    for (std::size_t i = 1; i < by.size(); ++i) approvers.push_back({by[i], role});
    // Recovery keys are the ledger's own: they speak for it.
    return ledger_->sign(*by.at(0), subject_of_party(ledger_->id), kind, "ledger.incarnation", bodies, approvers)
        .submission;
  }

  std::vector<TestLedger::CheckpointKeys> signers;
  incarnation::Begin body;
  std::vector<crypto::SoftwareSigner*> by;  // the first signs, the others approve
  statement::ApprovalRole role = statement::ApprovalRole::recovery;
  std::uint16_t kind = incarnation::Begin::kind.number;
  std::size_t count = 1;  // bodies, all alike

 private:
  TestLedger* ledger_;
};

}  // namespace mikusari::test
