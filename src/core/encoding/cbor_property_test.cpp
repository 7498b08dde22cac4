// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

using test::Octets;
using test::Tree;

constexpr unsigned seed = 20260801;

class Trees {
 public:
  explicit Trees(unsigned start) : random_(start) {}

  std::uint64_t below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }

  Tree any(std::size_t depth) {
    const bool leaf = depth == 0 || below(3) == 0;
    switch (leaf ? below(5) : 5 + below(3)) {
      case 0: return Tree{Tree::Null{}};
      case 1: return Tree{below(2) == 1};
      case 2: return Tree{integer()};
      case 3: return Tree{octets()};
      case 4: return Tree{words()};
      case 5: return Tree{array(depth - 1)};
      case 6: return Tree{map(depth - 1)};
      default: return Tree{Tree::Tagged{integer().argument, {any(depth - 1)}}};
    }
  }

 private:
  // Near the places where the head grows, more often than elsewhere.
  Tree::Integer integer() {
    const unsigned bits = static_cast<unsigned>(below(65));
    std::uint64_t value = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - below(2);
    if (below(4) == 0) value = 22 + below(4);
    return {below(2) == 1, value};
  }
  Octets octets() {
    Octets out(below(4) == 0 ? 250 + below(12) : below(30));
    for (std::byte& byte : out) byte = static_cast<std::byte>(below(256));
    return out;
  }
  std::string words() {
    static const char* const pieces[] = {"a", "鎖", "ü", "𐅑", "\n", "\"", ""};
    std::string out;
    for (std::uint64_t n = below(10); n > 0; --n) out += pieces[below(7)];
    return out;
  }
  Tree::Array array(std::size_t depth) {
    Tree::Array out;
    for (std::uint64_t n = below(5); n > 0; --n) out.push_back(any(depth));
    return out;
  }
  Tree::Map map(std::size_t depth) {
    std::vector<std::pair<Octets, Tree>> keys;
    for (std::uint64_t n = below(6); n > 0; --n) {
      Tree key = any(0);
      Octets bytes = test::encode_tree(key).value();
      const bool known = std::any_of(keys.begin(), keys.end(), [&](const auto& entry) { return entry.first == bytes; });
      if (!known) keys.emplace_back(std::move(bytes), std::move(key));
    }
    std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return less(a.first, b.first); });
    Tree::Map out;
    for (auto& [bytes, key] : keys) out.entries.push_back({std::move(key), any(depth)});
    return out;
  }

  std::mt19937 random_;
};

struct Head {
  std::size_t at, length;  // of the argument, without the initial byte
};

// Every head of an encoding that is known to be right, by a walk of its own.
std::vector<Head> heads(const Octets& bytes) {
  std::vector<Head> out;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto initial = std::to_integer<unsigned>(bytes[i]);
    const unsigned info = initial & 31U;
    const std::size_t length = info < 24 ? 0 : std::size_t{1} << (info - 24);
    std::uint64_t argument = info;
    if (length > 0) argument = 0;
    for (std::size_t k = 1; k <= length; ++k) argument = argument << 8 | std::to_integer<std::uint64_t>(bytes[i + k]);
    out.push_back({i, length});
    i += 1 + length;
    if (initial >> 5 == 2 || initial >> 5 == 3) i += static_cast<std::size_t>(argument);
  }
  return out;
}

// The same item with one head a size longer than it needs to be.
Octets longer_head(const Octets& bytes, const Head& head) {
  Octets out = bytes;
  const unsigned info = head.length == 0 ? 24 : head.length == 1 ? 25 : head.length == 2 ? 26 : 27;
  const auto initial = std::to_integer<unsigned>(bytes[head.at]);
  out[head.at] = static_cast<std::byte>((initial & 0xe0U) | info);
  const auto argument = out.begin() + static_cast<std::ptrdiff_t>(head.at) + 1;
  if (head.length == 0) {
    out.insert(argument, static_cast<std::byte>(initial & 31U));
  } else {
    out.insert(argument, head.length, std::byte{0});
  }
  return out;
}

TEST(Cbor, ReadsBackWhatItWrote) {
  Trees trees(seed);
  for (int i = 0; i < 3000; ++i) {
    const Tree tree = trees.any(5);
    const auto bytes = test::encode_tree(tree);
    ASSERT_TRUE(bytes.has_value()) << "case " << i << " of seed " << seed << ": " << bytes.error().message();
    const auto verdict = cbor::check(*bytes);
    ASSERT_TRUE(verdict.has_value()) << test::to_hex(*bytes) << ": " << verdict.error().message();
    const auto back = test::decode_tree(*bytes);
    ASSERT_TRUE(back.has_value()) << test::to_hex(*bytes);
    ASSERT_EQ(*back, tree) << test::to_hex(*bytes);
  }
}

