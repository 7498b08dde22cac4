// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <sodium.h>

#include "crypto/ecdsa_der.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/handles.hpp"

namespace mikusari::crypto {
namespace {

using openssl::Key;
using openssl::KeyContext;
using openssl::raw;

Key p256_without_point() {
  char group[] = "P-256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                                   OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  ASSERT(context && EVP_PKEY_fromdata_init(context.get()) == 1);
  ASSERT(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEY_PARAMETERS, const_cast<OSSL_PARAM*>(parameters)) == 1);
  return Key(key);
}

// One P-256 key and verification context per thread. The point is replaced in place, which costs 0.8 us and is as fast
// as verifying under one key for ever; making a key and a context per signature (EVP_PKEY_dup) loses a sixth of the
// rate, decoding a DER key four fifths.
class P256Verifier {
 public:
  // False: not a point on the curve.
  bool set_point(ByteView point) {
    if (set_ && equal(point, ByteView(point_).subspan(1))) return true;
    point_.data[0] = std::byte{0x04};  // uncompressed, SEC 1 section 2.3.3
    std::memcpy(point_.data.data() + 1, point.data(), point.size());
    set_ = EVP_PKEY_set1_encoded_public_key(key_.get(), raw(point_.data.data()), point_.size()) == 1;
    if (!set_) ERR_clear_error();
    return set_;
  }

  // REQUIRES: set_point() returned true.
  Result<void> verify(const Digest& digest, const Signature& signature) {
    if (!context_) {
      context_.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
      ASSERT(context_ && EVP_PKEY_verify_init(context_.get()) == 1);
    }
    const EcdsaDer der = to_der(signature);
    const int verdict =
        EVP_PKEY_verify(context_.get(), raw(der.bytes.data.data()), der.size, raw(digest.data.data()), digest.size());
    if (verdict == 1) return {};
    const bool out_of_memory = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
    ERR_clear_error();
    if (out_of_memory) return fail(Code::internal, "out of memory while verifying");
    return fail(Code::unauthenticated, "the ESP256 signature does not hold");
  }

 private:
  Key key_ = p256_without_point();
  KeyContext context_;
  Bytes<65> point_;
  bool set_ = false;
};

P256Verifier& p256() {
  thread_local P256Verifier verifier;
  return verifier;
}

// libsodium chooses its fastest code once; later calls return at once.
void start_sodium() {
  static const int started = sodium_init();
  ASSERT(started >= 0);
}

}  // namespace

bool offers(Algorithm algorithm) { return algorithm == Algorithm::esp256 || algorithm == Algorithm::ed25519; }

Result<void> verify(const PublicKey& key, ByteView message, const Signature& signature) {
  if (key.algorithm() == Algorithm::esp256) {
    P256Verifier& verifier = p256();
    if (!verifier.set_point(key.bytes())) return fail(Code::invalid, "the key is not a point on P-256");
    return verifier.verify(sha256(message), signature);
  }
  start_sodium();
  if (crypto_sign_verify_detached(raw(signature.data.data()), raw(message.data()), message.size(),
                                  raw(key.bytes().data())) != 0) {
    return fail(Code::unauthenticated, "the Ed25519 signature does not hold");
  }
  return {};
}

Result<void> check(const PublicKey& key) {
  if (key.algorithm() == Algorithm::esp256) {
    if (!p256().set_point(key.bytes())) return fail(Code::invalid, "the key is not a point on P-256");
    return {};
  }
  start_sodium();
  if (crypto_core_ed25519_is_valid_point(raw(key.bytes().data())) != 1) {
    return fail(Code::invalid, "the key is not a canonical point of Ed25519's prime-order group");
  }
  return {};
}

}  // namespace mikusari::crypto
