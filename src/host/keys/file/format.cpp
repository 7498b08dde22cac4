// SPDX-License-Identifier: Apache-2.0
#include "keys/file/format.hpp"

#include "cose/key.hpp"
#include "crypto/hash.hpp"

namespace mikusari::keys::file {
namespace {

constexpr std::string_view store_format = "mikusari.keys.1";
constexpr std::string_view key_format = "mikusari.key.1";
constexpr std::string_view note_format = "mikusari.note.1";

struct Envelope {
  ByteView about;
  std::optional<Nonce> nonce;
  ByteView body;
  Digest checksum;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "about", &Envelope::about}, cbor::Field{2, "nonce", &Envelope::nonce},
                 cbor::Field{3, "body", &Envelope::body}, cbor::Field{4, "checksum", &Envelope::checksum}};
};

struct StoreAbout {
  std::string_view format;
  Method method = Method::file_permissions;
  Bytes<32> salt;
  std::optional<Scrypt> scrypt;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "format", &StoreAbout::format}, cbor::Field{2, "method", &StoreAbout::method},
                 cbor::Field{3, "salt", &StoreAbout::salt}, cbor::Field{4, "scrypt", &StoreAbout::scrypt}};
};

struct KeyAbout {
  std::string_view format;
  std::string_view name;
  Purpose purpose = Purpose::wallet;
  std::int64_t created_ms = 0;
  Protection protection = Protection::file_permissions;
  crypto::PublicKey public_key;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "format", &KeyAbout::format},         cbor::Field{2, "name", &KeyAbout::name},
      cbor::Field{3, "purpose", &KeyAbout::purpose},       cbor::Field{4, "created", &KeyAbout::created_ms},
      cbor::Field{5, "protection", &KeyAbout::protection}, cbor::Field{6, "public_key", &KeyAbout::public_key}};
};

struct NoteAbout {
  std::string_view format;
  std::string_view name;
  Protection protection = Protection::file_permissions;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "format", &NoteAbout::format}, cbor::Field{2, "name", &NoteAbout::name},
                 cbor::Field{3, "protection", &NoteAbout::protection}};
};

Digest checksum_of(const Envelope& envelope) {
  const ByteView nonce = envelope.nonce ? envelope.nonce->view() : ByteView{};
  return crypto::sha256({envelope.about, nonce, envelope.body});
}

template <class T>
Result<platform::Buffer> encode(const T& value, std::size_t bytes_max) {
  platform::Buffer buffer(bytes_max);
  TRY(const ByteView bytes, cbor::encode(value, buffer));
  buffer.resize(bytes.size());
  return buffer;
}

// What a decoder calls invalid is damage when it lay in our own file.
template <class T>
Result<T> stored(Result<T> result) {
  if (result || result.error().code() == Code::corrupt) return result;
  return std::unexpected(Error(Code::corrupt, result.error().text(), result.error().offset()));
}

Result<Envelope> decode_envelope(ByteView bytes) {
  TRY(const Envelope envelope, stored(cbor::decode<Envelope>(bytes)));
  if (checksum_of(envelope) != envelope.checksum)
    return fail(Code::corrupt, "the checksum is wrong: the file is damaged");
  return envelope;
}

}  // namespace

Result<platform::Buffer> encode_header(const StoreHeader& header) {
  const StoreAbout about{store_format, header.method, header.salt, header.scrypt};
  TRY(const platform::Buffer about_bytes, encode(about, header_bytes_max));
  Envelope envelope{.about = about_bytes, .nonce = {}, .body = {}, .checksum = {}};
  if (header.recognises) envelope.body = header.recognises->view();
  envelope.checksum = checksum_of(envelope);
  return encode(envelope, header_bytes_max);
}

Result<StoreHeader> decode_header(ByteView bytes) {
  TRY(const Envelope envelope, decode_envelope(bytes));
  TRY(const StoreAbout about, stored(cbor::decode<StoreAbout>(envelope.about)));
  if (about.format != store_format) return fail(Code::corrupt, "not a key store of this version");
  const bool encrypted = about.method != Method::file_permissions;
  if (envelope.body.size() != (encrypted ? 32U : 0U) ||
      about.scrypt.has_value() != (about.method == Method::passphrase)) {
    return fail(Code::corrupt, "the key store's header contradicts itself");
  }
  StoreHeader header{about.method, about.salt, about.scrypt, {}};
  if (encrypted) header.recognises = Bytes<32>::copy(envelope.body);
  return header;
}

