// SPDX-License-Identifier: Apache-2.0
#include "node/recover.hpp"

#include <algorithm>

#include "node/credential.hpp"
#include "platform/encode.hpp"
#include "proof/policy.hpp"
#include "replica/store_end.hpp"

namespace mikusari::node {
namespace {

using keys::file::FileKeyStore;
using platform::Buffer;
using platform::Permission;

constexpr const char* plan_name = "recovery-plan.cbor";
constexpr const char* policy_name = "policy.cbor";
constexpr std::size_t genesis_bytes_max = 1024 * 1024;
constexpr std::string_view memory_prefix = "signer/memory-";
constexpr std::string_view key_prefixes[] = {"checkpoint-ed25519-", "checkpoint-p256-"};

Result<replica::StoreEnd> store_end(const Machine& machine, const Config& config, platform::Log& log) {
  replica::Options options;
  options.directory = config.path(config.store);
  options.segment_bytes_max = config.segment_bytes;
  TRY(options.genesis, platform::read_whole(machine.files, config.path(config.genesis), genesis_bytes_max));
  platform::Workers workers(1);
  return replica::end_of_store({machine.files, machine.clock, machine.random, workers, log}, options);
}

Result<std::unique_ptr<FileKeyStore>> key_store(const Machine& machine, const Config& config) {
  TRY(const auto credential, credential_of(machine.files, config));
  const std::string directory = config.path(config.keys_directory);
  auto opened = FileKeyStore::open(machine.for_keys(), directory, credential);
  if (opened || opened.error().code() != Code::not_found) return opened;
  return FileKeyStore::create(machine.for_keys(), directory, credential);
}

// "2-1f3a9c04": the epoch that begins, and what no earlier attempt at it has had.
std::string new_suffix(const Machine& machine, std::uint64_t epoch) {
  return std::to_string(epoch) + "-" + platform::to_hex(platform::random<4>(machine.random));
}

// The present signers with new keys for this node. Views `keys` and the policy.
Result<std::vector<CheckpointSigner>> new_signers(const proof::Policy& policy, const Config& config,
                                                  std::span<const crypto::PublicKey> keys) {
  std::vector<CheckpointSigner> out;
  bool mine = false;
  for (auto signer : policy.signers) {
    if (signer.name == config.signer_name) {
      signer.keys = {keys};
      mine = true;
    }
    out.push_back(signer);
  }
  if (!mine)
    return std::unexpected(Error(Code::invalid, "the ledger's trust policy names no checkpoint signer like this")
                               .with_context("ledger.signer_name = " + config.signer_name));
  return out;
}

// The names, in the key store, of the keys that the incarnation gives this node.
Result<std::vector<std::string>> names_of_keys(FileKeyStore& store, const incarnation::Begin& begin,
                                               const std::string& signer_name) {
  TRY(const auto known, store.list());
  std::vector<std::string> out;
  for (const auto signer : begin.signers) {
    if (signer.name != signer_name) continue;
    for (const auto key : signer.keys) {
      const auto found = std::ranges::find(known, key, &keys::KeyInfo::public_key);
      if (found == known.end() || found->purpose != keys::Purpose::checkpoint)
        return fail(Code::invalid, "the statement gives this node a key that it does not have");
      out.push_back(found->name);
    }
  }
  if (out.empty()) return fail(Code::invalid, "the statement does not name this node among the signers");
  return out;
}

// A memory that goes with the keys: where it stands follows from their names. One that an attempt that was cut off has
// made is as empty as a new one.
Result<std::string> new_memory(const Machine& machine, const Config& config, const std::string& key_name) {
  const auto prefix = std::ranges::find_if(key_prefixes, [&](auto each) { return key_name.starts_with(each); });
  if (prefix == std::end(key_prefixes))
    return fail(Code::invalid, "the statement's keys are not those of a planned recovery");
  std::string out = std::string(memory_prefix) + key_name.substr(prefix->size());
  if (out == config.signer_memory) return fail(Code::conflict, "this recovery has begun: start the node");
  if (!machine.files.exists(config.path(out))) TRY(replica::Checkpointer::found(machine.files, config.path(out)));
  return out;
}

}  // namespace

Result<RecoveryPlan> plan_recovery(const Machine& machine, const std::string& config_path, platform::Log& log,
                                   std::optional<std::uint64_t> lost_size) {
  TRY(const Config config, read_config(machine.files, config_path));
  TRY(const auto end, store_end(machine, config, log));
  TRY(const auto policy, proof::parse_policy(*end.policy));
  if (policy.recovery_threshold == 0)
    return fail(Code::invalid, "the ledger was founded without recovery keys: a lost node cannot come back");
  RecoveryPlan out{config.path(plan_name), policy.epoch + 1, end.log_size, end.height, end.time_ms, end.founded, {}};
  // Before a key is made for nothing.
  TRY(new_signers(policy, config, {}));
  TRY(const auto store, key_store(machine, config));
  std::vector<crypto::PublicKey> keys;
  const std::string suffix = new_suffix(machine, out.epoch);
  for (const auto algorithm : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    const std::string name = std::string(key_prefixes[keys.size()]) + suffix;
    TRY(const auto made, store->create(name, algorithm, keys::Purpose::checkpoint));
    keys.push_back(made.public_key);
    out.keys.push_back(made.name);
  }
  TRY(const auto signers, new_signers(policy, config, keys));
  const incarnation::Begin begin{
      out.epoch, CheckpointSigners(std::span(signers)), policy.threshold, end.log_size, end.log_root, lost_size};
  TRY(check_signers(begin.signers, begin.threshold));
  TRY(platform::write_atomically(machine.files, out.path, platform::encode(begin), Permission::everybody_reads));
  return out;
}

Result<void> begin_recovery(const Machine& machine, const std::string& config_path, platform::Log& log,
                            ByteView statement) {
  TRY(Config config, read_config(machine.files, config_path));
  TRY(const auto end, store_end(machine, config, log));
  TRY(const auto policy, proof::parse_policy(*end.policy));
  TRY(const auto submission, statement::parse(statement));
  TRY(const auto step, proof::step(policy, submission));
  if (step.size != end.log_size || step.root != end.log_root)
    return fail(Code::conflict, "the statement continues another log than the one in this store: make a new plan");
  TRY(const auto begin, cbor::decode<incarnation::Begin>((*submission.bodies.begin()).body));
  TRY(const auto store, key_store(machine, config));
  TRY(config.checkpoint_keys, names_of_keys(*store, begin, config.signer_name));
  TRY(config.signer_memory, new_memory(machine, config, config.checkpoint_keys.front()));
  TRY(platform::write_atomically(machine.files, config.incarnation_path(), statement, Permission::everybody_reads));
  TRY(platform::write_atomically(machine.files, config.path(policy_name), platform::encode(step.policy),
                                 Permission::everybody_reads));
  return platform::write_atomically(machine.files, config_path, as_bytes(to_toml(config)), Permission::owner_only);
}

}  // namespace mikusari::node
