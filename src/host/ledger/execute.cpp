// SPDX-License-Identifier: Apache-2.0
#include "ledger/execute.hpp"

#include <algorithm>

#include "cose/sign1.hpp"
#include "crypto/hash.hpp"
#include "ledger/rules/custody.hpp"
#include "ledger/rules/device.hpp"
#include "ledger/rules/firmware.hpp"
#include "ledger/rules/key.hpp"
#include "ledger/rules/member.hpp"
#include "ledger/rules/model.hpp"
#include "ledger/rules/ownership.hpp"
#include "ledger/rules/part.hpp"
#include "proof/block.hpp"
#include "statement/kinds.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using statement::Refusal;
using statement::Submission;

using Rule = Verdict (*)(ByteView body, const Said& said, const View& view, Changes& changes);

template <statement::Body Body>
Verdict decode_and_apply(ByteView bytes, const Said& said, const View& view, Changes& changes) {
  const auto body = cbor::decode<Body>(bytes);
  if (!body) return refuse(Refusal::malformed_body);
  return apply(*body, said, view, changes);
}

// REQUIRES: check_signatures() has found the kind.
Rule rule_of(std::uint16_t number) {
  Rule out = nullptr;
  statement::for_each_kind([&]<class Body>() {
    if (Body::kind.number == number) out = &decode_and_apply<Body>;
  });
  ASSERT(out != nullptr);
  return out;
}

// Who may not speak, and why not; what the key speaks for may have changed in this block.
Checked<key::Record> speaking_key(const Digest& kid, const BlockContext& block, const View& view) {
  const auto record = view.get<key::Record>(path::key(kid));
  ASSERT(record.has_value());
  if (!record->speaks_at(block.time_ms)) return refuse(Refusal::key_not_active, platform::to_hex(kid));
  switch (record->subject.type) {
    case SubjectType::member: {
      const auto name = as_text(record->subject.id);
      if (!active_member(view, name)) return refuse(Refusal::signer_not_active, member_named(name));
      break;
    }
    case SubjectType::part: {
      const Id id = Id::copy(record->subject.id);
      if (!living_part(view, id)) return refuse(Refusal::signer_not_active, part_named(id));
      break;
    }
    case SubjectType::device: {
      const Id id = Id::copy(record->subject.id);
      if (!living_device(view, id)) return refuse(Refusal::signer_not_active, device_named(id));
      break;
    }
  }
  return *record;
}

// Approvals whose keys speak now, for members who may act. The others count for nothing.
std::vector<Approver> approvers_of(const Submission& submission, const BlockContext& block, const View& view) {
  std::vector<Approver> out;
  for (const auto approval : submission.approvals) {
    const auto key = speaking_key(approval.kid, block, view);
    if (!key || key->subject.type != SubjectType::member) continue;
    out.push_back({approval.kid, as_text(key->subject.id), approval.role});
  }
  return out;
}

Checked<Said> said_of(const Submission& submission, const BlockContext& block, const View& view,
                      std::span<const Approver> approvers, Signatures& signatures) {
  const auto& payload = submission.statement.payload;
  if (payload.valid_until_ms && block.time_ms > *payload.valid_until_ms) return refuse(Refusal::expired);
  const Digest& kid = submission.statement.header.kid;
  TRY(const auto key, speaking_key(kid, block, view));
  return Said{block, kid, key.subject, payload.n, payload.on, approvers, signatures};
}

BodyFate fate_of(const Verdict& verdict) {
  return {verdict.refusal, verdict.outcome, verdict.subject, verdict.object, {}, {}, 0};
}

// The heads of all things that the body changed move on, chaining its leaf.
std::vector<Digest> advance_heads(Overlay& state, std::uint64_t height, const Digest& leaf_hash) {
  std::vector<Digest> changed;
  for (const auto& [key, change] : state.changes()) {
    if (change.content == Overlay::Content::thing) changed.push_back(key);
  }
  std::array<std::byte, limits::record_bytes_max> buffer;
  for (const Digest& key : changed) {
    const auto record = advance_head(*state.value(key), height, leaf_hash, buffer);
    ASSERT(record.has_value());
    state.put(key, platform::copy(*record), Overlay::Content::thing);
  }
  return changed;
}

