// SPDX-License-Identifier: Apache-2.0
#include "node/init.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "net/tls.hpp"
#include "node/credential.hpp"
#include "platform/encode.hpp"
#include "proof/policy.hpp"
#include "replica/checkpointer.hpp"

namespace mikusari::node {
namespace {

using keys::file::FileKeyStore;
using platform::Permission;

constexpr const char* config_name = "node.toml";
constexpr const char* policy_name = "policy.cbor";
constexpr const char* wallet_name = "wallet";

Result<MemberKey> founding_wallet_key(crypto::Signer& signer, const Bytes<32>& nonce, const std::string& member) {
  return founding_key(signer, nonce, member, key::Purpose::wallet, key::Level::file, key::Activation::nothing);
}

// Nothing of ours may be there: an init that was cut off leaves keys that no genesis names.
Result<void> check_empty(platform::Files& files, const Config& config) {
  const std::string settings_path = config.path(config_name);
  if (files.exists(settings_path)) {
    return std::unexpected(
        Error(Code::conflict, "there is a node already; `mikusari node run` starts it").with_context(settings_path));
  }
  for (const auto& name : {config.keys_directory, config.genesis, config.store, config.signer_memory,
                           config.certificate, std::string(wallet_name), std::string(policy_name)}) {
    const std::string path = config.path(name);
    if (!files.exists(path)) continue;
    return std::unexpected(
        Error(Code::conflict, "an interrupted init may have left this behind: remove it, or choose another directory")
            .with_context(path));
  }
  return {};
}

Result<std::vector<crypto::PublicKey>> make_checkpoint_keys(const Machine& machine, const InitOptions& options,
                                                            const Config& config) {
  TRY(const auto credential, credential_of(machine.files, config));
  TRY(const auto store,
      FileKeyStore::create(machine.for_keys(), config.path(config.keys_directory), credential, options.cost));
  if (config.checkpoint_keys.size() != 2)
    return fail(Code::invalid, "keys.checkpoint names two keys: one Ed25519, one P-256");
  std::vector<crypto::PublicKey> out;
  for (const auto algorithm : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    TRY(const auto made, store->create(config.checkpoint_keys[out.size()], algorithm, keys::Purpose::checkpoint));
    out.push_back(made.public_key);
  }
  return out;
}

// Wallet keys for the members that brought none, in a store of their own: the running node has no use for them.
Result<std::vector<keys::KeyInfo>> make_wallet_keys(const Machine& machine, const InitOptions& options,
                                                    const Config& config, const Bytes<32>& nonce,
                                                    std::vector<FoundingMember>& members) {
  std::vector<keys::KeyInfo> out;
  std::unique_ptr<FileKeyStore> store;
  for (auto& member : members) {
    if (!member.keys.empty()) continue;
    if (!store) {
      TRY(const auto credential, credential_of(machine.files, config));
      TRY(store, FileKeyStore::create(machine.for_keys(), config.path(wallet_name), credential, options.cost));
    }
    TRY(auto made, store->create(member.name, crypto::Algorithm::ed25519, keys::Purpose::wallet));
    TRY(const auto signer, store->open(member.name));
    TRY(member.keys.emplace_back(), founding_wallet_key(*signer, nonce, member.name));
    out.push_back(std::move(made));
  }
  return out;
}

Result<platform::Buffer> make_genesis(const Machine& machine, const InitOptions& options, const Bytes<32>& nonce,
                                      const std::vector<FoundingMember>& members,
                                      const std::vector<crypto::PublicKey>& checkpoint_keys) {
  std::vector<NewMember> rows;
  for (const auto& member : members) {
    rows.push_back({member.name, member.weight, member.k, Roles(std::span<const Role>(member.roles)),
                    MemberKeys(std::span<const MemberKey>(member.keys))});
  }
  const CheckpointSigner signer{options.config.signer_name, {std::span<const crypto::PublicKey>(checkpoint_keys)}, 1};
  Genesis genesis;
  genesis.nonce = nonce;
  genesis.time_ms = static_cast<std::uint64_t>(machine.clock.now_ms());
  genesis.members = std::span<const NewMember>(rows);
  genesis.checkpoint_signers = std::span(&signer, 1);
  genesis.checkpoint_threshold = 1;
  genesis.recovery_keys = std::span<const crypto::PublicKey>(options.recovery_keys);
  genesis.recovery_threshold = options.recovery_threshold;
  genesis.parameters = options.parameters;
  TRY(check(genesis));
  auto out = platform::encode(genesis);
  TRY(proof::parse_policy(platform::encode(proof::policy_of(genesis, crypto::sha256(out)))));
  return out;
}

Result<void> write_file(platform::Files& files, const std::string& path, ByteView bytes, Permission permission) {
  TRY(files.make_directory(platform::parent(path)));
  return platform::write_atomically(files, path, bytes, permission);
}

Result<Digest> write_certificate(const Machine& machine, const net::NodeCertificate& made, const Config& config) {
  TRY(write_file(machine.files, config.path(config.certificate), as_bytes(made.certificate_pem),
                 Permission::everybody_reads));
  TRY(write_file(machine.files, config.path(config.certificate_key), made.key_pem.reveal(), Permission::owner_only));
  return made.fingerprint;
}

// A genesis with keys that nobody keeps.
Result<void> try_genesis(const Machine& machine, const InitOptions& options, const Bytes<32>& nonce) {
  auto members = options.members;
  for (auto& member : members) {
    if (!member.keys.empty()) continue;
    TRY(auto signer, crypto::SoftwareSigner::generate(crypto::Algorithm::ed25519));
    TRY(member.keys.emplace_back(), founding_wallet_key(signer, nonce, member.name));
  }
  std::vector<crypto::PublicKey> keys;
  for (const auto algorithm : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    TRY(const auto signer, crypto::SoftwareSigner::generate(algorithm));
    keys.push_back(signer.public_key());
  }
  TRY(make_genesis(machine, options, nonce, members, keys));
  return {};
}

// Everything that can be wrong is looked at before anything is made.
Result<void> check_options(const Machine& machine, const InitOptions& options, const Bytes<32>& nonce) {
  if (options.members.empty()) return fail(Code::invalid, "a ledger needs at least one founding member");
  if (!is_name(options.config.signer_name)) {
    return fail(Code::invalid, "the node's name is 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  }
  for (const auto& member : options.members) {
    if (!is_name(member.name))
      return fail(Code::invalid, "a member's name is 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  }
  TRY(check(options.config));
  if (!options.nonce && std::ranges::any_of(options.members, [](const auto& member) { return !member.keys.empty(); }))
    return fail(Code::invalid, "a member's own keys have signed a nonce: give it");
  return try_genesis(machine, options, nonce);
}

// Several nodes of one machine differ in their ports: the operations' listener goes with the main one.
std::string operations_beside(const Config& config) {
  const Config usual;
  if (config.operations_listen != usual.operations_listen || config.port == usual.port) return config.operations_listen;
  const std::uint64_t beside = config.port == 0 || config.port == 65'535 ? 0 : config.port + 1;
  return "127.0.0.1:" + std::to_string(beside);
}

// The directory is there, empty of ours, and held.
struct Begun {
  Config config;
  std::unique_ptr<platform::DirectoryLock> lock;
};
Result<Begun> begin(const Machine& machine, const InitOptions& options) {
  Begun out{options.config, nullptr};
  out.config.directory = options.directory;
  out.config.operations_listen = operations_beside(options.config);
  TRY(check_empty(machine.files, out.config));
  TRY(machine.files.make_directory(options.directory));
  auto lock = machine.files.lock(options.directory);
  if (!lock) return std::unexpected(std::move(lock).error().with_context(options.directory));
  out.lock = *std::move(lock);
  TRY(check_empty(machine.files, out.config));
  return out;
}

// What follows from the genesis, and last the settings.
Result<void> write_rest(const Machine& machine, const Config& config, ByteView genesis,
                        const net::NodeCertificate& certificate, Initialised& out) {
  out.ledger = crypto::sha256(genesis);
  TRY(write_file(machine.files, config.path(config.genesis), genesis, Permission::everybody_reads));
  TRY(const auto founded, cbor::decode<Genesis>(genesis));
  out.policy_path = config.path(policy_name);
  TRY(write_file(machine.files, out.policy_path, platform::encode(proof::policy_of(founded, out.ledger)),
                 Permission::everybody_reads));
  if (config.transport == "tls") {
    TRY(out.certificate_fingerprint, write_certificate(machine, certificate, config));
  }
  out.config_path = config.path(config_name);
  return write_file(machine.files, out.config_path, as_bytes(to_toml(config)), Permission::owner_only);
}

}  // namespace

Result<Initialised> init(const Machine& machine, const InitOptions& options) {
  const auto nonce = options.nonce.value_or(platform::random<32>(machine.random));
  TRY(check_options(machine, options, nonce));
  TRY(const auto certificate, net::make_self_signed(options.host_names, machine.clock.now_ms() / 1000));
  TRY(const Begun begun, begin(machine, options));
  const Config& config = begun.config;
  Initialised out;
  auto members = options.members;
  TRY(const auto checkpoint_keys, make_checkpoint_keys(machine, options, config));
  TRY(out.wallet_keys, make_wallet_keys(machine, options, config, nonce, members));
  if (!out.wallet_keys.empty()) out.wallet_directory = config.path(wallet_name);
  TRY(const auto genesis, make_genesis(machine, options, nonce, members, checkpoint_keys));
  TRY(replica::Checkpointer::found(machine.files, config.path(config.signer_memory)));
  TRY(write_rest(machine, config, genesis, certificate, out));
  return out;
}

Result<Initialised> remake(const Machine& machine, const InitOptions& options, ByteView genesis) {
  TRY(check(options.config));
  const auto founded = cbor::decode<Genesis>(genesis);
  if (!founded) return std::unexpected(Error(founded.error()).with_context("this is not the genesis of a ledger"));
  TRY(check(*founded));
  TRY(const auto certificate, net::make_self_signed(options.host_names, machine.clock.now_ms() / 1000));
  TRY(const Begun begun, begin(machine, options));
  Initialised out;
  TRY(write_rest(machine, begun.config, genesis, certificate, out));
  return out;
}

}  // namespace mikusari::node
