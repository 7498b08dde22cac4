// SPDX-License-Identifier: Apache-2.0
// Bodies that the ledger has decided to withhold: their text is taken off the disk, and their leaf stays
// (docs/formats/frame.md).
//
// A reading shows the leaf as soon as the decision is published. The text leaves the chain file when the node starts
// next: nothing is rewritten under a running node. A stored submission keeps its length, so that no place in the chain
// moves.
#pragma once

#include <string>
#include <vector>

#include "platform/file.hpp"
#include "replica/frame.hpp"

namespace mikusari::replica {

struct WithheldBody {
  Digest identity;  // of the statement
  std::uint64_t index = 0;
  friend auto operator<=>(const WithheldBody&, const WithheldBody&) = default;
};

// Only bodies about things and evidence can be withheld: families part, device, custody and document. A decision about
// another body changes nothing: what gives and ends power stays readable for ever.
bool can_be_withheld(std::uint16_t kind);

// What the block decided to withhold: the rows withheld/<identity><index> that it made. Which body such a row means,
// the row of its proposal says, which the deciding vote changes too. `corrupt` when that is not so.
Result<std::vector<WithheldBody>> withheld_by(const DecodedFrame& frame);

// The submission with these bodies, and those that are withheld already, replaced by their leaves.
platform::Buffer without_bodies(const statement::Submission& submission, const std::vector<bool>& bodies);

// Whether there is a text to take out. A body shorter than a leaf stays in the chain: its place has no room for the
// leaf, and no kind that can be withheld has so short a body that its rule accepts. Readings show its leaf as of any
// other.
bool can_be_taken_out(const statement::SaltedBody& body);

// Notes in the store's directory that the chain still holds a text that is to go. Durable when it returns.
Result<void> note_withheld(platform::Files& files, const std::string& directory);

struct WithholdReport {
  std::uint64_t bodies = 0;    // whose text was taken out
  std::uint64_t segments = 0;  // that were written anew
};
// Takes out of a stopped store what note_withheld() has announced; does nothing when nothing is noted. `directory` is
// the store's, as Options::directory. Segments are written anew beside the old ones and renamed: whatever moment the
// power goes, the store is whole, and the next call does what is left. Errors: `unavailable` while a node has the store
// open, `corrupt` as for recovery, and what the files answer.
Result<WithholdReport> withhold_noted(platform::Files& files, const std::string& directory, const Digest& ledger);

}  // namespace mikusari::replica
