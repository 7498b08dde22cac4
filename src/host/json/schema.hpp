// SPDX-License-Identifier: Apache-2.0
// What a declaration (encoding/field.hpp) looks like to others: a CDDL rule (RFC 8610) for its bytes, a JSON Schema
// (2020-12, as in OpenAPI 3.1) for its JSON view, and the help of its fields for the command line. All three follow
// from the one declaration, so they cannot disagree with the codec.
//
// A type with a Codec of its own says how it looks by specialising Schema.
#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "crypto/signature.hpp"
#include "encoding/field.hpp"
#include "encoding/list.hpp"
#include "encoding/trimmed.hpp"
#include "json/writer.hpp"

namespace mikusari::json {

// A CDDL type at this depth of indentation, a JSON Schema object, and a few words for people.
template <class T>
struct Schema;

enum class Presence : std::uint8_t { required, optional };

struct FieldHelp {
  std::string name;
  std::string type;   // in words: "64 hexadecimal digits", "one of claimed, proved"
  Presence presence;  // optional: who writes one may leave it out
  std::string help;
};

namespace detail {

// The type of a member that may be absent, and where: a Sparse value is left out of the bytes when it is zero, and
// always shown in JSON.
template <class M>
struct Unwrapped {
  using type = M;
  static constexpr Presence in_bytes = cbor::detail::is_sparse<M>::value ? Presence::optional : Presence::required;
  static constexpr Presence in_json = Presence::required;
};
template <class M>
struct Unwrapped<std::optional<M>> {
  using type = M;
  static constexpr Presence in_bytes = Presence::optional, in_json = Presence::optional;
};

struct CddlLine {
  std::string entry, comment;
};
// The lines of a map, the comments of all but very long ones in one column.
std::string cddl_map(const std::vector<CddlLine>& lines, std::size_t depth);
std::string integer_range(std::int64_t least, std::uint64_t most);
std::string positive_range(std::uint64_t most);
// {"type":"integer",...}, or that and a string of digits where 2^53 - 1 is not enough.
void write_integer(Writer& out, std::int64_t least, std::uint64_t most);

}  // namespace detail

template <>
struct Schema<bool> {
  static std::string cddl(std::size_t) { return "bool"; }
  static void write(Writer& out) { out.begin_object().member("type", "boolean").end_object(); }
  static std::string words() { return "true or false"; }
};

template <std::integral T>
struct Schema<T> {
  static constexpr std::int64_t least = std::is_signed_v<T> ? std::int64_t{std::numeric_limits<T>::min()} : 0;
  static constexpr std::uint64_t most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  static std::string cddl(std::size_t) { return detail::integer_range(least, most); }
  static void write(Writer& out) { detail::write_integer(out, least, most); }
  static std::string words() { return "whole number"; }
};

// Never written as zero.
template <std::unsigned_integral T>
struct Schema<cbor::Sparse<T>> {
  static std::string cddl(std::size_t) { return detail::positive_range(std::numeric_limits<T>::max()); }
  static void write(Writer& out) { Schema<T>::write(out); }
  static std::string words() { return Schema<T>::words(); }
};
template <>
struct Schema<cbor::Sparse<bool>> {
  static std::string cddl(std::size_t) { return "true"; }
  static void write(Writer& out) { Schema<bool>::write(out); }
  static std::string words() { return Schema<bool>::words(); }
};

template <std::uint64_t Number>
struct Schema<cbor::Form<Number>> {
  static std::string cddl(std::size_t) { return std::to_string(Number); }
  static void write(Writer& out) { out.begin_object().member("type", "integer").member("const", Number).end_object(); }
  static std::string words() { return "the number " + std::to_string(Number); }
};

template <cbor::NamedEnum E>
struct Schema<E> {
  static std::string cddl(std::size_t) {
    std::string out = "&(";
    for (const auto& entry : names_of(E{})) {
      if (out.size() > 2) out += ", ";
      out += std::string(entry.name) + ": " + std::to_string(static_cast<std::int64_t>(entry.value));
    }
    return out + ")";
  }
  static void write(Writer& out) {
    out.begin_object().member("type", "string").key("enum").begin_array();
    for (const auto& entry : names_of(E{})) out.text(entry.name);
    out.end_array().end_object();
  }
  static std::string words() {
    std::string out = "one of ";
    for (const auto& entry : names_of(E{})) {
      if (out.size() > 7) out += ", ";
      out += entry.name;
    }
    return out;
  }
};

template <std::size_t N>
struct Schema<Bytes<N>> {
  static std::string cddl(std::size_t) { return "bstr .size " + std::to_string(N); }
  static void write(Writer& out) {
    out.begin_object().member("type", "string");
    out.member("pattern", "^[0-9a-f]{" + std::to_string(2 * N) + "}$").end_object();
  }
  static std::string words() { return std::to_string(2 * N) + " hexadecimal digits"; }
};

template <std::size_t N>
struct Schema<cbor::Trimmed<N>> {
  static std::string cddl(std::size_t) { return "bstr .size (0.." + std::to_string(N) + ")"; }
  static void write(Writer& out) {
    out.begin_object().member("type", "string");
    out.member("pattern", "^([0-9a-f]{2}){0," + std::to_string(N) + "}$").end_object();
  }
  static std::string words() { return "at most " + std::to_string(2 * N) + " hexadecimal digits"; }
};

template <>
struct Schema<ByteView> {
  static std::string cddl(std::size_t) { return "bstr"; }
  static void write(Writer& out) {
    out.begin_object().member("type", "string").member("pattern", "^([0-9a-f]{2})*$").end_object();
  }
  static std::string words() { return "hexadecimal digits"; }
};

template <>
struct Schema<std::string_view> {
  static std::string cddl(std::size_t) { return "tstr"; }
  static void write(Writer& out) { out.begin_object().member("type", "string").end_object(); }
  static std::string words() { return "text"; }
};

// COSE_Key as in cose/key.hpp; the rule stands in docs/formats.
template <>
struct Schema<crypto::PublicKey> {
  static std::string cddl(std::size_t) { return "COSE_Key"; }
  static void write(Writer& out) {
    out.begin_object().member("type", "object").key("properties").begin_object();
    out.key("algorithm").begin_object().member("type", "string").key("enum").begin_array();
    out.text(crypto::name(crypto::Algorithm::esp256)).text(crypto::name(crypto::Algorithm::ed25519)).end_array();
    out.end_object();
    out.key("key").begin_object().member("type", "string").member("pattern", "^([0-9a-f]{64}){1,2}$").end_object();
    out.end_object().key("required").begin_array().text("algorithm").text("key").end_array();
    out.member("additionalProperties", false).end_object();
  }
  static std::string words() { return "public key"; }
};

template <class T, std::size_t Max>
struct Schema<cbor::List<T, Max>> {
  static std::string cddl(std::size_t depth) {
    return "[0*" + std::to_string(Max) + " " + Schema<T>::cddl(depth) + "]";
  }
  static void write(Writer& out) {
    out.begin_object().member("type", "array").member("maxItems", Max).key("items");
    Schema<T>::write(out);
    out.end_object();
  }
  static std::string words() { return "at most " + std::to_string(Max) + " of: " + Schema<T>::words(); }
};

template <cbor::Declared T>
struct Schema<T> {
  static std::string cddl(std::size_t depth) {
    std::vector<detail::CddlLine> lines;
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = detail::Unwrapped<std::remove_cvref_t<decltype(std::declval<T>().*field.member)>>;
      std::string entry = Member::in_bytes == Presence::optional ? "? " : "";
      entry += std::to_string(field.key) + " => " + Schema<typename Member::type>::cddl(depth + 1) + ",";
      std::string comment(field.name);
      if (!field.help.empty()) comment += ": " + std::string(field.help);
      lines.push_back({std::move(entry), std::move(comment)});
    });
    return detail::cddl_map(lines, depth);
  }

  static void write(Writer& out) {
    out.begin_object().member("type", "object").key("properties").begin_object();
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = detail::Unwrapped<std::remove_cvref_t<decltype(std::declval<T>().*field.member)>>;
      out.key(field.name);
      write_property<typename Member::type>(out, field.help);
    });
    out.end_object().key("required").begin_array();
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = detail::Unwrapped<std::remove_cvref_t<decltype(std::declval<T>().*field.member)>>;
      if constexpr (Member::in_json == Presence::required) out.text(field.name);
    });
    out.end_array().member("additionalProperties", false).end_object();
  }
  static std::string words() { return "structure"; }

 private:
  // The help stands around the type: in JSON Schema 2020-12 "allOf" with one schema and a description is that schema.
  template <class M>
  static void write_property(Writer& out, std::string_view help) {
    if (help.empty()) return Schema<M>::write(out);
    out.begin_object().member("description", help).key("allOf").begin_array();
    Schema<M>::write(out);
    out.end_array().end_object();
  }
};

// "name = { ... }", a line a field, with the field's name and help as its comment.
template <cbor::Declared T>
std::string cddl(std::string_view name) {
  return std::string(name) + " = " + Schema<T>::cddl(0) + "\n";
}

// One JSON object.
template <class T>
std::string json_schema() {
  Writer out;
  Schema<T>::write(out);
  return out.finish();
}

template <cbor::Declared T>
std::vector<FieldHelp> field_help() {
  std::vector<FieldHelp> out;
  cbor::for_each_field<T>([&](const auto& field) {
    using Member = detail::Unwrapped<std::remove_cvref_t<decltype(std::declval<T>().*field.member)>>;
    out.push_back(
        {std::string(field.name), Schema<typename Member::type>::words(), Member::in_bytes, std::string(field.help)});
  });
  return out;
}

}  // namespace mikusari::json
