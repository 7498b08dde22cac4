// SPDX-License-Identifier: Apache-2.0
// Family `ownership`: a thing goes from one owner to the next in two steps, offer and accept. Each names the title
// counter (`on`), which nobody else's statement moves, so that the buyer accepts exactly the thing that was seen: while
// it is offered, its mounts and keys are frozen. Who holds it is custody's matter.
#pragma once

#include "statement/thing.hpp"

namespace mikusari::ownership {

struct Offer {
  thing::Type type{};
  Id thing;
  Handle to;
  std::uint64_t on = 0;
  static constexpr statement::Kind kind{0x0701, "ownership.offer",      statement::Signers::one,
                                        64,     statement::Gains::life, statement::Purpose::going_on};
  static constexpr auto fields = std::tuple{cbor::Field{1, "type", &Offer::type, "part or device"},
                                            cbor::Field{2, "thing", &Offer::thing, "its id"},
                                            cbor::Field{3, "to", &Offer::to, "the party that may accept it"},
                                            cbor::Field{4, "on", &Offer::on, "its title counter"}};
};

// All keys but those kept fall silent, and so do grants of the old owner.
struct Accept {
  thing::Type type{};
  Id thing;
  std::uint64_t on = 0;
  thing::Keep keep;
  static constexpr statement::Kind kind{0x0702, "ownership.accept",     statement::Signers::one,
                                        64,     statement::Gains::life, statement::Purpose::taking};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "type", &Accept::type, "part or device"}, cbor::Field{2, "thing", &Accept::thing, "its id"},
      cbor::Field{3, "on", &Accept::on, "its title counter, as the offer left it"},
      cbor::Field{4, "keep", &Accept::keep, "keys that go on"}};
};

// By the owner: ends an offer, a shipment with title, or a forced hand-over.
struct Cancel {
  thing::Type type{};
  Id thing;
  static constexpr statement::Kind kind{0x0703, "ownership.cancel",     statement::Signers::one,
                                        64,     statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "type", &Cancel::type, "part or device"},
                                            cbor::Field{2, "thing", &Cancel::thing, "its id"}};
};

// By a party of the quorum that the owner stated in its record, with the others' approvals: after the stated wait `to`
// may accept the thing, unless its owner cancels.
struct Force {
  thing::Type type{};
  Id thing;
  Handle to;
  std::uint64_t on = 0;
  static constexpr statement::Kind kind{0x0704, "ownership.force", statement::Signers::quorum, 1,
                                        statement::Gains::life};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "type", &Force::type, "part or device"}, cbor::Field{2, "thing", &Force::thing, "its id"},
      cbor::Field{3, "to", &Force::to, "the party that may accept it after the wait"},
      cbor::Field{4, "on", &Force::on, "its title counter"}};
};

}  // namespace mikusari::ownership
