// SPDX-License-Identifier: Apache-2.0
#include "cli/shares.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "encoding/text.hpp"
#include "platform/bytes.hpp"

namespace mikusari::cli {
namespace {

constexpr std::string_view mark = "mikusari-share-1";
constexpr std::size_t secret_bytes = 32, hash_bytes = Share::data_bytes - secret_bytes, check_bytes = 4;

// In GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. Always eight steps: time tells nothing of the bytes.
std::uint8_t product(std::uint8_t a, std::uint8_t b) {
  unsigned out = 0, shifted = a;
  for (unsigned bit = 0; bit < 8; ++bit) {
    out ^= shifted & (0U - ((b >> bit) & 1U));
    shifted = ((shifted << 1) ^ (0x11bU & (0U - (shifted >> 7)))) & 0xffU;
  }
  return static_cast<std::uint8_t>(out);
}

// a^254 is 1/a for every a but zero.
std::uint8_t inverse(std::uint8_t a) {
  std::uint8_t out = 1;
  for (int i = 0; i < 254; ++i) out = product(out, a);
  return out;
}

std::byte times(std::byte a, std::uint8_t b) {
  return static_cast<std::byte>(product(std::to_integer<std::uint8_t>(a), b));
}

Digest hash_of(ByteView secret, const Bytes<8>& split) { return crypto::sha256({as_bytes(mark), split, secret}); }

// At x = 0, what each share's data weighs: the product of x_j / (x_j - x_i) over the others; minus is plus here.
std::uint8_t weight_of(std::span<const Share> shares, std::size_t i) {
  std::uint8_t out = 1;
  for (std::size_t j = 0; j < shares.size(); ++j) {
    if (j == i) continue;
    const auto difference = static_cast<std::uint8_t>(shares[j].x ^ shares[i].x);
    out = product(out, product(shares[j].x, inverse(difference)));
  }
  return out;
}

Result<void> check_together(std::span<const Share> shares) {
  if (shares.empty()) return fail(Code::invalid, "there is no share");
  const auto& first = shares.front();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].split != first.split || shares[i].needed != first.needed || shares[i].algorithm != first.algorithm)
      return fail(Code::invalid, "these shares are not of one splitting");
    for (std::size_t j = 0; j < i; ++j) {
      if (shares[j].x == shares[i].x) return fail(Code::invalid, "the same share stands twice");
    }
  }
  if (shares.size() < first.needed) return fail(Code::invalid, "these shares are too few");
  return {};
}

std::string without_check(const Share& share) {
  return std::string(mark) + " " + std::string(crypto::name(share.algorithm)) + " " + platform::to_hex(share.split) +
         " " + std::to_string(share.needed) + " " + std::to_string(share.x) + " " +
         platform::to_hex(share.data.reveal());
}

std::string check_of(std::string_view text) {
  return platform::to_hex(crypto::sha256(as_bytes(text)).view().first(check_bytes));
}

Result<std::uint8_t> small_number(std::string_view word) {
  const auto value = text::from_decimal(word);
  if (!value || *value == 0 || *value > 255) return fail(Code::invalid, "a share's numbers are 1 to 255");
  return static_cast<std::uint8_t>(*value);
}

Result<crypto::Algorithm> algorithm_of(std::string_view word) {
  for (const auto each : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    if (crypto::name(each) == word) return each;
  }
  return fail(Code::newer, "a share of an algorithm that is not known here");
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == text.npos) break;
    text = text.substr(from);
    out.push_back(text.substr(0, text.find_first_of(" \t\r\n")));
    text = text.substr(out.back().size());
  }
  return out;
}

}  // namespace

Result<std::vector<Share>> split_secret(const crypto::Secret<32>& secret, crypto::Algorithm algorithm,
                                        std::size_t needed, std::size_t count, platform::Random& random) {
  if (needed < 2 || needed > count || count > shares_max)
    return fail(Code::invalid, "a secret is split into 2 to 16 shares, of which 2 at least are needed");
  const auto split = platform::random<8>(random);
  // Coefficients of the polynomials, that of x^0 first.
  std::vector<platform::Secret> coefficients;
  coefficients.emplace_back(Share::data_bytes);
  const auto shared = coefficients[0].mutable_reveal();
  const Digest hash = hash_of(secret.view(), split);
  std::ranges::copy(secret.view(), shared.begin());
  std::ranges::copy(hash.view().first(hash_bytes), shared.begin() + secret_bytes);
  while (coefficients.size() < needed) coefficients.push_back(platform::Secret::random(random, Share::data_bytes));
  std::vector<Share> out;
  for (std::size_t x = 1; x <= count; ++x) {
    Share share{algorithm, split, static_cast<std::uint8_t>(needed), static_cast<std::uint8_t>(x),
                platform::Secret(Share::data_bytes)};
    const auto data = share.data.mutable_reveal();
    for (std::size_t power = needed; power-- > 0;) {
      const auto coefficient = coefficients[power].reveal();
      for (std::size_t i = 0; i < data.size(); ++i) data[i] = times(data[i], share.x) ^ coefficient[i];
    }
    out.push_back(std::move(share));
  }
  return out;
}

Result<crypto::Secret<32>> join_shares(std::span<const Share> shares) {
  TRY(check_together(shares));
  platform::Secret joined(Share::data_bytes);
  const auto to = joined.mutable_reveal();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto weight = weight_of(shares, i);
    const auto data = shares[i].data.reveal();
    for (std::size_t at = 0; at < to.size(); ++at) to[at] ^= times(data[at], weight);
  }
  const Digest hash = hash_of(joined.reveal().first(secret_bytes), shares.front().split);
  if (!platform::equal_in_constant_time(joined.reveal().last(hash_bytes), hash.view().first(hash_bytes)))
    return fail(Code::unauthenticated, "these shares do not give what was split: one of them is false");
  return crypto::Secret<32>(joined.reveal().first(secret_bytes));
}

std::string share_text(const Share& share) {
  const std::string text = without_check(share);
  return text + " " + check_of(text);
}

Result<Share> read_share(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() != 7 || words[0] != mark) return fail(Code::invalid, "is not the line of a share");
  Share out;
  TRY(out.algorithm, algorithm_of(words[1]));
  TRY(out.split, platform::bytes_from_hex<8>(words[2]));
  TRY(out.needed, small_number(words[3]));
  TRY(out.x, small_number(words[4]));
  TRY(auto data, platform::from_hex(words[5]));
  out.data = platform::Secret::take(std::move(data));
  if (out.data.size() != Share::data_bytes || out.needed < 2) return fail(Code::invalid, "is not the line of a share");
  if (check_of(without_check(out)) != words[6])
    return fail(Code::invalid, "the share was changed or misread: its check does not fit");
  return out;
}

}  // namespace mikusari::cli
