// SPDX-License-Identifier: Apache-2.0
#include "keys/file/file_key_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "keys/file/pack.hpp"
#include "keys/key_store_contract.hpp"
#include "platform/posix/file.hpp"
#include "platform/posix/random.hpp"
#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::keys {
namespace {

using crypto::Algorithm;
using file::Credential;
using file::FileKeyStore;
using file::Machine;
using platform::Secret;

constexpr file::Scrypt cheap{10, 8, 1};

Secret secret(std::string_view text) { return Secret::copy(as_bytes(text)); }
Credential right() { return Credential::passphrase(secret("correct horse battery staple")); }
Credential key_file() { return Credential::key_file(secret("0123456789abcdef0123456789abcdef")); }
Credential unprotected() { return Credential::unprotected(); }

Result<void> nothing_to_check(const std::string&) { return {}; }

// A store on a disk in memory.
class SimulatedBench : public Bench {
 public:
  explicit SimulatedBench(Credential (*credential)(), std::uint64_t seed = 1) : disk(seed), credential_(credential) {
    auto made = FileKeyStore::create(machine(), "keys", credential_(), cheap);
    ASSERT(made.has_value());
    store_ = std::move(*made);
  }
  FileKeyStore& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    auto opened = FileKeyStore::open(machine(), "keys", credential_());
    ASSERT(opened.has_value());
    store_ = std::move(*opened);
  }
  Machine machine() { return {disk, random, clock, &nothing_to_check}; }
  Result<std::unique_ptr<FileKeyStore>> open_with(const Credential& credential) {
    return FileKeyStore::open(machine(), "keys", credential);
  }

  platform::SimulatedDisk disk;
  platform::SimulatedRandom random{7};
  platform::SimulatedClock clock;

 private:
  Credential (*credential_)();
  std::unique_ptr<FileKeyStore> store_;
};

INSTANTIATE_TEST_SUITE_P(WithPassphrase, KeyStoreContract, ::testing::Values([]() -> std::unique_ptr<Bench> {
                           return std::make_unique<SimulatedBench>(&right);
                         }));
INSTANTIATE_TEST_SUITE_P(WithKeyFile, KeyStoreContract, ::testing::Values([]() -> std::unique_ptr<Bench> {
                           return std::make_unique<SimulatedBench>(&key_file);
                         }));
INSTANTIATE_TEST_SUITE_P(Unprotected, KeyStoreContract, ::testing::Values([]() -> std::unique_ptr<Bench> {
                           return std::make_unique<SimulatedBench>(&unprotected);
                         }));

template <class T>
std::string refusal(const Result<T>& result) {
  return result ? "accepted" : std::string(name(result.error().code())) + ": " + result.error().message();
}

bool contains(ByteView all, ByteView part) { return std::ranges::search(all, part).begin() != all.end(); }

TEST(FileKeyStore, IsOpenedByItsPassphraseAndNoOther) {
  SimulatedBench bench(&right);
  ASSERT_TRUE(bench.store().create("a", Algorithm::esp256, Purpose::wallet).has_value());
  EXPECT_EQ(refusal(bench.open_with(Credential::passphrase(secret("correct horse battery stapl")))),
            "unauthenticated: keys/store: the passphrase is wrong");
  EXPECT_EQ(refusal(bench.open_with(key_file())),
            "unauthenticated: keys/store: this key store is opened by a passphrase");
  EXPECT_EQ(refusal(bench.open_with(unprotected())),
            "unauthenticated: keys/store: this key store is opened by a passphrase");
  EXPECT_EQ(refusal(bench.open_with(right())), "accepted");
  EXPECT_EQ(bench.store().capabilities().unlock, Unlock::passphrase);

  SimulatedBench with_file(&key_file);
  EXPECT_EQ(refusal(with_file.open_with(Credential::key_file(secret("another 32 bytes another 32 bytes")))),
            "unauthenticated: keys/store: the key file is another store's");
  SimulatedBench open(&unprotected);
  EXPECT_EQ(refusal(open.open_with(right())),
            "unauthenticated: keys/store: this key store has neither passphrase nor key file");
}

TEST(FileKeyStore, SaysHowKeysAreProtected) {
  SimulatedBench encrypted(&right), open(&unprotected);
  EXPECT_EQ(encrypted.store().create("a", Algorithm::ed25519, Purpose::wallet)->protection, Protection::encrypted_file);
  EXPECT_EQ(open.store().create("a", Algorithm::ed25519, Purpose::wallet)->protection, Protection::file_permissions);
  EXPECT_EQ(open.store().create_many("b", 1, Algorithm::ed25519, Purpose::wallet)->at(0).protection,
            Protection::file_permissions);
  EXPECT_EQ(open.store().capabilities().unlock, Unlock::none);
}

