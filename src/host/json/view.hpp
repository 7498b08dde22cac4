// SPDX-License-Identifier: Apache-2.0
// The JSON form of whatever is declared (encoding/field.hpp): an object whose members stand in the order of the
// declaration, so that the same value always gives the same text. Bytes are lower-case hexadecimal, enumerations their
// names, integers numbers up to 2^53 - 1 and strings of digits beyond; absent optionals are left out. A value that the
// bytes leave out because it is zero is shown like any other.
//
// A type with a Codec of its own says how it looks by specialising View.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signature.hpp"
#include "encoding/field.hpp"
#include "encoding/list.hpp"
#include "encoding/trimmed.hpp"
#include "json/writer.hpp"

namespace mikusari::json {

template <class T>
struct View;

template <class T>
void write(Writer& out, const T& value) {
  View<T>::write(out, value);
}

template <class T>
std::string to_json(const T& value) {
  Writer out;
  write(out, value);
  return out.finish();
}

template <>
struct View<bool> {
  static void write(Writer& out, bool value) { out.boolean(value); }
};

template <std::integral T>
struct View<T> {
  static void write(Writer& out, T value) {
    if constexpr (std::signed_integral<T>) {
      out.number(std::int64_t{value});
    } else {
      out.number(std::uint64_t{value});
    }
  }
};

template <cbor::NamedEnum E>
struct View<E> {
  static void write(Writer& out, E value) {
    const std::string_view name = cbor::name_of(value);
    if (!name.empty()) {
      out.text(name);
    } else {
      out.number(static_cast<std::int64_t>(value));
    }
  }
};

template <>
struct View<ByteView> {
  static void write(Writer& out, ByteView value) { out.hex(value); }
};
template <std::size_t N>
struct View<Bytes<N>> {
  static void write(Writer& out, const Bytes<N>& value) { out.hex(value); }
};

template <std::size_t N>
struct View<cbor::Trimmed<N>> {
  static void write(Writer& out, const cbor::Trimmed<N>& value) { out.hex(value.trimmed()); }
};

template <>
struct View<std::string_view> {
  static void write(Writer& out, std::string_view value) { out.text(value); }
};
template <>
struct View<std::string> {
  static void write(Writer& out, const std::string& value) { out.text(value); }
};

// The version of a form is its number.
template <std::uint64_t Number>
struct View<cbor::Form<Number>> {
  static void write(Writer& out, const cbor::Form<Number>&) { out.number(Number); }
};
template <class T>
struct View<cbor::Sparse<T>> {
  static void write(Writer& out, const cbor::Sparse<T>& value) { json::write(out, value.value); }
};

template <class T, std::size_t Max>
struct View<cbor::List<T, Max>> {
  static void write(Writer& out, const cbor::List<T, Max>& list) {
    out.begin_array();
    for (const T value : list) json::write(out, value);
    out.end_array();
  }
};

template <>
struct View<crypto::PublicKey> {
  static void write(Writer& out, const crypto::PublicKey& key) {
    out.begin_object().member("algorithm", crypto::name(key.algorithm())).member("key", key.bytes()).end_object();
  }
};

template <cbor::Declared T>
struct View<T> {
  static void write(Writer& out, const T& value) {
    out.begin_object();
    write_members(out, value);
    out.end_object();
  }
  // Without the braces, to put further members beside them.
  static void write_members(Writer& out, const T& value) {
    cbor::for_each_field<T>([&](const auto& field) { write_member(out, field.name, value.*field.member); });
  }

 private:
  template <class M>
  static void write_member(Writer& out, std::string_view name, const M& member) {
    if constexpr (cbor::detail::is_optional<M>::value) {
      if (member) write_member(out, name, *member);
    } else {
      out.key(name);
      json::write(out, member);
    }
  }
};

}  // namespace mikusari::json
