// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "statement/ledger.hpp"
#include "statement/names.hpp"
#include "statement/possession.hpp"

namespace mikusari {
namespace {

using crypto::Algorithm;

// A genesis in pieces, each of which a test may spoil.
class GenesisCheck : public ::testing::Test {
 protected:
  struct Member {
    NewMember what;
    std::vector<MemberKey> keys;
  };
  struct Signer {
    CheckpointSigner what;
    std::vector<crypto::PublicKey> keys;
  };

  GenesisCheck() {
    genesis_.nonce = crypto::sha256(as_bytes("nonce"));
    genesis_.time_ms = 1;
    members_ = {member("chips", 1, {"chips-1", "chips-2"}), member("city", 0, {"city-1"})};
    signers_ = {signer("node-1", 1, {key("node-1"), key("node-1-p256", Algorithm::esp256)}),
                signer("node-2", 2, {key("node-2")})};
    genesis_.checkpoint_threshold = 3;
    recovery_ = {key("recovery-1"), key("recovery-2", Algorithm::esp256)};
    genesis_.recovery_threshold = 1;
    witnesses_ = {{"watch-1", key("watch-1")}, {"watch-2", key("watch-2")}};
    genesis_.witness_threshold = 2;
  }

  static crypto::SoftwareSigner signer_of(std::string_view name, Algorithm algorithm = Algorithm::ed25519) {
    return *crypto::SoftwareSigner::from_private(algorithm, crypto::sha256(as_bytes(name)));
  }
  static crypto::PublicKey key(std::string_view name, Algorithm algorithm = Algorithm::ed25519) {
    return signer_of(name, algorithm).public_key();
  }
  static Signer signer(std::string_view name, std::uint64_t weight, std::vector<crypto::PublicKey> keys) {
    return {{name, {}, weight}, std::move(keys)};
  }
  MemberKey member_key(std::string_view member, std::string_view name, key::Purpose purpose) const {
    auto signs = signer_of(name);
    const statement::Possession what{genesis_.nonce, {}, subject_of_party(names::member(genesis_.nonce, member)),
                                     purpose,        0,  std::nullopt};
    std::byte buffer[statement::small_message_bytes_max];
    const auto message = statement::possession_bytes(signs.public_key(), what, buffer);
    return {signs.public_key(), purpose, key::Level::file, key::Activation::nothing, *signs.sign(*message)};
  }
  Member member(std::string_view name, std::uint64_t weight, const std::vector<std::string_view>& keys) const {
    Member out{{name, weight, 1, {}, {}}, {}};
    for (const auto each : keys) out.keys.push_back(member_key(name, each, key::Purpose::wallet));
    return out;
  }

  Result<void> checked() {
    for (auto& each : members_) each.what.keys = std::span<const MemberKey>(each.keys);
    for (auto& each : signers_) each.what.keys = std::span<const crypto::PublicKey>(each.keys);
    std::vector<NewMember> members;
    for (const auto& each : members_) members.push_back(each.what);
    std::vector<CheckpointSigner> signers;
    for (const auto& each : signers_) signers.push_back(each.what);
    genesis_.members = std::span<const NewMember>(members);
    genesis_.checkpoint_signers = std::span<const CheckpointSigner>(signers);
    genesis_.recovery_keys = std::span<const crypto::PublicKey>(recovery_);
    genesis_.witnesses = std::span<const LogWitness>(witnesses_);
    return check(genesis_);
  }
  // The reason why the genesis is refused once it has been spoiled; afterwards it is as before.
  std::string why(const std::function<void()>& spoil, Code code = Code::invalid) {
    const auto members = members_;
    const auto signers = signers_;
    const auto recovery = recovery_;
    const auto witnesses = witnesses_;
    const auto genesis = genesis_;
    spoil();
    const auto verdict = checked();
    members_ = members;
    signers_ = signers;
    recovery_ = recovery;
    witnesses_ = witnesses;
    genesis_ = genesis;
    if (verdict) return "accepted";
    EXPECT_EQ(verdict.error().code(), code) << verdict.error().message();
    return verdict.error().text();
  }

