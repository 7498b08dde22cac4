// SPDX-License-Identifier: Apache-2.0
// What can be found in the chain file without walking it: rebuilt from frames at start, and added to as blocks are
// committed. Readers look at what is published to them and pass over what is newer. Any thread; add...() from one at a
// time.
#pragma once

#include "replica/block_index.hpp"
#include "replica/fate_index.hpp"
#include "replica/list_index.hpp"
#include "replica/step_index.hpp"
#include "replica/text_index.hpp"

namespace mikusari::replica {

struct Indexes {
  FateIndex fates;
  BlockIndex blocks;
  ListIndex lists;
  TextIndex texts;
  StepIndex steps;

  // A statement of a block; `accepted` of each of its bodies.
  void add_submission(const statement::Submission& submission, const std::vector<bool>& accepted,
                      const FatePlace& place);
  // A list that gained entries in a block: its record, and where its row stands.
  void add_list(const Digest& key, ByteView record, std::uint64_t entries, const Place& row);
};

}  // namespace mikusari::replica