TEST(FileKeyStore, ListsButDoesNotSignWhileLocked) {
  SimulatedBench bench(&right);
  ASSERT_TRUE(bench.store().create("a", Algorithm::esp256, Purpose::wallet).has_value());
  const auto locked = bench.open_with(Credential::locked()).value();
  EXPECT_EQ(locked->list()->size(), 1U);
  const std::string expected = "unauthenticated: keys: the key store is locked: give its passphrase or key file";
  EXPECT_EQ(refusal(locked->open("a")), expected);
  EXPECT_EQ(refusal(locked->create("b", Algorithm::esp256, Purpose::wallet)), expected);
  EXPECT_EQ(refusal(locked->create_many("b", 2, Algorithm::esp256, Purpose::wallet)), expected);
  EXPECT_EQ(refusal(locked->export_private("a")), expected);
}

TEST(FileKeyStore, KeepsPrivateBytesOutOfEncryptedFiles) {
  for (const bool encrypted : {true, false}) {
    SimulatedBench bench(encrypted ? &right : &unprotected);
    ASSERT_TRUE(bench.store().create("alone", Algorithm::esp256, Purpose::wallet).has_value());
    ASSERT_TRUE(bench.store().create_many("many", 3, Algorithm::ed25519, Purpose::wallet).has_value());
    for (const auto& [key, path] : {std::pair{"alone", "keys/alone.key"}, {"many-000001", "keys/many.pack"}}) {
      const auto private_bytes = bench.store().export_private(key).value();
      const auto stored = bench.disk.contents(path).value();
      EXPECT_EQ(contains(stored, private_bytes.view()), !encrypted) << path;
      EXPECT_FALSE(contains(stored, as_bytes("correct horse")));
    }
  }
}

TEST(FileKeyStore, TakesAKeyFromElsewhereAndGivesItBack) {
  SimulatedBench bench(&right);
  const crypto::Secret<32> given(platform::from_hex(std::string(64, '5')).value());
  const auto info = bench.store().import_private("a", Algorithm::ed25519, Purpose::wallet, given);
  ASSERT_TRUE(info.has_value()) << info.error().message();
  bench.reopen();
  EXPECT_TRUE(equal(bench.store().export_private("a")->view(), given.view()));
  EXPECT_EQ(refusal(bench.store().import_private("b", Algorithm::ed25519, Purpose::wallet, given)),
            "conflict: a: the store holds this key already, under this name");
  const crypto::Secret<32> zero;
  EXPECT_EQ(bench.store().import_private("c", Algorithm::esp256, Purpose::wallet, zero).error().code(), Code::invalid);
}

