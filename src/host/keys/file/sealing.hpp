// SPDX-License-Identifier: Apache-2.0
// How the file store encrypts: keys derived by scrypt (RFC 7914) from a passphrase or by HKDF-SHA256 (RFC 5869) from a
// key file, and AES-256-GCM (SP 800-38D) around each private key. Any thread.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "encoding/field.hpp"

namespace mikusari::keys::file {

// The cost of one guess at a passphrase. Memory is 128 * r * 2^log2_n bytes; the default takes 64 MiB.
struct Scrypt {
  std::uint8_t log2_n = 16;
  std::uint8_t r = 8;
  std::uint8_t p = 2;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "log2_n", &Scrypt::log2_n, "base two logarithm of the cost"},
      cbor::Field{2, "r", &Scrypt::r, "block size"},
      cbor::Field{3, "p", &Scrypt::p, "parallelization"},
  };
  friend bool operator==(const Scrypt&, const Scrypt&) = default;
};

constexpr std::size_t scrypt_memory_bytes_max = 256 * 1024 * 1024;
constexpr std::size_t scrypt_work_max = std::size_t{1} << 25;  // r * p * 2^log2_n

// A file from outside says how much memory and time we spend: `exhausted` beyond the two bounds above, `invalid`
// below 2^10, where guessing is too cheap to be called protection.
Result<void> check(const Scrypt& cost);

// 64 bytes: the key, and a value by which a later passphrase is recognised. Errors: those of check().
Result<crypto::Secret<64>> derive(ByteView passphrase, ByteView salt, const Scrypt& cost);
// The same from bytes that are already random.
Result<crypto::Secret<64>> derive(ByteView key_file, ByteView salt, ByteView info);

using SealKey = crypto::Secret<32>;
using Nonce = Bytes<12>;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t sealed_bytes = 32 + tag_bytes;  // of a private key
constexpr std::size_t plain_bytes_max = std::size_t{1} << 30;

// REQUIRES: the nonce was never used with this key.
Result<Bytes<sealed_bytes>> seal(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView plain_32);
// `unauthenticated` unless key, nonce, the bytes beside and the sealed bytes are those of one seal().
Result<crypto::Secret<32>> unseal(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView sealed);
// The same for any length up to plain_bytes_max: ciphertext and tag. REQUIRES: the sealed bytes are longer than the
// plain ones by tag_bytes.
Result<void> seal_into(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView plain, MutableByteView sealed);
// What `plain` holds after an error is worth nothing.
Result<void> unseal_into(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView sealed,
                         MutableByteView plain);

}  // namespace mikusari::keys::file
