// SPDX-License-Identifier: Apache-2.0
#include "api/reading_rights.hpp"

#include <gtest/gtest.h>

#include "cose/key.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "platform/bytes.hpp"
#include "platform/simulated/clock.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::api {
namespace {

using Right = ReadingRights::Right;

// Says what the test wants, and counts how often it is asked.
class FakeJudge final : public Judge {
 public:
  std::uint64_t version() const override { return now; }
  Result<std::optional<Known>> known(const Digest& key) const override {
    ++asked;
    const auto found = keys.find(key);
    return found == keys.end() ? std::nullopt : std::optional(found->second);
  }
  Result<bool> concerns(const Reader&, const About& about) const override {
    return about.what == About::What::nameable || about.id == concerned_with;
  }
  Known& add(const crypto::PublicKey& key) {
    const Digest kid = cose::thumbprint(key);
    return keys[kid] = {{kid, subject_of_party({}), true, false, {}}, key};
  }

  std::map<Digest, Known> keys;
  Id concerned_with = crypto::sha256(as_bytes("mine"));
  std::uint64_t now = 1;
  mutable int asked = 0;
};

class RightsTest : public ::testing::Test {
 protected:
  ReadingRights& rights(ReadingRules rules = {}) {
    if (!rights_) rights_.emplace(ReadingRights::Options{rules, 100, ledger_, "node-1"}, judge_, clock_, random_);
    return *rights_;
  }
  mikusari::reading::Request request() {
    mikusari::reading::Request out;
    out.ledger = ledger_;
    out.node = "node-1";
    out.time_ms = static_cast<std::uint64_t>(clock_.now_ms());
    out.nonce.data[0] = std::byte{++nonces_};
    out.channel = channel_;
    return out;
  }
  platform::Buffer signed_request(const mikusari::reading::Request& what) {
    platform::Buffer out(mikusari::reading::bytes_max);
    const auto bytes = mikusari::reading::sign(signer_, what, out);
    EXPECT_TRUE(bytes.has_value());
    out.resize(bytes->size());
    return out;
  }
  Result<ReadingRights::Bought> buy(const mikusari::reading::Request& what) {
    return rights().buy(signed_request(what), channel_);
  }
  std::string token() {
    const auto bought = buy(request());
    EXPECT_TRUE(bought.has_value()) << bought.error().message();
    return bought ? bought->token : "";
  }
  Right right(Reads reads, std::string_view token, const About& about = {About::What::thing, {}}) {
    net::Request what;
    if (!token.empty()) what.headers.add("Authorization", "bearer " + std::string(token));
    const auto answer = rights().right(what, reads, [&] { return about; });
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(Right::none);
  }
  Judge::Known& reader() { return judge_.keys.at(cose::thumbprint(signer_.public_key())); }
  About mine() const { return {About::What::thing, judge_.concerned_with}; }

  const Digest ledger_ = crypto::sha256(as_bytes("ledger"));
  const Digest channel_ = crypto::sha256(as_bytes("channel"));
  crypto::SoftwareSigner signer_ =
      *crypto::SoftwareSigner::from_private(crypto::Algorithm::esp256, crypto::sha256(as_bytes("reader")));
  FakeJudge judge_;
  platform::SimulatedClock clock_;
  platform::SimulatedRandom random_{3};
  std::optional<ReadingRights> rights_;
  unsigned char nonces_ = 0;
};

TEST_F(RightsTest, GiveAnyoneTheFirstClassAndNothingElse) {
  EXPECT_EQ(right(Reads::checkpoints, ""), Right::anyones);
  EXPECT_EQ(right(Reads::open, ""), Right::anyones);
  for (const auto reads : {Reads::things, Reads::lists, Reads::statements, Reads::operations})
    EXPECT_EQ(right(reads, ""), Right::none);
  EXPECT_EQ(judge_.asked, 0) << "a stranger costs no look at the ledger";
}

TEST_F(RightsTest, GiveAnyoneEverythingWhereTheSettingsSaySo) {
  rights(ReadingRules::everything_for_anyone());
  for (const auto reads : {Reads::checkpoints, Reads::things, Reads::lists, Reads::statements, Reads::operations})
    EXPECT_EQ(right(reads, ""), Right::anyones);
}

TEST_F(RightsTest, GiveTokensToKeysThatTheLedgerKnows) {
  judge_.add(signer_.public_key());
  const auto bought = buy(request());
  ASSERT_TRUE(bought.has_value()) << bought.error().message();
  EXPECT_EQ(bought->until_ms, clock_.now_ms() + ReadingTokens::life_ms);
  EXPECT_EQ(right(Reads::things, bought->token, mine()), Right::reader_s);
  EXPECT_EQ(right(Reads::things, bought->token), Right::none);
  EXPECT_EQ(right(Reads::things, "AAAA" + bought->token.substr(4), mine()), Right::bad_token);
  EXPECT_EQ(right(Reads::checkpoints, "nonsense"), Right::anyones);
}

TEST_F(RightsTest, GiveWhatCanBeNamedToWhoeverNamesIt) {
  EXPECT_EQ(right(Reads::things, "", {About::What::nameable}), Right::anyones);
  judge_.add(signer_.public_key());
  EXPECT_EQ(right(Reads::things, token(), {About::What::nameable}), Right::reader_s);
}

TEST_F(RightsTest, GiveMembersWhatIsForMembers) {
  ReadingRules rules;
  rules.things = Readers::members;
  rights(rules);
  judge_.add(signer_.public_key());
  const auto mine_now = token();
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::none);
  EXPECT_EQ(right(Reads::things, "", {About::What::nameable}), Right::none);
  reader().reader.is_member = true;
  ++judge_.now;
  EXPECT_EQ(right(Reads::things, mine_now), Right::reader_s);
}

