// SPDX-License-Identifier: Apache-2.0
// For tests only: commands in a home of their own, which follows a ledger that nobody serves. One thread.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/main.hpp"
#include "cli/session.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "json/parse.hpp"
#include "platform/encode.hpp"
#include "proof/policy.hpp"
#include "statement/names.hpp"

namespace mikusari::cli::test {

struct Said {
  int code = 0;
  std::string out, err;
  // A text member of the object for programs.
  std::string text(const std::string& name) const {
    const auto parsed = json::parse(out);
    const auto* found = parsed ? parsed->find(name) : nullptr;
    return found == nullptr ? "" : std::string(found->text().value_or(""));
  }
  std::string member(const std::string& name) const {
    const auto parsed = json::parse(out);
    const auto* found = parsed ? parsed->find(name) : nullptr;
    return found == nullptr ? "" : json::to_json(*found);
  }
};

inline Said run(const std::vector<std::string>& words) {
  std::ostringstream out, err;
  const int code = cli::main(words, {{"HOME", testing::TempDir() + "no-home"}}, out, err);
  return {code, out.str(), err.str()};
}

// A folder of homes that follow one ledger, with the founding members "acme" and "city".
class Homes : public testing::Test {
 protected:
  Homes() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    found();
  }

  std::string path(const std::string& name) const { return folder + "/" + name; }
  // The home is made and follows the ledger.
  void open(const std::string& home) {
    std::filesystem::create_directories(path(home));
    write(path(home) + "/policy.cbor", policy);
    write(path(home) + "/genesis.cbor", genesis);
  }
  Said in(const std::string& home, std::vector<std::string> words) {
    words.insert(words.end(), {"--home", path(home), "--json"});
    return run(words);
  }
  Said plain(const std::string& home, std::vector<std::string> words) {
    words.insert(words.end(), {"--home", path(home)});
    return run(words);
  }
  // The command, which must do well.
  Said well(const std::string& home, std::vector<std::string> words) {
    auto said = in(home, words);
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    return said;
  }
  static void write(const std::string& to, ByteView bytes) { std::ofstream(to, std::ios::binary) << as_text(bytes); }
  static platform::Buffer read(const std::string& from) {
    std::ifstream in(from, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    return platform::copy(as_bytes(text));
  }
  Handle member(std::string_view name) const { return names::member(ledger, name); }

  const std::string folder = testing::TempDir() + "cli-homes";
  platform::Buffer genesis, policy;
  Digest ledger;

 private:
  static crypto::SoftwareSigner signer(std::string_view seed) {
    return *crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519, crypto::sha256(as_bytes(seed)));
  }
  void found() {
    const crypto::PublicKey log[] = {signer("log").public_key()}, recovery[] = {signer("recovery").public_key()};
    const CheckpointSigner signers[] = {{"log.acme", std::span<const crypto::PublicKey>(log), 1}};
    NewMember members[2];
    members[0].name = "acme";
    members[1].name = "city";
    Genesis out;
    out.members = std::span<const NewMember>(members);
    out.checkpoint_signers = std::span<const CheckpointSigner>(signers);
    out.checkpoint_threshold = 1;
    out.recovery_keys = std::span<const crypto::PublicKey>(recovery);
    out.recovery_threshold = 1;
    genesis = platform::encode(out);
    ledger = crypto::sha256(genesis);
    policy = platform::encode(proof::policy_of(out, ledger));
  }
};

}  // namespace mikusari::cli::test
