// SPDX-License-Identifier: Apache-2.0
#include "cli/hmac.hpp"

#include <gtest/gtest.h>

#include "platform/bytes.hpp"

namespace mikusari::cli {
namespace {

std::string hmac_of(ByteView key, std::initializer_list<ByteView> message) {
  return platform::to_hex(hmac_sha256(key, message));
}

TEST(Hmac, AgreesWithRfc4231) {
  const platform::Buffer k20(20, std::byte{0x0b}), aa20(20, std::byte{0xaa}), aa131(131, std::byte{0xaa}),
      dd50(50, std::byte{0xdd});
  EXPECT_EQ(hmac_of(k20, {as_bytes("Hi There")}), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_of(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")}),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_of(aa20, {dd50}), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  // A key that is longer than a block is hashed.
  EXPECT_EQ(hmac_of(aa131, {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")}),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, TakesPartsAsOneMessage) {
  EXPECT_EQ(hmac_of(as_bytes("Jefe"), {as_bytes("what do "), ByteView(), as_bytes("ya want for nothing?")}),
            hmac_of(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")}));
}

}  // namespace
}  // namespace mikusari::cli
