// SPDX-License-Identifier: Apache-2.0
#include "keys/file/sealing.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>

namespace mikusari::keys::file {
namespace {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Kdf = std::unique_ptr<EVP_KDF, Free<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, Free<EVP_KDF_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;

constexpr int secret_length = 32;

std::unexpected<Error> openssl_failed() { return fail(Code::internal, "OpenSSL failed"); }

const unsigned char* raw(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

// OSSL_PARAM takes pointers to non-const for bytes that it only reads. An empty one still needs an address.
OSSL_PARAM octets(const char* key, ByteView bytes) {
  static const std::byte nothing{};
  return OSSL_PARAM_construct_octet_string(
      key, const_cast<void*>(static_cast<const void*>(bytes.empty() ? &nothing : bytes.data())), bytes.size());
}

Result<crypto::Secret<64>> run(const char* name, const OSSL_PARAM* parameters) {
  const Kdf kdf(EVP_KDF_fetch(nullptr, name, nullptr));
  const KdfContext context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  crypto::Secret<64> out;
  if (!context || EVP_KDF_derive(context.get(), raw(out.mutable_view().data()), 64, parameters) != 1) {
    return openssl_failed();
  }
  return out;
}

}  // namespace

Result<void> check(const Scrypt& cost) {
  if (cost.log2_n < 10) return fail(Code::invalid, "scrypt's cost is below 2^10");
  if (cost.r == 0 || cost.p == 0) return fail(Code::invalid, "scrypt's r and p begin at 1");
  if (cost.log2_n > 20) return fail(Code::exhausted, "scrypt's cost is above 2^20");
  const std::size_t blocks = std::size_t{cost.r} << cost.log2_n;
  if (128 * blocks > scrypt_memory_bytes_max) return fail(Code::exhausted, "scrypt would take more than 256 MiB");
  if (blocks * cost.p > scrypt_work_max) return fail(Code::exhausted, "scrypt would take too long");
  return {};
}

Result<crypto::Secret<64>> derive(ByteView passphrase, ByteView salt, const Scrypt& cost) {
  TRY(check(cost));
  std::uint64_t n = std::uint64_t{1} << cost.log2_n;
  std::uint32_t r = cost.r, p = cost.p;
  std::uint64_t memory = 2 * scrypt_memory_bytes_max;
  const OSSL_PARAM parameters[] = {octets(OSSL_KDF_PARAM_PASSWORD, passphrase),
                                   octets(OSSL_KDF_PARAM_SALT, salt),
                                   OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
                                   OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
                                   OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
                                   OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
                                   OSSL_PARAM_construct_end()};
  return run("SCRYPT", parameters);
}

Result<crypto::Secret<64>> derive(ByteView key_file, ByteView salt, ByteView info) {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                   octets(OSSL_KDF_PARAM_KEY, key_file), octets(OSSL_KDF_PARAM_SALT, salt),
                                   octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  return run("HKDF", parameters);
}

Result<void> seal_into(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView plain,
                       MutableByteView sealed) {
  ASSERT(sealed.size() == plain.size() + tag_bytes);
  if (plain.size() > plain_bytes_max) return fail(Code::exhausted, "too many bytes to seal at once");
  const CipherContext context(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool good =
      context &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.view()), raw(nonce.view())) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &length, raw(beside), static_cast<int>(beside.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), raw(sealed.data()), &length, raw(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), raw(sealed.data() + length), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, sealed.last(tag_bytes).data()) == 1;
  if (!good) return openssl_failed();
  return {};
}

Result<void> unseal_into(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView sealed,
                         MutableByteView plain) {
  ASSERT(sealed.size() == plain.size() + tag_bytes);
  if (plain.size() > plain_bytes_max) return fail(Code::exhausted, "too many bytes to open at once");
  const CipherContext context(EVP_CIPHER_CTX_new());
  Bytes<tag_bytes> tag = Bytes<tag_bytes>::copy(sealed.last(tag_bytes));
  int length = 0;
  const bool ready =
      context &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.view()), raw(nonce.view())) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &length, raw(beside), static_cast<int>(beside.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), raw(plain.data()), &length, raw(sealed), static_cast<int>(plain.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data.data()) == 1;
  if (!ready) return openssl_failed();
  if (EVP_DecryptFinal_ex(context.get(), raw(plain.data() + length), &length) != 1)
    return fail(Code::unauthenticated, "the sealed bytes are not authentic");
  return {};
}

Result<Bytes<sealed_bytes>> seal(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView plain_32) {
  ASSERT(plain_32.size() == std::size_t{secret_length});
  Bytes<sealed_bytes> out;
  TRY(seal_into(key, nonce, beside, plain_32, out.mutable_view()));
  return out;
}

Result<crypto::Secret<32>> unseal(const SealKey& key, const Nonce& nonce, ByteView beside, ByteView sealed) {
  if (sealed.size() != sealed_bytes) return fail(Code::unauthenticated, "a sealed private key has 48 bytes");
  crypto::Secret<32> out;
  TRY(unseal_into(key, nonce, beside, sealed, out.mutable_view()));
  return out;
}

}  // namespace mikusari::keys::file
