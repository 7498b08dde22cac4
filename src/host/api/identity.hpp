// SPDX-License-Identifier: Apache-2.0
// Names of things as they stand in paths: identities, ids, numbers. Any thread.
#pragma once

#include <string_view>

#include "platform/bytes.hpp"
#include "statement/submission.hpp"

namespace mikusari::api {

// The identity of the statement in a submission whose COSE_Sign1 has the ledger's form; the rest is not looked at, so
// that a duplicate is found before its bodies are hashed.
Result<Digest> identity_of_submission(ByteView submission);

// The key that says it has signed a submission; none when the bytes are no submission.
std::optional<Digest> signer_of_submission(ByteView submission);

// 64 hexadecimal digits of a path. `invalid` says so.
Result<Digest> digest_in_path(std::string_view text);
// A decimal number of a path.
Result<std::uint64_t> number_in_path(std::string_view text);

}  // namespace mikusari::api
