// SPDX-License-Identifier: Apache-2.0
#include "keys/key_store.hpp"

#include <gtest/gtest.h>

namespace mikusari::keys {
namespace {

using crypto::Algorithm;

TEST(KeyName, IsAFileNameAndNeverAPath) {
  for (const char* good : {"a", "0", "camera-1", "a.b_c-d", "chip-000042"})
    EXPECT_TRUE(check_name(good).has_value()) << good;
  EXPECT_TRUE(check_name(std::string(64, 'a')).has_value());
  EXPECT_FALSE(check_name(std::string(65, 'a')).has_value());
  for (const char* bad : {"", ".", "..", ".hidden", "-x", "_x", "a/b", "a\\b", "A", "a b", "a\n", "é", "../a", "a:b"}) {
    const auto verdict = check_name(bad);
    ASSERT_FALSE(verdict.has_value()) << bad;
    EXPECT_EQ(verdict.error().code(), Code::invalid);
  }
  EXPECT_FALSE(check_name(std::string_view("a\0b", 3)).has_value());
}

TEST(BatchName, SortsInTheOrderOfTheIndex) {
  EXPECT_EQ(batch_name("chip", 0), "chip-000000");
  EXPECT_EQ(batch_name("chip", 9999), "chip-009999");
  EXPECT_EQ(batch_name("chip", 1234567), "chip-1234567");
  EXPECT_LT(batch_name("chip", 9), batch_name("chip", 10));
}

TEST(KeyRequest, IsRefusedForWhatTheStoreCannotDo) {
  const Capabilities p256_only{.algorithms = {Algorithm::esp256}};
  EXPECT_TRUE(check_request("a", Algorithm::esp256, Purpose::wallet, p256_only).has_value());
  EXPECT_STREQ(check_request("a", Algorithm::ed25519, Purpose::wallet, p256_only).error().text(),
               "this key store does not offer the algorithm");
  EXPECT_FALSE(check_request("a", Algorithm::esp256, Purpose::identity, p256_only).has_value());
  EXPECT_FALSE(check_request("a", Algorithm::esp256, Purpose{10}, p256_only).has_value());
  EXPECT_FALSE(check_request("", Algorithm::esp256, Purpose::wallet, p256_only).has_value());
}

TEST(Purpose, HasTheWordsOfTheGlossary) {
  EXPECT_EQ(cbor::name_of(Purpose::wallet), "wallet");
  EXPECT_EQ(cbor::name_of(Purpose::authority), "authority");
  EXPECT_EQ(cbor::name_of(Purpose::release), "release");
  EXPECT_EQ(cbor::name_of(Purpose::standby), "standby");
  EXPECT_EQ(cbor::name_of(Purpose::recovery), "recovery");
  EXPECT_EQ(cbor::name_of(Protection::file_permissions), "file_permissions");
}

}  // namespace
}  // namespace mikusari::keys
