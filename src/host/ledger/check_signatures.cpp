// SPDX-License-Identifier: Apache-2.0
#include "cose/sign1.hpp"
#include "ledger/execute.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"

namespace mikusari::ledger {
namespace {

using statement::Submission;

constexpr std::size_t signed_bytes_max = 1024;  // header and payload are bounded by statement::parse()

Result<const statement::Kind*> check_payload(const statement::Payload& payload, const BlockContext& block) {
  if (payload.ledger != block.ledger) return fail(Code::invalid, "the statement is for another ledger");
  const auto* kind = statement::find_kind(payload.kind);
  if (kind == nullptr) return fail(Code::invalid, "this ledger knows no such kind of statement");
  if (payload.count > kind->bodies_max) {
    return fail(Code::invalid, "this kind does not take so many bodies under one signature");
  }
  if (payload.on.has_value() != (kind->on == statement::On::required)) {
    return fail(Code::invalid, kind->on == statement::On::required
                                   ? "this kind must name the seq of the record that is meant (on)"
                                   : "this kind takes no seq of a record (on)");
  }
  if (payload.n == 0) return fail(Code::invalid, "the counter n is 0: it begins at 1");
  return kind;
}

// A wallet key of the state before the block.
Result<key::Record> wallet_key(const Digest& kid, const Source& before, const char* unknown) {
  const auto record = View(before).get<key::Record>(path::key(kid));
  if (!record) return fail(Code::unauthenticated, unknown);
  if (record->purpose != key::Purpose::wallet)
    return fail(Code::forbidden, "the key is not a wallet key: it may not sign statements");
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

std::optional<statement::ApprovalRole> role_of(statement::Signers signers) {
  switch (signers) {
    case statement::Signers::one: return std::nullopt;
    case statement::Signers::release_keys: return statement::ApprovalRole::release;
    case statement::Signers::witnesses: return statement::ApprovalRole::witness;
    case statement::Signers::members: return statement::ApprovalRole::member;
  }
  return std::nullopt;
}

Result<void> check_approval(const statement::Approval& approval, const Submission& submission, const Source& before,
                            Signatures& signatures) {
  TRY(const auto key, wallet_key(approval.kid, before, "the key of an approval is not registered on this ledger"));
  if (key.key.algorithm() != approval.algorithm)
    return fail(Code::invalid, "the algorithm of an approval does not fit its key");
  std::byte buffer[statement::small_message_bytes_max];
  TRY(const ByteView bytes, statement::approval_bytes(key.key, submission.identity, approval.role, buffer));
  if (!signatures.verify(key.key, bytes, approval.signature)) {
    return fail(Code::unauthenticated, "the signature of an approval does not hold");
  }
  return {};
}

Result<void> check_approvals(const Submission& submission, const statement::Kind& kind, const Source& before,
                             Signatures& signatures) {
  const auto role = role_of(kind.signers);
  Digest seen[limits::approvals_max + 1] = {submission.statement.header.kid};
  std::size_t count = 1;
  for (const auto approval : submission.approvals) {
    if (approval.role != role) return fail(Code::invalid, "an approval has a role that this kind does not take");
    for (std::size_t i = 0; i < count; ++i) {
      if (seen[i] == approval.kid) return fail(Code::invalid, "a key signs or approves twice");
    }
    seen[count++] = approval.kid;
    TRY(check_approval(approval, submission, before, signatures));
  }
  return {};
}

}  // namespace

Result<void> check_signatures(const Submission& submission, const BlockContext& block, const Source& before,
                              Signatures& signatures) {
  TRY(const auto* kind, check_payload(submission.statement.payload, block));
  TRY(const auto key, wallet_key(submission.statement.header.kid, before,
                                 "the signing key is not registered on this ledger (a new key speaks from the block "
                                 "after its registration)"));
  TRY(check_claims(submission.statement.header, key, *kind));
  TRY(check_statement(submission, key, signatures));
  return check_approvals(submission, *kind, before, signatures);
}

}  // namespace mikusari::ledger
