// SPDX-License-Identifier: Apache-2.0
// Family `ownership`: a device goes from one owner to the next in two steps, offer and accept. Each names the record's
// seq (`on`), so that the buyer accepts exactly the device that was seen. Who holds it is custody's matter.
#pragma once

#include "statement/kind.hpp"

namespace mikusari::ownership {

struct Offer {
  Id device;
  std::string_view to;
  static constexpr statement::Kind kind{0x0701, "ownership.offer", statement::Signers::one, 1, statement::On::required};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Offer::device, "which device"},
                                            cbor::Field{2, "to", &Offer::to, "the member who may accept it"}};
};

struct Accept {
  Id device;
  static constexpr statement::Kind kind{0x0702, "ownership.accept", statement::Signers::one, 1,
                                        statement::On::required};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Accept::device, "which device"}};
};

struct Cancel {
  Id device;
  static constexpr statement::Kind kind{0x0703, "ownership.cancel", statement::Signers::one, 1};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Cancel::device, "which device"}};
};

}  // namespace mikusari::ownership