TEST(FileKeyStore, NamesTheDamagedFileAndOpensTheOthers) {
  SimulatedBench bench(&right);
  for (const char* name : {"a", "b"})
    ASSERT_TRUE(bench.store().create(name, Algorithm::esp256, Purpose::wallet).has_value());
  const auto whole = bench.disk.contents("keys/a.key").value();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto damaged = whole;
    damaged[i] ^= std::byte{0x10};
    bench.disk.replace("keys/a.key", damaged);
    bench.reopen();
    const auto listed = bench.store().list();
    ASSERT_FALSE(listed.has_value()) << "byte " << i;
    ASSERT_EQ(listed.error().code(), Code::corrupt) << "byte " << i;
    ASSERT_TRUE(listed.error().message().starts_with("keys/a.key: ")) << listed.error().message();
    ASSERT_EQ(bench.store().open("a").error().code(), Code::corrupt);
    ASSERT_EQ(bench.store().create("a", Algorithm::esp256, Purpose::wallet).error().code(), Code::conflict);
    ASSERT_TRUE(bench.store().open("b").has_value());
  }
  bench.disk.replace("keys/a.key", ByteView(whole).first(whole.size() - 1));
  EXPECT_EQ(bench.store().list().error().code(), Code::corrupt);
  bench.disk.replace("keys/a.key", platform::Buffer(100'000));
  EXPECT_EQ(refusal(bench.store().list()), "corrupt: keys/a.key: the file is too large for a key");
  bench.disk.replace("keys/a.key", whole);
  EXPECT_EQ(bench.store().list()->size(), 2U);
}

TEST(FileKeyStore, RefusesAKeyThatLiesUnderAnotherName) {
  SimulatedBench bench(&right);
  ASSERT_TRUE(bench.store().create("a", Algorithm::esp256, Purpose::wallet).has_value());
  bench.disk.replace("keys/b.key", bench.disk.contents("keys/a.key").value());
  EXPECT_EQ(refusal(bench.store().list()), "corrupt: keys/b.key: the file is not named after its key");
}

TEST(FileKeyStore, RefusesAKeyThatAnotherStoreMade) {
  SimulatedBench mine(&right), other(&right), open(&unprotected);
  ASSERT_TRUE(other.store().create("a", Algorithm::esp256, Purpose::wallet).has_value());
  mine.random.below(3);  // so that the two stores do not draw the same salt
  ASSERT_TRUE(mine.disk.remove("keys/store").has_value());
  auto fresh = FileKeyStore::create(mine.machine(), "keys", right(), cheap).value();
  mine.disk.replace("keys/a.key", other.disk.contents("keys/a.key").value());
  EXPECT_EQ(refusal(fresh->open("a")), "corrupt: keys/a.key: the key was changed, or comes from another store");

  ASSERT_TRUE(open.store().create("b", Algorithm::esp256, Purpose::wallet).has_value());
  mine.disk.replace("keys/b.key", open.disk.contents("keys/b.key").value());
  EXPECT_EQ(refusal(fresh->open("b")),
            "corrupt: keys/b.key: the key is not protected as the other keys of this store are");
}

TEST(FileKeyStore, TellsADamagedHeaderFromAWrongPassphrase) {
  SimulatedBench bench(&right);
  const auto whole = bench.disk.contents("keys/store").value();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto damaged = whole;
    damaged[i] ^= std::byte{0x01};
    bench.disk.replace("keys/store", damaged);
    const auto opened = bench.open_with(right());
    ASSERT_FALSE(opened.has_value()) << "byte " << i;
    ASSERT_EQ(opened.error().code(), Code::corrupt) << "byte " << i << ": " << opened.error().message();
  }
}

TEST(FileKeyStore, SpendsNoMemoryThatAHostileHeaderAsksFor) {
  SimulatedBench bench(&right);
  const file::StoreHeader hostile{
      .method = file::Method::passphrase, .salt = {}, .scrypt = file::Scrypt{63, 255, 255}, .recognises = Bytes<32>{}};
  bench.disk.replace("keys/store", file::encode_header(hostile).value());
  EXPECT_EQ(refusal(bench.open_with(right())), "exhausted: keys/store: scrypt's cost is above 2^20");
}

TEST(FileKeyStore, IsMadeOnceAndOnlyWithAPassphraseThatIsOne) {
  SimulatedBench bench(&right);
  EXPECT_EQ(refusal(FileKeyStore::create(bench.machine(), "keys", right(), cheap)),
            "conflict: keys/store: there is a key store already");
  EXPECT_EQ(refusal(FileKeyStore::create(bench.machine(), "new", Credential::passphrase({}), cheap)),
            "invalid: the passphrase is empty");
  EXPECT_EQ(FileKeyStore::create(bench.machine(), "new", Credential::locked(), cheap).error().code(), Code::invalid);
  EXPECT_EQ(refusal(FileKeyStore::open(bench.machine(), "nowhere", right())),
            "not_found: nowhere: there is no key store here");
}

TEST(FileKeyStore, SeesWhatAnotherProcessDidMeanwhile) {
  SimulatedBench bench(&right);
  const auto other = bench.open_with(right()).value();
  const auto made = other->create("a", Algorithm::esp256, Purpose::wallet).value();
  EXPECT_TRUE(bench.store().open("a").has_value());
  ASSERT_TRUE(other->create_many("chip", 3, Algorithm::esp256, Purpose::wallet).has_value());
  EXPECT_TRUE(bench.store().open("chip-000002").has_value());
  ASSERT_TRUE(other->remove("chip-000000").has_value());
  EXPECT_TRUE(bench.store().open("chip-000002").has_value()) << "it moved inside its pack";
  ASSERT_TRUE(other->remove("a").has_value());
  ASSERT_TRUE(other->create("a", Algorithm::esp256, Purpose::wallet).has_value());
  EXPECT_EQ(bench.store().open(made.thumbprint).error().code(), Code::not_found);
  EXPECT_EQ(bench.store().create("a", Algorithm::esp256, Purpose::wallet).error().code(), Code::conflict);
  const auto held = bench.disk.lock("keys").value();
  EXPECT_EQ(other->create("b", Algorithm::esp256, Purpose::wallet).error().code(), Code::unavailable);
}

