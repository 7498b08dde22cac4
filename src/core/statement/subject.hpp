// SPDX-License-Identifier: Apache-2.0
// Whom or what a key speaks for: a member, a part or a device.
#pragma once

#include <array>

#include "encoding/field.hpp"

namespace mikusari {

enum class SubjectType : std::uint8_t { member = 1, part = 2, device = 3 };

constexpr auto names_of(SubjectType) {
  using enum SubjectType;
  return std::array{cbor::Name{member, "member"}, cbor::Name{part, "part"}, cbor::Name{device, "device"}};
}

// `id` is the member's name in UTF-8, or the 32 bytes of a part's or device's id.
struct Subject {
  SubjectType type{};
  ByteView id;

  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &Subject::type, "member, part or device"},
                 cbor::Field{2, "id", &Subject::id, "name of the member, or id of the thing"}};

  bool is_member(std::string_view name) const { return type == SubjectType::member && as_text(id) == name; }
  bool is(SubjectType wanted, const Id& thing) const { return type == wanted && equal(id, thing); }
};

}  // namespace mikusari
