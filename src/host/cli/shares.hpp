// SPDX-License-Identifier: Apache-2.0
// Secret sharing: a private key in m shares of which any k give it back, and fewer tell nothing (Shamir, 1979). Each
// byte is shared on its own by a polynomial over GF(2^8) with the modulus of AES (FIPS 197 section 4.2). Any thread.
//
// What is shared is the 32 bytes of the key and 8 bytes of their hash: whoever joins shares knows whether the result is
// what was split. A share is one line of text, so that it can be printed, and read again by a person:
//
//   mikusari-share-1 ALGORITHM SPLIT K X DATA CHECK
//
// SPLIT (8 bytes) is drawn anew for each splitting, K is how many shares are needed, X which share it is, DATA 40
// bytes, CHECK the first 4 bytes of the SHA-256 of all before it. Bytes are hexadecimal.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/secret.hpp"
#include "crypto/signature.hpp"
#include "platform/random.hpp"
#include "platform/secret.hpp"

namespace mikusari::cli {

constexpr std::size_t shares_max = 16;

struct Share {
  static constexpr std::size_t data_bytes = 40;
  crypto::Algorithm algorithm{};
  Bytes<8> split;
  std::uint8_t needed = 0;  // shares that give the secret back
  std::uint8_t x = 0;       // 1 to 255
  platform::Secret data;
};

// `invalid` unless 2 <= needed <= count <= shares_max.
Result<std::vector<Share>> split_secret(const crypto::Secret<32>& secret, crypto::Algorithm algorithm,
                                        std::size_t needed, std::size_t count, platform::Random& random);

// From as many shares as are needed, or more. Errors: `invalid` for too few, for a share that stands twice, and for
// shares of different splittings; `unauthenticated` when they do not give what was split: one of them is false.
Result<crypto::Secret<32>> join_shares(std::span<const Share> shares);

std::string share_text(const Share& share);
// `invalid`, saying what is wrong, for a text that is no share, or one that was changed or misread.
Result<Share> read_share(std::string_view text);

}  // namespace mikusari::cli