TEST(FileKeyStore, IsUsedBySeveralThreads) {
  SimulatedBench bench(&unprotected);
  ASSERT_TRUE(bench.store().create_many("chip", 4, Algorithm::ed25519, Purpose::wallet).has_value());
  std::vector<std::thread> threads;
  std::array<int, 4> good{};
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 20; ++i) {
        const auto signer = bench.store().open(batch_name("chip", i % 4));
        if (signer && (*signer)->sign(as_bytes("x")).has_value()) ++good[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, (std::array<int, 4>{20, 20, 20, 20}));
}

// Every change of a batch is cut once, by a crash that keeps, tears or drops what was not synced: after it the store
// opens, holds a part of the batch from its beginning, and the same call completes it without making a key twice.
TEST(Pack, SurvivesACrashAtEveryChange) {
  constexpr std::size_t count = 600;  // three syncs
  const auto kinds = [](KeyStore& store) {
    return store.create_many("chip", count, Algorithm::ed25519, Purpose::wallet);
  };
  SimulatedBench whole(&unprotected);
  const std::uint64_t before = whole.disk.changes();
  ASSERT_TRUE(kinds(whole.store()).has_value());
  const std::uint64_t changes = whole.disk.changes() - before;
  ASSERT_GE(changes, 6U);
  std::size_t torn = 0;
  for (std::uint64_t change = 1; change <= changes; ++change) {
    for (unsigned seed = 0; seed < 8; ++seed) {
      SimulatedBench bench(&unprotected, seed);
      bench.disk.crash_at(bench.disk.changes() + change);
      ASSERT_FALSE(kinds(bench.store()).has_value());
      bench.disk.restart();
      bench.reopen();
      const auto survived = bench.store().list();
      ASSERT_TRUE(survived.has_value()) << "change " << change << ": " << survived.error().message();
      torn += survived->size() != count && survived->size() % 256 != 0 ? 1U : 0U;
      const auto all = kinds(bench.store());
      ASSERT_TRUE(all.has_value()) << "change " << change << ": " << all.error().message();
      for (std::size_t i = 0; i < survived->size(); ++i) {
        ASSERT_EQ((*survived)[i].name, batch_name("chip", i));
        ASSERT_EQ((*survived)[i].public_key, (*all)[i].public_key);
      }
      bench.disk.crash();
      bench.disk.restart();
      bench.reopen();
      ASSERT_EQ(bench.store().list()->size(), count) << "acknowledged and lost";
    }
  }
  EXPECT_GT(torn, 0U) << "no crash tore a batch: the test proves too little";
}

TEST(FileKeyStore, SurvivesACrashAtEveryChangeOfCreateAndRemove) {
  const auto act = [](KeyStore& store) -> Result<void> {
    TRY(store.create("b", Algorithm::ed25519, Purpose::wallet));
    TRY(store.remove("a"));
    return store.remove("chip-000001");
  };
  const auto prepare = [](SimulatedBench& bench) {
    ASSERT_TRUE(bench.store().create("a", Algorithm::ed25519, Purpose::wallet).has_value());
    ASSERT_TRUE(bench.store().create_many("chip", 3, Algorithm::ed25519, Purpose::wallet).has_value());
  };
  SimulatedBench whole(&right);
  prepare(whole);
  const std::uint64_t before = whole.disk.changes();
  ASSERT_TRUE(act(whole.store()).has_value());
  for (std::uint64_t change = 1; change <= whole.disk.changes() - before; ++change) {
    SimulatedBench bench(&right);
    prepare(bench);
    bench.disk.crash_at(bench.disk.changes() + change);
    ASSERT_FALSE(act(bench.store()).has_value());
    bench.disk.restart();
    bench.reopen();
    const auto keys = bench.store().list();
    ASSERT_TRUE(keys.has_value()) << "change " << change << ": " << keys.error().message();
    for (const KeyInfo& info : *keys) {
      const auto signer = bench.store().open(info.name);
      ASSERT_TRUE(signer.has_value()) << info.name << ": " << signer.error().message();
    }
    EXPECT_TRUE(bench.store().open("chip-000000").has_value());
    EXPECT_TRUE(bench.store().open("chip-000002").has_value());
  }
}

