// SPDX-License-Identifier: Apache-2.0
// The steps of passport.hpp's verify(), each relying on those before it. For this room. Any thread, no heap.
#pragma once

#include "proof/passport.hpp"
#include "statement/device.hpp"

namespace mikusari::proof {

using Things = decltype(Passport::things);

// Which of up to Max numbered entries were met.
template <std::size_t Max>
class Marks {
 public:
  void set(std::size_t i) { bits_[i / 8] |= static_cast<std::byte>(1U << (i % 8)); }
  bool has(std::size_t i) const { return (bits_[i / 8] & static_cast<std::byte>(1U << (i % 8))) != std::byte{0}; }

 private:
  std::byte bits_[(Max + 7) / 8]{};
};
using ThingMarks = Marks<Things::size_max>;

// The thing of this type and id, with its index.
struct FoundThing {
  std::size_t index = 0;
  PassportThing thing;
};
std::optional<FoundThing> find_thing(const Things& things, ThingType type, ByteView id);

// Every item is proven present under the anchor and its record is the thing's own; the device comes first, types
// ascend, things that are no parts are sorted by id; only a device and parts have events, as many as their record's
// seq.
Result<void> check_things(const Passport& passport, const VerifiedAnchor& anchor);

// The parts are those mounted in the device and its boards, in their order, each of which says the same.
// REQUIRES: check_things() accepted it, here and below.
Result<void> check_parts(const Things& things);

// Events and statements are in order, none is left over, and give the events heads of the device and of every part.
Result<void> check_events(const Passport& passport);

// Every statement is for this ledger and signed by a key among the things, which are returned.
Result<ThingMarks> check_signatures(const Passport& passport, const Digest& ledger);

// The models of device and parts are there; no key, model, member or firmware that nothing refers to.
Result<void> check_context(const Things& things, const ThingMarks& signers);

}  // namespace mikusari::proof
