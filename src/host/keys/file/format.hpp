// SPDX-License-Identifier: Apache-2.0
// The bytes of the file store, deterministic CBOR throughout:
//
//   envelope = { 1 => bstr .cbor (store-about / key-about), ? 2 => nonce, 3 => bstr, 4 => checksum }
//   checksum = bstr .size 32              ; SHA-256 of the three before it, to tell damage from a wrong passphrase
//   store-about = { 1 => "mikusari.keys.1", 2 => protection-method, 3 => salt, ? 4 => scrypt }
//   key-about = { 1 => "mikusari.key.1", 2 => name, 3 => purpose, 4 => created (ms), 5 => protection, 6 => COSE_Key }
//
// In the file `store` the envelope's 3 is what recognises the passphrase: the second half of what was derived from it,
// empty when the store has none. In a key's envelope it is the private key sealed with AES-256-GCM under the first
// half, the bytes of key-about authenticated beside it, and 2 is the nonce; in a store without passphrase 3 is the
// private key itself and 2 is absent. A note is what the owner keeps beside the keys and is no key; it has the same
// envelope, and is protected as the keys are:
//
//   note-about = { 1 => "mikusari.note.1", 2 => name, 3 => protection }
#pragma once

#include <optional>

#include "keys/file/sealing.hpp"
#include "keys/key_store.hpp"
#include "platform/bytes.hpp"
#include "platform/random.hpp"

namespace mikusari::keys::file {

enum class Method : std::uint8_t { file_permissions = 1, passphrase, key_file };
constexpr std::array<cbor::Name<Method>, 3> names_of(Method) {
  return {{{Method::file_permissions, "file_permissions"},
           {Method::passphrase, "passphrase"},
           {Method::key_file, "key_file"}}};
}

// The file `store`, once for all keys, so that the slow derivation happens once and not a key.
struct StoreHeader {
  Method method = Method::file_permissions;
  Bytes<32> salt;
  std::optional<Scrypt> scrypt;
  std::optional<Bytes<32>> recognises;
};

constexpr std::size_t header_bytes_max = 256;
constexpr std::size_t record_bytes_max = 512;

Result<platform::Buffer> encode_header(const StoreHeader& header);
// `corrupt` when the bytes are not what was written.
Result<StoreHeader> decode_header(ByteView bytes);

// One key as it lies in a file. Views point into the bytes that were decoded.
struct Record {
  KeyInfo info;
  ByteView about;
  std::optional<Nonce> nonce;
  ByteView body;
};

// `key` is null in a store without passphrase: then the buffer holds the private key and is the caller's to wipe.
Result<platform::Buffer> encode_record(const KeyInfo& info, ByteView private_bytes, const SealKey* key,
                                       platform::Random& random);
// `corrupt` when the bytes are not what was written; needs no passphrase, and so does not prove who wrote them.
Result<Record> decode_record(ByteView bytes);
// The private bytes. `corrupt` when the record was not made with this key.
Result<crypto::Secret<32>> open_record(const Record& record, const SealKey* key);

Result<platform::Buffer> encode_note(std::string_view name, ByteView bytes, const SealKey* key,
                                     platform::Random& random);
// `corrupt` unless encode_note() wrote it with this name and this key.
Result<platform::Buffer> open_note(std::string_view name, ByteView note, const SealKey* key);

}  // namespace mikusari::keys::file
