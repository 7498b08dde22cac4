// SPDX-License-Identifier: Apache-2.0
// Where a thing's record stands in the state: the SHA-256 of its path (docs/formats/records.md). The path is the
// family's word, a slash, and the thing's id as it is (bytes, not hexadecimal).
#pragma once

#include "base/bytes.hpp"
#include "statement/list.hpp"

namespace mikusari::path {

Digest member(std::string_view name);
Digest key(const Digest& thumbprint);
Digest model(const Id& id);
Digest part(const Id& id);
Digest device(const Id& id);
Digest firmware(const Id& model, const Digest& image);
Digest replay(const Digest& thumbprint);
Digest list(std::string_view member, list::Kind kind);
Digest policy();
Digest parameters();

}  // namespace mikusari::path
