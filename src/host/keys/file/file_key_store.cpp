// SPDX-License-Identifier: Apache-2.0
#include "keys/file/file_key_store.hpp"

#include "cose/key.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "keys/file/pack.hpp"

namespace mikusari::keys::file {
namespace {

constexpr const char* header_file = "store";
constexpr std::size_t key_file_bytes_min = 32, key_file_bytes_max = 4096;

std::unexpected<Error> failed_at(const std::string& path, const Error& why) {
  return std::unexpected(why.with_context(path));
}

Result<crypto::Secret<64>> derive_for(const StoreHeader& header, ByteView secret) {
  if (header.method == Method::passphrase) return derive(secret, header.salt, *header.scrypt);
  return derive(secret, header.salt, as_bytes("mikusari.keys.1"));
}

}  // namespace

ByteView passphrase_line(ByteView contents) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::string_view text = as_text(contents);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return as_bytes(text);
}

Result<platform::Secret> read_key_file(platform::Files& files, const std::string& path) {
  auto bytes = platform::read_whole(files, path, key_file_bytes_max);
  if (!bytes && bytes.error().code() != Code::exhausted) return std::unexpected(bytes.error());
  if (!bytes || bytes->size() < key_file_bytes_min) {
    return failed_at(path, Error(Code::invalid, "a key file holds 32 to 4096 random bytes"));
  }
  return platform::Secret::take(std::move(*bytes));
}

Result<std::unique_ptr<FileKeyStore>> FileKeyStore::create(Machine machine, const std::string& directory,
                                                           const Credential& credential, const Scrypt& cost) {
  if (credential.kind_ == Unlock::pin)
    return fail(Code::invalid, "a new key store needs a passphrase, a key file or neither");
  TRY(check(cost));
  TRY(machine.files.make_directory(directory));
  TRY(machine.check_directory(directory));
  TRY(const auto lock, machine.files.lock(directory));
  const std::string path = platform::join(directory, header_file);
  if (machine.files.exists(path)) return failed_at(path, Error(Code::conflict, "there is a key store already"));
  StoreHeader header{
      .method = Method::file_permissions, .salt = platform::random<32>(machine.random), .scrypt = {}, .recognises = {}};
  if (credential.kind_ != Unlock::none) {
    header.method = credential.kind_ == Unlock::passphrase ? Method::passphrase : Method::key_file;
    if (header.method == Method::passphrase) header.scrypt = cost;
    if (credential.secret_.empty()) return fail(Code::invalid, "the passphrase is empty");
    TRY(const auto derived, derive_for(header, credential.secret_.reveal()));
    header.recognises = Bytes<32>::copy(derived.view().last(32));
  }
  TRY(const platform::Buffer bytes, encode_header(header));
  TRY(platform::write_atomically(machine.files, path, bytes));
  return open(std::move(machine), directory, credential);
}

Result<std::unique_ptr<FileKeyStore>> FileKeyStore::open(Machine machine, const std::string& directory,
                                                         const Credential& credential) {
  const std::string path = platform::join(directory, header_file);
  if (!machine.files.exists(path)) return failed_at(directory, Error(Code::not_found, "there is no key store here"));
  TRY(machine.check_directory(directory));
  auto bytes = platform::read_whole(machine.files, path, header_bytes_max);
  if (!bytes && bytes.error().code() != Code::exhausted) return std::unexpected(bytes.error());
  if (!bytes) return failed_at(path, Error(Code::corrupt, "the file is too large for a key store's header"));
  auto header = decode_header(*bytes);
  if (!header) return failed_at(path, header.error());
  std::unique_ptr<FileKeyStore> store(new FileKeyStore(std::move(machine), directory));
  if (auto unlocked = store->unlock(*header, credential); !unlocked) return failed_at(path, unlocked.error());
  platform::MutexLock lock(store->mutex_);
  TRY(store->rescan());
  return store;
}

Result<void> FileKeyStore::unlock(const StoreHeader& header, const Credential& credential) {
  method_ = header.method;
  if (credential.kind_ == Unlock::pin) return {};
  if (credential.kind_ != unlock_kind()) {
    switch (method_) {
      case Method::passphrase: return fail(Code::unauthenticated, "this key store is opened by a passphrase");
      case Method::key_file: return fail(Code::unauthenticated, "this key store is opened by a key file");
      case Method::file_permissions:
        return fail(Code::unauthenticated, "this key store has neither passphrase nor key file");
    }
  }
  if (method_ == Method::file_permissions) return {};
  TRY(const auto derived, derive_for(header, credential.secret_.reveal()));
  if (!platform::equal_in_constant_time(derived.view().last(32), *header.recognises)) {
    return fail(Code::unauthenticated,
                method_ == Method::passphrase ? "the passphrase is wrong" : "the key file is another store's");
  }
  key_.emplace(derived.view().first(32));
  return {};
}

