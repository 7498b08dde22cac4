// SPDX-License-Identifier: Apache-2.0
// For tests only: what every key store does. A back end instantiates it once:
//
//   INSTANTIATE_TEST_SUITE_P(FileStore, KeyStoreContract, ::testing::Values(&make_bench));
//
// A Bench is an empty store on something that survives reopen(), as a disk survives the process.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "cose/key.hpp"
#include "keys/key_store.hpp"

namespace mikusari::keys {

class Bench {
 public:
  virtual ~Bench() = default;
  virtual KeyStore& store() = 0;
  virtual void reopen() = 0;
};

class KeyStoreContract : public ::testing::TestWithParam<std::unique_ptr<Bench> (*)()> {
 protected:
  std::unique_ptr<Bench> bench_ = GetParam()();
  KeyStore& store() { return bench_->store(); }
  crypto::Algorithm algorithm() { return store().capabilities().algorithms.at(0); }

  KeyInfo make(std::string_view name, Purpose purpose = Purpose::wallet) {
    auto info = store().create(name, algorithm(), purpose);
    EXPECT_TRUE(info.has_value()) << (info ? "" : info.error().message());
    return info ? *info : KeyInfo{};
  }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    const std::vector<KeyInfo> keys = store().list().value();
    for (const KeyInfo& info : keys) out.push_back(info.name);
    return out;
  }
  template <class T>
  static Code code(const Result<T>& result) {
    return result ? Code{} : result.error().code();
  }
};

inline void expect_signs_for(crypto::Signer& signer, const KeyInfo& info) {
  EXPECT_EQ(signer.public_key(), info.public_key);
  const auto signature = signer.sign(as_bytes("a statement"));
  ASSERT_TRUE(signature.has_value()) << signature.error().message();
  EXPECT_TRUE(crypto::verify(info.public_key, as_bytes("a statement"), *signature).has_value());
  EXPECT_FALSE(crypto::verify(info.public_key, as_bytes("another"), *signature).has_value());
}

TEST_P(KeyStoreContract, BeginsEmptyAndSaysWhatItCanDo) {
  EXPECT_TRUE(names().empty());
  EXPECT_FALSE(store().capabilities().algorithms.empty());
  EXPECT_GE(store().capabilities().batch_keys_max, 1U);
}

TEST_P(KeyStoreContract, MakesKeysOfEveryAlgorithmThatItOffers) {
  const Capabilities can = store().capabilities();
  for (const crypto::Algorithm each : can.algorithms) {
    const auto info = store().create("key-" + std::to_string(-static_cast<int>(each)), each, Purpose::attestation);
    ASSERT_TRUE(info.has_value()) << info.error().message();
    EXPECT_EQ(info->public_key.algorithm(), each);
    EXPECT_TRUE(crypto::check(info->public_key).has_value());
    const auto signer = store().open(info->name);
    ASSERT_TRUE(signer.has_value()) << signer.error().message();
    expect_signs_for(**signer, *info);
  }
}

TEST_P(KeyStoreContract, KeepsKeysAcrossReopening) {
  const KeyInfo made = make("camera", Purpose::authentication);
  bench_->reopen();
  const auto listed = store().list().value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].name, "camera");
  EXPECT_EQ(listed[0].public_key, made.public_key);
  EXPECT_EQ(listed[0].thumbprint, cose::thumbprint(made.public_key));
  EXPECT_EQ(listed[0].purpose, Purpose::authentication);
  EXPECT_EQ(listed[0].protection, made.protection);
  EXPECT_EQ(listed[0].created_ms, made.created_ms);
  const auto by_name = store().open("camera");
  const auto by_thumbprint = store().open(made.thumbprint);
  ASSERT_TRUE(by_name.has_value()) << by_name.error().message();
  ASSERT_TRUE(by_thumbprint.has_value()) << by_thumbprint.error().message();
  expect_signs_for(**by_name, made);
  expect_signs_for(**by_thumbprint, made);
}

TEST_P(KeyStoreContract, ListsInTheOrderOfNames) {
  for (const char* name : {"b", "c", "a", "a-1", "a.1"}) make(name);
  EXPECT_EQ(names(), (std::vector<std::string>{"a", "a-1", "a.1", "b", "c"}));
}

TEST_P(KeyStoreContract, NeverGivesANameTwice) {
  const KeyInfo first = make("a");
  EXPECT_EQ(code(store().create("a", algorithm(), Purpose::wallet)), Code::conflict);
  EXPECT_EQ(code(store().create("a", algorithm(), Purpose::authority)), Code::conflict);
  EXPECT_EQ(store().list().value().at(0).public_key, first.public_key);
}

