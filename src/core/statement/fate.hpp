// SPDX-License-Identifier: Apache-2.0
// A statement's fate as a node tells it: what became of each of its bodies (docs/reference/api.md). Not proven by
// itself: receipts prove what was committed.
#pragma once

#include "encoding/list.hpp"
#include "statement/refusal.hpp"

namespace mikusari::statement {

enum class Standing : std::uint8_t { committed = 1, refused = 2 };
constexpr auto names_of(Standing) {
  return std::array{cbor::Name{Standing::committed, "committed"}, cbor::Name{Standing::refused, "refused"}};
}

struct BodyFate {
  std::uint64_t index = 0;
  Standing standing{};
  std::optional<Outcome> outcome;
  std::optional<Refusal> refusal;
  std::optional<std::string_view> subject, object, message, message_ja;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "index", &BodyFate::index, "of the body in its statement"},
                 cbor::Field{2, "standing", &BodyFate::standing},
                 cbor::Field{3, "outcome", &BodyFate::outcome, "of a committed body"},
                 cbor::Field{4, "refusal", &BodyFate::refusal, "of a refused body: why"},
                 cbor::Field{5, "subject", &BodyFate::subject, "what the refusal is about"},
                 cbor::Field{6, "object", &BodyFate::object, "who or what else it is about"},
                 cbor::Field{7, "message", &BodyFate::message, "the refusal as a sentence"},
                 cbor::Field{8, "message_ja", &BodyFate::message_ja, "the same in Japanese"}};
};

struct Fate {
  Digest identity;
  std::uint64_t height = 0;
  cbor::List<BodyFate, limits::bodies_max> bodies;
  static constexpr auto fields = std::tuple{cbor::Field{1, "identity", &Fate::identity, "of the statement"},
                                            cbor::Field{2, "height", &Fate::height, "of the block that it stands in"},
                                            cbor::Field{3, "bodies", &Fate::bodies, "in their order"}};
};

}  // namespace mikusari::statement
