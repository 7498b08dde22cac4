// SPDX-License-Identifier: Apache-2.0
// For tests only: the declarations of the formats as scripts. web/passport/{enums,forms,bodies}.js are what this
// writes, so that the page reads exactly what src/core/statement and src/core/proof declare. One thread at a time.
#pragma once

#include <set>
#include <string>

#include "proof/passport.hpp"
#include "statement/kinds.hpp"
#include "statement/submission.hpp"

namespace mikusari::test {

// "device::Record" of mikusari::device::Record is written "device.Record".
template <class T>
std::string declared_name() {
  const std::string_view function = __PRETTY_FUNCTION__;  // "... [with T = mikusari::device::Record; ...]"
  const std::string_view marker = "T = mikusari::";
  const std::size_t begin = function.find(marker) + marker.size();
  std::string out(function.substr(begin, function.find_first_of(";]", begin) - begin));
  for (std::size_t at = out.find("::"); at != std::string::npos; at = out.find("::")) out.replace(at, 2, ".");
  return out;
}

template <class T>
struct ListTraits : std::false_type {};
template <class T, std::size_t Max>
struct ListTraits<cbor::List<T, Max>> : std::true_type {
  using Element = T;
  static constexpr std::size_t max = Max;
};
template <class T>
struct BytesTraits : std::false_type {};
template <std::size_t N>
struct BytesTraits<Bytes<N>> : std::true_type {};
template <class T>
struct SparseTraits : std::false_type {};
template <class T>
struct SparseTraits<cbor::Sparse<T>> : std::true_type {
  using Value = T;
};

class FormsWriter {
 public:
  // The scripts, without their heads.
  const std::string& enums() const { return enums_; }
  const std::string& forms() const { return forms_; }

  // Declares T and whatever it is made of, once.
  template <class T>
  void declare() {
    if (!names_.insert(declared_name<T>()).second) return;
    if constexpr (cbor::NamedEnum<T>) {
      enums_ += enumeration<T>();
    } else {
      const std::string type = structure<T>();
      forms_ += "forms['" + declared_name<T>() + "'] = " + type + ";\n";
    }
  }
  template <class T>
  void declare_kind() {
    char number[8];
    std::snprintf(number, sizeof number, "0x%04x", static_cast<unsigned>(T::kind.number));
    const std::string type = structure<T>();
    forms_ +=
        "kinds[" + std::string(number) + "] = { name: '" + std::string(T::kind.name) + "', body: " + type + " };\n";
  }

 private:
  template <class T>
  std::string structure() {
    std::string out = requires { T::closed; } ? "closed(" : "structure(";
    std::size_t column = out.size();
    bool first = true;
    cbor::for_each_field<T>([&](const auto& field) {
      const std::string entry = "[" + std::to_string(field.key) + ", '" + std::string(field.name) + "', " +
                                type<std::remove_cvref_t<decltype(T{}.*field.member)>>() + "]";
      if (first || column + entry.size() > 112) {
        out += first ? "\n  " : ",\n  ";
        column = 2;
      } else {
        out += ", ";
        column += 2;
      }
      out += entry;
      column += entry.size();
      first = false;
    });
    return out + ")";
  }

  template <class T>
  std::string type() {
    if constexpr (cbor::detail::is_optional<T>::value) {
      return "optional(" + type<typename T::value_type>() + ")";
    } else if constexpr (SparseTraits<T>::value) {
      return "sparse(" + type<typename SparseTraits<T>::Value>() + ")";
    } else if constexpr (ListTraits<T>::value) {
      return "listOf(" + type<typename ListTraits<T>::Element>() + ", " + std::to_string(ListTraits<T>::max) + ")";
    } else if constexpr (BytesTraits<T>::value) {
      return T::size() == 32 ? "digest" : "fixed(" + std::to_string(T::size()) + ")";
    } else if constexpr (cbor::NamedEnum<T>) {
      declare<T>();
      return "oneOf('" + declared_name<T>() + "')";
    } else if constexpr (cbor::Declared<T>) {
      declare<T>();
      return "forms['" + declared_name<T>() + "']";
    } else {
      return plain<T>();
    }
  }

  template <class T>
  static std::string plain() {
    if constexpr (std::is_same_v<T, bool>) return "flag";
    if constexpr (std::is_same_v<T, std::uint64_t>) return "u64";
    if constexpr (std::is_same_v<T, std::uint16_t>) return "u16";
    if constexpr (std::is_same_v<T, std::int64_t>) return "integer";
    if constexpr (std::is_same_v<T, ByteView>) return "octets";
    if constexpr (std::is_same_v<T, std::string_view>) return "text";
    if constexpr (std::is_same_v<T, statement::Form>) return "form";
    if constexpr (std::is_same_v<T, crypto::PublicKey>) return "publicKey";
    return "a type that types.js has not";
  }

  template <class E>
  static std::string enumeration() {
    std::string out = "enums['" + declared_name<E>() + "'] = {";
    std::size_t column = out.size();
    for (const auto& entry : names_of(E{})) {
      const std::string text =
          " " + std::string(entry.name) + ": " + std::to_string(static_cast<std::uint64_t>(entry.value)) + ",";
      if (column + text.size() > 116) {
        out += "\n ";
        column = 1;
      }
      out += text;
      column += text.size();
    }
    out.back() = ' ';
    return out + "};\n";
  }

  std::set<std::string> names_;
  std::string enums_, forms_;
};

}  // namespace mikusari::test
