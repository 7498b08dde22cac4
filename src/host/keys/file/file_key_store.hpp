// SPDX-License-Identifier: Apache-2.0
// Private keys in encrypted files: one directory (mode 0700) is one store, with one passphrase or key file for all its
// keys, or, when that is asked for in so many words, with nothing but the files' permissions. Formats: format.hpp,
// pack.hpp.
//
// The passphrase is stretched once, when the store is opened; each key is then sealed on its own under a random nonce.
// Changes are durable when a call returns, and a crash in the middle leaves the old state or the new one. Several
// threads may share a store and its signers; several processes may share a directory (one that changes it while
// another does is told `unavailable`). Opening reads every key's public part: about 100,000 keys a second.
#pragma once

#include <functional>
#include <optional>

#include "keys/file/directory.hpp"
#include "keys/file/index.hpp"
#include "platform/clock.hpp"
#include "platform/file.hpp"
#include "platform/mutex.hpp"
#include "platform/random.hpp"
#include "platform/secret.hpp"

namespace mikusari::keys::file {

// What opens a store.
class Credential {
 public:
  // Asking people for it is the caller's business. Empty is refused: say unprotected() when that is meant.
  static Credential passphrase(platform::Secret words) { return Credential(Unlock::passphrase, std::move(words)); }
  // The contents of a file of at least 32 random bytes: see read_key_file().
  static Credential key_file(platform::Secret contents) { return Credential(Unlock::key_file, std::move(contents)); }
  // Keys lie in the clear; only the files' permissions protect them, and KeyInfo says so.
  static Credential unprotected() { return Credential(Unlock::none, {}); }
  // Opens any store for looking: what needs a private key answers `unauthenticated`.
  static Credential locked() { return Credential(Unlock::pin, {}); }

 private:
  friend class FileKeyStore;
  Credential(Unlock kind, platform::Secret secret) : kind_(kind), secret_(std::move(secret)) {}
  Unlock kind_;
  platform::Secret secret_;
};

// What a passphrase file says: its first line, without a mark of byte order before it and a carriage return behind it,
// which editors add unseen.
ByteView passphrase_line(ByteView contents);

// `invalid` unless the file holds 32 to 4096 bytes.
Result<platform::Secret> read_key_file(platform::Files& files, const std::string& path);

// Everything from outside. It must outlive the store.
struct Machine {
  platform::Files& files;
  platform::Random& random;
  const platform::Clock& clock;
  std::function<Result<void>(const std::string& directory)> check_directory = &check_private;
};

class FileKeyStore final : public KeyStore {
 public:
  // Makes the directory when it is absent. `conflict` when it holds a store already.
  static Result<std::unique_ptr<FileKeyStore>> create(Machine machine, const std::string& directory,
                                                      const Credential& credential, const Scrypt& cost = {});
  // `not_found` without a store; `unauthenticated` for a wrong passphrase or key file; `forbidden` when others may
  // look into the directory; `corrupt` or `exhausted` for a header that is damaged or asks for too much memory.
  static Result<std::unique_ptr<FileKeyStore>> open(Machine machine, const std::string& directory,
                                                    const Credential& credential);

  Capabilities capabilities() const override;
  Result<std::vector<KeyInfo>> list() override;
  Result<KeyInfo> create(std::string_view name, crypto::Algorithm algorithm, Purpose purpose) override;
  // In one file, <prefix>.pack, a sync for each 256 keys.
  Result<std::vector<KeyInfo>> create_many(std::string_view prefix, std::size_t count, crypto::Algorithm algorithm,
                                           Purpose purpose) override;
  Result<std::unique_ptr<crypto::Signer>> open(std::string_view name) override;
  Result<std::unique_ptr<crypto::Signer>> open(const Digest& thumbprint) override;
  // A packed key's pack is written anew without it. What the disk keeps of removed files is the disk's business.
  Result<void> remove(std::string_view name) override;

  // A key from elsewhere; `invalid` when the 32 bytes are no key, `conflict` when name or key is there already.
  Result<KeyInfo> import_private(std::string_view name, crypto::Algorithm algorithm, Purpose purpose,
                                 const crypto::Secret<32>& private_bytes);
  Result<crypto::Secret<32>> export_private(std::string_view name);

  // What the owner keeps beside the keys and is no key, protected as the keys are. The caller stores the sealed bytes;
  // `name` says what they are, and a note opens under its own name only. Errors: `unauthenticated` when the store is
  // locked; `corrupt` when they are damaged, of another name or store, or less protected than this store's keys.
  Result<platform::Buffer> seal_note(std::string_view name, ByteView bytes) const;
  Result<platform::Buffer> open_note(std::string_view name, ByteView sealed) const;

 private:
  struct Made {
    KeyInfo info;
    platform::Secret record;
  };

  FileKeyStore(Machine machine, std::string directory)
      : machine_(std::move(machine)), directory_(std::move(directory)) {}
  Result<void> unlock(const StoreHeader& header, const Credential& credential);
  Result<void> require_unlocked() const;
  std::string path(const std::string& file) const { return platform::join(directory_, file); }
  Protection protection() const;
  Unlock unlock_kind() const;
  const SealKey* key() const { return key_ ? &*key_ : nullptr; }

  Result<void> rescan() MIKUSARI_REQUIRES(mutex_);
  Result<std::optional<Place>> find(std::string_view name) MIKUSARI_REQUIRES(mutex_);
  Result<Made> seal_key(std::string_view name, crypto::Algorithm algorithm, Purpose purpose,
                        const crypto::Secret<32>& private_bytes);
  Result<Made> make_key(std::string_view name, crypto::Algorithm algorithm, Purpose purpose);
  Result<KeyInfo> store_alone(Made made) MIKUSARI_REQUIRES(mutex_);
  Result<void> check_free(std::string_view name) MIKUSARI_REQUIRES(mutex_);
  // Those of the batch that do not exist yet; `conflict` when one exists that is of another kind.
  Result<std::vector<std::string>> missing(std::string_view prefix, std::size_t count, crypto::Algorithm algorithm,
                                           Purpose purpose) MIKUSARI_REQUIRES(mutex_);
  Result<void> append_to_pack(const std::string& file, const std::vector<std::string>& names,
                              crypto::Algorithm algorithm, Purpose purpose) MIKUSARI_REQUIRES(mutex_);
  Result<void> remove_from_pack(const Place& place);
  Result<crypto::Secret<32>> read_private(const Place& place) const;
  // The same, looking again when another process has moved the key since: then the place is corrected.
  Result<crypto::Secret<32>> private_bytes(Place& place);
  Result<std::unique_ptr<crypto::Signer>> signer(Place place);

  const Machine machine_;
  const std::string directory_;
  Method method_ = Method::file_permissions;
  std::optional<SealKey> key_;
  platform::Mutex mutex_;
  Index index_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::keys::file