TEST(Pack, NamesDamageInTheMiddleAndDropsNothingBehindIt) {
  SimulatedBench bench(&right);
  ASSERT_TRUE(bench.store().create_many("chip", 3, Algorithm::esp256, Purpose::wallet).has_value());
  const auto whole = bench.disk.contents("keys/chip.pack").value();
  const std::size_t second = whole.size() / 3;
  for (std::size_t i = 0; i < second; ++i) {
    auto damaged = whole;
    damaged[second + i] ^= std::byte{0x80};
    bench.disk.replace("keys/chip.pack", damaged);
    bench.reopen();
    const auto again = bench.store().create_many("chip", 3, Algorithm::esp256, Purpose::wallet);
    ASSERT_FALSE(again.has_value()) << "byte " << i;
    ASSERT_EQ(again.error().code(), Code::corrupt) << "byte " << i;
    ASSERT_TRUE(again.error().message().starts_with("keys/chip.pack: ")) << again.error().message();
    ASSERT_EQ(bench.disk.contents("keys/chip.pack").value(), damaged) << "a damaged pack was written to";
    ASSERT_TRUE(bench.store().open("chip-000000").has_value()) << "what is before the damage is still there";
    ASSERT_EQ(bench.store().open("chip-000002").error().code(), Code::corrupt);
  }
}

TEST(Pack, TakesATailOfZerosForACrash) {
  SimulatedBench bench(&right);
  const auto made = bench.store().create_many("chip", 2, Algorithm::esp256, Purpose::wallet).value();
  auto longer = bench.disk.contents("keys/chip.pack").value();
  longer.resize(longer.size() + 100'000);
  bench.disk.replace("keys/chip.pack", longer);
  bench.reopen();
  EXPECT_EQ(bench.store().list()->size(), 2U);
  const auto all = bench.store().create_many("chip", 3, Algorithm::esp256, Purpose::wallet).value();
  EXPECT_EQ(all[1].public_key, made[1].public_key);
  EXPECT_LT(bench.disk.size("keys/chip.pack").value(), 2000U);
  bench.reopen();
  EXPECT_TRUE(bench.store().open("chip-000002").has_value());
}

std::string note_of(Result<platform::Buffer> note) { return note ? std::string(as_text(*note)) : refusal(note); }

TEST(Note, OpensUnderItsOwnNameOnly) {
  for (const auto credential : {&right, &key_file, &unprotected}) {
    SimulatedBench bench(credential);
    for (const std::string_view text : {"", "x", "sato is 91f3"}) {
      const auto sealed = bench.store().seal_note("contacts", as_bytes(text));
      ASSERT_TRUE(sealed.has_value()) << refusal(sealed);
      bench.reopen();
      EXPECT_EQ(note_of(bench.store().open_note("contacts", *sealed)), text);
      EXPECT_TRUE(refusal(bench.store().open_note("things", *sealed)).starts_with("corrupt"));
    }
  }
}

TEST(Note, ShowsNothingOfItsTextWhereKeysAreEncrypted) {
  SimulatedBench bench(&right);
  const std::string text(100, 's');
  const auto sealed = bench.store().seal_note("contacts", as_bytes(text)).value();
  const auto again = bench.store().seal_note("contacts", as_bytes(text)).value();
  EXPECT_EQ(std::string(as_text(sealed)).find("sss"), std::string::npos);
  EXPECT_NE(sealed, again);
}

TEST(Note, IsRefusedWithAnyBitChanged) {
  SimulatedBench bench(&right);
  const auto sealed = bench.store().seal_note("contacts", as_bytes("sato")).value();
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    auto changed = sealed;
    changed[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_TRUE(refusal(bench.store().open_note("contacts", changed)).starts_with("corrupt")) << bit;
  }
}

TEST(Note, OfAnotherStoreOrOfLessProtectionIsRefused) {
  SimulatedBench bench(&right), other(&right, 2), open(&unprotected);
  const auto foreign = other.store().seal_note("contacts", as_bytes("mallory")).value();
  const auto plain = open.store().seal_note("contacts", as_bytes("mallory")).value();
  SimulatedBench third(&key_file);
  EXPECT_EQ(note_of(open.store().open_note("contacts", plain)), "mallory");
  EXPECT_TRUE(refusal(third.store().open_note("contacts", foreign)).starts_with("corrupt"));
  EXPECT_TRUE(refusal(bench.store().open_note("contacts", plain)).starts_with("corrupt"));
  EXPECT_TRUE(refusal(open.store().open_note("contacts", foreign)).starts_with("corrupt"));
}

TEST(Note, NeedsTheStoreToBeUnlocked) {
  SimulatedBench bench(&right);
  const auto sealed = bench.store().seal_note("contacts", as_bytes("sato")).value();
  const auto locked = bench.open_with(Credential::locked());
  ASSERT_TRUE(locked.has_value());
  EXPECT_TRUE(refusal((*locked)->open_note("contacts", sealed)).starts_with("unauthenticated"));
  EXPECT_TRUE(refusal((*locked)->seal_note("contacts", as_bytes("x"))).starts_with("unauthenticated"));
}

class RealDirectory : public ::testing::Test {
 protected:
  RealDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "keys-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~RealDirectory() override { std::filesystem::remove_all(path_); }
  Machine machine() { return {files_, random_, clock_}; }

  std::filesystem::path path_;
  platform::PosixFiles files_;
  platform::PosixRandom random_;
  platform::SimulatedClock clock_;
};

TEST_F(RealDirectory, IsMadePrivateAndRefusedWhenItIsNot) {
  using std::filesystem::perms;
  const std::string directory = path_ / "keys";
  auto store = FileKeyStore::create(machine(), directory, right(), cheap).value();
  ASSERT_TRUE(store->create("a", Algorithm::esp256, Purpose::wallet).has_value());
  ASSERT_TRUE(store->create_many("b", 2, Algorithm::esp256, Purpose::wallet).has_value());
  EXPECT_EQ(std::filesystem::status(directory).permissions(), perms::owner_all);
  for (const char* file : {"store", "a.key", "b.pack"}) {
    EXPECT_EQ(std::filesystem::status(path_ / "keys" / file).permissions(), perms::owner_read | perms::owner_write)
        << file;
  }
  for (const perms more :
       {perms::group_read, perms::group_write, perms::group_exec, perms::others_read, perms::others_exec}) {
    std::filesystem::permissions(directory, perms::owner_all | more);
    EXPECT_EQ(refusal(FileKeyStore::open(machine(), directory, right())),
              "forbidden: " + directory + ": a key directory must be closed to group and others: set its mode to 0700");
  }
  std::filesystem::permissions(directory, perms::owner_all);
  EXPECT_TRUE(FileKeyStore::open(machine(), directory, right()).has_value());
}

TEST_F(RealDirectory, RefusesToMakeAStoreWhereOthersLookIn) {
  const std::string directory = path_ / "shared";
  std::filesystem::create_directory(directory);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all | std::filesystem::perms::others_read);
  EXPECT_EQ(FileKeyStore::create(machine(), directory, right(), cheap).error().code(), Code::forbidden);
  EXPECT_FALSE(std::filesystem::exists(path_ / "shared" / "store"));
}

