// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl/software_signer.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <sodium.h>

#include <array>
#include <atomic>

#include "crypto/ecdsa_der.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/handles.hpp"

namespace mikusari::crypto {
namespace {

using openssl::Free;
using openssl::Group;
using openssl::Key;
using openssl::KeyContext;
using openssl::Number;
using openssl::Point;
using openssl::raw;

using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;

std::unexpected<Error> openssl_failed(const char* text) {
  ERR_clear_error();
  return fail(Code::internal, text);
}

// 04 || x || y of d * G. EC_POINT_mul with the generator alone takes no secret-dependent branches.
Result<Bytes<65>> p256_point(const EC_GROUP* group, const BIGNUM* scalar) {
  const Point point(EC_POINT_new(group));
  Bytes<65> out;
  if (!point || EC_POINT_mul(group, point.get(), scalar, nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, raw(out.data.data()), out.size(),
                         nullptr) != out.size()) {
    return openssl_failed("OpenSSL could not compute the public key");
  }
  return out;
}

struct P256Pair {
  Key key;
  Bytes<65> point;
};

Result<P256Pair> p256_pair(ByteView private_bytes) {
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Number scalar(BN_secure_new());
  if (!group || !scalar || BN_bin2bn(raw(private_bytes.data()), 32, scalar.get()) == nullptr) {
    return openssl_failed("OpenSSL could not read the private key");
  }
  BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
  if (BN_is_zero(scalar.get()) != 0 || BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0) {
    return fail(Code::invalid, "a P-256 private key lies between 0 and the order of the curve");
  }
  TRY(const Bytes<65> point, p256_point(group.get(), scalar.get()));
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get()) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data.data(), 65) != 1) {
    return openssl_failed("OpenSSL could not take the private key");
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1) {
    return openssl_failed("OpenSSL could not take the private key");
  }
  return P256Pair{Key(key), point};
}

// Prepared contexts of one key. A context serves one thread at a time, so threads take one out and put it back.
class ContextPool {
 public:
  ContextPool() = default;
  ~ContextPool() {
    for (auto& slot : slots_) EVP_PKEY_CTX_free(slot.load());
  }
  ContextPool(const ContextPool&) = delete;
  ContextPool& operator=(const ContextPool&) = delete;

  // Empty when OpenSSL fails.
  KeyContext take(EVP_PKEY* key) {
    for (auto& slot : slots_) {
      if (EVP_PKEY_CTX* context = slot.exchange(nullptr, std::memory_order_acq_rel)) return KeyContext(context);
    }
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (context && EVP_PKEY_sign_init(context.get()) != 1) context.reset();
    return context;
  }

  void give_back(KeyContext context) {
    for (auto& slot : slots_) {
      EVP_PKEY_CTX* empty = nullptr;
      if (slot.compare_exchange_strong(empty, context.get(), std::memory_order_acq_rel)) {
        static_cast<void>(context.release());
        return;
      }
    }
  }

 private:
  std::array<std::atomic<EVP_PKEY_CTX*>, 8> slots_{};
};

}  // namespace

struct SoftwareSigner::State {
  PublicKey public_key;
  Secret<32> private_bytes;
  Secret<64> ed25519;  // libsodium's form: seed || public key
  Key p256;
  ContextPool contexts;
};

SoftwareSigner::SoftwareSigner(std::unique_ptr<State> state) : state_(std::move(state)) {}
SoftwareSigner::~SoftwareSigner() = default;
SoftwareSigner::SoftwareSigner(SoftwareSigner&&) noexcept = default;
SoftwareSigner& SoftwareSigner::operator=(SoftwareSigner&&) noexcept = default;

Result<SoftwareSigner> SoftwareSigner::generate(Algorithm algorithm) {
  for (int attempt = 0; attempt < 16; ++attempt) {  // one P-256 scalar in 2^32 is out of range
    Secret<32> random;
    if (RAND_priv_bytes(raw(random.mutable_view().data()), 32) != 1) return openssl_failed("no random numbers");
    auto signer = from_private(algorithm, random.view());
    if (signer || signer.error().code() != Code::invalid) return signer;
  }
  return fail(Code::internal, "the random numbers are not random");
}

Result<SoftwareSigner> SoftwareSigner::from_private(Algorithm algorithm, ByteView private_bytes) {
  if (private_bytes.size() != 32) return fail(Code::invalid, "a private key has 32 bytes");
  auto state = std::make_unique<State>();
  state->private_bytes = Secret<32>(private_bytes);
  if (algorithm == Algorithm::esp256) {
    TRY(P256Pair pair, p256_pair(private_bytes));
    state->p256 = std::move(pair.key);
    state->public_key = PublicKey(algorithm, ByteView(pair.point).subspan(1));
  } else {
    if (sodium_init() < 0) return fail(Code::internal, "libsodium does not start");
    Bytes<32> point;
    crypto_sign_seed_keypair(raw(point.data.data()), raw(state->ed25519.mutable_view().data()),
                             raw(private_bytes.data()));
    state->public_key = PublicKey(algorithm, point);
  }
  return SoftwareSigner(std::move(state));
}

const PublicKey& SoftwareSigner::public_key() const { return state_->public_key; }

Secret<32> SoftwareSigner::export_private() const { return Secret<32>(state_->private_bytes.view()); }

Result<Signature> SoftwareSigner::sign(ByteView message) {
  if (state_->public_key.algorithm() == Algorithm::ed25519) {
    Signature out;
    crypto_sign_detached(raw(out.data.data()), nullptr, raw(message.data()), message.size(),
                         raw(state_->ed25519.view().data()));
    return out;
  }
  KeyContext context = state_->contexts.take(state_->p256.get());
  if (!context) return openssl_failed("OpenSSL could not prepare a signature");
  const Digest digest = sha256(message);
  Bytes<EcdsaDer::size_max> der;
  std::size_t size = der.size();
  if (EVP_PKEY_sign(context.get(), raw(der.data.data()), &size, raw(digest.data.data()), digest.size()) != 1) {
    return openssl_failed("OpenSSL could not sign");
  }
  state_->contexts.give_back(std::move(context));
  TRY(const Signature signature, from_der(der.view().first(size)));
  return low_s(signature);
}

}  // namespace mikusari::crypto
