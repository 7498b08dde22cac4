// SPDX-License-Identifier: Apache-2.0
// For tests: the ledger of a random world beside the reference model, and what an owner can always do.
#pragma once

#include <gtest/gtest.h>

#include "ledger/random_test_world.hpp"
#include "ledger/reference_test_model.hpp"
#include "ledger/rules/speaking.hpp"
#include "statement/proposal.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {

// The rules about things against the reference model: the same verdicts, the same things.
class Compared {
 public:
  explicit Compared(const RandomWorld& world)
      : world_(world), model_({world.handle("chips"), world.handle("cameras")}) {}

  void follow(const platform::Buffer& bytes, const SubmissionFate& fate, const BlockContext& block,
              const MemorySource& before) {
    if (fate.standing == Standing::discarded) return;
    const auto submission = statement::parse(bytes);
    std::size_t i = 0;
    for (const auto salted : submission->bodies) {
      const auto& body = fate.bodies[i++];
      statement::for_each_kind([&]<class Body>() {
        if (Body::kind.number != submission->statement.payload.kind) return;
        const auto decoded = cbor::decode<Body>(salted.body);
        ASSERT(decoded.has_value());
        const auto wanted = verdict(*decoded, *submission, body, block, before);
        if (wanted == reference::Verdict::not_judged) return;
        const auto got = !body.accepted()                            ? reference::Verdict::refused
                         : body.outcome == statement::Outcome::alarm ? reference::Verdict::alarm
                                                                     : reference::Verdict::holds;
        EXPECT_EQ(static_cast<int>(got), static_cast<int>(wanted))
            << Body::kind.name << ": " << statement::text_of(body.refusal).name << " " << body.subject << " "
            << body.object;
        ++judged;
      });
    }
  }

  void compare() const {
    for (const auto& [id, thing] : model_.things()) {
      if (thing.is_device) {
        const auto record = world_.device_of(id);
        ASSERT_TRUE(record.has_value());
        compare(thing, *record);
        constexpr device::State states[] = {device::State::assembled, device::State::active, device::State::suspended,
                                            device::State::retired, device::State::destroyed};
        EXPECT_EQ(record->state, states[thing.state]);
      } else {
        const auto record = world_.part_of(id);
        ASSERT_TRUE(record.has_value());
        compare(thing, *record);
        EXPECT_EQ(record->parent, thing.parent);
        EXPECT_EQ(record->accepted.value, thing.accepted);
        EXPECT_EQ(record->salvaged.value, thing.salvaged);
        EXPECT_EQ(record->state == part::State::scrapped, thing.state == reference::Thing::gone);
      }
    }
  }
  std::size_t judged = 0;

 private:
  void compare(const reference::Thing& thing, const thing::Record& record) const {
    EXPECT_EQ(record.title, thing.title);
    EXPECT_EQ(record.tenure.value, thing.tenure);
    EXPECT_EQ(record.alarms.value, thing.alarms);
    EXPECT_EQ(record.offered_to, thing.offered_to);
    EXPECT_EQ(record.offer_from_ms.value, thing.offer_from_ms);
    EXPECT_EQ(record.shipped_to, thing.shipped_to);
    EXPECT_EQ(record.shipped_with_title.value, thing.shipped_with_title);
    EXPECT_EQ(record.children.size(), thing.children.size());
    for (const Id& child : thing.children) EXPECT_TRUE(record.children.contains(child));
    if (thing.parent) return;
    EXPECT_EQ(record.owned_by(), thing.owner);
    EXPECT_EQ(record.held_by(), thing.custodian);
  }

  // What the model is told: who speaks, which keys could prove, who acts.
  reference::Model::Context context_of(const statement::Submission& submission, const BlockContext& block,
                                       const View& view) const {
    reference::Model::Context out;
    out.time_ms = block.time_ms;
    const auto key = view.get<key::Record>(path::key(submission.statement.header.kid));
    if (key->subject.type == SubjectType::party) {
      out.speaker = key->subject.id;
    } else {
      out.speaking_thing = key->subject.id;
    }
    for (const auto& party : world_.parties()) {
      const auto record = view.get<party::Record>(path::party(party.handle));
      if (record && record->acts()) out.acting.insert(party.handle);
    }
    out.own_boards = out.own_cameras = {};
    if (out.speaker == world_.handle("cameras")) {
      out.own_boards = {world_.board_model()};
      out.own_cameras = {world_.camera_model()};
    }
    out.alarms_day = view.get<LedgerRecord>(path::ledger())->parameters.alarms_day;
    return out;
  }
  void tell_about(reference::Model::Context& context, const statement::Submission& submission,
                  const BlockContext& block, const View& view, const Id& part,
                  const std::optional<crypto::Signature>& proof, const Id& unit, std::size_t place) const {
    if (proof) context.gives_proof.insert(place);
    const auto record = view.get<part::Record>(path::part(part));
    if (!record) return;
    if (record->revoked.value) context.has_revoked_key.insert(part);
    for (const auto entry : record->keys) {
      if (entry.purpose != key::Purpose::wallet) continue;
      const auto key = speaking_key(view, block, entry.key, Frozen::refused);
      if (!key) continue;
      context.has_speaking_key.insert(part);
      std::byte buffer[statement::small_message_bytes_max];
      const auto message = statement::mount_bytes(key->record.key, block.ledger, submission.statement.header.kid, unit,
                                                  part, submission.statement.payload.n, buffer);
      if (proof && crypto::verify(key->record.key, *message, *proof)) context.proof_holds.insert(place);
      return;
    }
  }

