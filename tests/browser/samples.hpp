// SPDX-License-Identifier: Apache-2.0
// One body of each kind with every field filled in, for tests of what the page says of it. One thread at a time.
#pragma once

#include "proof/test_ledger.hpp"

namespace mikusari::test {

template <class T>
T filled();

template <class T>
struct Filled {
  static T value() {
    if constexpr (cbor::Declared<T>) {
      T out{};
      cbor::for_each_field<T>(
          [&](const auto& field) { out.*field.member = filled<std::remove_cvref_t<decltype(out.*field.member)>>(); });
      return out;
    } else if constexpr (cbor::NamedEnum<T>) {
      return names_of(T{}).back().value;
    } else {
      return T(1);
    }
  }
};
template <class T>
struct Filled<std::optional<T>> {
  static std::optional<T> value() { return filled<T>(); }
};
template <class T>
struct Filled<cbor::Sparse<T>> {
  static cbor::Sparse<T> value() { return cbor::Sparse<T>(filled<T>()); }
};
template <class T, std::size_t Max>
struct Filled<cbor::List<T, Max>> {
  static cbor::List<T, Max> value() {
    static const std::array<T, 1> one{filled<T>()};  // the list is a view
    return std::span<const T>(one);
  }
};
template <std::size_t N>
struct Filled<Bytes<N>> {
  static Bytes<N> value() {
    Bytes<N> out;
    out.data.fill(std::byte{0x5a});
    return out;
  }
};
template <>
struct Filled<std::string_view> {
  static std::string_view value() { return "sample"; }
};
template <>
struct Filled<crypto::PublicKey> {
  static crypto::PublicKey value() { return signer_from("sample").public_key(); }
};
template <>
struct Filled<statement::Form> {
  static statement::Form value() { return {}; }
};

template <class T>
T filled() {
  return Filled<T>::value();
}

}  // namespace mikusari::test
