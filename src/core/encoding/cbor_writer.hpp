// SPDX-License-Identifier: Apache-2.0
// Writes deterministic CBOR (RFC 8949 section 4.2.1) into the caller's buffer, and cannot produce anything else.
//
// Heads are always shortest, lengths always definite. Counts and the order of map keys are checked while writing:
// a wrong count, an unsorted or repeated key, too deep a nesting or a full buffer makes every later call a no-op and
// finish() an error. One thread at a time; the writer keeps no memory but the caller's.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace mikusari::cbor {

enum class Major : std::uint8_t { uint = 0, nint = 1, bytes = 2, text = 3, array = 4, map = 5, tag = 6, simple = 7 };

class Writer {
 public:
  explicit Writer(MutableByteView out) : out_(out) {}

  void uint(std::uint64_t value);
  void integer(std::int64_t value);
  void bytes(ByteView value);
  void text(std::string_view value);  // error at finish() unless UTF-8
  void array(std::size_t count);      // exactly `count` items follow
  void map(std::size_t count);        // exactly `count` pairs follow, keys sorted bytewise
  void tag(std::uint64_t number);     // one item follows
  void boolean(bool value);
  void null();
  // An item that is already deterministic CBOR: a part of something a Reader accepted or a Writer made.
  void encoded(ByteView item);

  // What was written. Errors: `exhausted` when the buffer is too small, `internal` when the calls made no whole item.
  Result<ByteView> finish() const;
  // How many bytes have been written so far.
  std::size_t size() const { return used_; }

 private:
  struct Frame {
    std::size_t remaining;  // items still to come in this array, map or tag
    std::size_t key_at = 0, key_end = 0;
    bool map = false, has_key = false;
  };
  void head(Major major, std::uint64_t argument);
  void raw(ByteView bytes);
  void begin_item();
  void end_item();
  void open(std::size_t count, bool map);
  void set_fault(Code code, const char* what);

  MutableByteView out_;
  std::size_t used_ = 0;
  std::size_t depth_ = 0;
  std::size_t roots_ = 0;
  std::size_t item_at_ = 0;
  Frame frames_[limits::cbor_depth_max];
  const char* fault_ = nullptr;
  Code fault_code_ = Code::internal;
};

}  // namespace mikusari::cbor
