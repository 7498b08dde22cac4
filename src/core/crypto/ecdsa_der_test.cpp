// SPDX-License-Identifier: Apache-2.0
#include "crypto/ecdsa_der.hpp"

#include <gtest/gtest.h>

#include "crypto/test_vectors.hpp"

namespace mikusari::crypto {
namespace {

Signature signature(const std::string& r, const std::string& s) {
  return Signature::copy(test::from_hex(std::string(64 - r.size(), '0') + r + std::string(64 - s.size(), '0') + s));
}

TEST(EcdsaDer, WritesMinimalIntegers) {
  EXPECT_EQ(test::to_hex(to_der(signature("01", "7f")).view()), "300602010102017f");
  EXPECT_EQ(test::to_hex(to_der(signature("80", "00")).view()),
            "30070202008002"
            "0100");
  EXPECT_EQ(test::to_hex(to_der(signature(std::string(64, 'f'), std::string(64, 'f'))).view()),
            "3046022100" + std::string(64, 'f') + "022100" + std::string(64, 'f'));
}

TEST(EcdsaDer, ReadsBackWhatItWrote) {
  for (std::size_t i = 0; i < 64; ++i) {
    for (const unsigned value : {0x01U, 0x7fU, 0x80U, 0xffU}) {
      Signature each;
      each.data[i] = static_cast<std::byte>(value);
      const auto back = from_der(to_der(each).view());
      ASSERT_TRUE(back.has_value());
      ASSERT_EQ(*back, each);
    }
  }
}

TEST(EcdsaDer, RefusesEverythingThatIsNotTheOneEncoding) {
  for (const char* bad : {"", "30", "3000", "3003020101", "3106020101020102", "3007020101020102", "300602010102010200",
                          "3005020101020102",
                          "30060301010201"
                          "02",
                          "30060201010301"
                          "02",
                          "3006020181020102", "300702020001020102",
                          "30060200020201"
                          "02",
                          "3006020101020"
                          "202",
                          "308106020101020102", "30800201010201020000",
                          "300602010102"
                          "0302"}) {
    EXPECT_EQ(from_der(test::from_hex(bad)).error().code(), Code::invalid) << bad;
  }
  const std::string too_long = "3026022101" + std::string(64, '0') + "020101";
  EXPECT_EQ(from_der(test::from_hex(too_long)).error().code(), Code::invalid);
}

}  // namespace
}  // namespace mikusari::crypto
