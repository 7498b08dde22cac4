// SPDX-License-Identifier: Apache-2.0
// Many bodies of one kind, said in batches that survive a kill at any moment. One thread.
//
// A batch's signed submission is durable in the outbox before it is sent, and its fate when it is proven that all of it
// was committed. A second run sends again what has no fate: the ledger knows a statement by its identity, so none is
// lost and none counts twice.
#pragma once

#include <functional>

#include "cli/voice.hpp"

namespace mikusari::cli {

struct Batches {
  std::string folder;  // of the outbox, for this work alone
  std::string about;   // what the work is; a folder keeps it, and other work may not use the folder
  std::string what;    // for people, beside the progress
  std::uint64_t total = 0, each = 0;
  const statement::Kind* kind = nullptr;
  std::function<Result<std::vector<platform::Buffer>>(std::uint64_t batch, std::uint64_t first, std::uint64_t count)>
      bodies;
};

// Reports counts and time; the error of the first refused body. Errors: `conflict` for a folder of other work, and
// those of send().
Result<void> say_batches(Voice& voice, const Batches& work);
// Calls `each` with the bodies of all batches in order. REQUIRES: say_batches() was done.
Result<void> for_each_body(Session& session, const Batches& work,
                           const std::function<Result<void>(ByteView body)>& each);

// Ids, one in hexadecimal a line, from --ids FILE or --lot NAME or positional THING.
Result<std::vector<Id>> things_named(Session& session);
std::string lot_ids_path(const Session& session, const std::string& lot);

}  // namespace mikusari::cli