TEST_P(KeyStoreContract, RefusesNamesAndPurposesThatAreNone) {
  for (const char* bad : {"", "..", "a/b", "A"}) {
    EXPECT_EQ(code(store().create(bad, algorithm(), Purpose::wallet)), Code::invalid) << bad;
    EXPECT_EQ(code(store().open(std::string_view(bad))), Code::not_found) << bad;
    EXPECT_EQ(code(store().remove(bad)), Code::not_found) << bad;
  }
  EXPECT_EQ(code(store().create("a", algorithm(), Purpose::identity)), Code::invalid);
  EXPECT_TRUE(names().empty());
}

TEST_P(KeyStoreContract, SaysWhatIsNotThere) {
  make("a");
  EXPECT_EQ(code(store().open("b")), Code::not_found);
  EXPECT_EQ(code(store().open(Digest{})), Code::not_found);
  EXPECT_EQ(code(store().remove("b")), Code::not_found);
}

TEST_P(KeyStoreContract, ForgetsWhatIsRemovedAndNothingElse) {
  const KeyInfo a = make("a"), b = make("b");
  ASSERT_TRUE(store().remove("a").has_value());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(names(), (std::vector<std::string>{"b"}));
    EXPECT_EQ(code(store().open("a")), Code::not_found);
    EXPECT_EQ(code(store().open(a.thumbprint)), Code::not_found);
    EXPECT_TRUE(store().open(b.thumbprint).has_value());
    bench_->reopen();
  }
  EXPECT_NE(make("a").public_key, a.public_key) << "a new key, not the old one";
}

TEST_P(KeyStoreContract, MakesABatchOnceHoweverOftenItIsAsked) {
  const std::size_t count = std::min<std::size_t>(5, store().capabilities().batch_keys_max);
  const auto few = store().create_many("chip", std::max<std::size_t>(1, count - 2), algorithm(), Purpose::wallet);
  ASSERT_TRUE(few.has_value()) << few.error().message();
  bench_->reopen();
  const auto all = store().create_many("chip", count, algorithm(), Purpose::wallet);
  ASSERT_TRUE(all.has_value()) << all.error().message();
  ASSERT_EQ(all->size(), count);
  std::set<Digest> different;
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ((*all)[i].name, batch_name("chip", i));
    different.insert((*all)[i].thumbprint);
    if (i < few->size()) {
      EXPECT_EQ((*all)[i].public_key, (*few)[i].public_key) << "made twice";
    }
    const auto signer = store().open((*all)[i].name);
    ASSERT_TRUE(signer.has_value()) << signer.error().message();
    expect_signs_for(**signer, (*all)[i]);
  }
  EXPECT_EQ(different.size(), count);
  EXPECT_EQ(names().size(), count);
}

TEST_P(KeyStoreContract, RefusesABatchOfNothingOfTooMuchOrOfAnotherKind) {
  EXPECT_EQ(code(store().create_many("chip", 0, algorithm(), Purpose::wallet)), Code::invalid);
  EXPECT_EQ(code(store().create_many("chip", store().capabilities().batch_keys_max + 1, algorithm(), Purpose::wallet)),
            Code::invalid);
  EXPECT_EQ(code(store().create_many("Chip", 1, algorithm(), Purpose::wallet)), Code::invalid);
  EXPECT_EQ(code(store().create_many(std::string(60, 'a'), 1, algorithm(), Purpose::wallet)), Code::invalid);
  ASSERT_TRUE(store().create_many("chip", 1, algorithm(), Purpose::wallet).has_value());
  EXPECT_EQ(code(store().create_many("chip", 1, algorithm(), Purpose::attestation)), Code::conflict);
}

TEST_P(KeyStoreContract, RemovesOneKeyOfABatch) {
  if (store().capabilities().batch_keys_max < 3) GTEST_SKIP() << "this store makes no batches of three";
  const auto all = store().create_many("chip", 3, algorithm(), Purpose::wallet).value();
  ASSERT_TRUE(store().remove("chip-000001").has_value());
  bench_->reopen();
  EXPECT_EQ(names(), (std::vector<std::string>{"chip-000000", "chip-000002"}));
  EXPECT_EQ(code(store().open(all[1].thumbprint)), Code::not_found);
  const auto signer = store().open(all[2].thumbprint);
  ASSERT_TRUE(signer.has_value()) << signer.error().message();
  expect_signs_for(**signer, all[2]);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(KeyStoreContract);

}  // namespace mikusari::keys
