// SPDX-License-Identifier: Apache-2.0
// A device passport: a device's whole proven life in one file (docs/formats/passport.md).
//
// It holds the present record of the device, of every part in it (at any depth), of the keys that signed its events and
// of its models, all under one anchor; and every event that ever changed the device or one of the parts, so that their
// events heads can be recomputed: nothing is missing, nothing is added.
//
// A passport has one order, so that it is verified in one walk and nothing can stand in it twice:
//   things      the device; its parts, each level before the next, in the order of the children lists (a disputed part
//               that two units of the device claim stands once, where it is met first); then keys, models, members and
//               firmware, in this order, each type sorted by id
//   statements  in the order of the events; each has at least one
//   events      in the order of the log
#pragma once

#include "proof/state.hpp"

namespace mikusari::proof {

enum class ThingType : std::uint8_t { device = 1, part = 2, key = 3, model = 4, member = 5, firmware = 6 };
constexpr auto names_of(ThingType) {
  using enum ThingType;
  return std::array{cbor::Name{device, "device"}, cbor::Name{part, "part"},     cbor::Name{key, "key"},
                    cbor::Name{model, "model"},   cbor::Name{member, "member"}, cbor::Name{firmware, "firmware"}};
}

// Where such a thing's record stands in the state (statement/path.hpp). `id`: 32 bytes; a member's name; model || image
// for firmware. Errors: `invalid` for an id of a wrong form.
Result<Digest> path_of(ThingType type, ByteView id);

struct PassportThing {
  ThingType type{};
  ByteView id;  // see path_of()
  Item item;
  cbor::List<std::uint64_t, 1024> events;  // indices into Passport::events, ascending; empty unless device or part
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &PassportThing::type}, cbor::Field{2, "id", &PassportThing::id},
                 cbor::Field{3, "item", &PassportThing::item},
                 cbor::Field{4, "events", &PassportThing::events, "which events changed it, oldest first"}};
};

// An event whose COSE_Sign1 stands once in Passport::statements.
struct PassportEvent {
  std::uint64_t statement = 0;  // index into Passport::statements
  std::uint64_t index = 0;      // of the body in its statement
  statement::Salt salt;
  ByteView body;
  LogPath bodies_path;
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;  // of the block
  statement::Outcome outcome{};
  static constexpr auto fields = std::tuple{cbor::Field{1, "statement", &PassportEvent::statement},
                                            cbor::Field{2, "index", &PassportEvent::index},
                                            cbor::Field{3, "salt", &PassportEvent::salt},
                                            cbor::Field{4, "body", &PassportEvent::body},
                                            cbor::Field{5, "bodies_path", &PassportEvent::bodies_path},
                                            cbor::Field{6, "height", &PassportEvent::height},
                                            cbor::Field{7, "time_ms", &PassportEvent::time_ms},
                                            cbor::Field{8, "outcome", &PassportEvent::outcome}};
};

struct Passport {
  std::uint64_t version = 1;
  Id device;
  Anchor anchor;
  cbor::List<PassportThing, 512> things;  // the device first
  cbor::List<ByteView, 4096> statements;  // tagged COSE_Sign1s
  cbor::List<PassportEvent, 4096> events;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "version", &Passport::version},       cbor::Field{2, "device", &Passport::device},
                 cbor::Field{3, "anchor", &Passport::anchor},         cbor::Field{4, "things", &Passport::things},
                 cbor::Field{5, "statements", &Passport::statements}, cbor::Field{6, "events", &Passport::events}};
};

struct VerifiedPassport {
  Passport passport;
  VerifiedAnchor anchor;
  std::uint64_t things, events, signatures;  // how many were verified
};
// Checks, in this order: anchor; every thing's item under it (all present), and that its record is the thing's own;
// exactly the device, the parts in it and in its boards; the events head and seq of the device and of every part
// recomputed from the events, whose bodies are those of their statements; every statement's signature under a key that
// is among the things; the models of the device and its parts; nothing that is not needed for this. Further things that
// are allowed: the keys of the device and its parts, members that the records name, firmware of the models. A passport
// says nothing of keys whose signatures were needed beside the signer's (witnesses, release keys): that these were
// there, the ledger has checked. Errors: `unauthenticated` when a link does not hold, `forbidden` for another ledger,
// `invalid` for the form, `not_found` when something is missing. Any thread; no heap; time grows with things x (things
// + events), both of which are bounded.
Result<VerifiedPassport> verify(const Passport& passport, const Policy& policy);

// Decodes and verifies. `exhausted` when it is over passport_bytes_max.
Result<VerifiedPassport> verify_passport(ByteView bytes, const Policy& policy);

constexpr std::size_t passport_bytes_max = 1024 * 1024;

}  // namespace mikusari::proof
