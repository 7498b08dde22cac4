// SPDX-License-Identifier: Apache-2.0
// Where private keys live: encrypted files, a PKCS#11 token, a TPM 2.0. Callers get signers and never private bytes.
//
// A key has a name of its own in its store, one purpose and one algorithm, for life. Every implementation passes
// key_store_contract.hpp. Stores are used from any thread; a signer from several at a time only where its class says
// so.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/signature.hpp"
#include "encoding/field.hpp"

namespace mikusari::keys {

// The words of docs/glossary: what a key is for. The numbers are stored.
enum class Purpose : std::uint8_t {
  wallet = 1,      // signs statements
  authentication,  // in the device's certificate: proves who it is
  identity,        // others encrypt to it: key agreement, which no store offers yet
  attestation,     // signs measurements
  checkpoint,      // signs checkpoints, for one epoch
  authority,       // a certification authority's
  release,         // signs releases of firmware
  standby,         // brings a party's keys back
  recovery,        // of a ledger: signs incarnations
};

// What stands between a thief of the disk and the key.
enum class Protection : std::uint8_t {
  file_permissions = 1,  // nothing but the permissions of the file: no passphrase was set
  encrypted_file,        // a passphrase or a key file kept elsewhere
  process,               // another process that signs for us
  hardware,              // the key cannot leave a token, secure element or TPM
};

constexpr std::array<cbor::Name<Purpose>, 9> names_of(Purpose) {
  return {{{Purpose::wallet, "wallet"},
           {Purpose::authentication, "authentication"},
           {Purpose::identity, "identity"},
           {Purpose::attestation, "attestation"},
           {Purpose::checkpoint, "checkpoint"},
           {Purpose::authority, "authority"},
           {Purpose::release, "release"},
           {Purpose::standby, "standby"},
           {Purpose::recovery, "recovery"}}};
}
constexpr std::array<cbor::Name<Protection>, 4> names_of(Protection) {
  return {{{Protection::file_permissions, "file_permissions"},
           {Protection::encrypted_file, "encrypted_file"},
           {Protection::process, "process"},
           {Protection::hardware, "hardware"}}};
}

struct KeyInfo {
  std::string name;
  crypto::PublicKey public_key;
  Digest thumbprint;  // RFC 9679: the kid of what it signs
  Purpose purpose = Purpose::wallet;
  Protection protection = Protection::file_permissions;
  std::int64_t created_ms = 0;  // since 1970, by the clock of the machine that made it; a token may not know: 0
};

enum class Export : std::uint8_t { never, allowed };                   // may the private bytes leave the store?
enum class Unlock : std::uint8_t { none, passphrase, key_file, pin };  // what opening the store took

struct Capabilities {
  std::vector<crypto::Algorithm> algorithms;  // that create() takes
  Export exportable = Export::never;
  Unlock unlock = Unlock::none;
  std::size_t batch_keys_max = 1;  // that create_many() takes
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;

  virtual Capabilities capabilities() const = 0;
  // In ascending order of names. `corrupt`, naming the place, when one of them cannot be read.
  virtual Result<std::vector<KeyInfo>> list() = 0;
  // Durable when it returns. Errors: `invalid` (name, purpose, or an algorithm that is not among the capabilities),
  // `conflict` (the name is taken), `unauthenticated` (the store is locked), `exhausted` (the token is full).
  virtual Result<KeyInfo> create(std::string_view name, crypto::Algorithm algorithm, Purpose purpose) = 0;
  // Makes sure that the keys batch_name(prefix, 0) ... batch_name(prefix, count - 1) exist, and answers with all of
  // them in that order. After an interruption the same call goes on where the last one stopped: a key that exists is
  // kept, so none is lost and none is made twice. `conflict` when one exists with another algorithm or purpose;
  // `invalid` when count is 0 or more than batch_keys_max.
  virtual Result<std::vector<KeyInfo>> create_many(std::string_view prefix, std::size_t count,
                                                   crypto::Algorithm algorithm, Purpose purpose) = 0;
  // `not_found`; `corrupt` when what is stored is damaged; `unauthenticated` when the store is locked.
  virtual Result<std::unique_ptr<crypto::Signer>> open(std::string_view name) = 0;
  virtual Result<std::unique_ptr<crypto::Signer>> open(const Digest& thumbprint) = 0;
  // Gone for good: there is no undo. `not_found`.
  virtual Result<void> remove(std::string_view name) = 0;
};

constexpr std::size_t name_bytes_max = 64;

// 1 to 64 of a-z 0-9 . _ - beginning with a letter or digit, so that a name is also a file name and never a path.
Result<void> check_name(std::string_view name);

// "chip-000042": the prefix and six digits at least. Ascending in the index up to a million.
std::string batch_name(std::string_view prefix, std::size_t index);

// What create() refuses before it looks at the store.
Result<void> check_request(std::string_view name, crypto::Algorithm algorithm, Purpose purpose,
                           const Capabilities& capabilities);

}  // namespace mikusari::keys
