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

// Reports counts and time. What became of all bodies is in the tally; errors: `conflict` for a folder of other work,
// and those of send().
Result<Tally> say_batches(Voice& voice, const Batches& work);
// Calls `each` with the bodies of all batches in order. REQUIRES: say_batches() was done.
Result<void> for_each_body(Session& session, const Batches& work,
                           const std::function<Result<void>(ByteView body)>& each);

// The folder of the outbox for work that nothing but its description names.
std::string folder_for(const Session& session, std::string_view kind, const std::string& about);

// What the command names: positional THINGs (see named.hpp), --ids FILE and --lot NAME; of all of them those that
// --skip and --count leave. `otherwise` is the sort of what the book does not know.
Result<std::vector<OwnThing>> things_named(Session& session, What otherwise);
// The options that go with it.
std::vector<Option> thing_options();

}  // namespace mikusari::cli
