// SPDX-License-Identifier: Apache-2.0
#include "encoding/cbor_reader.hpp"

#include "encoding/utf8.hpp"

namespace mikusari::cbor {

Result<Reader::Head> Reader::head() {
  if (at_ >= input_.size()) return fail(Code::invalid, "CBOR ends too early", at_);
  const auto initial = std::to_integer<unsigned>(input_[at_]);
  Head out{static_cast<Major>(initial >> 5), static_cast<std::uint8_t>(initial & 0x1f), initial & 0x1fU};
  if (out.info == 31) return fail(Code::invalid, "CBOR of indefinite length is not deterministic", at_);
  if (out.info > 27) return fail(Code::invalid, "reserved CBOR head", at_);
  if (out.info < 24) {
    ++at_;
    return out;
  }
  const std::size_t length = std::size_t{1} << (out.info - 24);
  if (input_.size() - at_ - 1 < length) return fail(Code::invalid, "CBOR ends too early", at_);
  out.argument = 0;
  for (std::size_t i = 1; i <= length; ++i)
    out.argument = out.argument << 8 | std::to_integer<std::uint64_t>(input_[at_ + i]);
  const std::uint64_t least = length == 1 ? 24 : length == 2 ? 0x100 : length == 4 ? 0x10000 : 0x100000000;
  if (out.major == Major::simple)
    return fail(Code::invalid, "floats and unassigned simple values are not allowed", at_);
  if (out.argument < least) return fail(Code::invalid, "CBOR head is not the shortest", at_);
  at_ += 1 + length;
  return out;
}

Result<Reader::Head> Reader::expect(Major major) {
  item_at_ = at_;
  if (depth_ > 0 && frames_[depth_ - 1].remaining == 0) return fail(Code::invalid, "no more items here", at_);
  TRY(auto out, head());
  if (out.major != major) return fail(Code::invalid, "another CBOR type was expected", item_at_);
  return out;
}

Result<ByteView> Reader::take(std::uint64_t length) {
  if (length > input_.size() - at_) return fail(Code::invalid, "CBOR string is longer than the input", at_);
  const ByteView out = input_.subspan(at_, static_cast<std::size_t>(length));
  at_ += static_cast<std::size_t>(length);
  return out;
}

// Counts a finished item in its parent, checks the order of keys, and closes parents that it completes.
Result<void> Reader::end_item(std::size_t start) {
  while (depth_ > 0) {
    Frame& frame = frames_[depth_ - 1];
    if (frame.map && frame.remaining % 2 == 0) {
      const ByteView key = input_.subspan(start, at_ - start);
      if (frame.has_key && !less(input_.subspan(frame.key_at, frame.key_end - frame.key_at), key)) {
        return fail(Code::invalid, "CBOR map keys are unsorted or repeated", start);
      }
      frame.has_key = true;
      frame.key_at = start;
      frame.key_end = at_;
    }
    if (--frame.remaining > 0) return {};
    --depth_;
    start = at_;
  }
  return {};
}

Result<void> Reader::open(std::uint64_t count, bool map) {
  if (depth_ > 0 && frames_[depth_ - 1].map && frames_[depth_ - 1].remaining % 2 == 0) {
    return fail(Code::invalid, "a CBOR map key must be a plain value", item_at_);
  }
  // Each item takes a byte at least: a count that cannot be true is refused before anybody loops over it.
  if (count > input_.size() - at_) return fail(Code::invalid, "CBOR ends too early for its count", item_at_);
  if (depth_ == limits::cbor_depth_max) return fail(Code::exhausted, "CBOR nested too deep", item_at_);
  if (count == 0) return end_item(item_at_);
  frames_[depth_++] = Frame{count, 0, 0, map, false};
  return {};
}

Result<std::size_t> Reader::count_of(Major major) {
  TRY(auto out, expect(major));
  const bool map = major == Major::map;
  if (out.argument > input_.size()) return fail(Code::invalid, "CBOR ends too early for its count", item_at_);
  TRY(open(map ? 2 * out.argument : out.argument, map));
  return static_cast<std::size_t>(out.argument);
}

Result<std::uint64_t> Reader::uint() {
  TRY(auto out, expect(Major::uint));
  TRY(end_item(item_at_));
  return out.argument;
}

Result<std::int64_t> Reader::integer() {
  TRY(const Major major, peek());
  TRY(auto out, expect(major == Major::nint ? Major::nint : Major::uint));
  if (out.argument > 0x7fffffffffffffff) return fail(Code::invalid, "integer is out of range", item_at_);
  TRY(end_item(item_at_));
  const auto value = static_cast<std::int64_t>(out.argument);
  return major == Major::nint ? -1 - value : value;
}

Result<ByteView> Reader::bytes() {
  TRY(auto out, expect(Major::bytes));
  TRY(auto value, take(out.argument));
  TRY(end_item(item_at_));
  return value;
}

Result<std::string_view> Reader::text() {
  TRY(auto out, expect(Major::text));
  TRY(auto value, take(out.argument));
  if (!is_utf8(value)) return fail(Code::invalid, "text is not UTF-8", item_at_);
  TRY(end_item(item_at_));
  return as_text(value);
}

Result<std::size_t> Reader::array() { return count_of(Major::array); }
Result<std::size_t> Reader::map() { return count_of(Major::map); }

Result<std::uint64_t> Reader::tag() {
  TRY(auto out, expect(Major::tag));
  TRY(open(1, false));
  return out.argument;
}

Result<bool> Reader::boolean() {
  TRY(auto out, expect(Major::simple));
  if (out.argument != 20 && out.argument != 21) return fail(Code::invalid, "true or false was expected", item_at_);
  TRY(end_item(item_at_));
  return out.argument == 21;
}

Result<void> Reader::null() {
  TRY(auto out, expect(Major::simple));
  if (out.argument != 22) return fail(Code::invalid, "null was expected", item_at_);
  return end_item(item_at_);
}

Result<void> Reader::step() {
  item_at_ = at_;
  TRY(auto out, head());
  switch (out.major) {
    case Major::uint:
    case Major::nint: return end_item(item_at_);
    case Major::bytes:
    case Major::text: {
      TRY(auto value, take(out.argument));
      if (out.major == Major::text && !is_utf8(value)) return fail(Code::invalid, "text is not UTF-8", item_at_);
      return end_item(item_at_);
    }
    case Major::array:
    case Major::map:
      if (out.argument > input_.size()) return fail(Code::invalid, "CBOR ends too early for its count", item_at_);
      return open(out.major == Major::map ? 2 * out.argument : out.argument, out.major == Major::map);
    case Major::tag: return open(1, false);
    case Major::simple:
      if (out.argument < 20 || out.argument > 22) return fail(Code::invalid, "unassigned CBOR simple value", item_at_);
      return end_item(item_at_);
  }
  return fail(Code::internal, "no such CBOR type");
}

Result<ByteView> Reader::item() {
  const std::size_t start = at_;
  const std::size_t depth = depth_;
  const std::uint64_t siblings = depth > 0 ? frames_[depth - 1].remaining : 0;
  if (depth > 0 && siblings == 0) return fail(Code::invalid, "no more items here", at_);
  // The item is complete when its parent has counted it (or closed), or, at the top, when nothing is open.
  do {
    TRY(step());
  } while (depth_ > depth || (depth_ == depth && depth > 0 && frames_[depth - 1].remaining == siblings));
  return input_.subspan(start, at_ - start);
}

Result<Major> Reader::peek() const {
  if (at_ >= input_.size()) return fail(Code::invalid, "CBOR ends too early", at_);
  return static_cast<Major>(std::to_integer<unsigned>(input_[at_]) >> 5);
}

bool Reader::peek_null() const { return at_ < input_.size() && input_[at_] == std::byte{0xf6}; }

Result<void> Reader::end() const {
  if (depth_ != 0) return fail(Code::invalid, "CBOR ends too early", at_);
  if (at_ != input_.size()) return fail(Code::invalid, "bytes after the end of the CBOR item", at_);
  return {};
}

Result<void> check(ByteView input) {
  Reader reader(input);
  TRY(reader.item());
  return reader.end();
}

}  // namespace mikusari::cbor
