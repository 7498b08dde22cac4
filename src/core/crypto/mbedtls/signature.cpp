// SPDX-License-Identifier: Apache-2.0
// mbedTLS 2.28 knows P-256 and no Ed25519. Its big numbers come from mbedtls_calloc(): on a device out of the arena
// (arena.hpp), on a host out of the heap. No call keeps memory when it returns.
#include "crypto/signature.hpp"

#include <mbedtls/ecdsa.h>

#include "crypto/hash.hpp"

namespace mikusari::crypto {
namespace {

const unsigned char* raw(const std::byte* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }

// The curve with one point on it.
class P256Key {
 public:
  P256Key() {
    mbedtls_ecp_group_init(&group_);
    mbedtls_ecp_point_init(&point_);
  }
  ~P256Key() {
    mbedtls_ecp_point_free(&point_);
    mbedtls_ecp_group_free(&group_);
  }
  P256Key(const P256Key&) = delete;
  P256Key& operator=(const P256Key&) = delete;

  Result<void> set(ByteView point) {
    Bytes<65> encoded;
    encoded.data[0] = std::byte{0x04};  // uncompressed, SEC 1 section 2.3.3
    std::memcpy(encoded.data.data() + 1, point.data(), point.size());
    int error = mbedtls_ecp_group_load(&group_, MBEDTLS_ECP_DP_SECP256R1);
    if (error == 0) error = mbedtls_ecp_point_read_binary(&group_, &point_, raw(encoded.data.data()), encoded.size());
    if (error == 0) error = mbedtls_ecp_check_pubkey(&group_, &point_);
    if (error == MBEDTLS_ERR_MPI_ALLOC_FAILED) return fail(Code::internal, "out of memory while reading a key");
    if (error != 0) return fail(Code::invalid, "the key is not a point on P-256");
    return {};
  }

  Result<void> verify(const Digest& digest, const Signature& signature) {
    mbedtls_mpi r, s;
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    const std::byte* bytes = signature.data.data();
    int error = mbedtls_mpi_read_binary(&r, raw(bytes), 32);
    if (error == 0) error = mbedtls_mpi_read_binary(&s, raw(bytes + 32), 32);
    if (error == 0) error = mbedtls_ecdsa_verify(&group_, raw(digest.data.data()), digest.size(), &point_, &r, &s);
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&s);
    if (error == MBEDTLS_ERR_MPI_ALLOC_FAILED) return fail(Code::internal, "out of memory while verifying");
    if (error != 0) return fail(Code::unauthenticated, "the ESP256 signature does not hold");
    return {};
  }

 private:
  mbedtls_ecp_group group_;
  mbedtls_ecp_point point_;
};

}  // namespace

bool offers(Algorithm algorithm) { return algorithm == Algorithm::esp256; }

Result<void> verify(const PublicKey& key, ByteView message, const Signature& signature) {
  if (!offers(key.algorithm())) return fail(Code::invalid, "this build has no Ed25519");
  P256Key p256;
  TRY(p256.set(key.bytes()));
  return p256.verify(sha256(message), signature);
}

Result<void> check(const PublicKey& key) {
  if (!offers(key.algorithm())) return fail(Code::invalid, "this build has no Ed25519");
  return P256Key().set(key.bytes());
}

}  // namespace mikusari::crypto