  template <class Body>
  reference::Verdict verdict(const Body& body, const statement::Submission& submission, const BodyFate& fate,
                             const BlockContext& block, const MemorySource& before) {
    Steps steps;
    const View view(before, steps);
    auto context = context_of(submission, block, view);
    if constexpr (std::is_same_v<Body, part::Register>) {
      // Which keys are taken is another matter: the model is told of the birth.
      const Id id = names::id(context.speaker, body.nonce);
      if (fate.accepted() && fate.outcome == statement::Outcome::done) model_.born(id, context.speaker);
      if (fate.accepted() && fate.outcome == statement::Outcome::alarm) {
        model_.born_with_alarm(id, context.speaker, block.time_ms);
        note_alarm_of_key(*body.key, block, view);
      }
      return reference::Verdict::not_judged;
    } else if constexpr (std::is_same_v<Body, key::Register> || std::is_same_v<Body, key::Rotate> ||
                         std::is_same_v<Body, party::Open>) {
      if (fate.accepted() && fate.outcome == statement::Outcome::alarm) {
        note_alarm_of_key(body.key, block, view);
        if constexpr (std::is_same_v<Body, key::Register>) note_alarm_of(body.subject, block);
        if constexpr (std::is_same_v<Body, key::Rotate>)
          note_alarm_of(view.get<key::Record>(path::key(submission.statement.header.kid))->subject, block);
      }
      return reference::Verdict::not_judged;
    } else if constexpr (std::is_same_v<Body, device::Alarm>) {
      if (fate.accepted()) model_.note_alarm(body.thing, block.time_ms);
      return reference::Verdict::not_judged;
    } else if constexpr (std::is_same_v<Body, device::Assemble>) {
      const Id unit = names::id(context.speaker, body.nonce);
      std::size_t place = 0;
      for (const auto mount : body.mounts)
        tell_about(context, submission, block, view, mount.part, mount.proof, unit, place++);
      const auto out = model_.judge(body, context);
      if (out != reference::Verdict::refused && body.type == device::UnitType::board) model_.is_board(unit);
      return out;
    } else if constexpr (std::is_same_v<Body, device::Attach>) {
      if (body.part) tell_about(context, submission, block, view, *body.part, body.proof, body.unit, 0);
      return model_.judge(body, context);
    } else if constexpr (std::is_same_v<Body, ownership::Force>) {
      const auto* thing = model_.find(body.thing);
      if (thing == nullptr) return reference::Verdict::not_judged;
      const auto owner = view.get<party::Record>(path::party(thing->owner));
      if (!owner || !owner->force) return reference::Verdict::not_judged;
      return model_.judge(body, context, owner->force->wait_ms);
    } else if constexpr (std::is_same_v<Body, device::Detach> || std::is_same_v<Body, ownership::Accept> ||
                         std::is_same_v<Body, custody::Receive>) {
      // Which keys may be kept is another matter; the random world keeps keys that the thing lists.
      if (!fate.accepted() && (fate.refusal == statement::Refusal::not_registered ||
                               fate.refusal == statement::Refusal::key_not_for_signing))
        return reference::Verdict::not_judged;
      return model_.judge(body, context);
    } else if constexpr (std::is_same_v<Body, proposal::Open> || std::is_same_v<Body, proposal::Vote>) {
      follow_decision(body, context, fate);
      return reference::Verdict::not_judged;
    } else if constexpr (requires { model_.judge(body, context); }) {
      return model_.judge(body, context);
    } else {
      return reference::Verdict::not_judged;
    }
  }
  void note_alarm_of_key(const crypto::PublicKey& key, const BlockContext& block, const View& view) {
    note_alarm_of(view.get<key::Record>(path::key(cose::thumbprint(key)))->subject, block);
  }
  void note_alarm_of(const Subject& subject, const BlockContext& block) {
    if (subject.type != SubjectType::party) model_.note_alarm(subject.id, block.time_ms);
  }
  template <class Body>
  void follow_decision(const Body& body, const reference::Model::Context& context, const BodyFate& fate) {
    Id id{};
    if constexpr (std::is_same_v<Body, proposal::Open>) {
      id = names::id(context.speaker, body.nonce);
    } else {
      id = body.proposal;
    }
    if (!fate.accepted() || fate.outcome != statement::Outcome::done) return;
    const auto record = world_.find<proposal::Record>(path::proposal(id));
    if (record->state == proposal::State::adopted && record->content.matter == proposal::Matter::reject_mount)
      model_.reject_mount(*record->content.part);
  }

