// SPDX-License-Identifier: Apache-2.0
// Takes over a stored block that holds a withheld body. It cannot be executed again: its rows are taken as they stand,
// when the block's recorded map root is met by them, which its ledger's signers have signed. What the block still shows
// is checked: signatures, fates, leaves, and that each record moved on by events of this block only.
#pragma once

#include "replica/checked_source.hpp"
#include "replica/frame.hpp"
#include "replica/ledger_end.hpp"
#include "replica/withholding.hpp"

namespace mikusari::replica {

struct Adopted {
  LedgerEnd end;  // the end of the ledger after the block
  Staged staged;
  std::vector<WithheldBody> withheld;  // bodies that are not shown: a later state must say that they are to be
};

// The frame follows `before`, as check_order() says; `state` is the state of before.state. The places of the rows are
// left to the caller. `corrupt` says what does not fit.
Result<Adopted> adopt(const DecodedFrame& frame, std::span<const statement::Submission> submissions,
                      const LedgerEnd& before, const CheckedSource& state, StateTree& tree,
                      ledger::Signatures& signatures);

}  // namespace mikusari::replica
