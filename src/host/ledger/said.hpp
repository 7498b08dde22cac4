// SPDX-License-Identifier: Apache-2.0
// What a rule knows of a statement beside its body, and what it answers.
#pragma once

#include <span>
#include <string>

#include "statement/key.hpp"
#include "statement/possession.hpp"
#include "statement/refusal.hpp"

namespace mikusari::ledger {

// Checks signatures inside bodies. Pure: the same answer for the same bytes; implementations may remember answers.
class Signatures {
 public:
  virtual ~Signatures() = default;
  virtual Result<void> verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) = 0;
};

// An approval whose signature holds, by a key that may act.
struct Approver {
  Digest kid;
  std::string_view member;
  statement::ApprovalRole role{};
};

// The block that a statement stands in.
struct BlockContext {
  Digest ledger;
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;
};

// A statement whose signature holds, by a key that may act.
struct Said {
  BlockContext block;
  Digest signer;    // thumbprint
  Subject subject;  // whom the signing key speaks for
  std::uint64_t n = 0;
  std::optional<std::uint64_t> on;
  std::span<const Approver> approvers;
  Signatures& signatures;

  // The member who speaks; empty when a device or part does.
  std::string_view member() const {
    return subject.type == SubjectType::member ? as_text(subject.id) : std::string_view();
  }
};

// Why a rule, or a step of one, says no. Subject and object are for people (names, or "part 3fa9..." in hexadecimal)
// and are no consensus data.
struct Refused {
  statement::Refusal refusal;
  std::string subject, object;
};

// What a step of a rule answers; TRY passes the refusal on.
template <class T = void>
using Checked = std::expected<T, Refused>;

inline std::unexpected<Refused> refuse(statement::Refusal refusal, std::string subject = {}, std::string object = {}) {
  return std::unexpected(Refused{refusal, std::move(subject), std::move(object)});
}

// Accepted with an outcome, or refused with a reason.
class [[nodiscard]] Verdict {
 public:
  static Verdict done() { return Verdict(statement::Refusal::none, statement::Outcome::done); }
  static Verdict disputed() { return Verdict(statement::Refusal::none, statement::Outcome::disputed); }

  Verdict(std::unexpected<Refused> why)
      : refusal(why.error().refusal),
        outcome(statement::Outcome::done),
        subject(why.error().subject),
        object(why.error().object) {}

  bool accepted() const { return refusal == statement::Refusal::none; }

  statement::Refusal refusal;
  statement::Outcome outcome;
  std::string subject, object;

 private:
  Verdict(statement::Refusal why, statement::Outcome what) : refusal(why), outcome(what) {}
};

}  // namespace mikusari::ledger
