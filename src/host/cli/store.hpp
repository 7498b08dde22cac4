// SPDX-License-Identifier: Apache-2.0
// The key stores that a command uses: the home's own, or one named by its folder. One thread.
#pragma once

#include "cli/session.hpp"

namespace mikusari::cli {

enum class Missing : std::uint8_t { make, refuse };  // a store that is not there

// `folder` is a store, or a home with keys/ in it; empty: the home of this session. A store is opened once a session.
Result<Session::Store> open_store(Session& session, const std::string& folder, Missing missing);

// NAME or NAME@FOLDER.
Result<std::unique_ptr<crypto::Signer>> open_key(Session& session, const std::string& reference);

// A key of a store with what the store says of it.
struct Held {
  std::unique_ptr<crypto::Signer> signer;
  keys::KeyInfo info;
};
// NAME or NAME@FOLDER.
Result<Held> open_held(Session& session, const std::string& reference);

// The algorithm by its name: ed25519 (when empty) or es256.
Result<crypto::Algorithm> algorithm_named(const std::string& name);

}  // namespace mikusari::cli
