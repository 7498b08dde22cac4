// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <mbedtls/sha256.h>

#include <new>

#include "base/result.hpp"

namespace mikusari::crypto {
namespace {

constexpr int sha256_not_224 = 0;

const unsigned char* raw(const std::byte* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }

// mbedTLS's software SHA-256 has no way to fail; a hardware one that does leaves nothing to continue with.
void start(mbedtls_sha256_context& context) {
  mbedtls_sha256_init(&context);
  ASSERT(mbedtls_sha256_starts_ret(&context, sha256_not_224) == 0);
}

void update(mbedtls_sha256_context& context, ByteView piece) {
  if (!piece.empty()) ASSERT(mbedtls_sha256_update_ret(&context, raw(piece.data()), piece.size()) == 0);
}

Digest finish(mbedtls_sha256_context& context) {
  Digest out;
  ASSERT(mbedtls_sha256_finish_ret(&context, reinterpret_cast<unsigned char*>(out.data.data())) == 0);
  mbedtls_sha256_free(&context);
  return out;
}

mbedtls_sha256_context& context_in(std::byte* state) {
  return *std::launder(reinterpret_cast<mbedtls_sha256_context*>(state));
}

}  // namespace

Digest sha256(ByteView message) { return sha256({message}); }

Digest sha256(std::initializer_list<ByteView> parts) {
  mbedtls_sha256_context context;
  start(context);
  for (const ByteView part : parts) update(context, part);
  return finish(context);
}

Sha256::Sha256() {
  static_assert(sizeof(mbedtls_sha256_context) <= sizeof state_);
  start(*new (state_) mbedtls_sha256_context);
}

Sha256::~Sha256() { mbedtls_sha256_free(&context_in(state_)); }

void Sha256::update(ByteView piece) { crypto::update(context_in(state_), piece); }

Digest Sha256::finish() {
  const Digest out = crypto::finish(context_in(state_));
  start(context_in(state_));
  return out;
}

void sha256_nodes(std::byte prefix, std::span<const Digest> left, std::span<const Digest> right,
                  std::span<Digest> out) {
  ASSERT(left.size() == right.size() && left.size() == out.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = sha256({ByteView(&prefix, 1), left[i], right[i]});
}

}  // namespace mikusari::crypto
