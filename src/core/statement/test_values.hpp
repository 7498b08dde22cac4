// SPDX-License-Identifier: Apache-2.0
// For tests: a value of any declared structure with every field set, and all records of the state.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "encoding/test_support.hpp"
#include "statement/kinds.hpp"
#include "statement/list.hpp"
#include "statement/replay.hpp"

namespace mikusari::test {

template <class T>
T filled();

template <class T>
struct Filled;

template <>
struct Filled<bool> {
  static bool value() { return true; }
};
template <std::integral T>
struct Filled<T> {
  static T value() { return 5; }
};
template <cbor::NamedEnum E>
struct Filled<E> {
  static E value() { return names_of(E{}).back().value; }
};
template <std::size_t N>
struct Filled<Bytes<N>> {
  static Bytes<N> value() {
    Bytes<N> out;
    out.data.fill(std::byte{0xb5});
    return out;
  }
};
template <>
struct Filled<std::string_view> {
  static std::string_view value() { return "words"; }
};
template <>
struct Filled<crypto::PublicKey> {
  static crypto::PublicKey value() { return {crypto::Algorithm::ed25519, Filled<Bytes<32>>::value()}; }
};
template <std::size_t N>
struct Filled<cbor::Trimmed<N>> {
  static cbor::Trimmed<N> value() { return {Filled<Bytes<N>>::value()}; }
};
template <std::uint64_t Number>
struct Filled<cbor::Form<Number>> {
  static cbor::Form<Number> value() { return {}; }
};
template <class T>
struct Filled<std::optional<T>> {
  static std::optional<T> value() { return filled<T>(); }
};
template <class T>
struct Filled<cbor::Sparse<T>> {
  static cbor::Sparse<T> value() { return filled<T>(); }
};
template <class T, std::size_t Max>
struct Filled<cbor::List<T, Max>> {
  static cbor::List<T, Max> value() {
    static const std::array<T, 2> two{filled<T>(), filled<T>()};
    return std::span<const T>(two);
  }
};
template <cbor::Declared T>
struct Filled<T> {
  static T value() {
    T out{};
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(out.*field.member)>;
      out.*field.member = filled<Member>();
    });
    return out;
  }
};

template <class T>
T filled() {
  return Filled<T>::value();
}

// Calls f.template operator()<T>(name) for each record of the state.
template <class F>
void for_each_record(F&& f) {
  f.template operator()<party::Record>("party");
  f.template operator()<key::Record>("key");
  f.template operator()<model::Record>("model");
  f.template operator()<certification::Record>("certification");
  f.template operator()<part::Record>("part");
  f.template operator()<device::Record>("device");
  f.template operator()<firmware::Record>("firmware");
  f.template operator()<firmware::ImageRecord>("image");
  f.template operator()<role::Record>("role");
  f.template operator()<proposal::Record>("proposal");
  f.template operator()<proposal::Withheld>("withheld");
  f.template operator()<list::Record>("list");
  f.template operator()<ReplayRecord>("replay");
  f.template operator()<QuotaRecord>("quota");
  f.template operator()<LedgerRecord>("ledger");
}

template <class T>
Octets encoding_of(const T& value) {
  Octets buffer(64 * 1024);
  const auto bytes = cbor::encode(value, buffer);
  ASSERT(bytes.has_value());
  return Octets(bytes->begin(), bytes->end());
}

// A declared structure as its entries, to be spoiled.
class Entries {
 public:
  template <class T>
  explicit Entries(const T& value) : map_(std::get<Tree::Map>(decode_tree(encoding_of(value)).value().value)) {}

  Entries& erase(std::uint64_t key) {
    std::erase_if(map_.entries, [&](const auto& entry) { return number(entry) == key; });
    return *this;
  }
  // In its place; instead of the one that is there.
  Entries& put(std::uint64_t key, Tree value) {
    erase(key);
    const auto at = std::ranges::find_if(map_.entries, [&](const auto& entry) { return number(entry) > key; });
    map_.entries.insert(at, {Tree{Tree::Integer{false, key}}, std::move(value)});
    return *this;
  }
  Entries& put(std::uint64_t key, std::uint64_t value) { return put(key, Tree{Tree::Integer{false, value}}); }
  Octets bytes() const { return encode_tree(Tree{map_}).value(); }

 private:
  static std::uint64_t number(const Tree::Entry& entry) { return std::get<Tree::Integer>(entry.key.value).argument; }
  Tree::Map map_;
};

}  // namespace mikusari::test
