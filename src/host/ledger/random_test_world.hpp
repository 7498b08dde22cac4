// SPDX-License-Identifier: Apache-2.0
// For tests: random statements of every kind (see random_test_things.hpp). Deterministic for a seed.
#pragma once

#include "ledger/random_test_things.hpp"

namespace mikusari::ledger {

class RandomWorld : public RandomThings {
 public:
  explicit RandomWorld(std::uint64_t seed, const TestOptions& options = random_options())
      : RandomThings(seed, options) {}

  // One submission. Executing it is the caller's.
  platform::Buffer next() {
    if (!queue_.empty()) {
      auto say = std::move(queue_.front());
      queue_.pop_front();
      return say();
    }
    return propose();
  }
  // So many submissions, those that the door lets in each in a block; nothing that begins an incarnation, after which
  // the node of a test would have to sign with other keys.
  void live(int submissions) {
    for (int i = 0; i < submissions; ++i) {
      pass(idle_ms());
      const auto submission = next();
      const auto kind = statement::parse(submission)->statement.payload.kind;
      if (kind != incarnation::Begin::kind.number && door(submission)) block({submission});
    }
  }
  // How much time passes now, beside the block's: mostly none, now and then longer than any wait.
  std::uint64_t idle_ms() { return below(40) == 0 ? 8 * day_ms : below(200) == 0 ? 100 * day_ms : 0; }

 private:
  platform::Buffer party_random() {
    switch (below(7)) {
      case 0:
      case 1: {
        TestKey* first = nullptr;
        const std::string_view registrar = one_in(3) ? "clinic" : "city";
        auto body = opening(fresh("party-"), registrar, first);
        body.recovery = one_in(2) ? party::Recovery::registrar : party::Recovery::none;
        prove(body, *first, key(registrar));
        remember(*first);
        parties_.push_back({first->subject().id, {first}});
        return say_it(key(registrar), body);
      }
      case 2: return say_it(key(one_in(2) ? "city" : "clinic"), party::Suspend{any_party(), one_in(2)});
      case 3: {
        auto& who = speaker(any_party());
        auto& registrar = key(one_in(2) ? "city" : "clinic");
        if (&who == &registrar) return make_part();
        return say_it(who, party::Move{registrar.subject().id}, {.approvers = {&registrar}});
      }
      case 4: return say_it(speaker(any_party()), party::Close{});
      case 5: {
        const auto& party = one_of(parties_);
        auto& fresh_key = remember(new_key(fresh("key-"), subject_of_party(party.handle)));
        auto& registrar = key(one_in(2) ? "city" : "clinic");
        return say_it(registrar, party::Recover{party.handle, fresh_key.key(), possession(fresh_key, registrar)});
      }
      default: {
        auto& who = speaker(one_in(2) ? handle("cameras") : any_party());
        party::Amend body;
        body.k = 1 + below(2);
        const std::vector<Handle> quorum{handle("lab"), handle("notary")};
        if (one_in(2)) body.force = party::Force{{std::span(quorum)}, 2, 90 * day_ms};
        return say_it(who, body, {.approvers = others(who)});
      }
    }
  }

  platform::Buffer roles_random() {
    if (one_in(3)) {
      const auto scope = nonce("workshop");
      if (one_in(3)) return say_it(key("notary"), role::Revoke{any_party(), Role::premises, scope});
      return say_it(key("notary"), role::Grant{any_party(), Role::premises, scope, {}});
    }
    const auto thing = any_thing();
    auto& who = speaker(thing.owner());
    if (one_in(4)) return say_it(who, role::Revoke{any_party(), Role::gate, {}});
    if (one_in(2)) return say_it(who, role::Grant{any_party(), Role::gate, {}, time_ms() + day_ms});
    return say_it(who, role::Grant{any_party(), Role::inspector, thing.id, {}});
  }

