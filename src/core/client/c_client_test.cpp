// SPDX-License-Identifier: Apache-2.0
// The client itself, policy steps, receipts and passports.
#include <algorithm>

#include "client/test_c_client.hpp"
#include "proof/test_step.hpp"

namespace mikusari {
namespace {

using test::encoded;
using test::Octets;
using test::raw;

TEST_F(CClient, UpdatesAndRemembersOverARestart) {
  const auto checkpoint = [&] { return encoded(ledger().checkpoint()); };
  ASSERT_EQ(mikusari_update(&client, world.answer(checkpoint()), &error), MIKUSARI_OK) << error.text;
  const std::size_t first = ledger().log.size();
  EXPECT_EQ(client.size, first);
  client = restarted(client);
  EXPECT_EQ(client.size, first);
  EXPECT_EQ(test::digest(client.root), ledger().log.root(first));
  const auto old = checkpoint();
  world.retire();
  EXPECT_EQ(mikusari_update(&client, world.answer(checkpoint()), &error), MIKUSARI_INVALID);
  ASSERT_EQ(mikusari_update(&client, world.answer(checkpoint(), ledger().consistency(first)), &error), MIKUSARI_OK)
      << error.text;
  client = restarted(client);
  EXPECT_EQ(mikusari_update(&client, world.answer(old), &error), MIKUSARI_CONFLICT);
  EXPECT_STREQ(error.text, "older than what was already seen: somebody hides the newer state");
  EXPECT_EQ(error.code, MIKUSARI_CONFLICT);
}

// --- another trust policy

class CStep : public CClient {
 protected:
  CStep() {
    ledger().add_recovery_key("recovery");
    ledger().recovery_threshold = 1;
    world.policy = ledger().policy(1);
    client = world.client();
  }
  mikusari_code take(const Octets& submission) {
    return mikusari_policy_step(&client, world.keep(submission), room, sizeof room, &size, &step, &error);
  }

  std::uint8_t room[1024];
  std::size_t size = 0;
  mikusari_step step{};
};

TEST_F(CStep, IsTakenAndToldAndKept) {
  ASSERT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint())), &error), MIKUSARI_OK);
  test::StepMaker maker(ledger());
  maker.body.size -= 2;
  maker.body.root = ledger().log.root(maker.body.size);
  maker.body.lost_size = ledger().log.size() + 4;
  ASSERT_EQ(take(maker.make()), MIKUSARI_OK) << error.text;
  EXPECT_EQ(step.epoch, 2U);
  EXPECT_EQ(step.log_size, maker.body.size);
  EXPECT_EQ(step.lost_size, ledger().log.size() + 4);
  EXPECT_EQ(step.lost, 2U);
  EXPECT_EQ(client.policy_epoch, 2U);
  EXPECT_EQ(client.policy.data, room);
  EXPECT_EQ(client.policy.size, size);
  EXPECT_EQ(client.size, maker.body.size);
  client = restarted(client);
  EXPECT_EQ(client.policy_epoch, 2U);
  EXPECT_EQ(client.size, maker.body.size);
}

TEST_F(CStep, IsAskedForByWhatOthersHaveSigned) {
  ASSERT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint())), &error), MIKUSARI_OK);
  const std::size_t seen = ledger().log.size();
  test::StepMaker maker(ledger());
  const Octets submission = maker.make();
  ledger().checkpoint_keys = std::move(maker.signers);
  ledger().epoch = 2;
  world.retire();
  const auto answer = world.answer(ledger().answer(path::device(scene().camera)), ledger().consistency(seen));
  mikusari_device device;
  ASSERT_EQ(mikusari_verify_device(&client, answer, raw(scene().camera), &device, &error), MIKUSARI_LATER_POLICY);
  EXPECT_EQ(error.code, MIKUSARI_LATER_POLICY);
  EXPECT_NE(std::string_view(error.text).find("take the policy step"), std::string_view::npos);
  EXPECT_EQ(device.place.log_size, 0U);
  EXPECT_EQ(client.size, seen);
  const Octets page = test::PassportMaker(ledger(), scene().camera).make().encode();
  mikusari_passport passport;
  EXPECT_EQ(mikusari_verify_passport(&client, world.answer(page, ledger().consistency(seen)), &passport, nullptr),
            MIKUSARI_LATER_POLICY);
  // A checkpoint alone says no epoch.
  EXPECT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint())), &error), MIKUSARI_UNAUTHENTICATED);
  ASSERT_EQ(take(submission), MIKUSARI_OK) << error.text;
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(scene().camera), &device, &error), MIKUSARI_OK) << error.text;
  EXPECT_EQ(device.place.policy_epoch, 2U);
}

