// SPDX-License-Identifier: Apache-2.0
// Collects a device's passport from a reading: records now, and every event back to the birth of each part.
#pragma once

#include <map>
#include <set>

#include "replica/answers.hpp"
#include "replica/event_source.hpp"
#include "statement/part.hpp"

namespace mikusari::replica {

class PassportBuilder {
 public:
  explicit PassportBuilder(const Reading& reading) : reading_(reading) {}
  // Encoded proof::Passport. Used once.
  Result<platform::Buffer> build(const Id& device);

 private:
  struct Thing {
    proof::ThingType type;
    platform::Buffer id;
    Digest key;
    std::vector<std::uint64_t> events;
  };
  // A body is one event, however many things it changed.
  struct EventKey {
    Position submission;
    std::uint64_t body;
    auto operator<=>(const EventKey&) const = default;
  };
  struct StoredEvent {
    std::uint32_t submission_length;
    std::uint64_t height;
    statement::Outcome outcome;
  };

  Result<void> add_device(const Id& device);
  // Level by level, so that the passport has its one order.
  Result<void> add_parts(std::vector<Id> level);
  Result<void> add_part(const Id& part, std::vector<Id>& next_level);
  Result<void> add_signers();
  // Keys and models, sorted by type and id.
  void add_plain();
  // Walks the record's rows back and notes its events, oldest first.
  Result<void> add_history(Thing& thing, const Place& newest);
  Result<void> number_events();
  Result<platform::Buffer> encode(const Id& device);

  const Reading& reading_;
  std::vector<Thing> things_;
  std::set<Id> parts_;  // that things_ has
  std::set<Digest> keys_;
  std::set<Id> models_;
  std::map<EventKey, StoredEvent> events_;
  std::map<std::size_t, std::vector<EventKey>> histories_;  // by index of the thing
  std::map<Position, platform::Buffer> submissions_;
};

}  // namespace mikusari::replica
