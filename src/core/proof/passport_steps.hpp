// SPDX-License-Identifier: Apache-2.0
// The steps of passport.hpp's verify(), each relying on those before it. For this room. Any thread, no heap.
#pragma once

#include "proof/passport.hpp"
#include "statement/device.hpp"

namespace mikusari::proof {

using Things = decltype(PassportPage::things);

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

inline bool has_history(ThingType type) { return type == ThingType::device || type == ThingType::part; }

// The thing of this type and id, with its index.
struct FoundThing {
  std::size_t index = 0;
  PassportThing thing;
};
std::optional<FoundThing> find_thing(const Things& things, ThingType type, ByteView id);

// What parts and devices have in common, of a thing's record. REQUIRES: check_things() accepted it, here and below.
thing::Record common_record(const PassportThing& thing);

// Every item is proven present under the anchor and its record is the thing's own, with its text; the device comes
// first, types ascend, things that are no parts are sorted by id; only a device and parts have runs of events.
Result<void> check_things(const PassportPage& page, const VerifiedAnchor& anchor);

// The parts are mounted in the device and its boards, in their order. True when all of them are there.
Result<bool> check_parts(const Things& things);

// Events and statements are in order, none is left over, and each thing's run is the ledger's. True when each run is
// the thing's whole history.
Result<bool> check_events(const PassportPage& page);

// Every statement is for this ledger and signed by a key among the things, and so is every approval that is given.
struct Signatures {
  ThingMarks signers;
  std::uint64_t count = 0;
};
Result<Signatures> check_signatures(const PassportPage& page, const Digest& ledger);

// The models of device and parts are there, or their openings; no key, model, party, firmware or role that nothing
// refers to. Returns how many things have a blinded model that is not opened, or not their maker's.
Result<std::uint64_t> check_context(const Things& things, const ThingMarks& signers);

}  // namespace mikusari::proof