  platform::Buffer govern() {
    if (!proposals_.empty() && !one_in(3)) {
      auto& voter = key(one_of(members_));
      return say_it(voter,
                    proposal::Vote{one_of(proposals_), one_in(4) ? proposal::Choice::no : proposal::Choice::yes, {}},
                    {.approvers = others(voter)});
    }
    auto& who = key(one_of(members_));
    const auto name = fresh("matter-");
    proposals_.push_back(names::id(who.subject().id, nonce(name)));
    proposal::Open body;
    body.nonce = nonce(name);
    auto& content = body.content;
    switch (below(5)) {
      case 0:
        content.matter = proposal::Matter::suspend;
        content.party = handle("clinic");
        break;
      case 1:
        content.matter = proposal::Matter::resume;
        content.party = handle("clinic");
        break;
      case 2:
        content.matter = proposal::Matter::reject_mount;
        content.part = one_of(parts_);
        break;
      case 3: {
        content.matter = proposal::Matter::parameters;
        auto parameters = find<LedgerRecord>(path::ledger())->parameters;
        parameters.alarms_day = 1 + below(16);
        content.parameters = parameters;
        break;
      }
      default:
        content.matter = proposal::Matter::withhold;
        content.identity = nonce(name);
        content.index = below(3);
    }
    return say_it(who, body, {.approvers = others(who)});
  }

  platform::Buffer release_random() {
    const auto approvers = one_in(3) ? std::vector<TestKey*>{} : std::vector<TestKey*>{&key("release-2")};
    const auto model = find<model::Record>(path::model(camera_model()));
    const auto latest = model->latest.value;
    switch (below(5)) {
      case 0:
        return say_it(key("release-1"), firmware::Floor{camera_model(), below(latest + 2)}, {.approvers = approvers});
      case 1:
        return say_it(key("release-1"),
                      firmware::Recall{camera_model(), below(latest + 2), static_cast<firmware::Action>(1 + below(3))},
                      {.approvers = approvers});
      case 2: {
        const std::vector<Digest> keys{key("release-1").kid(), key("release-2").kid(), key("release-3").kid()};
        return say_it(key("release-1"), model::Amend{camera_model(), {std::span(keys)}, 1 + below(2)},
                      {.approvers = approvers});
      }
      case 3: return say_it(key("lab"), certification::Certify{camera_model(), below(latest + 1), {}, {}});
      default: {
        const std::vector<firmware::Image> images{{nonce(fresh("image-")), 1}};
        return say_it(key("release-1"),
                      firmware::Release{camera_model(), latest + below(3), "1.0", {std::span(images)}, {}, {}},
                      {.approvers = approvers});
      }
    }
  }
  // What is said once in a long while.
  platform::Buffer rare() {
    switch (below(4)) {
      case 0: return say_it(key("lab"), certification::Decertify{camera_model(), below(3)});
      case 1: {
        const auto name = fresh("model-");
        models_.push_back(id("chips", name));
        return say_it(key("chips"), model(name, thing::Class::chip));
      }
      case 2:
        if (models_.empty()) return make_part();
        return say_it(key("chips"), model::Withdraw{one_of(models_)});
      default: return incarnate();
    }
  }
  platform::Buffer incarnate() {
    const std::vector<crypto::PublicKey> signer_keys{new_key(fresh("checkpoint-"), {}).key()};
    const std::vector<CheckpointSigner> signers{{"node", {std::span(signer_keys)}, 1}};
    incarnation::Begin body;
    body.epoch = ++epoch_;
    body.signers = {std::span(signers)};
    body.threshold = 1;
    body.size = 1;
    return say_it(key("recovery-1"), body, {.approvers = {&key("recovery-2")}});
  }

  platform::Buffer propose() {
    const auto dice = below(200);
    if (dice < 20) return make_part();
    if (dice < 46) return assemble_random();
    if (dice < 90) return change_unit();
    if (dice < 116) return move_random();
    if (dice < 136) return trade();
    if (dice < 148) return live_or_die();
    if (dice < 156) return look_at();
    if (dice < 172) return keys_random();
    if (dice < 182) return party_random();
    if (dice < 187) return roles_random();
    if (dice < 193) return govern();
    if (dice < 198) return release_random();
    return rare();
  }
};

}  // namespace mikusari::ledger
