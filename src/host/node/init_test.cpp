// SPDX-License-Identifier: Apache-2.0
#include "node/init.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "cose/key.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "net/tls.hpp"
#include "platform/encode.hpp"
#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "platform/simulated/random.hpp"
#include "proof/policy.hpp"

namespace mikusari::node {
namespace {

struct World {
  platform::SimulatedDisk disk;
  platform::SimulatedRandom random{7};
  platform::SimulatedClock clock;
  Machine machine() {
    return {disk, random, clock, [](const std::string&) { return Result<void>(); }};
  }
};

InitOptions options() {
  InitOptions out;
  out.directory = "/node";
  out.members = {{"acme", {Role::maker}, 1, 1, {}}};
  return out;
}

TEST(Init, MakesEverythingThatANodeNeeds) {
  World world;
  auto wanted = options();
  wanted.config.signer_name = "node-1";
  const auto made = init(world.machine(), wanted);
  ASSERT_TRUE(made.has_value()) << made.error().message();
  const auto config = read_config(world.disk, made->config_path);
  ASSERT_TRUE(config.has_value()) << config.error().message();
  const auto genesis_bytes = world.disk.contents(config->path(config->genesis)).value();
  EXPECT_EQ(crypto::sha256(genesis_bytes), made->ledger);
  const auto genesis = cbor::decode<Genesis>(genesis_bytes).value();
  EXPECT_TRUE(check(genesis).has_value());
  const auto member = *genesis.members.begin();
  EXPECT_EQ(member.name, "acme");
  ASSERT_EQ(made->wallet_keys.size(), 1u);
  const auto key = *member.keys.begin();
  EXPECT_EQ(key.key, made->wallet_keys.front().public_key);
  EXPECT_EQ(key.purpose, key::Purpose::wallet);
  EXPECT_EQ(key.level, key::Level::file);
  EXPECT_EQ(genesis.parameters, Parameters{});
  EXPECT_TRUE(genesis.witnesses.empty());
  const auto signer = *genesis.checkpoint_signers.begin();
  EXPECT_EQ(signer.name, "node-1");
  EXPECT_EQ(signer.keys.size(), 2u);
  EXPECT_EQ(genesis.checkpoint_threshold, signer.weight);

  const auto policy_bytes = world.disk.contents(made->policy_path).value();
  const auto policy = proof::parse_policy(policy_bytes);
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->ledger, made->ledger);
  const auto certificate = world.disk.contents(config->path(config->certificate)).value();
  EXPECT_EQ(net::fingerprint_of(as_text(certificate)).value(), made->certificate_fingerprint);

