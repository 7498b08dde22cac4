// SPDX-License-Identifier: Apache-2.0
#include "replica/passport_builder.hpp"

#include <algorithm>

#include "statement/device.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;
using proof::ThingType;

constexpr std::size_t things_max = decltype(proof::Passport::things)::size_max;
constexpr std::size_t events_max = decltype(proof::Passport::events)::size_max;
constexpr std::size_t events_of_thing_max = decltype(proof::PassportThing::events)::size_max;

Error too_large() { return Error(Code::exhausted, "the device's history is too long for one passport"); }

}  // namespace

Result<void> PassportBuilder::add_history(Thing& thing, const Place& newest) {
  std::vector<EventKey> events;
  for (Place at = newest; at.is_set();) {
    TRY(const auto stored, read_row(reading_.chain_, at));
    TRY(const Head head, read_head(stored.row.value));
    for (auto event = stored.row.events.rbegin(); event != stored.row.events.rend(); ++event) {
      const EventKey key{at.position - event->back, event->body};
      events_.emplace(key, StoredEvent{static_cast<std::uint32_t>(event->length), head.changed, event->outcome});
      events.push_back(key);
    }
    if (events_.size() > events_max || events.size() > events_of_thing_max) return std::unexpected(too_large());
    at = stored.row.previous;
  }
  std::reverse(events.begin(), events.end());
  histories_[static_cast<std::size_t>(&thing - things_.data())] = std::move(events);
  return {};
}

Result<void> PassportBuilder::add_part(const Id& part, std::vector<Id>& next_level) {
  if (!parts_.insert(part).second) return {};
  if (things_.size() >= things_max) return std::unexpected(too_large());
  const Digest key = path::part(part);
  TRY(const auto place, reading_.snapshot_.find(key));
  if (!place) return fail(Code::corrupt, "a mounted part has no record");
  TRY(const auto stored, read_row(reading_.chain_, *place));
  TRY(const auto record, cbor::decode<part::Record>(stored.row.value));
  things_.push_back({ThingType::part, platform::copy(part), key, {}});
  TRY(add_history(things_.back(), *place));
  for (const auto child : record.children) next_level.push_back(child);
  if (record.model) models_.insert(*record.model);
  return {};
}

Result<void> PassportBuilder::add_parts(std::vector<Id> level) {
  while (!level.empty()) {
    std::vector<Id> next_level;
    for (const auto& part : level) TRY(add_part(part, next_level));
    level = std::move(next_level);
  }
  return {};
}

Result<void> PassportBuilder::add_device(const Id& device) {
  const Digest key = path::device(device);
  TRY(const auto place, reading_.snapshot_.find(key));
  if (!place) return fail(Code::not_found, "the ledger has no such device");
  TRY(const auto stored, read_row(reading_.chain_, *place));
  TRY(const auto record, cbor::decode<device::Record>(stored.row.value));
  things_.push_back({ThingType::device, platform::copy(device), key, {}});
  TRY(add_history(things_.back(), *place));
  std::vector<Id> children;
  for (const auto child : record.children) children.push_back(child);
  TRY(add_parts(std::move(children)));
  models_.insert(record.model);
  for (const auto kid : record.keys) keys_.insert(kid);
  return {};
}

void PassportBuilder::add_plain() {
  for (const auto& kid : keys_) things_.push_back({ThingType::key, platform::copy(kid), path::key(kid), {}});
  for (const auto& model : models_)
    things_.push_back({ThingType::model, platform::copy(model), path::model(model), {}});
}

// Events get their numbers in the order of the ledger, and things point to them.
Result<void> PassportBuilder::number_events() {
  std::map<EventKey, std::uint64_t> numbers;
  for (const auto& [key, event] : events_) numbers.emplace(key, numbers.size());
  for (const auto& [index, keys] : histories_) {
    for (const auto& key : keys) things_[index].events.push_back(numbers.at(key));
  }
  for (const auto& [key, event] : events_) {
    if (submissions_.contains(key.submission)) continue;
    TRY(auto bytes, read_bytes(reading_.chain_, {key.submission, event.submission_length}));
    submissions_.emplace(key.submission, std::move(bytes));
  }
  return {};
}

Result<void> PassportBuilder::add_signers() {
  for (const auto& [position, bytes] : submissions_) {
    TRY(const auto submission, statement::parse(bytes));
    keys_.insert(submission.statement.header.kid);
  }
  return {};
}

Result<Buffer> PassportBuilder::encode(const Id& device) {
  std::vector<ByteView> statements;
  std::map<Position, std::pair<std::uint64_t, statement::Submission>> numbered;
  for (const auto& [position, bytes] : submissions_) {
    TRY(const auto submission, statement::parse(bytes));
    numbered.emplace(position, std::pair(statements.size(), submission));
    statements.push_back(submission.sign1);
  }
  std::vector<EventSource> sources;
  sources.reserve(events_.size());
  std::vector<proof::PassportEvent> events;
  std::size_t bytes = 0;
  for (const auto& [key, event] : events_) {
    const auto& [number, submission] = numbered.at(key.submission);
    TRY(auto source, EventSource::of(submission, static_cast<std::size_t>(key.body)));
    const auto& kept = sources.emplace_back(std::move(source));
    bytes += kept.body().body.size();
    if (bytes > proof::passport_bytes_max) return std::unexpected(too_large());
    const auto block = reading_.blocks_.find(event.height);
    if (!block) return fail(Code::corrupt, "an event's block is not in the index");
    events.push_back({number,
                      key.body,
                      kept.body().salt,
                      kept.body().body,
                      {kept.path()},
                      event.height,
                      block->time_ms,
                      event.outcome});
  }
  std::vector<Buffer> held;
  held.reserve(3 * things_.size());
  std::vector<proof::PassportThing> things;
  for (const auto& thing : things_) {
    TRY(const auto item, reading_.item(thing.key, held));
    things.push_back({thing.type, thing.id, item, {std::span<const std::uint64_t>(thing.events)}});
  }
  auto out = platform::encode(proof::Passport{1,
                                              device,
                                              reading_.anchor(),
                                              {std::span<const proof::PassportThing>(things)},
                                              {std::span<const ByteView>(statements)},
                                              {std::span<const proof::PassportEvent>(events)}});
  if (out.size() > proof::passport_bytes_max) return std::unexpected(too_large());
  return out;
}

Result<Buffer> PassportBuilder::build(const Id& device) {
  TRY(add_device(device));
  TRY(number_events());
  TRY(add_signers());
  add_plain();
  if (things_.size() > things_max) return std::unexpected(too_large());
  return encode(device);
}

Result<Buffer> Reading::passport(const Id& device) const { return PassportBuilder(*this).build(device); }

}  // namespace mikusari::replica
