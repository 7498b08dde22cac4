// SPDX-License-Identifier: Apache-2.0
// docs/formats/reading.md: its rule and its example follow from the program.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "json/schema.hpp"
#include "platform/bytes.hpp"
#include "statement/reading.hpp"

namespace mikusari::api {
namespace {

template <std::size_t N>
Bytes<N> all(unsigned char value) {
  Bytes<N> out;
  out.data.fill(std::byte{value});
  return out;
}

std::string example() {
  auto signer = *crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519, crypto::sha256(as_bytes("reader")));
  mikusari::reading::Request request;
  request.ledger = all<32>(1);
  request.node = "node";
  request.time_ms = 1'800'000'000'000;
  request.nonce = all<16>(2);
  request.channel = all<32>(3);
  std::byte buffer[mikusari::reading::bytes_max];
  const auto bytes = mikusari::reading::sign(signer, request, buffer);
  EXPECT_TRUE(bytes.has_value());
  const auto hex = platform::to_hex(*bytes);
  std::string out;
  for (std::size_t at = 0; at < hex.size(); at += 64) out += hex.substr(at, 64) + "\n";
  return out;
}

TEST(ReadingFormat, StandsInTheDocumentation) {
  const char* source = std::getenv("MIKUSARI_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "MIKUSARI_SOURCE does not say where the tree is";
  std::ifstream file(std::string(source) + "/docs/formats/reading.md");
  std::stringstream page;
  page << file.rdbuf();
  const auto rule = json::cddl<mikusari::reading::Request>("reading-request");
  EXPECT_NE(page.str().find(rule), std::string::npos) << "the page must hold:\n" << rule;
  EXPECT_NE(page.str().find(example()), std::string::npos) << "the page must hold:\n" << example();
}

}  // namespace
}  // namespace mikusari::api