  const auto keys = keys::file::FileKeyStore::open(world.machine().for_keys(), config->path(config->keys_directory),
                                                   keys::file::Credential::unprotected());
  ASSERT_TRUE(keys.has_value()) << keys.error().message();
  for (const auto& name : config->checkpoint_keys) EXPECT_TRUE((*keys)->open(name).has_value()) << name;
  const auto wallet = keys::file::FileKeyStore::open(world.machine().for_keys(), made->wallet_directory,
                                                     keys::file::Credential::unprotected());
  ASSERT_TRUE(wallet.has_value());
  EXPECT_TRUE((*wallet)->open("acme").has_value());
}

TEST(Init, MakesNothingWhenAnythingIsWrong) {
  const std::vector<std::function<void(InitOptions&)>> mistakes = {
      [](auto& o) { o.config.port = 99'999; },
      [](auto& o) { o.config.address = "999.1.1.1"; },
      [](auto& o) { o.host_names = {"bad host!!"}; },
      [](auto& o) { o.parameters.veto_ms = 1; },
      [](auto& o) { o.members[0].weight = 0; },
      [](auto& o) { o.recovery_threshold = 3; },
      [](auto& o) { o.config.signer_name = "Node"; },
      [](auto& o) { o.members.push_back(o.members[0]); },
      [](auto& o) { o.config.log_level = "verbose"; },
      [](auto& o) { o.members.clear(); },
      [](auto& o) { o.members[0].k = 2; },
      [](auto& o) { o.config.operations_listen = "8441"; }};
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    World world;
    auto wanted = options();
    mistakes[i](wanted);
    const auto made = init(world.machine(), wanted);
    ASSERT_FALSE(made.has_value()) << "mistake " << i;
    EXPECT_EQ(made.error().code(), Code::invalid) << made.error().message();
    EXPECT_EQ(world.disk.changes(), 0U) << "mistake " << i << " left something behind";
    EXPECT_TRUE(init(world.machine(), options()).has_value());
  }
}

TEST(Init, TakesMembersWhoBringTheirKeys) {
  World world;
  auto own = crypto::SoftwareSigner::generate(crypto::Algorithm::esp256).value();
  auto second = crypto::SoftwareSigner::generate(crypto::Algorithm::ed25519).value();
  auto release = crypto::SoftwareSigner::generate(crypto::Algorithm::ed25519).value();
  auto wanted = options();
  wanted.nonce = crypto::sha256(as_bytes("nonce"));
  const auto key = [&](crypto::Signer& signer, key::Purpose purpose, const Bytes<32>& nonce) {
    return founding_key(signer, nonce, "acme", purpose, key::Level::hardware, key::Activation::pin).value();
  };
  wanted.members = {{"acme",
                     {Role::maker},
                     3,
                     2,
                     {key(own, key::Purpose::wallet, *wanted.nonce), key(second, key::Purpose::wallet, *wanted.nonce),
                      key(release, key::Purpose::release, *wanted.nonce)}}};
  // A proof for another genesis, or under another name, founds nothing.
  auto wrong = wanted;
  wrong.members[0].keys[0] = key(own, key::Purpose::wallet, {});
  EXPECT_EQ(init(world.machine(), wrong).error().code(), Code::unauthenticated);
  wrong = wanted;
  wrong.members[0].name = "rival";
  EXPECT_EQ(init(world.machine(), wrong).error().code(), Code::unauthenticated);
  wrong = wanted;
  wrong.nonce.reset();
  EXPECT_EQ(init(world.machine(), wrong).error().code(), Code::invalid);
  EXPECT_EQ(world.disk.changes(), 0U);
  const auto made = init(world.machine(), wanted);
  ASSERT_TRUE(made.has_value()) << made.error().message();
  EXPECT_TRUE(made->wallet_keys.empty());
  EXPECT_TRUE(made->wallet_directory.empty());
  EXPECT_FALSE(world.disk.exists("/node/wallet"));
  const auto bytes = world.disk.contents("/node/genesis.cbor").value();
  const auto genesis = cbor::decode<Genesis>(bytes).value();
  const auto member = *genesis.members.begin();
  EXPECT_EQ(member.k, 2u);
  ASSERT_EQ(member.keys.size(), 3u);
  EXPECT_EQ((*member.keys.begin()).level, key::Level::hardware);
}

TEST(Init, SealsItsKeysWithAPassphrase) {
  World world;
  world.disk.replace("/words", as_bytes("open sesame\n"));
  auto wanted = options();
  wanted.config.unlock = "passphrase_file";
  wanted.config.unlock_from = "/words";
  wanted.cost = {.log2_n = 10, .r = 8, .p = 1};
  const auto made = init(world.machine(), wanted);
  ASSERT_TRUE(made.has_value()) << made.error().message();
  const auto wrong =
      keys::file::FileKeyStore::open(world.machine().for_keys(), "/node/keys",
                                     keys::file::Credential::passphrase(platform::Secret::copy(as_bytes("open"))));
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code(), Code::unauthenticated);
}

TEST(Init, PutsTheOperationsListenerBesideTheMainOne) {
  for (const auto& [port, said, written] : {std::tuple{8440, "127.0.0.1:8441", "127.0.0.1:8441"},
                                            {9000, "127.0.0.1:8441", "127.0.0.1:9001"},
                                            {0, "127.0.0.1:8441", "127.0.0.1:0"},
                                            {9000, "", ""},
                                            {9000, "10.0.0.1:1", "10.0.0.1:1"}}) {
    World world;
    auto wanted = options();
    wanted.config.port = static_cast<std::uint64_t>(port);
    wanted.config.operations_listen = said;
    const auto made = init(world.machine(), wanted);
    ASSERT_TRUE(made.has_value()) << made.error().message();
    EXPECT_EQ(read_config(world.disk, made->config_path)->operations_listen, written);
  }
}

TEST(Init, NeverOverwrites) {
  World world;
  ASSERT_TRUE(init(world.machine(), options()).has_value());
  const auto before = world.disk.contents("/node/genesis.cbor").value();
  const auto second = init(world.machine(), options());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), Code::conflict);
  EXPECT_NE(second.error().message().find("mikusari node run"), std::string::npos);
  EXPECT_EQ(world.disk.contents("/node/genesis.cbor").value(), before);
}

