// SPDX-License-Identifier: Apache-2.0
// What parts and devices have in common: whose they are, who holds them, which keys speak for them, what stands in
// them. Custody and title are two things: the custodian holds, the owner decides.
#pragma once

#include "statement/key.hpp"
#include "statement/names.hpp"

namespace mikusari::thing {

enum class Type : std::uint8_t { part = 1, device = 2 };
constexpr auto names_of(Type) { return std::array{cbor::Name{Type::part, "part"}, cbor::Name{Type::device, "device"}}; }

// Model classes stand here because a blinded model shows its class only.
enum class Class : std::uint8_t { chip = 1, board = 2, module = 3, battery = 4, device = 5 };
constexpr auto names_of(Class) {
  using enum Class;
  return std::array{cbor::Name{chip, "chip"}, cbor::Name{board, "board"}, cbor::Name{module, "module"},
                    cbor::Name{battery, "battery"}, cbor::Name{device, "device"}};
}

using Children = cbor::List<Id, limits::mounts_max>;

// Units above each other, the device included, are at most this many: every walk from a part to its root is bounded.
constexpr std::uint64_t levels_max = 8;

// What is equal is left out: the owner when it is the maker, the custodian when it is the owner. A mounted part states
// neither: both are its root's.
struct Record : Head {
  std::optional<Id> model;  // or the blinded one, with `blinded_class`; none: accepted as unknown
  std::optional<Class> blinded_class;
  std::optional<Handle> maker;         // none: accepted as unknown
  std::optional<Handle> owner;         // see owned_by()
  std::optional<Handle> custodian;     // see held_by()
  std::uint64_t title = 0;             // how often title or life changed; what hands over power names it (`on`)
  cbor::Sparse<std::uint64_t> tenure;  // how often the owner changed
  std::optional<Handle> offered_to;
  cbor::Sparse<std::uint64_t> offer_from_ms;  // a forced hand-over waits until then
  std::optional<Handle> shipped_to;
  cbor::Sparse<bool> shipped_with_title;
  key::ThingKeys keys;
  Children children;                   // the parts mounted in it
  std::optional<Digest> commitment;    // salted hash of what only its maker tells
  cbor::Sparse<std::uint64_t> alarms;  // for ever
  cbor::Sparse<std::uint64_t> alarms_day, alarms_today;
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{9, "model", &Record::model, "id of the model, or its blinded form"},
                 cbor::Field{10, "blinded_class", &Record::blinded_class, "class of the blinded model"},
                 cbor::Field{11, "maker", &Record::maker},
                 cbor::Field{12, "owner", &Record::owner, "left out: the maker"},
                 cbor::Field{13, "custodian", &Record::custodian, "who holds it; left out: the owner"},
                 cbor::Field{14, "title", &Record::title, "how often title or life changed"},
                 cbor::Field{15, "tenure", &Record::tenure, "how often the owner changed"},
                 cbor::Field{16, "offered_to", &Record::offered_to, "to whom the owner offers it"},
                 cbor::Field{17, "offer_from_ms", &Record::offer_from_ms, "a forced hand-over waits until then"},
                 cbor::Field{18, "shipped_to", &Record::shipped_to, "to whom it is on its way"},
                 cbor::Field{19, "shipped_with_title", &Record::shipped_with_title, "who receives it owns it"},
                 cbor::Field{20, "keys", &Record::keys, "that speak, wait or are frozen"},
                 cbor::Field{21, "children", &Record::children, "parts mounted in it"},
                 cbor::Field{22, "commitment", &Record::commitment, "salted hash of the private record"},
                 cbor::Field{23, "alarms", &Record::alarms, "all there ever were"},
                 cbor::Field{24, "alarms_day", &Record::alarms_day, "day of the last alarm"},
                 cbor::Field{25, "alarms_today", &Record::alarms_today, "alarms of that day"}});

  // Of a thing that is not mounted; a mounted one's root answers.
  Handle owned_by() const { return owner ? *owner : maker.value_or(Handle{}); }
  Handle held_by() const { return custodian ? *custodian : owned_by(); }
  // Sets both, in the short form.
  void give(const Handle& new_owner, const Handle& new_custodian) {
    owner = maker == new_owner ? std::nullopt : std::optional(new_owner);
    custodian = new_custodian == new_owner ? std::nullopt : std::optional(new_custodian);
  }
  // A hand-over of title is open: mounts, keys and grants of the whole tree are frozen.
  bool is_offered() const { return offered_to.has_value() || shipped_with_title.value; }
};

// Where and with what it was done: blinded ids of premises and tool, which certificates (role `premises`) vouch for.
struct At {
  Id place;
  std::optional<Id> tool;
  static constexpr auto fields = std::tuple{cbor::Field{1, "place", &At::place, "blinded id of the premises"},
                                            cbor::Field{2, "tool", &At::tool, "blinded id of the tool"}};
};

// The keys that a new owner keeps; all others fall silent.
using Keep = cbor::List<Digest, limits::keys_of_thing_max>;

}  // namespace mikusari::thing
