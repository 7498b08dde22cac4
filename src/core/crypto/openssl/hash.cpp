// SPDX-License-Identifier: Apache-2.0
// OpenSSL 3 deprecates SHA256_Init and its kin in favour of EVP, but they hash a tree node 1.6 times as fast as the
// best prepared EVP context (10.1 against 6.3 million a second), live in the caller's memory and cannot fail.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hash.hpp"

#include <openssl/sha.h>

#include <new>

#include "base/result.hpp"

namespace mikusari::crypto {
namespace {

void update(SHA256_CTX& context, ByteView piece) {
  if (!piece.empty()) SHA256_Update(&context, piece.data(), piece.size());
}

Digest finish(SHA256_CTX& context) {
  Digest out;
  SHA256_Final(reinterpret_cast<unsigned char*>(out.data.data()), &context);
  return out;
}

SHA256_CTX& context_in(std::byte* state) { return *std::launder(reinterpret_cast<SHA256_CTX*>(state)); }

}  // namespace

Digest sha256(ByteView message) {
  SHA256_CTX context;
  SHA256_Init(&context);
  update(context, message);
  return finish(context);
}

Digest sha256(std::initializer_list<ByteView> parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const ByteView part : parts) update(context, part);
  return finish(context);
}

Sha256::Sha256() {
  static_assert(sizeof(SHA256_CTX) <= sizeof state_);
  SHA256_Init(new (state_) SHA256_CTX);
}

Sha256::~Sha256() = default;

void Sha256::update(ByteView piece) { crypto::update(context_in(state_), piece); }

Digest Sha256::finish() {
  SHA256_CTX& context = context_in(state_);
  const Digest out = crypto::finish(context);
  SHA256_Init(&context);
  return out;
}

void sha256_nodes(std::byte prefix, std::span<const Digest> left, std::span<const Digest> right,
                  std::span<Digest> out) {
  ASSERT(left.size() == right.size() && left.size() == out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, &prefix, 1);
    update(context, left[i]);
    update(context, right[i]);
    out[i] = finish(context);
  }
}

}  // namespace mikusari::crypto
