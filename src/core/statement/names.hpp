// SPDX-License-Identifier: Apache-2.0
// Ids and handles: the 32 bytes that name things and parties (docs/formats/names.md).
//
// An id belongs to whoever registers it: it is computed from the registering party and a nonce, so that nobody can
// squat on, front-run or guess another's. Birth bodies carry the nonce, and the rule computes the id.
#pragma once

#include "base/bytes.hpp"
#include "statement/subject.hpp"

namespace mikusari::names {

using Nonce = Bytes<32>;

// SHA-256("mikusari/id/1" || party || nonce): of parts, units, models and proposals that `party` begins.
Id id(const Handle& party, const Nonce& nonce);
// SHA-256("mikusari/member/1" || ledger || name).
Handle member(const Digest& ledger, std::string_view name);
// SHA-256("mikusari/party/1" || ledger || registrar || thumbprint of the first key || nonce).
Handle party(const Digest& ledger, const Handle& registrar, const Digest& first_key, const Nonce& nonce);
// SHA-256("mikusari/blind/1" || salt || model): what a thing's record says instead of its model.
Digest blinded(ByteView salt, const Id& model);

}  // namespace mikusari::names
