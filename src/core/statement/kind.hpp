// SPDX-License-Identifier: Apache-2.0
// A kind of statement: its number, name, who must sign, and how many bodies one signature may cover.
//
// A kind is declared once, in the header of its family, as a structure whose fields are the body and whose `kind` is
// one of these. Numbers are family << 8 | kind and are never reused; docs/formats/statement.md lists them.
#pragma once

#include <cstdint>
#include <string_view>

#include "encoding/list.hpp"

namespace mikusari::statement {

// Whose signatures a statement needs beside its signer's. The rule of the kind says whether the signer may act at all.
enum class Signers : std::uint8_t {
  one,           // the signer alone
  release_keys,  // k of the model's n release keys, as approvals with role `release`
  witnesses,     // two keys of different members with the role `witness`, as approvals
  members,       // active members of more than half of the weight, as approvals with role `member`
};

// Whether the payload carries `on`, the seq of the record that is meant. What hands over power or ends a life must name
// it; elsewhere a condition that no rule would look at is refused instead of ignored.
enum class On : std::uint8_t { unused, required };

struct Kind {
  std::uint16_t number;
  std::string_view name;
  Signers signers;
  std::uint16_t bodies_max;
  On on = On::unused;
};

template <class T>
concept Body = cbor::Declared<T> && requires { T::kind; };

}  // namespace mikusari::statement
