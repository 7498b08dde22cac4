// SPDX-License-Identifier: Apache-2.0
// Rules of the family `model`.
#pragma once

#include "ledger/rules/speaking.hpp"

namespace mikusari::ledger {

// By a maker. Release keys are release keys of the vendor, each once, that speak or wait; the threshold is at least 1
// with keys, and 0 without: then there will be no firmware. The name is 1 to 64 bytes of printable text.
Ruling apply(const model::Register& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const model::Register& body, const Said& said, const View& view);
// By k of the present release keys.
Ruling apply(const model::Amend& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const model::Amend& body, const Said& said, const View& view);
// By the vendor.
Ruling apply(const model::Withdraw& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const model::Withdraw& body, const Said& said, const View& view);

// By a laboratory, for itself.
Ruling apply(const certification::Certify& body, const Said& said, const View& view, Changes& changes);
Ruling apply(const certification::Decertify& body, const Said& said, const View& view, Changes& changes);

// How many of the model's release keys have signed: the signer and the approvers with the role `release`. Each counts
// once, and only while it speaks.
std::uint64_t release_signers(const Said& said, const View& view, const model::Record& model);

// Text for people in a body: printable, and nothing in it turns the text around.
bool is_shown(std::string_view text, std::size_t bytes_max);

}  // namespace mikusari::ledger
