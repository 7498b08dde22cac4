// SPDX-License-Identifier: Apache-2.0
// From what people write to what the ledger knows. A party is a contact's name, the label of a party of this home, a
// member's name (also "member:NAME"), or a handle. A thing is a label, LOT#N (the N-th of a lot of this home), the
// first digits of an id that this home knows, or the id. One thread.
#pragma once

#include "cli/book.hpp"

namespace mikusari::cli {

Result<Handle> party_named(Session& session, const Digest& ledger, const std::string& text);
// Errors: `not_found` when nothing is called so, `conflict` when the digits fit several, or it is another sort of
// thing.
Result<Id> thing_named(Session& session, What what, const std::string& text);
// The book's own word for the thing, when it knows it; else `otherwise`.
Result<OwnThing> thing_of_any(Session& session, What otherwise, const std::string& text);
// A blinded id of premises or of a tool: of a name, it follows from the home's secret, and is remembered.
Result<Id> place_named(Session& session, const Digest& ledger, const std::string& text);
// The same for a party of this home, by whose handle it differs; it is not remembered.
Result<Id> place_under(Session& session, const Digest& ledger, const Handle& party, const std::string& text);

// The option's text by these.
Result<Handle> party_option(Session& session, const Digest& ledger, const std::string& option);
Result<Id> thing_option(Session& session, What what, const std::string& option);

// Names of contacts, parties of this home, and members that founded the ledger. A book that is locked is passed over.
std::map<Handle, std::string> known_parties(Session& session, const Digest& ledger);
// These and own things are called by their names in what the session shows.
void call_what_is_known(Session& session, const Digest& ledger);

// Ids of a lot of this home, one a line.
std::string lot_ids_path(const Session& session, const std::string& lot);
Result<std::vector<std::string>> read_rows(Session& session, const std::string& path);

// "part", "device" and so on as the ledger's types of things. REQUIRES: what is a part or a device.
thing::Type type_of(What what);

}  // namespace mikusari::cli
