// SPDX-License-Identifier: Apache-2.0
// Births that survive a kill at any moment. The nonce of what is born follows from the home's secret and its label, and
// the id from party and nonce: a command that is repeated makes the same thing again, which the ledger has already. One
// thread.
#pragma once

#include "cli/voice.hpp"

namespace mikusari::cli {

struct Birth {
  What what{};
  std::string label;  // empty: the nonce is random, and a repeated command makes another thing
  names::Nonce nonce;
  Id id;
};

// HMAC-SHA256(secret, "mikusari/nonce/1" || ledger || kind || 0 || label).
names::Nonce birth_nonce(const Bytes<32>& secret, const Digest& ledger, std::string_view kind, std::string_view label);

// What the signing party makes by a statement of this kind. `conflict` when the home uses the label for another thing.
Result<Birth> birth_of(Voice& voice, What what, const statement::Kind& kind, const std::string& label);
// The home's secret; it is made when there is none.
Result<Bytes<32>> home_secret(Session& session);

// Before it is said: true when the ledger has it already, which is told and ends the work well.
Result<bool> is_there_already(Voice& voice, const Birth& birth);
// After it was said: remembers the thing when it is there, or was signed for later. A refusal because it is there
// already is none.
Result<void> born(Voice& voice, const Birth& birth, Result<void> said);

template <statement::Body Body>
Result<void> say_birth(Voice& voice, const Birth& birth, const Body& body) {
  TRY(const bool there, is_there_already(voice, birth));
  if (there) return {};
  return born(voice, birth, voice.say(body));
}

// Id and label of what is born, for people and programs.
void tell_birth(Session& session, const Birth& birth, const std::string& member);

// The salt of a thing's blinded model: it follows from the home's secret and the thing's id, so that whoever made the
// thing can always open it.
Bytes<16> blinding_salt(const Bytes<32>& secret, const Digest& ledger, const Id& thing);

// --commitment: a digest as it is; of a file SHA-256("mikusari/private/1" || salt || content), because the bare digest
// of a serial number is found by trying them all. The salt of 32 bytes follows as the one above does, and is told.
Result<std::optional<Digest>> commitment_option(Voice& voice, const Id& thing);

}  // namespace mikusari::cli