TEST_F(CStep, ThatIsRefusedChangesNothing) {
  auto mallory = test::signer_from("mallory");
  test::StepMaker maker(ledger());
  maker.by = {&mallory};
  EXPECT_EQ(take(maker.make()), MIKUSARI_UNAUTHENTICATED);
  EXPECT_EQ(size, 0U);
  EXPECT_EQ(step.epoch, 0U);
  EXPECT_EQ(client.policy_epoch, 1U);
  EXPECT_NE(client.policy.data, room);
  EXPECT_EQ(take(Octets(3)), MIKUSARI_INVALID);
  const auto submission = world.keep(test::StepMaker(ledger()).make());
  EXPECT_EQ(mikusari_policy_step(&client, submission, room, 16, &size, &step, &error), MIKUSARI_EXHAUSTED);
  EXPECT_EQ(mikusari_policy_step(&client, submission, nullptr, 16, &size, &step, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_policy_step(&client, {}, room, sizeof room, &size, &step, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_policy_step(nullptr, submission, room, sizeof room, &size, &step, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_policy_step(&client, submission, room, sizeof room, &size, &step, &error), MIKUSARI_OK);
}

// --- receipts

TEST_F(CClient, VerifiesAReceiptAlsoAnOlderOne) {
  const auto& body = *std::find_if(ledger().committed.begin(), ledger().committed.end(), [&](const auto& each) {
    return equal(each.body, encoded(ownership::Offer{thing::Type::device, scene().camera, scene().bob, 1}));
  });
  const Octets receipt = ledger().receipt(body);
  const std::size_t first = ledger().log.size();
  mikusari_event event;
  ASSERT_EQ(mikusari_verify_receipt(&client, world.answer(receipt), &event, &error), MIKUSARI_OK) << error.text;
  EXPECT_EQ(test::text(event.kind_name), "ownership.offer");
  EXPECT_EQ(event.kind, 0x0701);
  EXPECT_EQ(test::text(event.issuer), "party:" + test::to_hex(scene().acme()));
  EXPECT_EQ(test::digest(event.signer), test::kid(scene().acme_key));
  EXPECT_TRUE(equal(std::as_bytes(std::span(event.body.data, event.body.size)), body.body));
  EXPECT_EQ(event.time_ms, body.time_ms);
  EXPECT_EQ(event.outcome, MIKUSARI_OUTCOME_DONE);
  EXPECT_FALSE(event.withheld);

  world.retire();
  ASSERT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint()), ledger().consistency(first)), &error),
            MIKUSARI_OK);
  EXPECT_EQ(mikusari_verify_receipt(&client, world.answer(receipt), &event, &error), MIKUSARI_INVALID);
  EXPECT_EQ(event.kind, 0);
  EXPECT_EQ(mikusari_verify_receipt(&client, world.answer(receipt, ledger().consistency(first)), &event, &error),
            MIKUSARI_OK)
      << error.text;
  EXPECT_EQ(client.size, ledger().log.size());
}

TEST_F(CClient, VerifiesAReceiptWhoseBodyIsWithheld) {
  auto body = ledger().committed.back();
  body.withheld = true;
  mikusari_event event;
  ASSERT_EQ(mikusari_verify_receipt(&client, world.answer(ledger().receipt(body)), &event, &error), MIKUSARI_OK);
  EXPECT_TRUE(event.withheld);
  EXPECT_EQ(event.body.size, 0U);
  EXPECT_EQ(test::text(event.kind_name), "device.detach");
}

