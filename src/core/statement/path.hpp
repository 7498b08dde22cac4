// SPDX-License-Identifier: Apache-2.0
// Where each record stands in the state: the SHA-256 of its path (docs/formats/records.md). The path is the family's
// word, a slash, and what names the record as it is: ids and handles raw, numbers as 8 bytes big-endian.
#pragma once

#include "base/bytes.hpp"
#include "statement/list.hpp"
#include "statement/party.hpp"

namespace mikusari::path {

Digest party(const Handle& handle);
Digest key(const Digest& thumbprint);
Digest model(const Id& id);
Digest part(const Id& id);
Digest device(const Id& id);
Digest firmware(const Id& model, std::uint64_t sequence);
Digest image(const Id& model, const Digest& image);
Digest certification(const Id& model, std::uint64_t sequence, const Handle& laboratory);
Digest role(const Handle& to, Role role, const Id& scope);
Digest proposal(const Id& id);
Digest withheld(const Digest& identity, std::uint64_t index);
Digest replay(const Digest& thumbprint);
Digest quota(const Id& registrar_or_ledger);
Digest list(const Handle& party, list::Kind kind);
Digest policy();
Digest ledger();

}  // namespace mikusari::path
