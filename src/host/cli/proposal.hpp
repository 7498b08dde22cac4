// SPDX-License-Identifier: Apache-2.0
// What is proposed, from the words of a command. One thread.
#pragma once

#include <deque>

#include "cli/request.hpp"
#include "statement/proposal.hpp"

namespace mikusari::cli {

// Content with the memory that its views point into.
struct Proposed {
  proposal::Content content;
  platform::Buffer file;
  std::vector<crypto::PublicKey> recovery_keys;
  std::vector<Role> roles;
};
// Of the matter MATTER and its options. `invalid` for options that do not go with it.
Result<std::unique_ptr<Proposed>> proposed(Voice& voice, proposal::Matter matter, const std::string& about);

// The statement that --withhold or `proposal withhold` means: an identity, or a file of a submission or receipt.
Result<Digest> identity_named(Session& session, const std::string& text);

// Options of `proposal open` beside MATTER and ABOUT.
std::vector<Option> proposal_options();

}  // namespace mikusari::cli