TEST_F(CClient, TellsAnAlarmFromWhatWasDone) {
  const device::Alarm alarm{thing::Type::device, scene().camera, device::Cause::copied, scene().second, {}};
  ledger().say<device::Alarm>(scene().acme_key, scene().acme_subject(),
                              {{encoded(alarm), {path::device(scene().camera)}, statement::Outcome::alarm}});
  ledger().seal();
  mikusari_event event;
  const auto receipt = world.answer(ledger().receipt(ledger().committed.back()));
  ASSERT_EQ(mikusari_verify_receipt(&client, receipt, &event, &error), MIKUSARI_OK);
  EXPECT_EQ(event.outcome, MIKUSARI_OUTCOME_ALARM);
}

// --- passports

class CPassport : public CClient {
 protected:
  mikusari_code verify(const Octets& bytes) {
    return mikusari_verify_passport(&client, world.answer(bytes), &passport, &error);
  }
  test::PassportMaker maker() { return test::PassportMaker(ledger(), scene().camera); }

  mikusari_passport passport{};
};

TEST_F(CPassport, IsVerifiedAndWalked) {
  const Octets bytes = maker().make().encode();
  ASSERT_EQ(verify(bytes), MIKUSARI_OK) << error.text;
  EXPECT_EQ(test::digest(passport.id), scene().camera);
  EXPECT_EQ(test::digest(passport.device.common.owner), scene().bob);
  EXPECT_TRUE(passport.complete);
  EXPECT_EQ(passport.part_count, 3U);
  EXPECT_EQ(passport.event_count, 9U);
  EXPECT_EQ(passport.signature_count, 8U);
  EXPECT_EQ(passport.withheld_count, 0U);
  EXPECT_EQ(passport.unproved_models, 0U);
  EXPECT_EQ(passport.run.first, 0U);
  EXPECT_EQ(passport.run.count, 6U);
  EXPECT_EQ(passport.run.of, 6U);
  mikusari_event event;
  std::vector<std::string> kinds;
  for (std::size_t i = 0; mikusari_passport_event(&passport, i, &event) == MIKUSARI_OK; ++i)
    kinds.push_back(test::text(event.kind_name));
  EXPECT_EQ(kinds, (std::vector<std::string>{"part.register", "part.register", "device.assemble", "device.assemble",
                                             "device.activate", "ownership.offer", "ownership.accept", "device.attach",
                                             "device.detach"}));
  mikusari_part part;
  mikusari_run run;
  std::uint8_t id[MIKUSARI_ID_BYTES];
  std::vector<Digest> parts;
  for (std::size_t i = 0; mikusari_passport_part(&passport, i, id, &part, &run) == MIKUSARI_OK; ++i) {
    parts.push_back(test::digest(id));
    EXPECT_EQ(run.first, 0U);
    EXPECT_EQ(run.count, run.of);
    EXPECT_EQ(run.of, part.common.events);
    EXPECT_EQ(part.place.height, ledger().height);
  }
  EXPECT_EQ(parts, (std::vector<Digest>{scene().board, scene().battery, scene().chip}));
  EXPECT_EQ(mikusari_passport_part(&passport, 0, id, &part, nullptr), MIKUSARI_OK);
  EXPECT_EQ(mikusari_passport_part(&passport, ~std::size_t{0}, id, &part, &run), MIKUSARI_NOT_FOUND);
  EXPECT_EQ(mikusari_passport_event(&passport, ~std::size_t{0}, &event), MIKUSARI_NOT_FOUND);
}

