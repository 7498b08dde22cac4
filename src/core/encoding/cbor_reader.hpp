// SPDX-License-Identifier: Apache-2.0
// Reads deterministic CBOR (RFC 8949 section 4.2.1) strictly: what is not the one encoding of its value is refused.
//
// Refused: heads that are not shortest, indefinite lengths, map keys unsorted or repeated, text that is not UTF-8,
// floats and simple values other than false, true and null, nesting deeper than limits::cbor_depth_max, and
// anything after the item (end()). Every error carries the offset of the byte at which it was seen. Views returned
// point into the input. The reader does not recurse and does not allocate.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "encoding/cbor_writer.hpp"

namespace mikusari::cbor {

// What a reader does with fields that a newer program has added to a declared structure (field.hpp).
enum class Additions : std::uint8_t {
  skip,    // who reads what others have accepted
  refuse,  // who accepts: nothing that is not known here comes in
};

class Reader {
 public:
  explicit Reader(ByteView input, Additions additions = Additions::skip) : input_(input), additions_(additions) {}

  Additions additions() const { return additions_; }

  Result<std::uint64_t> uint();
  Result<std::int64_t> integer();
  Result<ByteView> bytes();
  Result<std::string_view> text();
  Result<std::size_t> array();  // the number of items that follow
  Result<std::size_t> map();    // the number of pairs that follow; their keys' order is checked as they are read
  Result<std::uint64_t> tag();
  Result<bool> boolean();
  Result<void> null();
  // The whole next item, checked to the last byte, as its encoding.
  Result<ByteView> item();

  // The type of the next item; `invalid` at the end of the input.
  Result<Major> peek() const;
  bool peek_null() const;
  std::size_t offset() const { return at_; }
  ByteView input() const { return input_; }
  // `invalid` unless only whole items have been read and nothing is left. A reader at the top reads one item after
  // another (the elements of a list); who expects exactly one reads exactly one.
  Result<void> end() const;

 private:
  struct Head {
    Major major;
    std::uint8_t info;
    std::uint64_t argument;
  };
  // One that is open. open() sets all of it.
  struct Frame {
    std::uint64_t remaining;
    std::size_t key_at, key_end;
    bool map, has_key;
  };
  Result<Head> head();
  Result<Head> expect(Major major);
  Result<ByteView> take(std::uint64_t length);
  Result<void> end_item(std::size_t start);
  Result<void> open(std::uint64_t count, bool map);
  Result<std::size_t> count_of(Major major);
  Result<void> step();  // one head of item(), with its string if it has one

  ByteView input_;
  Additions additions_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t item_at_ = 0;
  Frame frames_[limits::cbor_depth_max];
};

// The input is one whole deterministic item and nothing else.
Result<void> check(ByteView input);

}  // namespace mikusari::cbor
