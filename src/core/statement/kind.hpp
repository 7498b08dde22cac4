// SPDX-License-Identifier: Apache-2.0
// A kind of statement: its number, its name, who signs it, how many bodies one signature may cover, which tree of a
// thing's events it enters, and what a suspended party may still say.
//
// A kind is declared once, in the header of its family, as a structure whose fields are the body and whose `kind` is
// one of these. Numbers are family << 8 | kind and are never reused; docs/formats/bodies.md lists them.
#pragma once

#include <cstdint>
#include <string_view>

#include "encoding/list.hpp"

namespace mikusari::statement {

// Whose signatures a statement takes beside its signer's, as approvals. The rule of the kind says whether the signer
// may act at all, and how many approvals are enough.
enum class Signers : std::uint8_t {
  one,           // none: the signer alone
  release_keys,  // the model's other release keys, with role `release`
  witnesses,     // keys of parties with the role `witness`, with role `witness`
  own_keys,      // other keys of the signer's party, with role `own`
  recovery,      // other recovery keys of the ledger, with role `recovery`
  registrar,     // a key of the party's new registrar, with role `registrar`
  quorum,        // keys of the parties that the owner named for this, with role `quorum`
};

// The tree of events (head.hpp) that a body of this kind enters, for each thing whose record it changes.
enum class Gains : std::uint8_t {
  nothing,  // bookkeeping: no event of the thing
  history,  // all events
  life,     // also those that changed power or life
};

// What a statement is for, which decides what limits it.
enum class Purpose : std::uint8_t {
  ordinary,  // refused while its party is suspended; counts against the day's quota
  going_on,  // still possible while its party is suspended; counts against the day's quota
  taking,    // accepts what is offered: refused while suspended; has the reserve of exits
  exit,      // ends power or gets out: still possible while suspended, and has a reserve of its own
};

struct Kind {
  std::uint16_t number;
  std::string_view name;
  Signers signers;
  std::uint16_t bodies_max;
  Gains gains = Gains::history;
  Purpose purpose = Purpose::ordinary;
};

template <class T>
concept Body = cbor::Declared<T> && requires { T::kind; };

// The version of every form of the ledger's second form: statements, leaves, records, proofs and files.
using Form = cbor::Form<2>;

}  // namespace mikusari::statement
