// SPDX-License-Identifier: Apache-2.0
// Whether a key speaks: its own record, its subject's, and the time.
#include "client/test_c_client.hpp"

namespace mikusari {
namespace {

using test::raw;

class CKey : public CClient {
 protected:
  Digest subject_path() const {
    switch (subject.type) {
      case SubjectType::party: return path::party(subject.id);
      case SubjectType::part: return path::part(subject.id);
      case SubjectType::device: return path::device(subject.id);
    }
    return {};
  }
  // By a client that remembers nothing.
  mikusari_code verdict() {
    ledger().seal();
    client = world.client();
    return again();
  }
  mikusari_code again() {
    return mikusari_verify_key(&client, world.about(path::key(kid)), world.about(subject_path()), raw(kid), &key,
                               &error);
  }
  void expect_silent(std::string_view why) {
    EXPECT_EQ(verdict(), MIKUSARI_FORBIDDEN);
    EXPECT_EQ(std::string_view(error.text), why);
    EXPECT_EQ(test::digest(key.subject), subject.id);  // filled all the same
  }
  // The key's entry in the record of its subject.
  template <class Record>
  void edit_entry(const std::function<void(key::Entry&)>& change) {
    ledger().edit<Record>(subject_path(), [&](Record& record) {
      entries.clear();
      for (auto entry : record.keys) {
        if (entry.key == kid) change(entry);
        entries.push_back(entry);
      }
      record.keys = std::span<const key::Entry>(entries);
    });
  }
  void use(const crypto::SoftwareSigner& signer, const Subject& whom) {
    kid = test::kid(signer);
    subject = whom;
  }

