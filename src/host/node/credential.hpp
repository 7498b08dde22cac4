// SPDX-License-Identifier: Apache-2.0
// What opens the node's key store, as the settings say: nothing, a passphrase from a file or the environment, a key
// file.
#pragma once

#include "keys/file/file_key_store.hpp"
#include "node/config.hpp"

namespace mikusari::node {

// Errors: `not_found` when the file or variable is not there, `invalid` when it is empty or the source is not named.
Result<keys::file::Credential> credential_of(platform::Files& files, const Config& config);

}  // namespace mikusari::node
