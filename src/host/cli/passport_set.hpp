// SPDX-License-Identifier: Apache-2.0
// Pages of one passport, together: whether they are the whole life, or where they are not. One thread.
#pragma once

#include <set>

#include "cli/remote.hpp"
#include "proof/passport.hpp"

namespace mikusari::cli {

// A verified page with the bytes that its views point into.
struct ReadPage {
  platform::Buffer bytes;
  proof::VerifiedPage verified;
};

class PassportSet {
 public:
  // Errors: `conflict` for a page of another device, or under another checkpoint than the pages before.
  Result<void> add(std::unique_ptr<ReadPage> page);

  const Id& device() const { return pages_.front()->verified.page.device; }
  const proof::VerifiedAnchor& anchor() const { return pages_.front()->verified.anchor; }
  // Oldest events first.
  std::vector<const ReadPage*> in_order() const;
  std::size_t size() const { return pages_.size(); }

  // What is missing, in words: "part 3fa9...: events 0 to 12". Empty: the pages are the whole passport.
  std::vector<std::string> gaps() const;

  struct Counts {
    std::uint64_t things = 0, events = 0, signatures = 0, withheld = 0, unproved_models = 0, bytes = 0;
  };
  // Things and events that stand in several pages count once: a text is withheld when no page has it, a model unproved
  // when no page proves it. Signatures count as often as they were verified.
  Counts counts() const;

 private:
  using Named = std::pair<proof::ThingType, platform::Buffer>;
  // What the pages show, each once.
  struct Shown {
    std::set<Named> things, proved;     // proved: devices and parts whose model is
    std::set<Digest> events, readable;  // by their leaves in the log; readable: with their text
    std::uint64_t signatures = 0, bytes = 0;
  };
  static Result<void> add(Shown& to, const ReadPage& page);

  std::vector<std::unique_ptr<ReadPage>> pages_;
  Shown shown_;
};

}  // namespace mikusari::cli
