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
  Handle party;  // whom the key speaks for
  statement::ApprovalRole role{};
};

// The block that a statement stands in.
struct BlockContext {
  Digest ledger;
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;

  std::uint64_t day() const { return time_ms / (24ULL * 3600 * 1000); }
};

// A statement whose signature holds, by a key that may act.
struct Said {
  BlockContext block;
  Digest signer;         // thumbprint
  key::Purpose purpose;  // of the signer
  Subject subject;       // whom the signing key speaks for
  std::uint64_t n = 0;
  std::span<const Approver> approvers;
  Signatures& signatures;
  Digest body_leaf;  // of the body that is executed

  // The party who speaks; none when a part or device does.
  std::optional<Handle> party() const {
    return subject.type == SubjectType::party ? std::optional(subject.id) : std::nullopt;
  }
  bool is_party(const Handle& handle) const { return subject == subject_of_party(handle); }
};

// Why a rule, or a step of one, says no. Subject and object are for people ("part 3fa9..." in hexadecimal) and are no
// consensus data.
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

// What became of a body: accepted with an outcome, or refused with a reason. An alarm names what it is about.
struct [[nodiscard]] Ruling {
  statement::Refusal refusal = statement::Refusal::none;
  statement::Outcome outcome = statement::Outcome::done;
  std::string subject, object;

  static Ruling done() { return {}; }
  static Ruling alarm(std::string about, std::string and_about) {
    return {statement::Refusal::none, statement::Outcome::alarm, std::move(about), std::move(and_about)};
  }
  static Ruling voided(Refused why) {
    return {statement::Refusal::none, statement::Outcome::voided, std::move(why.subject), std::move(why.object)};
  }

  Ruling() = default;
  Ruling(statement::Refusal why, statement::Outcome what, std::string about, std::string and_about)
      : refusal(why), outcome(what), subject(std::move(about)), object(std::move(and_about)) {}
  Ruling(std::unexpected<Refused> why)
      : refusal(why.error().refusal), subject(why.error().subject), object(why.error().object) {}

  bool accepted() const { return refusal == statement::Refusal::none; }
};

}  // namespace mikusari::ledger
