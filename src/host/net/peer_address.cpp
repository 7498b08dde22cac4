// SPDX-License-Identifier: Apache-2.0
#include "net/peer_address.hpp"

#include <algorithm>
#include <span>

namespace mikusari::net {

namespace {

constexpr std::array<unsigned char, 12> v4_within_v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t network_bytes = 8;

}  // namespace

PeerAddress PeerAddress::of(const V4& address) {
  PeerAddress out;
  std::ranges::copy(v4_within_v6, out.bytes_.begin());
  std::ranges::copy(address, out.bytes_.begin() + v4_within_v6.size());
  return out;
}

PeerAddress PeerAddress::of(const V6& address) {
  PeerAddress out;
  const bool v4 = std::ranges::equal(v4_within_v6, std::span(address).first(v4_within_v6.size()));
  std::copy_n(address.begin(), v4 ? address.size() : network_bytes, out.bytes_.begin());
  return out;
}

}  // namespace mikusari::net