Result<void> FileKeyStore::require_unlocked() const {
  if (method_ == Method::file_permissions || key_) return {};
  return failed_at(directory_,
                   Error(Code::unauthenticated, "the key store is locked: give its passphrase or key file"));
}

Protection FileKeyStore::protection() const {
  return method_ == Method::file_permissions ? Protection::file_permissions : Protection::encrypted_file;
}

Unlock FileKeyStore::unlock_kind() const {
  switch (method_) {
    case Method::passphrase: return Unlock::passphrase;
    case Method::key_file: return Unlock::key_file;
    case Method::file_permissions: break;
  }
  return Unlock::none;
}

Capabilities FileKeyStore::capabilities() const {
  return {.algorithms = {crypto::Algorithm::esp256, crypto::Algorithm::ed25519},
          .exportable = Export::allowed,
          .unlock = unlock_kind(),
          .batch_keys_max = 1'000'000};
}

Result<void> FileKeyStore::rescan() {
  TRY(index_, Index::scan(machine_.files, directory_));
  return {};
}

// Another process may have made the key since we last looked.
Result<std::optional<Place>> FileKeyStore::find(std::string_view name) {
  for (int look = 0; look < 2; ++look) {
    if (look == 1) TRY(rescan());
    if (const Place* place = index_.find(name)) return *place;
  }
  if (const Error* damage = index_.damage(name)) return std::unexpected(*damage);
  return std::nullopt;
}

Result<std::vector<KeyInfo>> FileKeyStore::list() {
  platform::MutexLock lock(mutex_);
  TRY(rescan());
  if (const Error* damage = index_.damage()) return std::unexpected(*damage);
  return index_.list();
}

Result<void> FileKeyStore::check_free(std::string_view name) {
  TRY(rescan());
  if (index_.find(name) != nullptr || machine_.files.exists(path(key_file(name)))) {
    return failed_at(std::string(name), Error(Code::conflict, "there is a key of this name already"));
  }
  if (const Error* damage = index_.damage(name)) return std::unexpected(*damage);
  return {};
}

Result<FileKeyStore::Made> FileKeyStore::seal_key(std::string_view name, crypto::Algorithm algorithm, Purpose purpose,
                                                  const crypto::Secret<32>& private_bytes) {
  TRY(const auto signer, crypto::SoftwareSigner::from_private(algorithm, private_bytes.view()));
  KeyInfo info{.name = std::string(name),
               .public_key = signer.public_key(),
               .thumbprint = cose::thumbprint(signer.public_key()),
               .purpose = purpose,
               .protection = protection(),
               .created_ms = machine_.clock.now_ms()};
  TRY(auto record, encode_record(info, private_bytes.view(), key(), machine_.random));
  return Made{std::move(info), platform::Secret::take(std::move(record))};
}

Result<FileKeyStore::Made> FileKeyStore::make_key(std::string_view name, crypto::Algorithm algorithm, Purpose purpose) {
  // All but 2^-32 of the 32 byte strings are P-256 keys, and all are Ed25519 keys.
  for (int attempt = 0; attempt < 8; ++attempt) {
    crypto::Secret<32> private_bytes;
    machine_.random.fill(private_bytes.mutable_view());
    auto made = seal_key(name, algorithm, purpose, private_bytes);
    if (made || made.error().code() != Code::invalid) return made;
  }
  return fail(Code::internal, "the source of random numbers gives no keys");
}

Result<KeyInfo> FileKeyStore::store_alone(Made made) {
  const std::string file = key_file(made.info.name);
  TRY(platform::write_atomically(machine_.files, path(file), made.record.reveal()));
  index_.add({.info = made.info, .file = file, .offset = 0, .length = made.record.size()});
  return std::move(made.info);
}

Result<KeyInfo> FileKeyStore::create(std::string_view name, crypto::Algorithm algorithm, Purpose purpose) {
  TRY(check_request(name, algorithm, purpose, capabilities()));
  TRY(require_unlocked());
  platform::MutexLock lock(mutex_);
  TRY(const auto directory_lock, machine_.files.lock(directory_));
  TRY(check_free(name));
  TRY(Made made, make_key(name, algorithm, purpose));
  return store_alone(std::move(made));
}