// In order it is read once, front to back: a large page is not read anew for each of its events.
TEST_F(CPassport, IsWalkedForwardsOnceAndInAnyOrder) {
  ASSERT_EQ(verify(maker().make().encode()), MIKUSARI_OK) << error.text;
  mikusari_event event;
  std::vector<std::pair<Digest, std::uint64_t>> events;
  std::size_t reached = 0;
  for (std::size_t i = 0; mikusari_passport_event(&passport, i, &event) == MIKUSARI_OK; ++i) {
    events.emplace_back(test::digest(event.identity), event.index);
    EXPECT_EQ(passport.found_event.index, i);
    EXPECT_GT(passport.found_event.at, reached);
    reached = passport.found_event.at;
  }
  ASSERT_EQ(events.size(), passport.event_count);
  EXPECT_EQ((std::set<std::pair<Digest, std::uint64_t>>(events.begin(), events.end())).size(), events.size());
  for (std::size_t step = 1; step < events.size(); ++step) {
    for (std::size_t i = 0; i < 2 * events.size(); ++i) {
      const std::size_t index = i * step % events.size();
      ASSERT_EQ(mikusari_passport_event(&passport, index, &event), MIKUSARI_OK);
      EXPECT_EQ(std::pair(test::digest(event.identity), event.index), events[index]);
    }
  }
  EXPECT_EQ(mikusari_passport_event(&passport, events.size(), &event), MIKUSARI_NOT_FOUND);
}

TEST_F(CPassport, OfAnOlderStateIsRefused) {
  const Octets bytes = maker().make().encode();
  const std::size_t first = ledger().log.size();
  world.retire();
  ASSERT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint()), ledger().consistency(first)), &error),
            MIKUSARI_OK);
  EXPECT_EQ(verify(bytes), MIKUSARI_CONFLICT);
  EXPECT_EQ(passport.event_count, 0U);
}

// Two pages: each holds and says what it has, and that it is not all.
TEST_F(CPassport, InPagesSaysWhichEventsItHas) {
  const std::size_t bodies = ledger().committed.size();
  std::uint64_t device_events = 0, chip_events = 0;
  mikusari_run run;
  mikusari_part part;
  std::uint8_t id[MIKUSARI_ID_BYTES];
  for (const auto& [begin, end] : {std::pair<std::size_t, std::size_t>{0, 10}, {10, bodies}}) {
    ASSERT_EQ(verify(maker().events(begin, end).make().encode()), MIKUSARI_OK) << error.text;
    EXPECT_FALSE(passport.complete);
    EXPECT_EQ(passport.run.first, device_events);
    EXPECT_EQ(passport.run.of, 6U);
    device_events += passport.run.count;
    ASSERT_EQ(mikusari_passport_part(&passport, 2, id, &part, &run), MIKUSARI_OK);
    EXPECT_EQ(run.first, chip_events);
    chip_events += run.count;
  }
  EXPECT_EQ(device_events, 6U);
  EXPECT_EQ(chip_events, 2U);
}

TEST_F(CPassport, CountsWhatIsWithheldAndWhatIsNotProved) {
  ledger().committed.back().withheld = true;
  scene().edit_part(scene().chip, [&](part::Record& record) {
    record.model = names::blinded(test::named("salt").view().first(16), scene().model("soc"));
    record.blinded_class = thing::Class::chip;
  });
  ledger().seal();
  ASSERT_EQ(verify(maker().make().encode()), MIKUSARI_OK) << error.text;
  EXPECT_TRUE(passport.complete);
  EXPECT_EQ(passport.withheld_count, 1U);
  EXPECT_EQ(passport.unproved_models, 1U);
  mikusari_event event;
  ASSERT_EQ(mikusari_passport_event(&passport, 8, &event), MIKUSARI_OK);
  EXPECT_TRUE(event.withheld);
  ASSERT_EQ(mikusari_passport_event(&passport, 7, &event), MIKUSARI_OK);
  EXPECT_FALSE(event.withheld);
}

// --- the client

TEST_F(CClient, AsksForFreshnessByItsClock) {
  mikusari_device device;
  const auto answer = world.about(path::device(scene().camera));
  client.now = ledger().time_ms() / 1000 + 3600;
  client.max_age = 60;
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(scene().camera), &device, &error), MIKUSARI_UNAVAILABLE);
  client.max_age = 3600;
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(scene().camera), &device, &error), MIKUSARI_OK);
}

