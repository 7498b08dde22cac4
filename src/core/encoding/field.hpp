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
// On the wire it is a CBOR map from the keys (unsigned, ascending) to the values; an absent optional and a Sparse
// value that is zero have no entry. Decoded views point into the input.
//
// What a structure of a newer program may hold (docs/formats/versions.md): an unknown key from 64 to 127 is an addition
// that a reader skips, unless it was told to refuse additions; an unknown key from 128 up, and an unknown value of an
// enumeration, is `newer`; an unknown key below 64 is `invalid`. A structure that says `closed` has no additions: any
// unknown key is `newer`. Form is the version of a structure: a later one is `newer`, an earlier one `invalid`.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
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

// A value that is left out when it is zero (T{}), and never written as zero.
template <class T>
struct Sparse {
  T value{};
  constexpr Sparse() = default;
  constexpr Sparse(T from) : value(from) {}
  constexpr operator T() const { return value; }
  constexpr bool is_zero() const { return value == T{}; }
  friend bool operator==(const Sparse&, const Sparse&) = default;
  friend bool operator==(const Sparse& a, const T& b) { return a.value == b; }
};

// The version of a structure's form. There is nothing to set: it is written as it is declared.
template <std::uint64_t Number>
struct Form {
  static constexpr std::uint64_t number = Number;
  friend bool operator==(const Form&, const Form&) = default;
};

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
    std::conditional_t<is_signed, std::int64_t, std::uint64_t> value = 0;
    if constexpr (is_signed) {
      TRY(value, in.integer());
    } else {
      TRY(value, in.uint());
    }
    for (const auto& entry : names_of(E{})) {
      if (static_cast<decltype(value)>(entry.value) == value) return entry.value;
    }
    return fail(Code::newer, "a value of an enumeration is newer than this program", at);
  }
};

template <class T>
struct Codec<Sparse<T>> {
  static void write(Writer& out, const Sparse<T>& value) { cbor::write(out, value.value); }
  static Result<Sparse<T>> read(Reader& in) {
    const std::size_t at = in.offset();
    TRY(T value, cbor::read<T>(in));
    if (value == T{}) return fail(Code::invalid, "a field that is zero must be left out", at);
    return Sparse<T>(value);
  }
};

template <std::uint64_t Number>
struct Codec<Form<Number>> {
  static void write(Writer& out, const Form<Number>&) { out.uint(Number); }
  static Result<Form<Number>> read(Reader& in) {
    const std::size_t at = in.offset();
    TRY(const std::uint64_t number, in.uint());
    if (number > Number) return fail(Code::newer, "this is of a form that is newer than this program", at);
    if (number < Number) return fail(Code::invalid, "this is of an older form, which is not read any more", at);
    return Form<Number>{};
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
template <class T>
struct is_sparse : std::false_type {};
template <class T>
struct is_sparse<Sparse<T>> : std::true_type {};

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

// The fields of a base without those that it has from its own base, which the deriving structure has put first.
template <std::size_t N, class... F>
constexpr auto without_first(const std::tuple<F...>& fields) {
  return []<std::size_t... I>(const std::tuple<F...>& all, std::index_sequence<I...>) {
    return std::tuple(std::get<N + I>(all)...);
  }(fields, std::make_index_sequence<sizeof...(F) - N>());
}

// Whether a member has an entry on the wire.
template <class M>
constexpr bool is_present(const M& member) {
  if constexpr (is_optional<M>::value) {
    return member.has_value();
  } else if constexpr (is_sparse<M>::value) {
    return !member.is_zero();
  } else {
    return true;
  }
}

// The entries of a map, one key at a time, in ascending order.
struct Entries {
  std::size_t left = 0;              // behind `key`
  std::optional<std::uint64_t> key;  // that has been read and not been used
  std::size_t at = 0;                // where it stands
  bool closed = false;               // no additions
};
// Reads the next key, if there is one and none waits.
Result<void> next_key(Reader& in, Entries& entries);
// Leaves behind the keys below `number` (or all), which no field has: skipped as additions, or refused.
Result<void> pass_unknown(Reader& in, Entries& entries, std::optional<std::uint64_t> number);

// How one field of a structure is read.
struct Slot {
  std::uint32_t key;
  bool required;
  Result<void> (*read)(Reader& in, void* structure);
};
// Whether a structure has additions.
enum class Closed : std::uint8_t { no, yes };
// One loop reads every structure, and one function every type of member: on a device there is no room for more.
Result<void> read_slots(Reader& in, std::span<const Slot> slots, Closed closed, void* structure);

}  // namespace detail

using detail::for_each_field;

namespace detail {

// A structure is read where it stands, without a copy of it on the stack.
template <class M>
[[gnu::noinline]] Result<void> read_member(Reader& in, M& member) {
  if constexpr (is_optional<M>::value) {
    return read_member(in, member.emplace());
  } else if constexpr (Declared<M>) {
    return Codec<M>::read_into(in, member);
  } else {
    TRY(member, cbor::read<M>(in));
    return {};
  }
}

}  // namespace detail

template <Declared T>
struct Codec<T> {
  static_assert(detail::keys_ascend<T>(), "declare fields in ascending order of their keys");

  static void write(Writer& out, const T& value) {
    std::size_t count = 0;
    for_each_field<T>([&](const auto& field) { count += detail::is_present(value.*field.member) ? 1 : 0; });
    out.map(count);
    for_each_field<T>([&](const auto& field) { write_field(out, field.key, value.*field.member); });
  }

  static Result<T> read(Reader& in) {
    Result<T> out{std::in_place};
    if (auto verdict = read_into(in, *out); !verdict) out = std::unexpected(std::move(verdict).error());
    return out;
  }
  // `value` is T{}.
  static Result<void> read_into(Reader& in, T& value) {
    constexpr auto closed = requires { T::closed; } ? detail::Closed::yes : detail::Closed::no;
    return detail::read_slots(in, slots, closed, &value);
  }

 private:
  template <class M>
  static void write_field(Writer& out, std::uint32_t key, const M& member) {
    if (!detail::is_present(member)) return;
    out.uint(key);
    if constexpr (detail::is_optional<M>::value) {
      cbor::write(out, *member);
    } else {
      cbor::write(out, member);
    }
  }

  template <std::size_t I>
  static Result<void> read_slot(Reader& in, void* structure) {
    return detail::read_member(in, static_cast<T*>(structure)->*(std::get<I>(T::fields).member));
  }
  template <std::size_t I>
  static constexpr detail::Slot slot() {
    using Member = std::remove_reference_t<decltype(std::declval<T&>().*(std::get<I>(T::fields).member))>;
    constexpr bool required = !detail::is_optional<Member>::value && !detail::is_sparse<Member>::value;
    return {std::get<I>(T::fields).key, required, &read_slot<I>};
  }
  static constexpr std::size_t count = std::tuple_size_v<std::remove_cvref_t<decltype(T::fields)>>;
  static constexpr auto slots = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<detail::Slot, sizeof...(I)>{slot<I>()...};
  }(std::make_index_sequence<count>());
};

// One whole structure and nothing after it.
template <class T>
Result<T> decode(ByteView input, Additions additions = Additions::skip) {
  Reader in(input, additions);
  Result<T> out = read<T>(in);
  if (!out) return out;
  if (auto verdict = in.end(); !verdict) out = std::unexpected(std::move(verdict).error());
  return out;
}

// The encoding in the caller's buffer. `exhausted` when it is too small.
template <class T>
Result<ByteView> encode(const T& value, MutableByteView buffer) {
  Writer out(buffer);
  write(out, value);
  return out.finish();
}

}  // namespace mikusari::cbor
