// SPDX-License-Identifier: Apache-2.0
#include "ledger/execute.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "ledger/quotas.hpp"
#include "ledger/rules/custody.hpp"
#include "ledger/rules/device.hpp"
#include "ledger/rules/document.hpp"
#include "ledger/rules/firmware.hpp"
#include "ledger/rules/incarnation.hpp"
#include "ledger/rules/key.hpp"
#include "ledger/rules/model.hpp"
#include "ledger/rules/ownership.hpp"
#include "ledger/rules/part.hpp"
#include "ledger/rules/party.hpp"
#include "ledger/rules/proposal.hpp"
#include "ledger/rules/role.hpp"
#include "proof/block.hpp"
#include "statement/kinds.hpp"

namespace mikusari::ledger {
namespace {

using statement::Refusal;
using statement::Submission;

// What the executor does with a body of one kind.
struct Rule {
  const statement::Kind* kind = nullptr;
  Ruling (*apply)(ByteView body, const Said& said, const View& view, Changes& changes) = nullptr;
  // Are the approvals there that this body needs? Judged for all bodies before the first is executed. Null for kinds
  // that need none.
  Checked<> (*approved)(ByteView body, const Said& said, const View& view) = nullptr;
};

template <statement::Body Body>
Ruling decode_and_apply(ByteView bytes, const Said& said, const View& view, Changes& changes) {
  const auto body = cbor::decode<Body>(bytes, cbor::Additions::refuse);
  if (!body) return refuse(Refusal::malformed_body);
  return apply(*body, said, view, changes);
}

// A body that does not decode, or that its rule refuses for another reason, is refused alone.
template <statement::Body Body>
Checked<> decode_and_judge(ByteView bytes, const Said& said, const View& view) {
  const auto body = cbor::decode<Body>(bytes, cbor::Additions::refuse);
  if (!body) return {};
  auto judged = approved(*body, said, view);
  if (!judged && judged.error().refusal == Refusal::missing_approvals) return judged;
  return {};
}

// REQUIRES: check_signatures() has found the kind.
Rule rule_of(std::uint16_t number) {
  Rule out;
  statement::for_each_kind([&]<class Body>() {
    if (Body::kind.number != number) return;
    out = {&Body::kind, &decode_and_apply<Body>, nullptr};
    if constexpr (requires(const Body& body, const Said& said, const View& view) { approved(body, said, view); })
      out.approved = &decode_and_judge<Body>;
  });
  ASSERT(out.kind != nullptr);
  return out;
}

// A frozen key still ends a key that waits, and with others thaws and revokes.
Frozen frozen_may_sign(std::uint16_t kind) {
  const bool may = kind == key::Veto::kind.number || kind == key::Thaw::kind.number || kind == key::Revoke::kind.number;
  return may ? Frozen::allowed : Frozen::refused;
}

// Approvals whose keys speak now. The others count for nothing.
std::vector<Approver> approvers_of(const Submission& submission, const BlockContext& block, const View& view) {
  std::vector<Approver> out;
  for (const auto approval : submission.approvals) {
    const auto frozen = approval.role == statement::ApprovalRole::own ? Frozen::allowed : Frozen::refused;
    const auto key = speaking_key(view, block, approval.kid, frozen);
    if (!key || key->record.subject.type != SubjectType::party) continue;
    out.push_back({approval.kid, key->record.subject.id, approval.role});
  }
  return out;
}

// Counts what rules verify.
class Counted final : public Signatures {
 public:
  Counted(Signatures& below, Steps& steps) : below_(below), steps_(steps) {}
  Result<void> verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) override {
    ++steps_.signatures;
    return below_.verify(key, message, signature);
  }