TEST_F(CClient, RefusesNullsAndBrokenMemory) {
  mikusari_device device;
  const auto answer = world.about(path::device(scene().camera));
  EXPECT_EQ(mikusari_verify_device(nullptr, answer, raw(scene().camera), &device, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_device(&client, {}, raw(scene().camera), &device, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_device(&client, answer, nullptr, &device, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(scene().camera), nullptr, &error), MIKUSARI_INVALID);
  EXPECT_STREQ(error.text, "a required pointer is NULL");
  EXPECT_EQ(mikusari_client_init(&client, {}, {}, nullptr), MIKUSARI_INVALID);

  // A state that got lost on its way is not the first use, and a proof at NULL is not read.
  const mikusari_bytes nowhere{nullptr, 5};
  EXPECT_EQ(mikusari_client_init(&client, raw(world.policy), nowhere, &error), MIKUSARI_INVALID);
  client = world.client();
  EXPECT_EQ(mikusari_verify_device(&client, {answer.bytes, nowhere}, raw(scene().camera), &device, &error),
            MIKUSARI_INVALID);
  const auto checkpoint = world.answer(encoded(ledger().checkpoint()));
  EXPECT_EQ(mikusari_update(&client, {checkpoint.bytes, nowhere}, &error), MIKUSARI_INVALID);
  EXPECT_EQ(client.size, 0U);
  EXPECT_EQ(mikusari_update(&client, checkpoint, &error), MIKUSARI_OK);
  world.retire();
  const auto grown = world.about(path::device(scene().camera));
  EXPECT_EQ(mikusari_verify_device(&client, {grown.bytes, nowhere}, raw(scene().camera), &device, &error),
            MIKUSARI_INVALID);

  world.policy[40] ^= std::byte{1};  // under the client
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(scene().camera), &device, &error), MIKUSARI_CORRUPT);
}

TEST_F(CClient, StateNeedsRoom) {
  std::uint8_t small[16];
  std::size_t size = 1;
  EXPECT_EQ(mikusari_client_state(&client, small, sizeof small, &size, &error), MIKUSARI_EXHAUSTED);
  EXPECT_EQ(size, 0U);
}

TEST_F(CClient, SaysThatSomethingIsNewer) {
  const auto newer = [&](const Octets& good) {
    Octets out = good;
    out[2] = std::byte{3};  // the form
    return world.answer(out);
  };
  mikusari_device device;
  mikusari_event event;
  mikusari_passport passport;
  const auto& camera = scene().camera;
  EXPECT_EQ(mikusari_update(&client, newer(encoded(ledger().checkpoint())), &error), MIKUSARI_NEWER);
  EXPECT_EQ(error.code, MIKUSARI_NEWER);
  EXPECT_EQ(mikusari_verify_device(&client, newer(ledger().answer(path::device(camera))), raw(camera), &device, &error),
            MIKUSARI_NEWER);
  EXPECT_EQ(mikusari_verify_receipt(&client, newer(ledger().receipt(ledger().committed[0])), &event, &error),
            MIKUSARI_NEWER);
  const Octets page = test::PassportMaker(ledger(), camera).make().encode();
  EXPECT_EQ(mikusari_verify_passport(&client, newer(page), &passport, &error), MIKUSARI_NEWER);
  EXPECT_EQ(client.size, 0U);

  Octets policy = world.policy;
  policy[2] = std::byte{3};
  EXPECT_EQ(mikusari_client_init(&client, raw(policy), {}, &error), MIKUSARI_NEWER);
  client = world.client();
  Octets state(MIKUSARI_STATE_BYTES_MAX);
  std::size_t size = 0;
  auto* to = reinterpret_cast<std::uint8_t*>(state.data());
  ASSERT_EQ(mikusari_client_state(&client, to, state.size(), &size, &error), MIKUSARI_OK);
  state[2] = std::byte{3};
  EXPECT_EQ(mikusari_client_init(&client, raw(world.policy), {to, size}, &error), MIKUSARI_NEWER);
}

}  // namespace
}  // namespace mikusari
