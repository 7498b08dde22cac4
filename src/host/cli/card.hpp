// SPDX-License-Identifier: Apache-2.0
// A card: the file by which one home tells another what a party or a thing is called in the ledger, so that no person
// types a handle or an id. It proves nothing: who takes a card trusts the way by which it came. Values; any thread.
#pragma once

#include "cli/book.hpp"

namespace mikusari::cli {

// Of a party (`party`) or of a thing (`what` and `thing`).
struct Card {
  statement::Form form;
  Digest ledger;
  std::optional<std::string_view> name;  // what its maker calls it
  std::optional<Handle> party;
  std::optional<Digest> kid;  // of a registrar: the key with which it signs openings
  std::optional<What> what;
  std::optional<Id> thing;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Card::form},
                 cbor::Field{2, "ledger", &Card::ledger},
                 cbor::Field{3, "name", &Card::name},
                 cbor::Field{4, "party", &Card::party, "its handle"},
                 cbor::Field{5, "kid", &Card::kid, "of a registrar: the key that signs openings"},
                 cbor::Field{6, "what", &Card::what},
                 cbor::Field{7, "thing", &Card::thing, "its id"}};
};

// Writes it into the file of --out and reports that.
Result<void> write_card(Session& session, const Card& card);

// A card of this ledger. `invalid`, naming the file, for another file; `forbidden` for another ledger's card. The views
// live in the bytes.
struct ReadCard {
  platform::Buffer bytes;
  Card card;
};
Result<std::unique_ptr<ReadCard>> read_card(Session& session, const Digest& ledger, const std::string& path);

}  // namespace mikusari::cli
