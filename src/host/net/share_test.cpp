// SPDX-License-Identifier: Apache-2.0
#include "net/share.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace mikusari::net {
namespace {

using enum Share::Taken;

constexpr std::int64_t now = 1'000'000;
constexpr std::int64_t long_ago = now - 10'000;

PeerAddress address(unsigned char last) { return PeerAddress::of(PeerAddress::V4{127, 0, 0, last}); }

class Connection final : public Guest {
 public:
  using Guest::Guest;
  void dismiss(Shared what) override {
    dismissed = true;
    EXPECT_EQ(what, Shared::unfinished_bytes);
  }
  bool dismissed = false;
};

// A share of ten, and connections that give back what they hold at the end.
class ShareTest : public ::testing::Test {
 protected:
  ~ShareTest() override {
    for (const auto& [connection, amount] : held_) share_.give_back(*connection, amount);
    EXPECT_EQ(share_.held(), 0u);
  }

  Connection& from(unsigned char last, std::int64_t active_ms = now) {
    all_.push_back(std::make_unique<Connection>(address(last), active_ms));
    return *all_.back();
  }
  Share::Taken take(Connection& connection, std::size_t amount) {
    const auto taken = share_.take(connection, amount, now);
    if (taken == yes) held_.emplace_back(&connection, amount);
    return taken;
  }
  Connection& holding(unsigned char last, std::size_t amount, std::int64_t active_ms = now) {
    Connection& out = from(last, active_ms);
    EXPECT_EQ(take(out, amount), yes);
    return out;
  }

  Share share_{Shared::unfinished_bytes, 10, 4};
  std::vector<std::unique_ptr<Connection>> all_;
  std::vector<std::pair<Connection*, std::size_t>> held_;
};

TEST_F(ShareTest, GivesUntilNothingIsLeft) {
  holding(1, 6);
  EXPECT_EQ(take(from(1), 5), no);
  EXPECT_EQ(take(from(1), 4), yes);
  EXPECT_EQ(take(from(1), 1), no);
  EXPECT_EQ(share_.held(), 10u);
}

TEST_F(ShareTest, TakesFromTheLeastActiveOfTheGreediest) {
  Connection& other = holding(2, 1, long_ago);
  Connection& busy = holding(1, 3, now);
  Connection& least = holding(1, 3, now - 2);
  Connection& fresh = holding(1, 3, now - 1);
  EXPECT_EQ(take(from(3), 2), yes);
  EXPECT_TRUE(least.dismissed);
  EXPECT_FALSE(other.dismissed || busy.dismissed || fresh.dismissed);
  EXPECT_EQ(share_.dismissals(), 1u);
}

TEST_F(ShareTest, SparesWhoIsBeingAnswered) {
  Connection& working = holding(1, 6, long_ago);
  working.working(true);
  Connection& silent = holding(1, 4, now);
  EXPECT_EQ(take(from(2), 1), yes);
  EXPECT_TRUE(silent.dismissed);
  EXPECT_FALSE(working.dismissed);
}

TEST_F(ShareTest, NeverLetsTheGreediestPushOutTheOthers) {
  Connection& other = holding(2, 2, now);
  for (int i = 0; i < 8; ++i) holding(1, 1);
  EXPECT_EQ(take(from(1), 1), no);
  EXPECT_FALSE(other.dismissed);
  // Not even what is still, when it is less than half as much.
  other.active(long_ago);
  EXPECT_EQ(take(from(1), 1), no);
  EXPECT_FALSE(other.dismissed);
}

TEST_F(ShareTest, GivesTheGreediestWhatIsStill) {
  holding(1, 4, now);
  Connection& still = holding(1, 3, long_ago);
  holding(2, 3, long_ago);
  EXPECT_EQ(take(from(1), 2), yes);
  EXPECT_TRUE(still.dismissed);
}

TEST_F(ShareTest, GivesWhatIsStillToWhoWouldHoldAsMuchAsTheMost) {
  for (unsigned char last = 1; last <= 5; ++last) holding(last, 2, last == 3 ? long_ago : now);
  EXPECT_EQ(take(from(6), 2), yes);
  EXPECT_TRUE(all_[2]->dismissed);
  EXPECT_EQ(take(from(7), 2), no);  // the others are not still
  EXPECT_EQ(share_.dismissals(), 1u);
}

TEST_F(ShareTest, BoundsWhatTheDismissedStillHold) {
  for (int i = 0; i < 5; ++i) holding(1, 2);
  EXPECT_EQ(take(from(2), 2), yes);
  EXPECT_EQ(take(from(3), 2), yes);
  EXPECT_EQ(share_.held(), 14u);
  EXPECT_EQ(take(from(4), 2), no);
  // One of them leaves.
  const auto gone = std::ranges::find_if(held_, [](const auto& each) { return each.first->dismissed; });
  ASSERT_NE(gone, held_.end());
  share_.give_back(*gone->first, gone->second);
  held_.erase(gone);
  EXPECT_EQ(take(from(4), 2), yes);
}

TEST_F(ShareTest, GivesNothingToTheDismissedUntilTheyHaveLeft) {
  Connection& greedy = holding(1, 4);
  holding(1, 6);
  EXPECT_EQ(take(from(2), 1), yes);
  ASSERT_TRUE(greedy.dismissed);
  EXPECT_EQ(take(greedy, 1), no);
  std::erase_if(held_, [&](const auto& each) { return each.first == &greedy; });
  share_.give_back(greedy, 4);
  EXPECT_EQ(take(greedy, 1), yes);
}

TEST_F(ShareTest, GivesNothingThatIsLargerThanItself) {
  Connection& held = holding(1, 1, long_ago);
  EXPECT_EQ(take(from(2), 11), no);
  EXPECT_FALSE(held.dismissed);
}

TEST(Account, FollowsItsNumber) {
  Share share(Shared::unfinished_bytes, 3 * 4096, 0);
  Connection connection(address(1), now);
  {
    Account account(&share, &connection);
    EXPECT_EQ(account.hold(5000, now), yes);
    EXPECT_EQ(share.held(), 8192u);
    EXPECT_EQ(account.hold(100'000, now), no);
    EXPECT_EQ(account.held(), 8192u);
    EXPECT_EQ(account.hold(1, now), yes);
    EXPECT_EQ(share.held(), 4096u);
  }
  EXPECT_EQ(share.held(), 0u);
}

TEST(PeerAddress, IsAnIpv4AddressHoweverItIsWritten) {
  EXPECT_EQ(PeerAddress::of(PeerAddress::V6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 9}), address(9));
  EXPECT_NE(address(8), address(9));
}

TEST(PeerAddress, IsAWholeIpv6Network) {
  const PeerAddress::V6 one{0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 1}, same{0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 2},
      next{0x20, 1, 0xd, 0xb8, 0, 1, 0, 3, 1};
  EXPECT_EQ(PeerAddress::of(one), PeerAddress::of(same));
  EXPECT_NE(PeerAddress::of(one), PeerAddress::of(next));
}

}  // namespace
}  // namespace mikusari::net