TEST(Init, RefusesWhatCannotFoundALedger) {
  World world;
  auto wanted = options();
  wanted.members.clear();
  EXPECT_EQ(init(world.machine(), wanted).error().code(), Code::invalid);
  wanted = options();
  wanted.members.front().name = "Not A Name";
  EXPECT_EQ(init(world.machine(), wanted).error().code(), Code::invalid);
  wanted = options();
  wanted.config.signer_name = "Node 1";
  EXPECT_EQ(init(world.machine(), wanted).error().code(), Code::invalid);
  EXPECT_FALSE(world.disk.exists("/node/node.toml"));
}

TEST(Init, CutOffAnywhereLeavesNothingThatLooksLikeANode) {
  std::uint64_t changes = 0;
  {
    World world;
    ASSERT_TRUE(init(world.machine(), options()).has_value());
    changes = world.disk.changes();
  }
  ASSERT_GT(changes, 10u);
  for (std::uint64_t change = 1; change <= changes; ++change) {
    World world;
    world.disk.crash_at(change);
    const auto cut = init(world.machine(), options());
    world.disk.restart();
    if (!world.disk.exists("/node/node.toml")) {
      EXPECT_FALSE(cut.has_value()) << change;
      continue;
    }
    // The last step may have reached the disk: then the node is whole.
    const auto config = read_config(world.disk, "/node/node.toml");
    ASSERT_TRUE(config.has_value()) << change << ": " << config.error().message();
    const auto genesis_bytes = world.disk.contents("/node/genesis.cbor").value_or(platform::Buffer());
    const auto genesis = cbor::decode<Genesis>(genesis_bytes);
    ASSERT_TRUE(genesis.has_value()) << change;
    const auto keys =
        keys::file::FileKeyStore::open(world.machine().for_keys(), "/node/keys", keys::file::Credential::unprotected());
    ASSERT_TRUE(keys.has_value()) << change;
    for (const auto& name : config->checkpoint_keys) EXPECT_TRUE((*keys)->open(name).has_value()) << change;
    EXPECT_TRUE(world.disk.contents("/node/tls/key.pem").has_value()) << change;
  }
}

TEST(Init, SaysWhatAnInterruptedOneLeftBehind) {
  World world;
  world.disk.replace("/node/genesis.cbor", as_bytes("x"));
  const auto second = init(world.machine(), options());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), Code::conflict);
  EXPECT_NE(second.error().message().find("/node/genesis.cbor"), std::string::npos);
}

TEST(FoundingMember, IsReadFromWords) {
  World world;
  auto signer = crypto::SoftwareSigner::generate(crypto::Algorithm::ed25519).value();
  const auto key =
      founding_key(signer, {}, "acme", key::Purpose::wallet, key::Level::file, key::Activation::nothing).value();
  const auto encoded = founding_keys_file(std::span(&key, 1));
  world.disk.replace("/binary", encoded);
  world.disk.replace("/hex", as_bytes(platform::to_hex(encoded) + "\n"));
  for (const auto* file : {"/binary", "/hex"}) {
    const auto member = parse_founding_member(world.disk, "acme:maker+witness:5/1:" + std::string(file));
    ASSERT_TRUE(member.has_value()) << member.error().message();
    EXPECT_EQ(member->name, "acme");
    EXPECT_EQ(member->roles, (std::vector{Role::maker, Role::witness}));
    EXPECT_EQ(member->weight, 5u);
    EXPECT_EQ(member->k, 1u);
    ASSERT_EQ(member->keys.size(), 1u);
    EXPECT_EQ(member->keys[0].key, signer.public_key());
  }
  const auto plain = parse_founding_member(world.disk, "acme");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->roles.size(), 5u);
  EXPECT_TRUE(plain->keys.empty());
  EXPECT_TRUE(parse_founding_member(world.disk, "acme::0")->roles.empty());
}

TEST(FoundingMember, SaysWhatIsWrong) {
  World world;
  const auto error = [&](std::string_view text) {
    const auto member = parse_founding_member(world.disk, text);
    return member ? "" : member.error().message();
  };
  EXPECT_NE(error("Acme"), "");
  EXPECT_NE(error("acme:king").find("there are maker, registrar"), std::string::npos);
  EXPECT_NE(error("acme:maker+maker").find("twice"), std::string::npos);
  EXPECT_NE(error("acme:gate").find("no such role"), std::string::npos);  // parties grant it
  EXPECT_NE(error("acme:maker:x").find("weight"), std::string::npos);
  EXPECT_NE(error("acme:maker:1/0").find("how many keys"), std::string::npos);
  EXPECT_NE(error("acme:maker:1:/nowhere").find("/nowhere"), std::string::npos);
  EXPECT_NE(error("acme:maker:1:f:g"), "");
}

}  // namespace
}  // namespace mikusari::node
