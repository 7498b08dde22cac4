// SPDX-License-Identifier: Apache-2.0
#include "replica/checkpointer.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"

namespace mikusari::replica {
namespace {

constexpr const char* path = "signer/memory";

class CheckpointerTest : public ::testing::Test {
 protected:
  CheckpointerTest() { EXPECT_TRUE(Checkpointer::found(disk_, path)); }
  Result<std::unique_ptr<Checkpointer>> open() {
    Checkpointer::Signers signers;
    signers.push_back(
        std::make_unique<crypto::SoftwareSigner>(*crypto::SoftwareSigner::generate(crypto::Algorithm::ed25519)));
    return Checkpointer::open(disk_, path, ledger_, "node", std::move(signers), clock_);
  }
  static Checkpointer::Memory log(std::uint64_t size) {
    return {size, size, crypto::sha256(as_bytes(std::to_string(size)))};
  }
  const Digest ledger_ = crypto::sha256(as_bytes("ledger"));
  platform::SimulatedDisk disk_;
  platform::SimulatedClock clock_;
};

TEST_F(CheckpointerTest, IsFoundedOnce) {
  EXPECT_EQ(Checkpointer::found(disk_, path).error().code(), Code::conflict);
  EXPECT_EQ((*open())->memory().size, 0U);
}

TEST_F(CheckpointerTest, NeverGoesBackNorAside) {
  auto signer = *open();
  ASSERT_TRUE(signer->sign(log(5)));
  EXPECT_TRUE(signer->sign(log(5)));
  EXPECT_EQ(signer->sign(log(4)).error().code(), Code::conflict);
  auto other = log(5);
  other.root = ledger_;
  EXPECT_EQ(signer->sign(other).error().code(), Code::conflict);
  signer.reset();
  signer = *open();
  EXPECT_EQ(signer->memory().size, 5U);
  EXPECT_EQ(signer->sign(log(4)).error().code(), Code::conflict);
}

TEST_F(CheckpointerTest, KeepsItsLastEntryWhenTheFileIsBegunAnew) {
  auto signer = *open();
  constexpr std::uint64_t many = 13'000;  // entries of 84 bytes, over 1 MiB
  for (std::uint64_t size = 1; size <= many; ++size) ASSERT_TRUE(signer->sign(log(size))) << size;
  const auto entries = Checkpointer::recall(disk_, path, ledger_);
  ASSERT_TRUE(entries.has_value());
  EXPECT_LT(entries->size(), many);
  EXPECT_EQ(entries->back().size, many);
  signer.reset();
  signer = *open();
  EXPECT_EQ(signer->memory().size, many);
  EXPECT_TRUE(signer->sign(log(many + 1)));
}

// The kernel may have dropped what a failed sync was for, while reading still gives it.
TEST_F(CheckpointerTest, WritesAnewWhatItReadsBeforeItSigns) {
  for (const std::uint64_t change : {std::uint64_t{1}, std::uint64_t{2}}) {
    SCOPED_TRACE(change);
    auto signer = *open();
    const auto next = signer->memory().size + 1;
    disk_.fail_at(disk_.changes() + change, Error(Code::internal, "the device failed to write"));
    EXPECT_FALSE(signer->sign(log(next)));
    EXPECT_EQ(signer->sign(log(next)).error().code(), Code::unavailable) << "until it is opened again";
    signer.reset();
    signer = *open();
    ASSERT_TRUE(signer->sign(log(next)));
    disk_.crash();
    disk_.restart();
    signer.reset();
    signer = *open();
    EXPECT_EQ(signer->memory().size, next) << "what was signed is remembered over a power cut";
  }
}

TEST_F(CheckpointerTest, RefusesAMemoryThatGoesBack) {
  auto signer = *open();
  ASSERT_TRUE(signer->sign(log(1)) && signer->sign(log(2)));
  signer.reset();
  const auto good = *disk_.contents(path);
  auto bad = good;
  std::ranges::rotate(bad, bad.begin() + static_cast<std::ptrdiff_t>(good.size() / 2));
  disk_.replace(path, bad);
  EXPECT_EQ(open().error().code(), Code::corrupt);
}

// Two processes that sign with one key: the second would put a file of its own in the place of the first one's.
TEST_F(CheckpointerTest, IsHeldByOneAtATime) {
  auto signer = *open();
  ASSERT_TRUE(signer->sign(log(5)));
  EXPECT_EQ(open().error().code(), Code::unavailable);
  ASSERT_TRUE(signer->sign(log(6)));
  EXPECT_EQ(Checkpointer::recall(disk_, path, ledger_)->back().size, 6U);
  signer.reset();
  EXPECT_EQ((*open())->memory().size, 6U);
}

}  // namespace
}  // namespace mikusari::replica
