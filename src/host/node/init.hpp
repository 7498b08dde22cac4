// SPDX-License-Identifier: Apache-2.0
// Makes a new node of one ledger: directories, checkpoint keys, the founding members' wallet keys, genesis, trust
// policy, TLS certificate, settings. The settings are written last and atomically: a directory without node.toml is not
// a node.
#pragma once

#include <optional>

#include "keys/file/file_key_store.hpp"
#include "node/config.hpp"
#include "statement/ledger.hpp"

namespace mikusari::node {

struct FoundingMember {
  std::string name;
  std::vector<Role> roles;
  std::uint64_t weight = 1;
  // Their own key; absent: one is made in the wallet store of the directory, under the member's name.
  std::optional<crypto::PublicKey> key;
};

// "acme:maker+witness:1:acme.key", or "acme:maker:1" for a key that is made here, or "acme" for every role and
// weight 1. The file holds a COSE_Key, as bytes or in hexadecimal. Errors: `invalid` with what is wrong.
Result<FoundingMember> parse_founding_member(platform::Files& files, std::string_view text);

struct InitOptions {
  std::string directory;
  // Names, ports and how the key store is opened; everything else as it stands. `directory` of it is ignored.
  Config config;
  std::vector<FoundingMember> members;  // at least one
  std::vector<std::string> host_names;  // for the certificate, beside localhost
  std::uint64_t rotation_veto_ms = 24ULL * 3600 * 1000;
  std::vector<crypto::PublicKey> recovery_keys;  // kept offline
  std::uint64_t recovery_threshold = 0;
  keys::file::Scrypt cost{};  // of one guess at a passphrase
};

struct Initialised {
  std::string config_path;       // <directory>/node.toml
  std::string policy_path;       // <directory>/policy.cbor: give it to thin clients
  std::string wallet_directory;  // empty when no wallet key was made
  Digest ledger;
  Digest certificate_fingerprint;
  std::vector<keys::KeyInfo> wallet_keys;  // that were made here
};

// What init and run need of the machine; outlives what is made with it.
struct Machine {
  platform::Files& files;
  platform::Random& random;
  platform::Clock& clock;
  std::function<Result<void>(const std::string& directory)> check_directory = &keys::file::check_private;

  keys::file::Machine for_keys() const { return {files, random, clock, check_directory}; }
};

// Errors: `conflict` when the directory is a node already, or holds what an interrupted init left behind; `invalid`
// options; what the files and the key store answer.
Result<Initialised> init(const Machine& machine, const InitOptions& options);

}  // namespace mikusari::node