Result<KeyInfo> FileKeyStore::import_private(std::string_view name, crypto::Algorithm algorithm, Purpose purpose,
                                             const crypto::Secret<32>& private_bytes) {
  TRY(check_request(name, algorithm, purpose, capabilities()));
  TRY(require_unlocked());
  TRY(Made made, seal_key(name, algorithm, purpose, private_bytes));
  platform::MutexLock lock(mutex_);
  TRY(const auto directory_lock, machine_.files.lock(directory_));
  TRY(check_free(name));
  if (const Place* same = index_.find(made.info.thumbprint)) {
    return failed_at(same->info.name, Error(Code::conflict, "the store holds this key already, under this name"));
  }
  return store_alone(std::move(made));
}

Result<crypto::Secret<32>> FileKeyStore::read_private(const Place& place) const {
  const std::string where = path(place.file);
  TRY(const auto file, machine_.files.open(where, platform::Open::read));
  platform::Secret bytes(place.length);
  TRY(file->read(place.offset, bytes.mutable_reveal()));
  auto record = decode_record(bytes.reveal());
  if (!record) return failed_at(where, record.error());
  if (record->info.public_key != place.info.public_key || record->info.name != place.info.name) {
    return failed_at(where, Error(Code::corrupt, "another key is where this one was"));
  }
  auto opened = open_record(*record, key());
  if (!opened) return failed_at(where, opened.error());
  return opened;
}

Result<crypto::Secret<32>> FileKeyStore::private_bytes(Place& place) {
  auto first = read_private(place);
  if (first || first.error().code() == Code::unavailable) return first;
  std::optional<Place> now;
  {
    platform::MutexLock lock(mutex_);
    TRY(rescan());
    TRY(now, find(place.info.name));
  }
  if (!now) return failed_at(place.info.name, Error(Code::not_found, "the key was removed meanwhile"));
  place = std::move(*now);
  return read_private(place);
}

Result<std::unique_ptr<crypto::Signer>> FileKeyStore::signer(Place place) {
  TRY(const auto bytes, private_bytes(place));
  auto made = crypto::SoftwareSigner::from_private(place.info.public_key.algorithm(), bytes.view());
  if (!made || made->public_key() != place.info.public_key) {
    return failed_at(path(place.file), Error(Code::corrupt, "the private key is not that of the public key"));
  }
  return std::make_unique<crypto::SoftwareSigner>(std::move(*made));
}

Result<std::unique_ptr<crypto::Signer>> FileKeyStore::open(std::string_view name) {
  TRY(require_unlocked());
  std::optional<Place> place;
  {
    platform::MutexLock lock(mutex_);
    TRY(place, find(name));
  }
  if (!place) return failed_at(std::string(name), Error(Code::not_found, "there is no key of this name"));
  return signer(*place);
}

Result<std::unique_ptr<crypto::Signer>> FileKeyStore::open(const Digest& thumbprint) {
  TRY(require_unlocked());
  std::optional<Place> place;
  {
    platform::MutexLock lock(mutex_);
    if (index_.find(thumbprint) == nullptr) TRY(rescan());
    if (const Place* found = index_.find(thumbprint)) {
      place = *found;
    } else if (const Error* damage = index_.damage()) {
      return std::unexpected(*damage);
    }
  }
  if (!place)
    return failed_at(platform::to_hex(thumbprint), Error(Code::not_found, "there is no key of this thumbprint"));
  TRY(auto out, signer(*place));
  if (cose::thumbprint(out->public_key()) != thumbprint) {
    return failed_at(place->info.name, Error(Code::not_found, "the key was replaced meanwhile"));
  }
  return out;
}

Result<crypto::Secret<32>> FileKeyStore::export_private(std::string_view name) {
  TRY(require_unlocked());
  std::optional<Place> place;
  {
    platform::MutexLock lock(mutex_);
    TRY(place, find(name));
  }
  if (!place) return failed_at(std::string(name), Error(Code::not_found, "there is no key of this name"));
  return private_bytes(*place);
}

Result<platform::Buffer> FileKeyStore::seal_note(std::string_view name, ByteView bytes) const {
  TRY(require_unlocked());
  return encode_note(name, bytes, key(), machine_.random);
}

Result<platform::Buffer> FileKeyStore::open_note(std::string_view name, ByteView sealed) const {
  TRY(require_unlocked());
  return file::open_note(name, sealed, key());
}

Result<void> FileKeyStore::remove(std::string_view name) {
  platform::MutexLock lock(mutex_);
  TRY(const auto directory_lock, machine_.files.lock(directory_));
  TRY(rescan());
  TRY(const auto place, find(name));
  if (!place) return failed_at(std::string(name), Error(Code::not_found, "there is no key of this name"));
  if (place->file == key_file(name)) {
    TRY(machine_.files.remove(path(place->file)));
    TRY(machine_.files.sync_directory(directory_));
    index_.remove(std::string(name));
    return {};
  }
  TRY(remove_from_pack(*place));
  return rescan();  // every key behind it has moved
}

}  // namespace mikusari::keys::file
