// SPDX-License-Identifier: Apache-2.0
#include "encoding/cbor_writer.hpp"

#include "encoding/utf8.hpp"

namespace mikusari::cbor {

void Writer::set_fault(Code code, const char* what) {
  if (fault_ == nullptr) {
    fault_ = what;
    fault_code_ = code;
  }
}

void Writer::raw(ByteView bytes) {
  if (fault_ != nullptr) return;
  if (bytes.size() > out_.size() - used_)
    return set_fault(Code::exhausted, "the buffer is too small for this CBOR item");
  if (!bytes.empty()) std::memcpy(out_.data() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
}

void Writer::head(Major major, std::uint64_t argument) {
  std::byte bytes[9];
  const auto initial = static_cast<unsigned>(major) << 5;
  std::size_t length = 0;
  if (argument < 24) {
    bytes[0] = static_cast<std::byte>(initial | argument);
  } else {
    length = argument <= 0xff ? 1 : argument <= 0xffff ? 2 : argument <= 0xffffffff ? 4 : 8;
    const unsigned info = length == 1 ? 24 : length == 2 ? 25 : length == 4 ? 26 : 27;
    bytes[0] = static_cast<std::byte>(initial | info);
    for (std::size_t i = 0; i < length; ++i) bytes[1 + i] = static_cast<std::byte>(argument >> (8 * (length - 1 - i)));
  }
  raw(ByteView(bytes, 1 + length));
}

void Writer::begin_item() {
  item_at_ = used_;
  if (depth_ == 0) {
    if (roots_++ != 0) set_fault(Code::internal, "more than one CBOR item at the top");
  } else if (frames_[depth_ - 1].remaining == 0) {
    set_fault(Code::internal, "more CBOR items than announced");
  }
}

// Called when an item is complete: counts it in its parent, and closes parents that it completes.
void Writer::end_item() {
  std::size_t start = item_at_;
  while (fault_ == nullptr && depth_ > 0) {
    Frame& frame = frames_[depth_ - 1];
    const bool is_key = frame.map && frame.remaining % 2 == 0;
    if (is_key) {
      const ByteView key = out_.subspan(start, used_ - start);
      if (frame.has_key && !less(out_.subspan(frame.key_at, frame.key_end - frame.key_at), key)) {
        return set_fault(Code::internal, "CBOR map keys are not in order");
      }
      frame.has_key = true;
      frame.key_at = start;
      frame.key_end = used_;
    }
    if (--frame.remaining > 0) return;
    --depth_;
    // An array, map or tag that has just ended is itself an item.
    start = used_;
  }
}

void Writer::open(std::size_t count, bool map) {
  if (fault_ != nullptr) return;
  if (depth_ > 0 && frames_[depth_ - 1].map && frames_[depth_ - 1].remaining % 2 == 0) {
    return set_fault(Code::internal, "a CBOR map key must be a plain value");
  }
  if (depth_ == limits::cbor_depth_max) return set_fault(Code::exhausted, "CBOR nested too deep");
  if (count == 0) return end_item();
  frames_[depth_++] = Frame{.remaining = count, .map = map};
}

void Writer::uint(std::uint64_t value) {
  begin_item();
  head(Major::uint, value);
  end_item();
}

void Writer::integer(std::int64_t value) {
  begin_item();
  if (value >= 0) {
    head(Major::uint, static_cast<std::uint64_t>(value));
  } else {
    head(Major::nint, static_cast<std::uint64_t>(-(value + 1)));
  }
  end_item();
}

void Writer::bytes(ByteView value) {
  begin_item();
  head(Major::bytes, value.size());
  raw(value);
  end_item();
}

void Writer::text(std::string_view value) {
  begin_item();
  if (!is_utf8(as_bytes(value))) set_fault(Code::invalid, "text is not UTF-8");
  head(Major::text, value.size());
  raw(as_bytes(value));
  end_item();
}

void Writer::array(std::size_t count) {
  begin_item();
  head(Major::array, count);
  open(count, false);
}

void Writer::map(std::size_t count) {
  begin_item();
  head(Major::map, count);
  open(2 * count, true);
}

void Writer::tag(std::uint64_t number) {
  begin_item();
  head(Major::tag, number);
  open(1, false);
}

void Writer::boolean(bool value) {
  begin_item();
  head(Major::simple, value ? 21 : 20);
  end_item();
}

void Writer::null() {
  begin_item();
  head(Major::simple, 22);
  end_item();
}

void Writer::encoded(ByteView item) {
  begin_item();
  if (item.empty()) return set_fault(Code::internal, "no CBOR item was given");
  const unsigned major = std::to_integer<unsigned>(item[0]) >> 5;
  const bool key = depth_ > 0 && frames_[depth_ - 1].map && frames_[depth_ - 1].remaining % 2 == 0;
  if (key && (major == 4 || major == 5 || major == 6))
    set_fault(Code::internal, "a CBOR map key must be a plain value");
  raw(item);
  end_item();
}

Result<ByteView> Writer::finish() const {
  if (fault_ != nullptr) return fail(fault_code_, fault_);
  if (depth_ != 0 || roots_ != 1) return fail(Code::internal, "the CBOR item is not complete");
  return ByteView(out_.first(used_));
}

}  // namespace mikusari::cbor