 private:
  Signatures& below_;
  Steps& steps_;
};

// The heads of the things that the body changed move on by its leaf. Returns whose history it entered.
std::vector<Digest> move_heads(Overlay& state, std::uint64_t height, const Digest& leaf_hash) {
  std::vector<std::pair<Digest, Gains>> things;
  for (const auto& [key, change] : state.changes()) {
    if (change.is_thing) things.emplace_back(key, change.gain);
  }
  std::vector<Digest> gained;
  std::array<std::byte, limits::record_bytes_max> record_buffer;
  std::array<std::byte, Histories::sides_bytes_max> sides_buffer;
  for (const auto& [key, gain] : things) {
    const ByteView value = *state.value(key), beside = state.sides(key);
    auto head = read_head(value);
    ASSERT(head.has_value());
    auto histories = beside.empty() ? Histories() : Histories::of(*head, beside);
    ASSERT(histories.has_value());
    if (gain != Gains::nothing) {
      histories->append(leaf_hash, gain);
      gained.push_back(key);
    }
    histories->write(*head);
    head->changed = height;
    const auto record = with_head(value, *head, record_buffer);
    const auto sides = histories->sides(sides_buffer);
    ASSERT(record.has_value() && sides.has_value());
    state.put_moved(key, platform::copy(*record), platform::copy(*sides));
  }
  return gained;
}

// What the chain file gains by the changes: each record with its sides, and the head of its row.
std::size_t bytes_of(const Overlay& changes) {
  constexpr std::size_t row_head_bytes = 96, entry_bytes = 64;
  std::size_t out = 0;
  for (const auto& [key, change] : changes.changes())
    out += row_head_bytes + change.value.size() + change.sides.size() + change.appended.size() * entry_bytes;
  return out;
}

std::uint64_t new_rows(const Overlay& changes, const Source& below) {
  std::uint64_t out = 0;
  for (const auto& [key, change] : changes.changes()) out += below.exists(key) ? 0 : 1;
  return out;
}

// The execution of one submission's bodies.
class Bodies {
 public:
  Bodies(const Submission& submission, const Rule& rule, const BlockContext& block, Rows& rows, std::size_t growth,
         std::uint64_t refused_steps, std::uint64_t refused_left)
      : submission_(submission),
        rule_(rule),
        block_(block),
        rows_(rows),
        room_(growth),
        refused_steps_(refused_steps),
        refused_left_(refused_left) {}

  std::vector<BodyFate> each(const Said& said, Signatures& signatures, Overlay& state) {
    std::vector<BodyFate> fates;
    for (const auto salted : submission_.bodies) {
      fates.push_back(next(salted, said, signatures, state));
      if (fates.back().accepted()) continue;
      charged_ += last_steps_;
      if (refused_left_ != 0) --refused_left_;
    }
    return fates;
  }

  // All or none: stops at the first refusal, and then no body has done anything. What was done counts as refused.
  std::vector<BodyFate> all_or_none(const Said& said, Signatures& signatures, Overlay& block_state) {
    auto state = Overlay::over(block_state);
    std::vector<BodyFate> fates;
    for (const auto salted : submission_.bodies) {
      fates.push_back(next(salted, said, signatures, state));
      charged_ += last_steps_;
      if (fates.back().accepted()) continue;
      std::vector<BodyFate> rolled_back(submission_.bodies.size());
      for (auto& fate : rolled_back) fate.refusal = Refusal::rolled_back;
      rolled_back[fates.size() - 1] = std::move(fates.back());
      rows_.give_back();
      return rolled_back;
    }
    std::move(state).merge_into(block_state);
    return fates;
  }

  std::uint64_t steps() const { return steps_; }

 private:
  BodyFate next(const statement::SaltedBody& salted, const Said& said, Signatures& signatures, Overlay& state) {
    if (charged_ >= refused_steps_ || refused_left_ == 0) {
      last_steps_ = 0;
      return Ruling(refuse(Refusal::stopped));
    }
    Steps steps;
    auto fate = execute(salted, said, signatures, state, steps);
    last_steps_ = steps.total();
    steps_ += last_steps_;
    return fate;
  }

  BodyFate execute(const statement::SaltedBody& salted, const Said& said_before, Signatures& signatures, Overlay& state,
                   Steps& steps) {
    steps.bytes += salted.body.size();
    Counted counted(signatures, steps);
    Said said{said_before.block,
              said_before.signer,
              said_before.purpose,
              said_before.subject,
              said_before.n,
              said_before.approvers,
              counted,
              statement::body_leaf(salted)};
    auto overlay = Overlay::over(state);
    Changes changes(overlay, steps, rule_.kind->gains, block_.height);
    BodyFate fate(rule_.apply(salted.body, said, View(overlay, steps, state.decoded()), changes));
    if (!fate.accepted()) return fate;
    proof::BodyLeaf leaf;
    leaf.identity = submission_.identity;
    leaf.signature_hash = crypto::sha256(submission_.statement.signature);
    leaf.also_hash = statement::also_hash(submission_.also);
    leaf.body_leaf = said.body_leaf;
    leaf.height = block_.height;
    leaf.time_ms = block_.time_ms;
    leaf.outcome = fate.outcome;
    fate.leaf_hash = proof::leaf_hash(leaf);
    fate.gained = move_heads(overlay, block_.height, fate.leaf_hash);
    fate.written = bytes_of(overlay);
    if (fate.written > room_) return Ruling(refuse(Refusal::too_many_changes));
    if (const auto taken = rows_.take(new_rows(overlay, state)); !taken) return Ruling(std::unexpected(taken.error()));
    room_ -= fate.written;
    std::move(overlay).merge_into(state);
    return fate;
  }

