// SPDX-License-Identifier: Apache-2.0
// The reader's two ways through an item agree, and what they accept is written again byte for byte. So is a declared
// structure with every kind of field, when it holds no additions.
// LINK: mikusari_encoding
#include <cstdint>

#include "encoding/list.hpp"
#include "encoding/test_support.hpp"
#include "encoding/trimmed.hpp"

namespace {

using namespace mikusari;

struct Inner {
  cbor::Sparse<std::uint64_t> often;
  std::optional<std::string_view> words;
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "often", &Inner::often}, cbor::Field{2, "words", &Inner::words}};
};
struct Outer {
  cbor::Form<2> form;
  std::optional<Inner> inner;
  cbor::Sparse<bool> ever;
  std::optional<cbor::Trimmed<4>> window;
  std::optional<std::int64_t> number;
  cbor::List<Inner, 8> list;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Outer::form},     cbor::Field{2, "inner", &Outer::inner},
                 cbor::Field{3, "ever", &Outer::ever},     cbor::Field{4, "window", &Outer::window},
                 cbor::Field{5, "number", &Outer::number}, cbor::Field{6, "list", &Outer::list}};
};

void check_declared(ByteView input) {
  test::Octets buffer(input.size());
  const auto strict = cbor::decode<Outer>(input, cbor::Additions::refuse);
  const auto lax = cbor::decode<Outer>(input);
  if (strict) ASSERT(lax.has_value() && equal(cbor::encode(*strict, buffer).value(), input));
  if (!lax) return;
  ASSERT(cbor::check(input).has_value());
  const auto known = cbor::encode(*lax, buffer);
  ASSERT(known.has_value() && cbor::decode<Outer>(*known, cbor::Additions::refuse).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = std::as_bytes(std::span(data, size));
  check_declared(input);
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
