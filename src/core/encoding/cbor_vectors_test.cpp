// SPDX-License-Identifier: Apache-2.0
// RFC 8949 appendix A, every case. What our profile refuses is listed here with its class, so that both a case that is
// wrongly accepted and one that is wrongly refused fail.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

enum class Class { floating, simple_value, indefinite };

const std::map<std::string, Class>& refused() {
  static const std::map<std::string, Class> table = [] {
    std::map<std::string, Class> out;
    for (const char* hex : {"f90000",
                            "f98000",
                            "f93c00",
                            "fb3ff199999999999a",
                            "f93e00",
                            "f97bff",
                            "fa47c35000",
                            "fa7f7fffff",
                            "fb7e37e43c8800759c",
                            "f90001",
                            "f90400",
                            "f9c400",
                            "fbc010666666666666",
                            "f97c00",
                            "f97e00",
                            "f9fc00",
                            "fa7f800000",
                            "fa7fc00000",
                            "faff800000",
                            "fb7ff0000000000000",
                            "fb7ff8000000000000",
                            "fbfff0000000000000",
                            "c1fb41d452d9ec200000"}) {
      out[hex] = Class::floating;
    }
    for (const char* hex : {"f7", "f0", "f818", "f8ff"}) out[hex] = Class::simple_value;
    for (const char* hex :
         {"5f42010243030405ff", "7f657374726561646d696e67ff", "9fff", "9f018202039f0405ffff", "9f01820203820405ff",
          "83018202039f0405ff", "83019f0203ff820405", "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
          "bf61610161629f0203ffff", "826161bf61626163ff", "bf6346756ef563416d7421ff"}) {
      out[hex] = Class::indefinite;
    }
    return out;
  }();
  return table;
}

const char* sentence(const std::string& hex, Class reason) {
  if (reason == Class::indefinite) return "CBOR of indefinite length is not deterministic";
  if (hex == "f7" || hex == "f0") return "unassigned CBOR simple value";
  return "floats and unassigned simple values are not allowed";
}

// The file has one member a line; the value of `hex` needs no unescaping.
std::vector<std::string> cases(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  const std::string mark = "\"hex\": \"";
  std::vector<std::string> out;
  for (std::size_t at = all.find(mark); at != std::string::npos; at = all.find(mark, at)) {
    at += mark.size();
    out.push_back(all.substr(at, all.find('"', at) - at));
  }
  return out;
}

TEST(CborAppendixA, IsReencodedIdenticallyOrRefusedForItsReason) {
  const auto file = test::vectors() / "cbor-appendix-a" / "appendix_a.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no vectors: set MIKUSARI_VECTORS (looked for " << file << ")";
  std::set<std::string> seen;
  const auto all = cases(file);
  EXPECT_EQ(all.size(), 82U);
  for (const std::string& hex : all) {
    seen.insert(hex);
    const test::Octets input = test::unhex(hex);
    const auto verdict = cbor::check(input);
    if (const auto entry = refused().find(hex); entry != refused().end()) {
      ASSERT_FALSE(verdict.has_value()) << hex;
      EXPECT_STREQ(verdict.error().text(), sentence(hex, entry->second)) << hex;
      EXPECT_EQ(verdict.error().code(), Code::invalid) << hex;
      EXPECT_FALSE(test::decode_tree(input).has_value()) << hex;
      continue;
    }
    ASSERT_TRUE(verdict.has_value()) << hex << ": " << verdict.error().message();
    const auto tree = test::decode_tree(input);
    ASSERT_TRUE(tree.has_value()) << hex << ": " << tree.error().message();
    const auto again = test::encode_tree(*tree);
    ASSERT_TRUE(again.has_value()) << hex;
    EXPECT_EQ(test::to_hex(*again), hex);
  }
  for (const auto& [hex, reason] : refused()) EXPECT_TRUE(seen.contains(hex)) << hex << " is not in the vectors";
}

}  // namespace
}  // namespace mikusari
