// SPDX-License-Identifier: Apache-2.0
// Puts a text together in the caller's buffer; too small a buffer shows in finish(). For this room. One thread at a
// time.
#pragma once

#include "encoding/text.hpp"

namespace mikusari::proof {

class TextWriter {
 public:
  explicit TextWriter(std::span<char> out) : out_(out) {}

  void text(std::string_view value) {
    if (value.size() > out_.size() - used_) {
      full_ = true;
      return;
    }
    if (!value.empty()) std::memcpy(out_.data() + used_, value.data(), value.size());
    used_ += value.size();
  }
  void decimal(std::uint64_t value) { count(text::decimal(value, rest())); }
  void hex(ByteView value) { count(text::hex(value, rest())); }
  void base64(ByteView value) { count(text::base64(value, rest())); }

  // What was written; `exhausted` when it did not fit.
  Result<std::string_view> finish() const {
    if (full_) return fail(Code::exhausted, "the buffer is too small for this text");
    return std::string_view(out_.data(), used_);
  }

 private:
  std::span<char> rest() const { return out_.subspan(used_); }
  void count(const Result<std::string_view>& written) {
    if (written) {
      used_ += written->size();
    } else {
      full_ = true;
    }
  }

  std::span<char> out_;
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace mikusari::proof
