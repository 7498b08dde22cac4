// SPDX-License-Identifier: Apache-2.0
// Whom an address stands for when a server shares out what it has little of: an IPv4 address is one peer, and so is an
// IPv6 /64, which is what one customer of a network usually has. An IPv4 address within IPv6 (RFC 4291 section
// 2.5.5.2) is the IPv4 address. A value.
#pragma once

#include <array>
#include <compare>
#include <cstddef>

namespace mikusari::net {

class PeerAddress {
 public:
  using V4 = std::array<unsigned char, 4>;
  using V6 = std::array<unsigned char, 16>;

  PeerAddress() = default;
  static PeerAddress of(const V4& address);
  static PeerAddress of(const V6& address);

  auto operator<=>(const PeerAddress&) const = default;

 private:
  V6 bytes_{};  // an IPv4 address within IPv6, or the first 8 bytes and zeros
};

}  // namespace mikusari::net
