// SPDX-License-Identifier: Apache-2.0
#include "cose/sign1.hpp"
#include "ledger/execute.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"

namespace mikusari::ledger {
namespace {

using statement::Submission;

constexpr std::size_t signed_bytes_max = 1024;  // header and payload are bounded by statement::parse()

Result<const statement::Kind*> check_payload(const statement::Submission& submission, const BlockContext& block) {
  const auto& payload = submission.statement.payload;
  if (payload.ledger != block.ledger) return fail(Code::invalid, "the statement is for another ledger");
  const auto* kind = statement::find_kind(payload.kind);
  if (kind == nullptr) return fail(Code::newer, "this program knows no such kind of statement");
  if (payload.count > kind->bodies_max) {
    return fail(Code::invalid, "this kind does not take so many bodies under one signature");
  }
  if (payload.n == 0) return fail(Code::invalid, "the counter n is 0: it begins at 1");
  if (submission.withheld != 0) return fail(Code::invalid, "a body is withheld: only its text can be executed");
  return kind;
}

// Which keys sign statements of a kind: wallet keys all that are not another key's alone.
bool may_sign(key::Purpose purpose, const statement::Kind& kind) {
  if (kind.number == incarnation::Begin::kind.number) return purpose == key::Purpose::recovery;
  if (kind.signers == statement::Signers::release_keys) return purpose == key::Purpose::release;
  if (kind.number == party::Recover::kind.number)
    return purpose == key::Purpose::wallet || purpose == key::Purpose::standby;
  return purpose == key::Purpose::wallet;
}

// And which keys approve them.
key::Purpose approver_of(statement::Signers signers) {
  if (signers == statement::Signers::recovery) return key::Purpose::recovery;
  if (signers == statement::Signers::release_keys) return key::Purpose::release;
  return key::Purpose::wallet;
}

// A key of the state before the block.
Result<key::Record> known_key(const Digest& kid, const Source& before, Decoded& decoded, const char* unknown) {
  Steps steps;
  const auto record = View(before, steps, decoded).get<key::Record>(path::key(kid));
  if (!record) return fail(Code::unauthenticated, unknown);
  return *record;
}

Result<void> check_claims(const statement::ProtectedHeader& header, const key::Record& key,
                          const statement::Kind& kind) {
  char buffer[80];
  TRY(const auto issuer, statement::issuer_of(key.subject, buffer));
  if (header.claims.iss != issuer) return fail(Code::invalid, "the claim iss is not whom the key speaks for");
  if (header.claims.sub != kind.name) return fail(Code::invalid, "the claim sub is not the kind's name");
  return {};
}

Result<void> check_statement(const Submission& submission, const key::Record& key, Signatures& signatures) {
  const auto& statement = submission.statement;
  if (static_cast<std::int64_t>(key.key.algorithm()) != statement.header.algorithm) {
    return fail(Code::invalid, "the algorithm does not fit the key");
  }
  std::byte buffer[signed_bytes_max];
  TRY(const ByteView bytes, cose::sig_structure(statement.protected_bytes, {}, statement.payload_bytes, buffer));
  return signatures.verify(key.key, bytes, statement.signature);
}

Result<void> check_approval(const statement::Approval& approval, const Submission& submission,
                            const statement::Kind& kind, const Source& before, Decoded& decoded,
                            Signatures& signatures) {
  TRY(const auto key,
      known_key(approval.kid, before, decoded, "the key of an approval is not registered on this ledger"));
  if (key.purpose != approver_of(kind.signers))
    return fail(Code::forbidden, "the purpose of an approving key is another");
  if (key.key.algorithm() != approval.algorithm)
    return fail(Code::invalid, "the algorithm of an approval does not fit its key");
  std::byte buffer[statement::small_message_bytes_max];
  TRY(const ByteView bytes, statement::approval_bytes(key.key, submission.identity, approval.role, buffer));
  if (!signatures.verify(key.key, bytes, approval.signature)) {
    return fail(Code::unauthenticated, "the signature of an approval does not hold");
  }
  return {};
}

// parse() has seen to it that approvals ascend by role and key, each once; all have the kind's one role.
Result<void> check_approvals(const Submission& submission, const statement::Kind& kind, const Source& before,
                             Decoded& decoded, Signatures& signatures) {
  const auto role = statement::role_of(kind.signers);
  for (const auto approval : submission.approvals) {
    if (approval.role != role) return fail(Code::invalid, "an approval has a role that this kind does not take");
    if (approval.kid == submission.statement.header.kid)
      return fail(Code::invalid, "the signing key approves its own statement");
    TRY(check_approval(approval, submission, kind, before, decoded, signatures));
  }
  return {};
}

}  // namespace

Result<void> check_signatures(const Submission& submission, const BlockContext& block, const Source& before,
                              Signatures& signatures, Decoded& decoded) {
  TRY(const auto* kind, check_payload(submission, block));
  TRY(const auto key, known_key(submission.statement.header.kid, before, decoded,
                                "the signing key is not registered on this ledger (a new key speaks from the block "
                                "after its registration)"));
  if (!may_sign(key.purpose, *kind))
    return fail(Code::forbidden, "the purpose of the signing key is another: it does not sign this kind of statement");
  TRY(check_claims(submission.statement.header, key, *kind));
  TRY(check_statement(submission, key, signatures));
  return check_approvals(submission, *kind, before, decoded, signatures);
}

}  // namespace mikusari::ledger
