// SPDX-License-Identifier: Apache-2.0
#include "cli/hmac.hpp"

#include <array>

#include "crypto/hash.hpp"
#include "crypto/secret.hpp"

namespace mikusari::cli {
namespace {

constexpr std::size_t block_bytes = 64;

// The key as a block, each byte combined with `pad`.
crypto::Secret<block_bytes> padded(ByteView key, std::byte pad) {
  crypto::Secret<block_bytes> out;
  const auto to = out.mutable_view();
  if (key.size() > block_bytes) {
    const Digest hash = crypto::sha256(key);
    std::copy(hash.view().begin(), hash.view().end(), to.begin());
  } else {
    std::copy(key.begin(), key.end(), to.begin());
  }
  for (auto& byte : to) byte ^= pad;
  return out;
}

}  // namespace

Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> message) {
  crypto::Sha256 inner, outer;
  inner.update(padded(key, std::byte{0x36}).view());
  for (const auto part : message) inner.update(part);
  outer.update(padded(key, std::byte{0x5c}).view());
  outer.update(inner.finish());
  return outer.finish();
}

}  // namespace mikusari::cli