Result<platform::Buffer> encode_record(const KeyInfo& info, ByteView private_bytes, const SealKey* key,
                                       platform::Random& random) {
  const KeyAbout about{key_format, info.name, info.purpose, info.created_ms, info.protection, info.public_key};
  TRY(const platform::Buffer about_bytes, encode(about, record_bytes_max));
  Envelope envelope{.about = about_bytes, .nonce = {}, .body = private_bytes, .checksum = {}};
  Bytes<sealed_bytes> sealed;
  if (key != nullptr) {
    envelope.nonce = platform::random<Nonce::length>(random);
    TRY(sealed, seal(*key, *envelope.nonce, about_bytes, private_bytes));
    envelope.body = sealed.view();
  }
  envelope.checksum = checksum_of(envelope);
  return encode(envelope, record_bytes_max);
}

Result<Record> decode_record(ByteView bytes) {
  TRY(const Envelope envelope, decode_envelope(bytes));
  TRY(const KeyAbout about, stored(cbor::decode<KeyAbout>(envelope.about)));
  if (about.format != key_format) return fail(Code::corrupt, "not a key of this version");
  if (!check_name(about.name)) return fail(Code::corrupt, "the stored name is not a key's name");
  const bool encrypted = about.protection == Protection::encrypted_file;
  if ((!encrypted && about.protection != Protection::file_permissions) || envelope.nonce.has_value() != encrypted ||
      envelope.body.size() != (encrypted ? sealed_bytes : 32U)) {
    return fail(Code::corrupt, "the stored key contradicts itself");
  }
  return Record{.info = {.name = std::string(about.name),
                         .public_key = about.public_key,
                         .thumbprint = cose::thumbprint(about.public_key),
                         .purpose = about.purpose,
                         .protection = about.protection,
                         .created_ms = about.created_ms},
                .about = envelope.about,
                .nonce = envelope.nonce,
                .body = envelope.body};
}

Result<crypto::Secret<32>> open_record(const Record& record, const SealKey* key) {
  if (record.nonce.has_value() != (key != nullptr)) {
    return fail(Code::corrupt, "the key is not protected as the other keys of this store are");
  }
  if (key == nullptr) return crypto::Secret<32>(record.body);
  auto opened = unseal(*key, *record.nonce, record.about, record.body);
  if (!opened && opened.error().code() == Code::unauthenticated) {
    return fail(Code::corrupt, "the key was changed, or comes from another store");
  }
  return opened;
}

Result<platform::Buffer> encode_note(std::string_view name, ByteView bytes, const SealKey* key,
                                     platform::Random& random) {
  const NoteAbout about{note_format, name, key != nullptr ? Protection::encrypted_file : Protection::file_permissions};
  TRY(const platform::Buffer about_bytes, encode(about, record_bytes_max));
  Envelope envelope{.about = about_bytes, .nonce = {}, .body = bytes, .checksum = {}};
  platform::Buffer sealed;
  if (key != nullptr) {
    sealed.resize(bytes.size() + tag_bytes);
    envelope.nonce = platform::random<Nonce::length>(random);
    TRY(seal_into(*key, *envelope.nonce, about_bytes, bytes, sealed));
    envelope.body = sealed;
  }
  envelope.checksum = checksum_of(envelope);
  return encode(envelope, bytes.size() + 2 * record_bytes_max);
}

Result<platform::Buffer> open_note(std::string_view name, ByteView note, const SealKey* key) {
  TRY(const Envelope envelope, decode_envelope(note));
  TRY(const NoteAbout about, stored(cbor::decode<NoteAbout>(envelope.about)));
  if (about.format != note_format || about.name != name) return fail(Code::corrupt, "this is another note");
  if (envelope.nonce.has_value() != (key != nullptr))
    return fail(Code::corrupt, "the note is not protected as the keys beside it are");
  if (key == nullptr) return platform::copy(envelope.body);
  if (envelope.body.size() < tag_bytes) return fail(Code::corrupt, "the note is too short");
  platform::Buffer out(envelope.body.size() - tag_bytes);
  const auto opened = unseal_into(*key, *envelope.nonce, envelope.about, envelope.body, out);
  if (opened) return out;
  if (opened.error().code() != Code::unauthenticated) return std::unexpected(opened.error());
  return fail(Code::corrupt, "the note was changed, or comes from another store");
}

}  // namespace mikusari::keys::file
