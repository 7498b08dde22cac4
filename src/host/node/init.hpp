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
  std::uint64_t k = 1;  // how many of its keys must sign what touches its power
  // Their own, each with its proof over the genesis' nonce (founding_key()). None: a wallet key is made in the wallet
  // store of the directory, under the member's name.
  std::vector<MemberKey> keys;
};

// "acme:maker+witness:1:acme.keys", or "acme:maker:1" for a key that is made here, or "acme" for every role that a
// vote gives, and weight 1. "1/2" in place of the weight is weight 1 and k 2. The file holds what founding_keys_file()
// gives. Errors: `invalid` with what is wrong.
Result<FoundingMember> parse_founding_member(platform::Files& files, std::string_view text);

// A key of a founding member, with its proof of possession.
Result<MemberKey> founding_key(crypto::Signer& signer, const Bytes<32>& nonce, std::string_view member,
                               key::Purpose purpose, key::Level level, key::Activation activation);
// A member's keys as one file, which the member hands to whoever makes the genesis: the CBOR of MemberKeys.
platform::Buffer founding_keys_file(std::span<const MemberKey> keys);

struct InitOptions {
  std::string directory;
  // Names, ports and how the key store is opened; everything else as it stands. `directory` of it is ignored. The
  // operations' listener takes the port behind the main one, unless it is said otherwise.
  Config config;
  std::vector<FoundingMember> members;  // at least one
  std::vector<std::string> host_names;  // for the certificate, beside localhost
  // Of the genesis; none: random. Members that bring their own keys have signed it before.
  std::optional<Bytes<32>> nonce;
  Parameters parameters;
  std::vector<crypto::PublicKey> recovery_keys;  // kept offline; none: a lost node can never come back
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

// The directory of a node that is wholly lost, made anew from the ledger's genesis, which every client has: settings
// and a new TLS certificate, and neither keys nor store: those are for a recovery (recover.hpp). Of the options,
// directory, config and host names count. Errors as for init().
Result<Initialised> remake(const Machine& machine, const InitOptions& options, ByteView genesis);

}  // namespace mikusari::node