// What the chain file gains by the changes: each record, and the head of its row.
std::size_t bytes_of(const Overlay& changes) {
  constexpr std::size_t row_head_bytes = 96;
  std::size_t out = 0;
  for (const auto& [key, change] : changes.changes())
    out += row_head_bytes + change.value.size() + change.appended.size() * Id::length;
  return out;
}

// One body on its own overlay over `state`, which gains its changes when it is accepted. They must be within `room`.
BodyFate execute_body(const Submission& submission, const statement::SaltedBody& salted, const Said& said,
                      Overlay& state, std::size_t room) {
  auto overlay = Overlay::over(state);
  Changes changes(overlay);
  const auto verdict = rule_of(submission.statement.payload.kind)(salted.body, said, View(overlay), changes);
  BodyFate fate = fate_of(verdict);
  if (!fate.accepted()) return fate;
  fate.leaf_hash = proof::leaf_hash(proof::BodyLeaf{submission.identity, crypto::sha256(submission.statement.signature),
                                                    statement::body_leaf(salted.salt, salted.body), said.block.height,
                                                    said.block.time_ms, fate.outcome});
  fate.changed = advance_heads(overlay, said.block.height, fate.leaf_hash);
  fate.written = bytes_of(overlay);
  if (fate.written > room) return fate_of(refuse(Refusal::too_many_changes));
  std::move(overlay).merge_into(state);
  return fate;
}

std::vector<BodyFate> execute_each(const Submission& submission, const Said& said, Overlay& state) {
  std::vector<BodyFate> fates;
  std::size_t room = limits::changes_bytes_max;
  for (const auto salted : submission.bodies) {
    fates.push_back(execute_body(submission, salted, said, state, room));
    room -= fates.back().written;
  }
  return fates;
}

// All or none: stops at the first refusal, and then no body has done anything.
std::vector<BodyFate> execute_all_or_none(const Submission& submission, const Said& said, Overlay& block_state) {
  auto state = Overlay::over(block_state);
  std::vector<BodyFate> fates;
  std::size_t room = limits::changes_bytes_max;
  for (const auto salted : submission.bodies) {
    fates.push_back(execute_body(submission, salted, said, state, room));
    room -= fates.back().written;
    if (fates.back().accepted()) continue;
    std::vector<BodyFate> rolled_back(submission.bodies.size());
    for (auto& fate : rolled_back) fate.refusal = Refusal::rolled_back;
    rolled_back[fates.size() - 1] = std::move(fates.back());
    return rolled_back;
  }
  std::move(state).merge_into(block_state);
  return fates;
}

// The counter n is used from now on, whatever becomes of the bodies. False when it was used before.
bool use_counter(const Digest& kid, std::uint64_t n, Overlay& block_state) {
  const auto record = View(block_state).get<ReplayRecord>(path::replay(kid)).value_or(ReplayRecord{});
  if (!record.accepts(n)) return false;
  Changes(block_state).put(path::replay(kid), record.after(n));
  return true;
}

}  // namespace

SubmissionFate execute(const Submission& submission, const BlockContext& block, const Source& before,
                       Overlay& block_state, Signatures& signatures) {
  ASSERT(before.exists(path::key(submission.statement.header.kid)));
  SubmissionFate out{submission.identity, Standing::executed, {}};
  const auto& payload = submission.statement.payload;
  if (!use_counter(submission.statement.header.kid, payload.n, block_state)) {
    out.standing = Standing::discarded;
    return out;
  }
  const View view(block_state);
  const auto approvers = approvers_of(submission, block, view);
  const auto said = said_of(submission, block, view, approvers, signatures);
  if (!said) {
    const Verdict verdict = std::unexpected(said.error());
    out.bodies.assign(submission.bodies.size(), fate_of(verdict));
  } else if (payload.atomic) {
    out.bodies = execute_all_or_none(submission, *said, block_state);
  } else {
    out.bodies = execute_each(submission, *said, block_state);
  }
  return out;
}

}  // namespace mikusari::ledger
