// SPDX-License-Identifier: Apache-2.0
// Rules of the family `proposal`: members decide over days. Each vote counts anew by the weights of the moment; members
// that are suspended stay in the total and do not vote. The deciding vote carries the matter out in its own block; if
// the rules refuse the matter then, the proposal is closed as void.
#pragma once

#include "ledger/rules/keys.hpp"
#include "statement/proposal.hpp"

namespace mikusari::ledger {

Ruling apply(const proposal::Open& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const proposal::Open& body, const Said& said, const View& view);
Ruling apply(const proposal::Vote& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const proposal::Vote& body, const Said& said, const View& view);

// The fields stand with the matter as they must, and new keys have signed for their member, registered by the key that
// opens the proposal. `malformed_body` else.
Checked<> check_content(const proposal::Content& content, const Said& said, const View& view);
// Carries a decided matter out.
Checked<> carry_out(const proposal::Content& content, const Id& proposal, const Said& said, const View& view,
                    Changes& changes);

}  // namespace mikusari::ledger