TEST(Cbor, RefusesEveryHeadThatIsLongerThanNeeded) {
  Trees trees(seed + 1);
  std::size_t tried = 0;
  for (int i = 0; i < 600; ++i) {
    const Octets bytes = test::encode_tree(trees.any(4)).value();
    for (const Head& head : heads(bytes)) {
      const bool simple = std::to_integer<unsigned>(bytes[head.at]) >> 5 == 7;
      if (head.length == 8) continue;
      const Octets changed = longer_head(bytes, head);
      const auto verdict = cbor::check(changed);
      ASSERT_FALSE(verdict.has_value()) << test::to_hex(changed);
      ASSERT_STREQ(verdict.error().text(),
                   simple ? "floats and unassigned simple values are not allowed" : "CBOR head is not the shortest");
      ASSERT_EQ(verdict.error().offset(), head.at);
      ++tried;
    }
  }
  EXPECT_GT(tried, 1000U);
}

TEST(Cbor, RefusesTruncationAtEveryByte) {
  Trees trees(seed + 2);
  for (int i = 0; i < 300; ++i) {
    const Octets bytes = test::encode_tree(trees.any(4)).value();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      ASSERT_FALSE(cbor::check(ByteView(bytes).first(length)).has_value())
          << test::to_hex(bytes) << " cut to " << length;
    }
    Octets longer = bytes;
    longer.push_back(std::byte{0});
    ASSERT_FALSE(cbor::check(longer).has_value());
  }
}

TEST(Cbor, RefusesSwappedAndRepeatedKeys) {
  Trees trees(seed + 3);
  std::size_t tried = 0;
  while (tried < 500) {
    const Tree tree = trees.any(3);
    const auto* map = std::get_if<Tree::Map>(&tree.value);
    if (map == nullptr || map->entries.size() < 2) continue;
    ++tried;
    const auto encode_entries = [](const std::vector<Tree::Entry>& entries) {
      Octets out{static_cast<std::byte>(0xa0 | entries.size())};
      for (const auto& [key, value] : entries) {
        for (const Tree* part : {&key, &value}) {
          const Octets bytes = test::encode_tree(*part).value();
          out.insert(out.end(), bytes.begin(), bytes.end());
        }
      }
      return out;
    };
    ASSERT_TRUE(cbor::check(encode_entries(map->entries)).has_value());
    auto swapped = map->entries;
    std::swap(swapped[tried % (swapped.size() - 1)], swapped.back());
    auto repeated = map->entries;
    repeated.push_back(repeated.back());
    for (const auto& wrong : {swapped, repeated}) {
      const auto verdict = cbor::check(encode_entries(wrong));
      ASSERT_FALSE(verdict.has_value());
      ASSERT_STREQ(verdict.error().text(), "CBOR map keys are unsorted or repeated");
      ASSERT_FALSE(test::encode_tree(Tree{Tree::Map{wrong}}).has_value()) << "the writer made what the reader refuses";
    }
  }
}

TEST(Cbor, AnyChangedByteIsRefusedOrAnotherDeterministicItem) {
  Trees trees(seed + 4);
  for (int i = 0; i < 200; ++i) {
    Octets bytes = test::encode_tree(trees.any(4)).value();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      const std::byte kept = bytes[at];
      bytes[at] = static_cast<std::byte>(trees.below(256));
      const auto tree = test::decode_tree(bytes);
      ASSERT_EQ(tree.has_value(), cbor::check(bytes).has_value()) << test::to_hex(bytes);
      if (tree) {
        ASSERT_EQ(test::to_hex(test::encode_tree(*tree).value()), test::to_hex(bytes));
      }
      bytes[at] = kept;
    }
  }
}

Octets nested(std::byte head, std::size_t levels, std::string_view inside) {
  Octets out;
  for (std::size_t i = 0; i < levels; ++i) {
    out.push_back(head);
    if (head == std::byte{0xa1}) out.push_back(std::byte{0x00});
  }
  const Octets tail = test::unhex(inside);
  out.insert(out.end(), tail.begin(), tail.end());
  return out;
}

TEST(Cbor, NestsSixteenDeepAndNotSeventeen) {
  for (const std::byte head : {std::byte{0x81}, std::byte{0xa1}, std::byte{0xc6}}) {
    EXPECT_TRUE(cbor::check(nested(head, 16, "00")).has_value());
    EXPECT_TRUE(cbor::check(nested(head, 15, "80")).has_value());
    for (const Octets& deep : {nested(head, 17, "00"), nested(head, 16, "80"), nested(head, 16, "a0")}) {
      const auto verdict = cbor::check(deep);
      ASSERT_FALSE(verdict.has_value()) << test::to_hex(deep);
      EXPECT_EQ(verdict.error().code(), Code::exhausted);
      EXPECT_FALSE(test::decode_tree(deep).has_value());
    }
  }
}

}  // namespace
}  // namespace mikusari