TEST_F(RealDirectory, HoldsTenThousandKeysOfAProductionLine) {
  const std::string directory = path_ / "line";
  constexpr std::size_t count = 10'000;
  auto store = FileKeyStore::create(machine(), directory, right(), cheap).value();
  ASSERT_TRUE(store->create_many("chip", count / 3, Algorithm::esp256, Purpose::wallet).has_value());
  store = FileKeyStore::open(machine(), directory, right()).value();
  const auto all = store->create_many("chip", count, Algorithm::esp256, Purpose::wallet);
  ASSERT_TRUE(all.has_value()) << all.error().message();
  std::set<Digest> different;
  for (const KeyInfo& info : *all) different.insert(info.thumbprint);
  EXPECT_EQ(different.size(), count);
  store = FileKeyStore::open(machine(), directory, right()).value();
  for (std::size_t i = 0; i < count; i += 100) {
    const auto signer = store->open((*all)[i].thumbprint);
    ASSERT_TRUE(signer.has_value()) << signer.error().message();
    EXPECT_EQ((*signer)->public_key(), (*all)[i].public_key);
  }
}

TEST_F(RealDirectory, ReadsKeyFilesOfAReasonableSize) {
  const auto write = [&](std::size_t size) {
    const std::string path = path_ / "key-file";
    std::ofstream(path, std::ios::binary) << std::string(size, 'k');
    return file::read_key_file(files_, path);
  };
  for (const std::size_t size : {31U, 4097U}) EXPECT_EQ(write(size).error().code(), Code::invalid);
  EXPECT_EQ(write(32)->size(), 32U);
  EXPECT_EQ(write(4096)->size(), 4096U);
  EXPECT_EQ(file::read_key_file(files_, path_ / "absent").error().code(), Code::not_found);
}

}  // namespace
}  // namespace mikusari::keys