  const RandomWorld& world_;
  reference::Model model_;
};

// In every state the owner of a living thing can end whatever is under way, take it out of what it stands in, have it
// in its hands, sell it and retire or scrap it, whatever all others have said. What stands in a retired device waits
// for the device's destruction.
class Liveness {
 public:
  explicit Liveness(RandomWorld& world) : world_(world) {}

  void check(const Id& device) {
    const auto record = world_.device_of(device);
    if (!record || !record->lives()) return;
    auto* speaks = speaking_key_of(record->owned_by());
    if (speaks == nullptr) return;
    auto& owner = *speaks;
    Overlay trial(world_.state());
    if (record->is_offered()) expect(trial, owner, ownership::Cancel{thing::Type::device, device});
    const auto now = read(trial, device);
    if (now.shipped_to || now.held_by() != now.owned_by())
      expect(trial, owner, custody::Recall{thing::Type::device, device});
    const Handle buyer = world_.handle(record->owned_by() == world_.handle("city") ? "lab" : "city");
    if (world_.party(buyer).acts()) {
      expect(trial, owner, ownership::Offer{thing::Type::device, device, buyer, read(trial, device).title});
      expect(trial, owner, ownership::Cancel{thing::Type::device, device});
    }
    expect(trial, owner, device::Retire{device, read(trial, device).title});
    ++checked;
  }
  void check_part(const Id& part) {
    const auto record = world_.part_of(part);
    if (!record || record->state == part::State::scrapped) return;
    Steps steps;
    const auto chain = chain_from(View(world_.state(), steps), Thing{part, *record});
    auto* speaks = speaking_key_of(chain.owner());
    if (speaks == nullptr || !chain.root().lives()) return;
    auto& owner = *speaks;
    Overlay trial(world_.state());
    if (chain.root().common().is_offered())
      expect(trial, owner, ownership::Cancel{chain.root().type(), chain.root().id});
    if (record->parent) expect(trial, owner, device::Detach{*record->parent, part, {}, {}});
    const auto now = read_part(trial, part);
    if (now.shipped_to || now.held_by() != now.owned_by())
      expect(trial, owner, custody::Recall{thing::Type::part, part});
    const Handle buyer = world_.handle(chain.owner() == world_.handle("city") ? "lab" : "city");
    if (world_.party(buyer).acts()) {
      expect(trial, owner, ownership::Offer{thing::Type::part, part, buyer, read_part(trial, part).title});
      expect(trial, owner, ownership::Cancel{thing::Type::part, part});
    }
    for (const Id child : now.children) expect(trial, owner, device::Detach{part, child, {}, {}});
    expect(trial, owner, part::Scrap{part, read_part(trial, part).title});
    ++checked;
  }
  std::size_t checked = 0;

 private:
  part::Record read_part(const Overlay& trial, const Id& part) const {
    return *cbor::decode<part::Record>(*trial.value(path::part(part)));
  }
  TestKey* speaking_key_of(const Handle& party) {
    Steps steps;
    const View view(world_.state(), steps);
    for (const auto& [kid, key] : world_.all_keys()) {
      const bool its = key->subject() == subject_of_party(party) && key->purpose() == key::Purpose::wallet;
      if (its && view.exists(path::key(kid)) && speaking_key(view, world_.next_block(), kid, Frozen::refused))
        return key;
    }
    return nullptr;
  }
  device::Record read(const Overlay& trial, const Id& device) const {
    return *cbor::decode<device::Record>(*trial.value(path::device(device)));
  }
  template <class Body>
  void expect(Overlay& trial, TestKey& owner, const Body& body) {
    const auto used = cbor::decode<ReplayRecord>(*trial.value(path::replay(owner.kid())));
    const auto bytes = kept_.emplace_back(world_.submission(owner, std::vector<Body>{body}, {.n = used->highest + 1}));
    const auto submission = statement::parse(bytes);
    Decoded decoded;
    ASSERT_TRUE(
        check_signatures(*submission, world_.next_block(), world_.state(), world_.signatures(), decoded).has_value());
    const auto fate =
        execute(*submission, bytes.size(), world_.next_block(), world_.state(), trial, world_.signatures());
    ASSERT_EQ(fate.standing, Standing::executed) << statement::text_of(fate.why.refusal).name;
    EXPECT_TRUE(fate.bodies[0].accepted())
        << Body::kind.name << ": " << statement::text_of(fate.bodies[0].refusal).name << " " << fate.bodies[0].subject;
  }

  RandomWorld& world_;
  std::deque<platform::Buffer> kept_;
};

}  // namespace mikusari::ledger