  const Submission& submission_;
  const Rule& rule_;
  const BlockContext& block_;
  Rows& rows_;
  std::size_t room_;
  const std::uint64_t refused_steps_;
  std::uint64_t refused_left_;
  std::uint64_t charged_ = 0, last_steps_ = 0, steps_ = 0;
};

// Whom the rows of a statement are charged to: the registrar of the party that answers for its signer. The recovery
// role has none.
Handle paying_registrar(const View& view, const Subject& subject, const Digest& ledger) {
  const auto handle = answers_for(view, subject);
  if (!handle) return ledger;
  const auto party = view.get<party::Record>(path::party(*handle));
  return party ? registrar_of(*handle, *party) : ledger;
}

// What is left when the statement may be executed at all.
struct Admitted {
  SpeakingKey key;
  KeyDay day;
};
Checked<Admitted> admit(const Submission& submission, std::size_t bytes, const BlockContext& block, const View& view,
                        const statement::Kind& kind) {
  const auto& payload = submission.statement.payload;
  const Digest& kid = submission.statement.header.kid;
  if (payload.valid_until_ms && block.time_ms > *payload.valid_until_ms) return refuse(Refusal::expired);
  TRY(const auto key, speaking_key(view, block, kid, frozen_may_sign(kind.number)));
  if (key.record.purpose != key::Purpose::recovery) TRY(check_standing(view, key.record.subject, kind.purpose));
  TRY(auto day, KeyDay::of(view, block, kid, key.record.subject, kind, bytes));
  if (!day.accepts(payload.n)) return refuse(Refusal::counter_used);
  return Admitted{key, std::move(day)};
}

SubmissionFate discarded(const Submission& submission, Refused why) {
  SubmissionFate out;
  out.identity = submission.identity;
  out.standing = Standing::discarded;
  out.why = Ruling(std::unexpected(std::move(why)));
  return out;
}

}  // namespace

SubmissionFate execute(const Submission& submission, std::size_t bytes, const BlockContext& block, const Source& before,
                       Overlay& block_state, Signatures& signatures) {
  ASSERT(before.exists(path::key(submission.statement.header.kid)) && submission.withheld == 0);
  const auto& payload = submission.statement.payload;
  const Rule rule = rule_of(payload.kind);
  Steps steps;
  const View view = View::lasting(block_state, steps);
  const auto admitted = admit(submission, bytes, block, view, *rule.kind);
  if (!admitted) return discarded(submission, admitted.error());
  const auto& [key, day] = *admitted;
  const auto approvers = approvers_of(submission, block, view);
  Counted counted(signatures, steps);
  const Said said{
      block, submission.statement.header.kid, key.record.purpose, key.record.subject, payload.n, approvers, counted,
      {}};
  if (rule.approved != nullptr) {
    for (const auto salted : submission.bodies) {
      if (const auto judged = rule.approved(salted.body, said, view); !judged)
        return discarded(submission, judged.error());
    }
  }
  const auto limits = parameters(view);
  Rows rows(view, block, paying_registrar(view, key.record.subject, block.ledger), *rule.kind);
  Bodies bodies(submission, rule, block, rows, limits.statement_growth, limits.refused_steps, day.refused_left());
  SubmissionFate out;
  out.identity = submission.identity;
  out.bodies = payload.atomic.value ? bodies.all_or_none(said, signatures, block_state)
                                    : bodies.each(said, signatures, block_state);
  out.steps = steps.total() + bodies.steps();
  const auto refused = static_cast<std::uint64_t>(
      std::ranges::count_if(out.bodies, [](const BodyFate& fate) { return !fate.accepted(); }));
  Steps uncounted;
  Changes changes(block_state, uncounted, Gains::nothing, block.height);
  day.write(changes, submission.identity, payload.n, refused);
  rows.write(View(block_state, uncounted), changes, submission.identity);
  return out;
}

}  // namespace mikusari::ledger
