// SPDX-License-Identifier: Apache-2.0
// Bytes as values (Bytes<N>), and views of bytes that somebody else owns (ByteView, MutableByteView).
// A view never outlives the buffer it was made from; nothing here allocates.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace mikusari {

using ByteView = std::span<const std::byte>;
using MutableByteView = std::span<std::byte>;

// N bytes, compared lexicographically. All zero when default constructed.
template <std::size_t N>
struct Bytes {
  static constexpr std::size_t length = N;
  std::array<std::byte, N> data{};

  constexpr ByteView view() const { return ByteView(data); }
  constexpr operator ByteView() const { return ByteView(data); }
  constexpr MutableByteView mutable_view() { return MutableByteView(data); }
  static constexpr std::size_t size() { return N; }
  constexpr std::byte operator[](std::size_t i) const { return data[i]; }

  friend constexpr bool operator==(const Bytes&, const Bytes&) = default;
  friend auto operator<=>(const Bytes& a, const Bytes& b) { return std::memcmp(a.data.data(), b.data.data(), N) <=> 0; }

  // REQUIRES: from.size() == N.
  static Bytes copy(ByteView from) {
    Bytes out;
    std::memcpy(out.data.data(), from.data(), N);
    return out;
  }
};

using Digest = Bytes<32>;  // a SHA-256 value
using Id = Bytes<32>;      // the blinded name of a thing: random, or HMAC(tenant secret, serial)

inline ByteView as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}
// Lexicographic, shorter first: the order of map keys in deterministic CBOR and of rows in a frame.
inline bool less(ByteView a, ByteView b) {
  const std::size_t n = a.size() < b.size() ? a.size() : b.size();
  const int order = n == 0 ? 0 : std::memcmp(a.data(), b.data(), n);
  return order != 0 ? order < 0 : a.size() < b.size();
}
// Bit i of a key, most significant bit of the first byte first.
inline bool bit_at(ByteView key, std::size_t i) {
  return ((std::to_integer<unsigned>(key[i / 8]) >> (7 - i % 8)) & 1U) != 0;
}

template <std::size_t N>
struct BytesHash {  // for unordered containers over bytes that are already uniformly distributed
  std::size_t operator()(const Bytes<N>& value) const {
    static_assert(N >= sizeof(std::size_t));
    std::size_t out;
    std::memcpy(&out, value.data.data(), sizeof out);
    return out;
  }
};

}  // namespace mikusari
