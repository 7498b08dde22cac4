// SPDX-License-Identifier: Apache-2.0
// The home's book: what the home knows of others and of its own, so that no person types a handle or an id. Contacts by
// name, own things by label, parties that were opened here with what opens their commitments, and the secret that the
// nonces of births follow from. One file, sealed as the home's keys are. One thread.
//
// Who steals the book learns who stands behind handles; who loses it can no longer open them, and cannot repeat a birth
// that was cut off. It is part of a home's backup.
#pragma once

#include <functional>
#include <map>

#include "cli/session.hpp"
#include "statement/head.hpp"
#include "statement/names.hpp"
#include "statement/thing.hpp"

namespace mikusari::cli {

enum class What : std::uint8_t { part = 1, device = 2, model = 3, proposal = 4, place = 5 };
constexpr auto names_of(What) {
  using enum What;
  return std::array{cbor::Name{part, "part"}, cbor::Name{device, "device"}, cbor::Name{model, "model"},
                    cbor::Name{proposal, "proposal"}, cbor::Name{place, "place"}};
}

struct Contact {
  Handle handle;
  std::optional<Digest> kid;  // the key with which a registrar signs openings
};

struct OwnThing {
  std::string label;  // empty: only its id is known
  What what{};
  Id id;
};

// A party that was opened in this home, or that this home asked for.
struct OwnParty {
  std::string label;
  Handle handle, registrar;
  Digest key;         // thumbprint of its first key
  Bytes<32> salt;     // of the commitment
  std::string who;    // what the commitment is to; empty: it has none
  bool ours = false;  // its keys are in this home
};

class Book {
 public:
  // Empty when the home has none. `unauthenticated` when it is sealed and the store is locked, `corrupt` when it was
  // damaged or is another store's.
  static Result<Book> read(Session& session);
  // Reads, lets `change` change, and writes, while nobody else does. `not_found` when the home has no keys yet.
  static Result<void> update(Session& session, const std::function<Result<void>(Book&)>& change);

  std::map<std::string, Contact> contacts;
  std::vector<OwnThing> things;
  std::vector<OwnParty> parties;
  Bytes<32> secret;  // zero until the first update

  const OwnThing* thing(std::string_view label) const;
  const OwnThing* thing(const Id& id) const;
  const OwnParty* party(std::string_view label) const;
  const OwnParty* party(const Handle& handle) const;
  const OwnParty* party_of_key(const Digest& kid) const;

  // Adds the thing, or gives it its label. `conflict` when another thing has the label.
  Result<void> remember(OwnThing thing);
  // `conflict` when another party has the label.
  Result<void> remember(OwnParty party);

 private:
  static Result<Book> decoded(ByteView bytes);
  platform::Buffer encoded() const;
};

// Names of contacts, labels of things and parties: 1 to 64 bytes of UTF-8 without control characters, spaces, '#' and
// '@', not beginning with '-', and nothing that could be taken for an id.
Result<void> check_label(std::string_view label);

// SHA-256("mikusari/who/1" || salt || who): what a party's record says of who it is.
Digest commitment_to(const Bytes<32>& salt, std::string_view who);

}  // namespace mikusari::cli
