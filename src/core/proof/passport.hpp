// SPDX-License-Identifier: Apache-2.0
// A device passport: a device's proven life, in pages of at most 1 MiB, newest events first (docs/formats/passport.md).
// An ordinary life is one page. Each page is verified alone; a page says which events it has of each thing, so that
// all pages under one checkpoint together are complete, or show where they are not.
//
// A page holds the present record of the device, of parts in it (at any depth), of the keys that signed its events and
// of its models, all under one anchor; and, for the device and each part, a run of the events that changed it, proved
// in the tree of all its events: nothing is missing in the run, and nothing is added.
//
// A page has one order, so that it is verified in one walk and nothing can stand in it twice:
//   things      the device; its parts, each level before the next, in the order of the children lists; then keys,
//               models, parties, firmware and roles, in this order, each type sorted by id
//   statements  in the order of the events; each has at least one
//   events      in the order of the log
#pragma once

#include "proof/state.hpp"

namespace mikusari::proof {

enum class ThingType : std::uint8_t { device = 1, part = 2, key = 3, model = 4, party = 5, firmware = 6, role = 7 };
constexpr auto names_of(ThingType) {
  using enum ThingType;
  return std::array{cbor::Name{device, "device"}, cbor::Name{part, "part"},   cbor::Name{key, "key"},
                    cbor::Name{model, "model"},   cbor::Name{party, "party"}, cbor::Name{firmware, "firmware"},
                    cbor::Name{role, "role"}};
}

// Where such a thing's record stands in the state (statement/path.hpp). `id`: 32 bytes; of firmware model and sequence
// (8 bytes, big-endian); of a role to, number of the role (8 bytes, big-endian) and scope. Errors: `invalid` for an id
// of a wrong form.
Result<Digest> path_of(ThingType type, ByteView id);

constexpr std::size_t passport_things_max = 512, passport_events_max = 4096;

// The body that a record names by its leaf (`text`): what a model is called, which version a release is.
struct PassportText {
  statement::Salt salt;
  ByteView body;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "salt", &PassportText::salt}, cbor::Field{2, "body", &PassportText::body}};
};

// What a blinded model is: whoever has it may add it to a passport.
struct ModelOpening {
  Bytes<16> salt;
  Id model;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "salt", &ModelOpening::salt}, cbor::Field{2, "model", &ModelOpening::model}};
};

// A run of the events of a thing, within its history.
struct PassportRun {
  Range range;
  cbor::List<std::uint64_t, passport_events_max> events;  // indices into PassportPage::events, ascending
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "range", &PassportRun::range, "where in the thing's history"},
                 cbor::Field{2, "events", &PassportRun::events, "which events of the page, oldest first"}};
};

struct PassportThing {
  ThingType type{};
  ByteView id;  // see path_of()
  Item item;
  std::optional<PassportRun> run;       // of the device and of parts
  std::optional<PassportText> text;     // of models and firmware
  std::optional<ModelOpening> opening;  // of the device and of parts
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &PassportThing::type},
                 cbor::Field{2, "id", &PassportThing::id},
                 cbor::Field{3, "item", &PassportThing::item},
                 cbor::Field{4, "run", &PassportThing::run, "events of the device or part"},
                 cbor::Field{5, "text", &PassportThing::text, "the body that the record of a model or firmware names"},
                 cbor::Field{6, "opening", &PassportThing::opening, "what the blinded model of a device or part is"}};
};

struct PassportStatement {
  ByteView sign1;  // tagged COSE_Sign1
  std::optional<ByteView> also;
  std::optional<Digest> also_hash;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "sign1", &PassportStatement::sign1},
                 cbor::Field{2, "also", &PassportStatement::also, "its approvals"},
                 cbor::Field{3, "also_hash", &PassportStatement::also_hash, "or their hash; neither: it has none"}};
};

// An event whose COSE_Sign1 stands once in PassportPage::statements.
struct PassportEvent {
  std::uint64_t statement = 0;  // index into PassportPage::statements
  std::uint64_t index = 0;      // of the body in its statement
  std::optional<statement::Salt> salt;
  std::optional<ByteView> body;
  std::optional<Digest> withheld;  // the body's leaf, instead of salt and body
  LogPath bodies_path;
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;  // of the block
  statement::Outcome outcome{};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "statement", &PassportEvent::statement},
                 cbor::Field{2, "index", &PassportEvent::index},
                 cbor::Field{3, "salt", &PassportEvent::salt},
                 cbor::Field{4, "body", &PassportEvent::body},
                 cbor::Field{5, "withheld", &PassportEvent::withheld, "the body's leaf, instead of salt and body"},
                 cbor::Field{6, "bodies_path", &PassportEvent::bodies_path},
                 cbor::Field{7, "height", &PassportEvent::height},
                 cbor::Field{8, "time_ms", &PassportEvent::time_ms},
                 cbor::Field{9, "outcome", &PassportEvent::outcome}};
};

struct PassportPage {
  Form form;
  Id device;
  Anchor anchor;
  cbor::List<PassportThing, passport_things_max> things;  // the device first
  cbor::List<PassportStatement, passport_events_max> statements;
  cbor::List<PassportEvent, passport_events_max> events;
  static constexpr auto fields = std::tuple{cbor::Field{1, "form", &PassportPage::form},
                                            cbor::Field{2, "device", &PassportPage::device},
                                            cbor::Field{3, "anchor", &PassportPage::anchor},
                                            cbor::Field{4, "things", &PassportPage::things},
                                            cbor::Field{5, "statements", &PassportPage::statements},
                                            cbor::Field{6, "events", &PassportPage::events}};
};

struct VerifiedPage {
  PassportPage page;
  VerifiedAnchor anchor;
  std::uint64_t things = 0, events = 0, signatures = 0;  // how many were verified
  std::uint64_t withheld = 0;                            // events whose text is withheld
  std::uint64_t unproved_models = 0;  // things whose blinded model is not opened, or not their maker's
  // Whether the page is the whole passport: all parts are there, and all events of each thing.
  bool complete = false;
};
// Checks, in this order: anchor; every thing's item under it (all present), and that its record is the thing's own;
// that the parts are parts of the device; that each run of events is the ledger's, and their bodies are those of their
// statements; every statement's signature, and that of its approvals where they are given, under a key that is among
// the things; openings and models; nothing that is not needed for this. Further things that are allowed: the keys of
// the device and its parts, parties that the records name, firmware of the models, roles of the signers. Errors:
// `unauthenticated` when a link does not hold, `forbidden` for another ledger, `invalid` for the form, `not_found` when
// something is missing, `newer` for a form of a newer program. Any thread; no heap; time grows with things x (things +
// events), both of which are bounded.
Result<VerifiedPage> verify(const PassportPage& page, const Policy& policy);

// Whether the model of a device or part is proved, or the ledger has none: see VerifiedPage::unproved_models. REQUIRES:
// the page was verified, and the thing is one of its device and parts.
bool proves_model(const PassportPage& page, const PassportThing& thing);

// Decodes and verifies. `exhausted` when it is over passport_bytes_max.
Result<VerifiedPage> verify_passport(ByteView bytes, const Policy& policy);

constexpr std::size_t passport_bytes_max = 1024 * 1024;

}  // namespace mikusari::proof