  std::vector<Member> members_;
  std::vector<Signer> signers_;
  std::vector<crypto::PublicKey> recovery_;
  std::vector<LogWitness> witnesses_;
  Genesis genesis_;
};

TEST_F(GenesisCheck, TakesAGoodOne) {
  const auto verdict = checked();
  EXPECT_TRUE(verdict.has_value()) << verdict.error().message();
  EXPECT_EQ(why([] {}), "accepted");
}

TEST_F(GenesisCheck, TakesTheLeastThatFoundsALedger) {
  EXPECT_EQ(why([&] {
              members_.resize(1);
              signers_.resize(1);
              genesis_.checkpoint_threshold = 1;
              recovery_.clear();
              genesis_.recovery_threshold = 0;
              witnesses_.clear();
              genesis_.witness_threshold = 0;
            }),
            "accepted");
  EXPECT_EQ(why([&] { genesis_.witness_threshold = 0; }), "accepted") << "witnesses may be watched without being asked";
}

TEST_F(GenesisCheck, CallsLaterRulesNewer) {
  EXPECT_EQ(why([&] { genesis_.rules = 2; }, Code::newer), "the ledger's rules are newer than this program");
  EXPECT_EQ(why([&] { genesis_.rules = 0; }), "there are no such rules");
}

TEST_F(GenesisCheck, RefusesMembersThatCannotBe) {
  EXPECT_EQ(why([&] { members_.clear(); }), "the genesis has no member");
  EXPECT_EQ(why([&] { members_[0] = member("Chips", 1, {"chips-1"}); }),
            "a member's name has other characters than a-z 0-9 . -");
  EXPECT_EQ(why([&] { members_[1] = member("chips", 0, {"city-1"}); }), "two members have the same name");
  EXPECT_EQ(why([&] { members_[0].what.weight = 0; }), "no member has a weight: nobody could ever admit another");
  EXPECT_EQ(why([&] { members_[0].what.weight = weight_max + 1; }), "a member's weight is over a million");
  EXPECT_EQ(why([&] { members_[0].what.weight = weight_max; }), "accepted");
}

TEST_F(GenesisCheck, RefusesMembersWhoseKeysCannotSpeak) {
  EXPECT_EQ(why([&] { members_[1].keys.clear(); }), "a member has no wallet key");
  EXPECT_EQ(why([&] { members_[1].keys = {member_key("city", "city-1", key::Purpose::release)}; }),
            "a member has no wallet key");
  EXPECT_EQ(why([&] { members_[0].what.k = 0; }), "a member's k is 0 or more than its wallet keys");
  EXPECT_EQ(why([&] { members_[0].what.k = 2; }), "accepted");
  EXPECT_EQ(why([&] { members_[0].what.k = 3; }), "a member's k is 0 or more than its wallet keys");
  EXPECT_EQ(why([&] {
              members_[0].what.k = 3;
              members_[0].keys.push_back(member_key("chips", "chips-release", key::Purpose::release));
            }),
            "a member's k is 0 or more than its wallet keys")
      << "only wallet keys count";
  EXPECT_EQ(why([&] { members_[0].keys.push_back(member_key("chips", "chips-release", key::Purpose::release)); }),
            "accepted");
}

// A proof that a member gave for something else founds nothing in its name.
TEST_F(GenesisCheck, RefusesKeysThatHaveNotSignedForIt) {
  const char* unsigned_text = "a member's key has not signed for this genesis";
  const auto because = [&](const std::function<void()>& spoil) { return why(spoil, Code::unauthenticated); };
  EXPECT_EQ(because([&] { members_[0].keys[1].possession.data[5] ^= std::byte{1}; }), unsigned_text);
  EXPECT_EQ(because([&] { members_[0].keys[0].possession = members_[0].keys[1].possession; }), unsigned_text);
  EXPECT_EQ(because([&] { genesis_.nonce.data[0] ^= std::byte{1}; }), unsigned_text) << "another ledger's genesis";
  EXPECT_EQ(because([&] { members_[0].keys[1].purpose = key::Purpose::release; }), unsigned_text) << "another purpose";
  EXPECT_EQ(because([&] { members_[0].what.name = "chaps"; }), unsigned_text) << "another member";
}

TEST_F(GenesisCheck, RefusesAKeyThatStandsTwice) {
  const char* twice = "a key stands twice in the genesis";
  EXPECT_EQ(why([&] { members_[0].keys.push_back(members_[0].keys[0]); }), twice);
  EXPECT_EQ(why([&] { members_[1].keys.push_back(member_key("city", "chips-1", key::Purpose::wallet)); }), twice);
  EXPECT_EQ(why([&] { members_[1].keys.push_back(member_key("city", "node-2", key::Purpose::wallet)); }), twice);
  EXPECT_EQ(why([&] { recovery_[0] = key("chips-1"); }), twice);
  EXPECT_EQ(why([&] { recovery_[0] = key("node-2"); }), twice);
  EXPECT_EQ(why([&] { recovery_[0] = recovery_[1]; }), twice);
  EXPECT_EQ(why([&] { witnesses_[0].key = key("chips-1"); }), twice);
  EXPECT_EQ(why([&] { witnesses_[0].key = key("node-2"); }), twice);
  EXPECT_EQ(why([&] { witnesses_[0].key = recovery_[0]; }), twice);
}

TEST_F(GenesisCheck, RefusesKeysThatAreNone) {
  const crypto::PublicKey no_point(Algorithm::esp256, Bytes<64>{}), no_group(Algorithm::ed25519, Bytes<32>{});
  for (const auto& none : {no_point, no_group}) {
    EXPECT_NE(why([&] { members_[0].keys[0].key = none; }), "accepted");
    EXPECT_NE(why([&] { signers_[1].keys[0] = none; }), "accepted");
    EXPECT_NE(why([&] { recovery_[1] = none; }), "accepted");
    EXPECT_NE(why([&] { witnesses_[1].key = none; }), "accepted");
  }
}

TEST_F(GenesisCheck, RefusesSignersThatCannotBe) {
  const char* weight = "a checkpoint signer's weight is 0 or over a million";
  EXPECT_EQ(why([&] { signers_[1].what.name = "node-1"; }), "two checkpoint signers have the same name");
  EXPECT_EQ(why([&] { signers_[1].what.name = "node 2"; }),
            "a checkpoint signer's name has other characters than a-z 0-9 . -");
  EXPECT_EQ(why([&] { signers_[1].what.weight = 0; }), weight);
  EXPECT_EQ(why([&] { signers_[1].what.weight = weight_max + 1; }), weight);
  EXPECT_EQ(why([&] { signers_[1].what.weight = weight_max; }), "accepted");
  EXPECT_EQ(why([&] { signers_[1].keys.clear(); }), "a checkpoint signer has no key");
  EXPECT_EQ(why([&] { signers_[1].keys = signers_[0].keys; }), "a checkpoint key stands twice");
  EXPECT_EQ(why([&] { signers_[0].keys[1] = signers_[0].keys[0]; }), "a checkpoint key stands twice");
}

TEST_F(GenesisCheck, RefusesThresholdsThatNobodyCanMeet) {
  const char* checkpoints = "the checkpoint threshold is 0 or more than all signers' weight";
  const char* recovery = "the recovery threshold does not fit the recovery keys";
  EXPECT_EQ(why([&] { genesis_.checkpoint_threshold = 4; }), checkpoints);
  EXPECT_EQ(why([&] { genesis_.checkpoint_threshold = 0; }), checkpoints);
  EXPECT_EQ(why([&] { signers_.clear(); }), checkpoints);
  EXPECT_EQ(why([&] { genesis_.recovery_threshold = 2; }), "accepted");
  EXPECT_EQ(why([&] { genesis_.recovery_threshold = 3; }), recovery);
  EXPECT_EQ(why([&] { genesis_.recovery_threshold = 0; }), recovery) << "keys that nobody needs";
  EXPECT_EQ(why([&] { recovery_.clear(); }), recovery);
  EXPECT_EQ(why([&] { genesis_.witness_threshold = 3; }), "the witness threshold is more than all witnesses");
}

// Clients tell keys under a checkpoint by four bytes: who could choose a key with another's would stop them all.
TEST_F(GenesisCheck, RefusesTwoKeysWithOneKeyId) {
  std::map<KeyId, std::string> seen;
  std::string first, second;
  for (int i = 0; first.empty(); ++i) {
    const std::string name = "node-" + std::to_string(i);
    const auto id = key_id(name, key(i % 2 == 0 ? "even" : "odd"));
    const auto [found, is_new] = seen.emplace(id, name);
    const bool differ = !is_new && (std::stoi(found->second.substr(5)) + i) % 2 == 1;
    if (differ) std::tie(first, second) = i % 2 == 0 ? std::pair(name, found->second) : std::pair(found->second, name);
  }
  const char* same = "two keys under checkpoints have the same key id";
  EXPECT_EQ(why([&] { signers_ = {signer(first, 2, {key("even")}), signer(second, 2, {key("odd")})}; }), same);
  EXPECT_EQ(why([&] {
              signers_ = {signer(first, 3, {key("even")})};
              witnesses_[0] = {second, key("odd")};
            }),
            same);
  EXPECT_EQ(why([&] { signers_ = {signer(first, 2, {key("odd")}), signer(second, 2, {key("even")})}; }), "accepted");
}

// Roles that parties grant each other are nobody's own, and each stands once.
TEST_F(GenesisCheck, RefusesRolesThatNoVoteGives) {
  const char* wrong = "a member has a role twice, or one that parties grant each other";
  const auto with = [&](const std::vector<Role>& roles) {
    return why([&] { members_[0].what.roles = std::span<const Role>(roles); });
  };
  EXPECT_EQ(with({Role::maker, Role::registrar, Role::laboratory, Role::witness, Role::certifier}), "accepted");
  EXPECT_EQ(with({Role::maker, Role::witness, Role::maker}), wrong);
  for (const Role granted : {Role::premises, Role::gate, Role::hold, Role::inspector})
    EXPECT_EQ(with({Role::maker, granted}), wrong);
}

TEST_F(GenesisCheck, LeavesAPlaceForAKeyThatIsBroughtBack) {
  const auto with = [&](int keys) {
    return why([&] {
      for (int i = 2; i < keys; ++i)
        members_[0].keys.push_back(member_key("chips", std::to_string(i), key::Purpose::wallet));
    });
  };
  EXPECT_EQ(with(15), "accepted");
  EXPECT_EQ(with(16), "a member has over 15 keys: one place is for a key that is brought back");
}

TEST_F(GenesisCheck, RefusesWitnessesThatCannotBe) {
  const char* same = "two witnesses have the same name or key";
  EXPECT_EQ(why([&] { witnesses_[1].name = "watch-1"; }), same);
  EXPECT_EQ(why([&] { witnesses_[1].key = witnesses_[0].key; }), same);
  EXPECT_EQ(why([&] { witnesses_[1].name = "Watch"; }), "a witness' name has other characters than a-z 0-9 . -");
  EXPECT_EQ(why([&] { witnesses_[1].key = key("watch-2", Algorithm::esp256); }),
            "a witness' key is not an Ed25519 key");
}

TEST_F(GenesisCheck, RefusesParametersBelowTheMinimum) {
  EXPECT_EQ(why([&] { genesis_.parameters.veto_ms = 0; }), "veto_ms is less than a day");
}

// Parameters that are good but for one; the reason why they are refused.
std::string why_not(const std::function<void(Parameters&)>& change) {
  Parameters parameters;
  change(parameters);
  const auto verdict = check(parameters);
  if (verdict) return "accepted";
  EXPECT_EQ(verdict.error().code(), Code::invalid);
  return verdict.error().text();
}

TEST(Parameters, AreGoodAsTheyComeUnchanged) {
  EXPECT_EQ(why_not([](Parameters&) {}), "accepted");
}

// No vote takes the time away in which an owner can say no.
TEST(Parameters, HaveWaitsOfAtLeastAndAtMost) {
  struct Wait {
    std::uint64_t Parameters::* member;
    std::uint64_t days;
    const char* text;
  };
  for (const Wait& wait : {Wait{&Parameters::veto_ms, 1, "veto_ms is less than a day"},
                           Wait{&Parameters::recovery_ms, 30, "recovery_ms is less than 30 days"},
                           Wait{&Parameters::force_ms, 90, "force_ms is less than 90 days"},
                           Wait{&Parameters::proposal_lapse_ms, 1, "proposal_lapse_ms is less than a day"}}) {
    const auto with = [&](std::uint64_t ms) { return why_not([&](Parameters& p) { p.*wait.member = ms; }); };
    EXPECT_EQ(with(wait.days * day_ms), "accepted") << wait.text;
    EXPECT_EQ(with(wait.days * day_ms - 1), wait.text);
    EXPECT_EQ(with(0), wait.text);
    EXPECT_EQ(with(3650 * day_ms), "accepted") << wait.text;
    EXPECT_EQ(with(3650 * day_ms + 1), "a wait is over ten years") << wait.text;
    EXPECT_EQ(with(~std::uint64_t{0}), "a wait is over ten years") << wait.text;
  }
}

TEST(Parameters, LeaveTheReserveOfExits) {
  EXPECT_EQ(why_not([](Parameters& p) { p.reserve_statements = 63; }), "reserve_statements is less than 64");
  EXPECT_EQ(why_not([](Parameters& p) { p.reserve_bytes = 65'535; }), "reserve_bytes is less than 64 KiB");
  EXPECT_EQ(why_not([](Parameters& p) { p.reserve_rows_part = 0; }), "reserve_rows_part is not 1 to 16");
  EXPECT_EQ(why_not([](Parameters& p) { p.reserve_rows_part = 17; }), "reserve_rows_part is not 1 to 16");
  EXPECT_EQ(why_not([](Parameters& p) { p.reserve_rows_part = 1; }), "accepted");
}

TEST(Parameters, AreWhatAProgramCanHold) {
  const char* rows = "ledger_rows is 0 or over 2^27, which the program can hold";
  const char* statement = "statement_growth is not 64 KiB to 16 MiB";
  const char* block = "block_growth is below statement_growth or over 32 MiB";
  EXPECT_EQ(why_not([](Parameters& p) { p.ledger_rows = 0; }), rows);
  EXPECT_EQ(why_not([](Parameters& p) { p.ledger_rows = (1ULL << 27) + 1; }), rows);
  EXPECT_EQ(why_not([](Parameters& p) { p.ledger_rows = 1ULL << 27; }), "accepted");
  EXPECT_EQ(why_not([](Parameters& p) { p.refused_steps = 63; }), "refused_steps is less than 64");
  EXPECT_EQ(why_not([](Parameters& p) { p.refused_steps = 65'537; }), "refused_steps is over 65,536");
  EXPECT_EQ(why_not([](Parameters& p) { p.statement_growth = 64 * 1024 - 1; }), statement);
  EXPECT_EQ(why_not([](Parameters& p) { p.statement_growth = (16ULL << 20) + 1; }), statement);
  EXPECT_EQ(why_not([](Parameters& p) { p.block_growth = p.statement_growth - 1; }), block);
  EXPECT_EQ(why_not([](Parameters& p) { p.block_growth = p.statement_growth; }), "accepted");
  EXPECT_EQ(why_not([](Parameters& p) { p.block_growth = (32ULL << 20) + 1; }), block);
}

TEST(Parameters, LetEverybodySaySomething) {
  EXPECT_EQ(why_not([](Parameters& p) { p.alarms_day = 0; }), "alarms_day is 0");
  EXPECT_EQ(why_not([](Parameters& p) { p.sequence_step = 0; }), "sequence_step is 0");
  EXPECT_EQ(why_not([](Parameters& p) { p.sequence_step = 1ULL << 32; }), "accepted");
  EXPECT_EQ(why_not([](Parameters& p) { p.sequence_step = (1ULL << 32) + 1; }),
            "sequence_step is over 2^32: it could end a model");
  for (const auto limit : {&Parameters::member_day, &Parameters::party_day, &Parameters::thing_day}) {
    EXPECT_EQ(why_not([&](Parameters& p) { (p.*limit).statements = 0; }), "a day's statements are 0");
    EXPECT_EQ(why_not([&](Parameters& p) { (p.*limit).bytes = 65'535; }), "a day's bytes are less than 64 KiB");
    EXPECT_EQ(why_not([&](Parameters& p) { (p.*limit).refused = 0; }), "a day's refused bodies are 0");
  }
}

}  // namespace
}  // namespace mikusari
