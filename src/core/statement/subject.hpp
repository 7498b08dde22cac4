// SPDX-License-Identifier: Apache-2.0
// Whom or what a key speaks for: a party, a part or a device. Each is named by 32 bytes: a party by its handle
// (party.hpp), a thing by its id.
#pragma once

#include <array>

#include "encoding/field.hpp"

namespace mikusari {

// Names a party in records and statements (docs/formats/names.md).
using Handle = Bytes<32>;

enum class SubjectType : std::uint8_t { party = 1, part = 2, device = 3 };

constexpr auto names_of(SubjectType) {
  using enum SubjectType;
  return std::array{cbor::Name{party, "party"}, cbor::Name{part, "part"}, cbor::Name{device, "device"}};
}

struct Subject {
  SubjectType type{};
  Id id;

  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &Subject::type, "party, part or device"},
                 cbor::Field{2, "id", &Subject::id, "the party's handle, or the thing's id"}};
  friend bool operator==(const Subject&, const Subject&) = default;
};

inline Subject subject_of_party(const Handle& handle) { return {SubjectType::party, handle}; }
inline Subject subject_of_part(const Id& id) { return {SubjectType::part, id}; }
inline Subject subject_of_device(const Id& id) { return {SubjectType::device, id}; }

}  // namespace mikusari
