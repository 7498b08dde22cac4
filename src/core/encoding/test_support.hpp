// SPDX-License-Identifier: Apache-2.0
// For tests only: bytes from hexadecimal text, a tree of CBOR values, and where the vectors of other projects are.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "encoding/cbor_reader.hpp"
#include "encoding/cbor_writer.hpp"
#include "encoding/text.hpp"

namespace mikusari::test {

using Octets = std::vector<std::byte>;

inline Octets unhex(std::string_view text) {
  Octets out(text.size() / 2);
  ASSERT(text::from_hex(text, out).has_value());
  return out;
}

inline std::string to_hex(ByteView bytes) {
  std::string out(bytes.size() * 2, '\0');
  ASSERT(text::hex(bytes, out).has_value());
  return out;
}

// MIKUSARI_VECTORS, or ../shared/vectors beside the source tree. The folder may be absent: skip, with a message.
inline std::filesystem::path vectors() {
  if (const char* set = std::getenv("MIKUSARI_VECTORS"); set != nullptr && *set != '\0') return set;
  const char* source = std::getenv("MIKUSARI_SOURCE");
  return std::filesystem::path(source == nullptr ? "." : source) / ".." / "shared" / "vectors";
}

// One CBOR value. Integers are (negative?, argument), so that all of major type 1 fits.
struct Tree {
  struct Integer {
    bool negative;
    std::uint64_t argument;
    bool operator==(const Integer&) const = default;
  };
  struct Null {
    bool operator==(const Null&) const = default;
  };
  using Array = std::vector<Tree>;
  struct Entry;
  struct Map {
    std::vector<Entry> entries;
    bool operator==(const Map& other) const;
  };
  struct Tagged {
    std::uint64_t number;
    std::vector<Tree> item;  // exactly one
    bool operator==(const Tagged&) const = default;
  };
  std::variant<Null, bool, Integer, Octets, std::string, Array, Map, Tagged> value;
  bool operator==(const Tree&) const = default;
};

struct Tree::Entry {
  Tree key, value;
  bool operator==(const Entry&) const = default;
};
inline bool Tree::Map::operator==(const Map& other) const { return entries == other.entries; }

// The encoding of an integer that may lie outside of int64.
inline Octets encoded_integer(const Tree::Integer& value) {
  Octets buffer(9);
  cbor::Writer out(buffer);
  out.uint(value.argument);
  const std::size_t size = out.finish()->size();
  buffer.resize(size);
  if (value.negative) buffer[0] |= std::byte{0x20};
  return buffer;
}

inline void write(cbor::Writer& out, const Tree& tree) {
  struct Visitor {
    cbor::Writer& out;
    void operator()(Tree::Null) const { out.null(); }
    void operator()(bool value) const { out.boolean(value); }
    void operator()(const Tree::Integer& value) const {
      if (!value.negative) return out.uint(value.argument);
      if (value.argument <= 0x7fffffffffffffff) return out.integer(-1 - static_cast<std::int64_t>(value.argument));
      out.encoded(encoded_integer(value));
    }
    void operator()(const Octets& value) const { out.bytes(value); }
    void operator()(const std::string& value) const { out.text(value); }
    void operator()(const Tree::Array& items) const {
      out.array(items.size());
      for (const Tree& item : items) write(out, item);
    }
    void operator()(const Tree::Map& map) const {
      out.map(map.entries.size());
      for (const auto& [key, item] : map.entries) {
        write(out, key);
        write(out, item);
      }
    }
    void operator()(const Tree::Tagged& tagged) const {
      out.tag(tagged.number);
      write(out, tagged.item.at(0));
    }
  };
  std::visit(Visitor{out}, tree.value);
}

inline Result<Tree> read_tree(cbor::Reader& in);

inline Result<Tree> read_negative(cbor::Reader& in) {
  cbor::Reader ahead = in;
  if (const auto small = in.integer()) return Tree{Tree::Integer{true, static_cast<std::uint64_t>(-1 - *small)}};
  in = ahead;
  TRY(const ByteView item, in.item());
  std::uint64_t argument = 0;
  for (const std::byte byte : item.subspan(1)) argument = argument << 8 | std::to_integer<std::uint64_t>(byte);
  return Tree{Tree::Integer{true, argument}};
}

inline Result<Tree> read_simple(cbor::Reader& in) {
  if (in.peek_null()) {
    TRY(in.null());
    return Tree{Tree::Null{}};
  }
  TRY(const bool value, in.boolean());
  return Tree{value};
}

inline Result<Tree> read_map(cbor::Reader& in) {
  TRY(const std::size_t count, in.map());
  Tree::Map out;
  for (std::size_t i = 0; i < count; ++i) {
    TRY(Tree key, read_tree(in));
    TRY(Tree value, read_tree(in));
    out.entries.push_back({std::move(key), std::move(value)});
  }
  return Tree{std::move(out)};
}

inline Result<Tree> read_array(cbor::Reader& in) {
  TRY(const std::size_t count, in.array());
  Tree::Array out;
  for (std::size_t i = 0; i < count; ++i) {
    TRY(Tree item, read_tree(in));
    out.push_back(std::move(item));
  }
  return Tree{std::move(out)};
}

inline Result<Tree> read_tree(cbor::Reader& in) {
  TRY(const cbor::Major major, in.peek());
  switch (major) {
    case cbor::Major::uint: {
      TRY(const std::uint64_t value, in.uint());
      return Tree{Tree::Integer{false, value}};
    }
    case cbor::Major::nint: return read_negative(in);
    case cbor::Major::bytes: {
      TRY(const ByteView value, in.bytes());
      return Tree{Octets(value.begin(), value.end())};
    }
    case cbor::Major::text: {
      TRY(const std::string_view value, in.text());
      return Tree{std::string(value)};
    }
    case cbor::Major::array: return read_array(in);
    case cbor::Major::map: return read_map(in);
    case cbor::Major::tag: {
      TRY(const std::uint64_t number, in.tag());
      TRY(Tree item, read_tree(in));
      return Tree{Tree::Tagged{number, {std::move(item)}}};
    }
    case cbor::Major::simple: return read_simple(in);
  }
  return fail(Code::internal, "no such CBOR type");
}

inline Result<Tree> decode_tree(ByteView input) {
  cbor::Reader in(input);
  TRY(Tree tree, read_tree(in));
  TRY(in.end());
  return tree;
}

inline Result<Octets> encode_tree(const Tree& tree) {
  Octets buffer(64 * 1024);
  cbor::Writer out(buffer);
  write(out, tree);
  TRY(const ByteView bytes, out.finish());
  return Octets(bytes.begin(), bytes.end());
}

}  // namespace mikusari::test
