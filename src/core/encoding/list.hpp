// SPDX-License-Identifier: Apache-2.0
// A bounded list inside a declared structure: a CBOR array of at most Max values.
//
// A List is a view: of values in the caller's memory (when writing), or of an encoding that was checked element by
// element (when it was read). Either way it is iterated by value and must not outlive what it looks at.
#pragma once

#include <span>

#include "encoding/field.hpp"

namespace mikusari::cbor {

namespace detail {

// The first of the items that were checked before.
ByteView first_item(ByteView encoded);

template <class T>
[[gnu::noinline]] Result<void> check_element(Reader& in) {
  TRY(cbor::read<T>(in));
  return {};
}
struct Elements {
  std::size_t count = 0;
  ByteView encoded;
};
// A whole array of at most so many. `exhausted` when there are more.
Result<Elements> check_elements(Reader& in, std::size_t most, Result<void> (*check)(Reader&));

}  // namespace detail

template <class T, std::size_t Max>
class List {
 public:
  using value_type = T;
  static constexpr std::size_t size_max = Max;

  List() = default;
  List(std::span<const T> values) : values_(values), size_(values.size()) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    Iterator(const List* list, std::size_t index) : list_(list), index_(index) {}
    T operator*() const {
      if (list_->encoded_.empty()) return list_->values_[index_];
      return decoded(list_->encoded_.subspan(offset_));
    }
    Iterator& operator++() {
      if (!list_->encoded_.empty()) offset_ += detail::first_item(list_->encoded_.subspan(offset_)).size();
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    // A reader takes 400 bytes of stack on a device: it stands in no frame of those who walk lists.
    [[gnu::noinline]] static T decoded(ByteView encoded) {
      Reader reader(encoded);
      auto value = cbor::read<T>(reader);
      ASSERT(value.has_value());
      return *value;
    }

    const List* list_;
    std::size_t index_;
    std::size_t offset_ = 0;  // of the element in encoded_
  };
  Iterator begin() const { return Iterator(this, 0); }
  Iterator end() const { return Iterator(this, size_); }

  bool contains(const T& wanted) const {
    for (const T value : *this) {
      if (value == wanted) return true;
    }
    return false;
  }

 private:
  friend struct Codec<List>;
  std::span<const T> values_;
  ByteView encoded_;  // the elements without the array's head; empty when values_ hold them
  std::size_t size_ = 0;
};

template <class T, std::size_t Max>
struct Codec<List<T, Max>> {
  static void write(Writer& out, const List<T, Max>& list) {
    out.array(list.size());
    for (const T value : list) cbor::write(out, value);
  }
  static Result<List<T, Max>> read(Reader& in) {
    TRY(const auto elements, detail::check_elements(in, Max, detail::check_element<T>));
    List<T, Max> list;
    list.size_ = elements.count;
    list.encoded_ = elements.encoded;
    return list;
  }
};

}  // namespace mikusari::cbor