  Digest kid;
  Subject subject;
  std::vector<key::Entry> entries;
  mikusari_key key{};
};

class BobsKey : public CKey {
 protected:
  BobsKey() { use(scene().bob_key, scene().bob_subject()); }
};
class CamerasKey : public CKey {
 protected:
  CamerasKey() { use(scene().camera_key, scene().camera_subject()); }
};

TEST_F(BobsKey, Speaks) {
  ASSERT_EQ(verdict(), MIKUSARI_OK) << error.text;
  EXPECT_EQ(key.state, MIKUSARI_KEY_ACTIVE);
  EXPECT_EQ(key.subject_type, MIKUSARI_SUBJECT_PARTY);
  EXPECT_EQ(test::digest(key.subject), scene().bob);
  EXPECT_EQ(key.purpose, MIKUSARI_PURPOSE_WALLET);
  EXPECT_EQ(key.level, MIKUSARI_LEVEL_FILE);
  EXPECT_FALSE(key.level_proved);
  EXPECT_EQ(key.algorithm, -19);
  ASSERT_EQ(key.key_size, 32U);
  EXPECT_EQ(std::memcmp(key.key, scene().bob_key.public_key().bytes().data(), 32), 0);
  EXPECT_TRUE(key.listed);
  EXPECT_FALSE(key.has_root);
  EXPECT_EQ(key.place.height, ledger().height);
}

TEST_F(BobsKey, IsSilentWhenItIsRevokedOrFrozen) {
  ledger().edit<key::Record>(path::key(kid), [](key::Record& record) { record.state = key::State::frozen; });
  expect_silent("the key is frozen");
  EXPECT_EQ(key.state, MIKUSARI_KEY_FROZEN);
  ledger().edit<key::Record>(path::key(kid), [](key::Record& record) {
    record.state = key::State::revoked;
    record.reason = key::Reason::end_of_life;
  });
  expect_silent("the key is revoked");
  EXPECT_EQ(key.state, MIKUSARI_KEY_REVOKED);
  EXPECT_EQ(key.reason, MIKUSARI_REASON_END_OF_LIFE);
}

TEST_F(BobsKey, IsSilentWhenItsSubjectSaysSo) {
  edit_entry<party::Record>([](key::Entry& entry) { entry.frozen = true; });
  expect_silent("the key is frozen");
  ledger().edit<party::Record>(subject_path(), [](party::Record& record) { record.keys = {}; });
  expect_silent("whom the key speaks for does not list it");
  EXPECT_FALSE(key.listed);
}

// attack 12: a suspended party's key, whose own record says nothing of that.
TEST_F(BobsKey, IsSilentWhenItsPartyMayNotAct) {
  for (const auto state : {party::State::suspended, party::State::closed, party::State::expelled}) {
    ledger().edit<party::Record>(subject_path(), [&](party::Record& record) { record.state = state; });
    expect_silent("whom the key speaks for may not act");
  }
}

TEST_F(BobsKey, WaitsAndEndsByTheTimeOfTheBlock) {
  const auto next_block = [&] { return ledger().time_ms() + 1000; };
  edit_entry<party::Record>([&](key::Entry& entry) { entry.from_ms = next_block() + 1; });
  expect_silent("the key does not speak yet");
  EXPECT_EQ(key.from_ms, ledger().time_ms() + 1);
  edit_entry<party::Record>([&](key::Entry& entry) { entry.from_ms = next_block(); });
  EXPECT_EQ(verdict(), MIKUSARI_OK) << error.text;
  edit_entry<party::Record>([&](key::Entry& entry) { entry.until_ms = next_block() + 1; });
  EXPECT_EQ(verdict(), MIKUSARI_OK) << error.text;
  edit_entry<party::Record>([&](key::Entry& entry) { entry.until_ms = next_block(); });
  expect_silent("the key does not speak any more");
  EXPECT_EQ(key.until_ms, ledger().time_ms());
}

// attack 12: the newest block is old, and the key has ended by the time when its log was cosigned.
TEST_F(BobsKey, EndsByTheTimeOfTheCosignatures) {
  edit_entry<party::Record>([&](key::Entry& entry) { entry.until_ms = ledger().time_ms() + 3'600'000; });
  EXPECT_EQ(verdict(), MIKUSARI_OK);
  const auto early_key = world.about(path::key(kid)), early_bob = world.about(subject_path());
  ledger().clock = 4000;  // the log is cosigned again, an hour later
  EXPECT_EQ(again(), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the key does not speak any more");
  // Whoever keeps the earlier signatures cannot take the client back to their time.
  EXPECT_EQ(mikusari_verify_key(&client, early_key, early_bob, raw(kid), &key, &error), MIKUSARI_FORBIDDEN);
  client = world.client();
  EXPECT_EQ(mikusari_verify_key(&client, early_key, early_bob, raw(kid), &key, &error), MIKUSARI_OK);
  client.now = ledger().time_ms() / 1000 + 4000;  // by the caller's clock
  EXPECT_EQ(mikusari_verify_key(&client, early_key, early_bob, raw(kid), &key, &error), MIKUSARI_FORBIDDEN);
}

// A key that waits does not begin because a clock somewhere is ahead: a veto may have come since.
TEST_F(BobsKey, BeginsByWhatTheAnswerShows) {
  edit_entry<party::Record>([&](key::Entry& entry) { entry.from_ms = ledger().time_ms() + 3'600'000; });
  EXPECT_EQ(verdict(), MIKUSARI_FORBIDDEN);
  client.now = ledger().time_ms() / 1000 + 4000;
  EXPECT_EQ(again(), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the key does not speak yet");
  ledger().clock = 4000;
  EXPECT_EQ(again(), MIKUSARI_OK);
}

TEST_F(BobsKey, ThatIsUnknownIsNotFound) {
  kid = test::named("unknown key");
  EXPECT_EQ(mikusari_verify_key(&client, world.about(path::key(kid)), {}, raw(kid), &key, &error), MIKUSARI_NOT_FOUND);
  EXPECT_EQ(key.place.log_size, ledger().log.size());
  EXPECT_EQ(client.size, ledger().log.size());
}

TEST_F(BobsKey, NeedsTheAnswerAboutItsOwnSubjectAtTheSameMoment) {
  const auto key_answer = world.about(path::key(kid));
  EXPECT_EQ(mikusari_verify_key(&client, key_answer, {}, raw(kid), &key, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_key(&client, key_answer, world.about(path::party(scene().acme())), raw(kid), &key, &error),
            MIKUSARI_UNAUTHENTICATED);
  const std::size_t first = ledger().log.size();
  world.retire();
  const auto later = world.answer(ledger().answer(subject_path()), ledger().consistency(first));
  EXPECT_EQ(mikusari_verify_key(&client, key_answer, later, raw(kid), &key, &error), MIKUSARI_UNAVAILABLE);
  EXPECT_EQ(client.size, 0U);
  EXPECT_EQ(key.key_size, 0U);
}

TEST_F(BobsKey, IsSilentWhenItsSubjectIsNotOnTheLedger) {
  const Handle nobody = test::named("nobody");
  ledger().edit<key::Record>(path::key(kid), [&](key::Record& record) { record.subject = subject_of_party(nobody); });
  subject = subject_of_party(nobody);
  expect_silent("whom the key speaks for may not act");
}

// --- keys of things

TEST_F(CamerasKey, SpeaksWhileTheCameraMayAct) {
  ASSERT_EQ(verdict(), MIKUSARI_OK) << error.text;
  EXPECT_EQ(key.subject_type, MIKUSARI_SUBJECT_DEVICE);
  for (const auto state : {device::State::suspended, device::State::retired, device::State::destroyed}) {
    scene().edit_device(scene().camera, [&](device::Record& record) { record.state = state; });
    expect_silent("whom the key speaks for may not act");
  }
  scene().edit_device(scene().camera, [](device::Record& record) { record.state = device::State::assembled; });
  EXPECT_EQ(verdict(), MIKUSARI_OK);
}

// A sale empties the list: the seller's key falls silent, though no record of a key was touched.
TEST_F(CamerasKey, FallsSilentWithASale) {
  scene().edit_device(scene().camera, [&](device::Record& record) {
    record.keys = {};
    record.tenure = 2;
  });
  expect_silent("whom the key speaks for does not list it");
  EXPECT_EQ(key.state, MIKUSARI_KEY_ACTIVE);
}

class ChipsKey : public CKey {
 protected:
  ChipsKey() {
    use(chip_key, subject_of_part(scene().chip));
    scene().put_key(chip_key, subject);
    list({});
  }
  void list(const key::Entry& as) {
    key::Entry entry = as;
    entry.key = kid;
    entry.purpose = key::Purpose::wallet;
    entries = {entry};
    scene().edit_part(scene().chip, [&](part::Record& record) { record.keys = std::span<const key::Entry>(entries); });
  }
  void take_out() {
    scene().edit_part(scene().chip, [](part::Record& record) {
      record.state = part::State::stock;
      record.parent.reset();
      record.grade.reset();
    });
  }
  key::Entry under(const Id& root, std::uint64_t tenure) const {
    key::Entry out;
    out.root = root;
    out.root_tenure = tenure;
    return out;
  }
  key::Entry birth() const {
    key::Entry out;
    out.birth = true;
    return out;
  }

  crypto::SoftwareSigner chip_key = test::signer_from("chip");
};

constexpr auto not_there = "the key does not speak where its part stands";

TEST_F(ChipsKey, OfBirthSpeaksWhereverThePartStands) {
  list(birth());
  ASSERT_EQ(verdict(), MIKUSARI_OK) << error.text;
  EXPECT_FALSE(key.has_root);
  take_out();
  EXPECT_EQ(verdict(), MIKUSARI_OK);
  scene().edit_part(scene().chip, [](part::Record& record) { record.state = part::State::scrapped; });
  expect_silent("whom the key speaks for may not act");
}

// The library cannot see the root: it says that the caller must.
TEST_F(ChipsKey, ForItsPlaceNamesTheRootThatTheCallerMustCheck) {
  list(under(scene().camera, 1));
  ASSERT_EQ(verdict(), MIKUSARI_OK) << error.text;
  ASSERT_TRUE(key.has_root);
  EXPECT_EQ(test::digest(key.root), scene().camera);
  EXPECT_EQ(key.root_tenure, 1U);
  // What the caller does: up to the thing that is not mounted.
  mikusari_part part;
  mikusari_device device;
  ASSERT_EQ(mikusari_verify_part(&client, world.about(path::part(scene().chip)), raw(scene().chip), &part, &error),
            MIKUSARI_OK);
  ASSERT_EQ(test::digest(part.parent), scene().board);
  ASSERT_EQ(mikusari_verify_part(&client, world.about(path::part(scene().board)), raw(scene().board), &part, &error),
            MIKUSARI_OK);
  ASSERT_EQ(test::digest(part.parent), test::digest(key.root));
  ASSERT_EQ(mikusari_verify_device(&client, world.about(path::device(scene().camera)), key.root, &device, &error),
            MIKUSARI_OK);
  EXPECT_EQ(device.common.tenure, key.root_tenure);
  EXPECT_EQ(device.place.log_size, key.place.log_size);
}

TEST_F(ChipsKey, ForAnotherPlaceIsSilent) {
  list(under(scene().camera, 1));
  take_out();
  expect_silent(not_there);
  // Registered while the part was mounted nowhere.
  list({});
  EXPECT_EQ(verdict(), MIKUSARI_OK);
  scene().mount(scene().chip, scene().board);
  expect_silent(not_there);
}

}  // namespace
}  // namespace mikusari
