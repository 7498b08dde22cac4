// SPDX-License-Identifier: Apache-2.0
// The reader's two ways through an item agree, and what they accept is written again byte for byte.
// LINK: mikusari_encoding
#include <cstdint>

#include "encoding/test_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mikusari;
  const ByteView input = std::as_bytes(std::span(data, size));
  const auto whole = cbor::check(input);
  const auto tree = test::decode_tree(input);
  ASSERT(whole.has_value() == tree.has_value());
  if (!tree) {
    ASSERT(tree.error().offset() <= size);
    return 0;
  }
  test::Octets buffer(size);
  cbor::Writer out(buffer);
  test::write(out, *tree);
  const auto again = out.finish();
  ASSERT(again.has_value());
  ASSERT(equal(*again, input));
  return 0;
}