TEST_F(RightsTest, EndWithTheKeyAtOnce) {
  judge_.add(signer_.public_key());
  const auto mine_now = token();
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::reader_s);
  const int before = judge_.asked;
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::reader_s);
  EXPECT_EQ(judge_.asked, before) << "asked once for each version of the ledger";
  judge_.keys.clear();
  ++judge_.now;
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::bad_token);
  // It does not come back with the key.
  judge_.add(signer_.public_key());
  ++judge_.now;
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::bad_token);
}

// Keys end by time as well as by statements: a ledger on which nothing happens makes no token live longer.
TEST_F(RightsTest, EndWithTheKeyWhenNothingIsOrdered) {
  judge_.add(signer_.public_key());
  const auto mine_now = token();
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::reader_s);
  judge_.keys.clear();
  clock_.advance(1000);
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::bad_token);
}

TEST_F(RightsTest, ExpireAfterAnHourOfSteadyTime) {
  judge_.add(signer_.public_key());
  const auto mine_now = token();
  clock_.set(clock_.now_ms() - 10 * ReadingTokens::life_ms);
  clock_.advance(ReadingTokens::life_ms - 1);
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::reader_s);
  clock_.advance(1);
  EXPECT_EQ(right(Reads::things, mine_now, mine()), Right::bad_token);
}

TEST_F(RightsTest, RefuseRequestsForOthers) {
  judge_.add(signer_.public_key());
  const auto refused = [&](const std::function<void(mikusari::reading::Request&)>& change) {
    auto what = request();
    change(what);
    const auto bought = buy(what);
    return bought ? Code::internal : bought.error().code();
  };
  EXPECT_EQ(refused([](auto& what) { what.ledger = {}; }), Code::forbidden);
  EXPECT_EQ(refused([](auto& what) { what.node = "node-2"; }), Code::forbidden);
  EXPECT_EQ(refused([](auto& what) { what.channel = Digest{}; }), Code::forbidden);
  EXPECT_EQ(refused([](auto& what) { what.channel.reset(); }), Code::forbidden);
  EXPECT_EQ(refused([](auto& what) { what.time_ms -= 300'001; }), Code::forbidden);
  EXPECT_EQ(refused([](auto& what) { what.time_ms += 300'001; }), Code::forbidden);
  EXPECT_EQ(refused([](auto& what) { what.time_ms = ~std::uint64_t{0}; }), Code::forbidden);
  EXPECT_TRUE(buy(request()).has_value());
}

TEST_F(RightsTest, RefuseARequestOverAPlainConnectionThatNamesAChannel) {
  judge_.add(signer_.public_key());
  EXPECT_EQ(rights().buy(signed_request(request()), {}).error().code(), Code::forbidden);
  auto plain = request();
  plain.channel.reset();
  EXPECT_TRUE(rights().buy(signed_request(plain), {}).has_value());
}

TEST_F(RightsTest, RefuseTheSameRequestTwice) {
  judge_.add(signer_.public_key());
  const auto what = request();
  EXPECT_TRUE(buy(what).has_value());
  EXPECT_EQ(buy(what).error().code(), Code::conflict);
}

TEST_F(RightsTest, SayTheSameToStrangersAndToForgers) {
  const auto stranger = buy(request());
  ASSERT_FALSE(stranger.has_value());
  EXPECT_EQ(stranger.error().code(), Code::unauthenticated);
  auto other = crypto::SoftwareSigner::generate(crypto::Algorithm::esp256).value();
  judge_.add(signer_.public_key());
  auto forged = signed_request(request());
  forged.back() ^= std::byte{1};
  const auto forger = rights().buy(forged, channel_);
  ASSERT_FALSE(forger.has_value());
  EXPECT_EQ(forger.error().message(), stranger.error().message());
}

TEST_F(RightsTest, RefuseWhatIsNoRequest) {
  EXPECT_EQ(rights().buy(as_bytes("nonsense"), channel_).error().code(), Code::invalid);
}

}  // namespace
}  // namespace mikusari::api
