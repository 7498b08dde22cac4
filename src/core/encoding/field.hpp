// SPDX-License-Identifier: Apache-2.0
// A structure is declared once, and its codec, JSON view, CDDL line and field help follow from the declaration:
//
//   struct Scrap {
//     Id part;
//     std::optional<Reason> reason;
//     static constexpr auto fields = std::tuple{cbor::Field{1, "part", &Scrap::part, "which part"},
//                                               cbor::Field{2, "reason", &Scrap::reason}};
//   };
//
// On the wire it is a CBOR map from the keys (unsigned, ascending) to the values; an absent optional has no entry;
// an unknown key is refused. Decoded views point into the input.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "encoding/cbor_reader.hpp"
#include "encoding/cbor_writer.hpp"

namespace mikusari::cbor {

template <class Owner, class Member>
struct Field {
  std::uint32_t key;
  std::string_view name;
  Member Owner::* member;
  std::string_view help{};
};
template <class Owner, class Member>
Field(int, const char*, Member Owner::*) -> Field<Owner, Member>;
template <class Owner, class Member>
Field(int, const char*, Member Owner::*, const char*) -> Field<Owner, Member>;

template <class T>
concept Declared = requires { std::tuple_size<std::remove_cvref_t<decltype(T::fields)>>::value; };

// An enumeration is an unsigned integer with the names that `names_of(E)`, found by argument-dependent look-up, gives.
template <class E>
struct Name {
  E value;
  std::string_view name;
};
template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E e) { names_of(e); };

template <NamedEnum E>
constexpr std::string_view name_of(E value) {
  for (const auto& entry : names_of(value)) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

template <class T>
struct Codec;

template <class T>
void write(Writer& out, const T& value) {
  Codec<T>::write(out, value);
}
template <class T>
Result<T> read(Reader& in) {
  return Codec<T>::read(in);
}

template <>
struct Codec<bool> {
  static void write(Writer& out, bool value) { out.boolean(value); }
  static Result<bool> read(Reader& in) { return in.boolean(); }
};

template <std::unsigned_integral T>
struct Codec<T> {
  static void write(Writer& out, T value) { out.uint(value); }
  static Result<T> read(Reader& in) {
    const std::size_t at = in.offset();
    TRY(const std::uint64_t value, in.uint());
    if (static_cast<T>(value) != value) return fail(Code::invalid, "integer is out of range", at);
    return static_cast<T>(value);
  }
};

template <>
struct Codec<std::int64_t> {
  static void write(Writer& out, std::int64_t value) { out.integer(value); }
  static Result<std::int64_t> read(Reader& in) { return in.integer(); }
};

template <NamedEnum E>
struct Codec<E> {
  // COSE numbers its algorithms below zero, so enumerations of a signed type are written as integers of either sign.
  static constexpr bool is_signed = std::is_signed_v<std::underlying_type_t<E>>;

  static void write(Writer& out, E value) {
    if constexpr (is_signed) {
      out.integer(static_cast<std::int64_t>(value));
    } else {
      out.uint(static_cast<std::uint64_t>(value));
    }
  }
  static Result<E> read(Reader& in) {
    const std::size_t at = in.offset();
    std::int64_t value = 0;
    if constexpr (is_signed) {
      TRY(value, in.integer());
    } else {
      TRY(const std::uint64_t number, in.uint());
      if (number > 0x7fffffffffffffff) return fail(Code::invalid, "no such value of this enumeration", at);
      value = static_cast<std::int64_t>(number);
    }
    for (const auto& entry : names_of(E{})) {
      if (static_cast<std::int64_t>(entry.value) == value) return entry.value;
    }
    return fail(Code::invalid, "no such value of this enumeration", at);
  }
};

template <std::size_t N>
struct Codec<Bytes<N>> {
  static void write(Writer& out, const Bytes<N>& value) { out.bytes(value); }
  static Result<Bytes<N>> read(Reader& in) {
    const std::size_t at = in.offset();
    TRY(const ByteView value, in.bytes());
    if (value.size() != N) return fail(Code::invalid, "byte string has the wrong length", at);
    return Bytes<N>::copy(value);
  }
};

template <>
struct Codec<ByteView> {
  static void write(Writer& out, ByteView value) { out.bytes(value); }
  static Result<ByteView> read(Reader& in) { return in.bytes(); }
};

template <>
struct Codec<std::string_view> {
  static void write(Writer& out, std::string_view value) { out.text(value); }
  static Result<std::string_view> read(Reader& in) { return in.text(); }
};

namespace detail {

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T, class F>
constexpr void for_each_field(F&& f) {
  std::apply([&](const auto&... field) { (f(field), ...); }, T::fields);
}

template <class T>
constexpr bool keys_ascend() {
  std::int64_t last = -1;
  bool ok = true;
  for_each_field<T>([&](const auto& field) {
    ok = ok && static_cast<std::int64_t>(field.key) > last;
    last = field.key;
  });
  return ok;
}

}  // namespace detail

using detail::for_each_field;

template <Declared T>
struct Codec<T> {
  static_assert(detail::keys_ascend<T>(), "declare fields in ascending order of their keys");

  static void write(Writer& out, const T& value) {
    std::size_t count = 0;
    for_each_field<T>([&](const auto& field) {
      if constexpr (detail::is_optional<std::remove_cvref_t<decltype(value.*field.member)>>::value) {
        count += (value.*field.member).has_value() ? 1 : 0;
      } else {
        ++count;
      }
    });
    out.map(count);
    for_each_field<T>([&](const auto& field) { write_field(out, field.key, value.*field.member); });
  }

  static Result<T> read(Reader& in) {
    T value{};
    std::size_t at = in.offset();
    TRY(std::size_t left, in.map());
    std::optional<std::uint64_t> key;
    Result<void> verdict;
    for_each_field<T>([&](const auto& field) {
      if (verdict) verdict = read_field(in, field.key, value.*field.member, left, key, at);
    });
    TRY(std::move(verdict));
    if (left != 0 || key) return fail(Code::invalid, "unknown field", key ? at : in.offset());
    return value;
  }

 private:
  template <class M>
  static void write_field(Writer& out, std::uint32_t key, const M& member) {
    if constexpr (detail::is_optional<M>::value) {
      if (!member) return;
      out.uint(key);
      cbor::write(out, *member);
    } else {
      out.uint(key);
      cbor::write(out, member);
    }
  }

  // `key` is the key that has been read but not yet used; keys come in ascending order.
  template <class M>
  static Result<void> read_field(Reader& in, std::uint32_t number, M& member, std::size_t& left,
                                 std::optional<std::uint64_t>& key, std::size_t& at) {
    if (!key && left > 0) {
      at = in.offset();
      TRY(key, in.uint());
      --left;
    }
    if (key && *key < number) return fail(Code::invalid, "unknown field", at);
    if (!key || *key != number) {
      if constexpr (detail::is_optional<M>::value) return {};
      return fail(Code::invalid, "a required field is missing", at);
    }
    key.reset();
    if constexpr (detail::is_optional<M>::value) {
      TRY(member, cbor::read<typename M::value_type>(in));
    } else {
      TRY(member, cbor::read<M>(in));
    }
    return {};
  }
};

// One whole structure and nothing after it.
template <class T>
Result<T> decode(ByteView input) {
  Reader in(input);
  TRY(T value, read<T>(in));
  TRY(in.end());
  return value;
}

// The encoding in the caller's buffer. `exhausted` when it is too small.
template <class T>
Result<ByteView> encode(const T& value, MutableByteView buffer) {
  Writer out(buffer);
  write(out, value);
  return out.finish();
}

}  // namespace mikusari::cbor
