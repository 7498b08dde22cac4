// SPDX-License-Identifier: Apache-2.0
#include "cli/passport_set.hpp"

#include <algorithm>
#include <map>

#include "statement/device.hpp"

namespace mikusari::cli {
namespace {

using proof::ThingType;

bool lives(ThingType type) { return type == ThingType::device || type == ThingType::part; }

// What the pages show of one device or part.
struct Life {
  std::uint64_t count = 0;                                    // events that its record counts
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;  // [first, end)
  std::vector<Id> children;
};
using Lives = std::map<std::pair<ThingType, Id>, Life>;

std::vector<Id> children_of(const proof::PassportThing& thing) {
  std::vector<Id> out;
  const auto copy = [&](const auto& record) {
    if (!record) return;
    for (const Id child : record->children) out.push_back(child);
  };
  if (thing.type == ThingType::device)
    copy(cbor::decode<device::Record>(*thing.item.value));
  else
    copy(cbor::decode<part::Record>(*thing.item.value));
  return out;
}

void add_page(Lives& lives_of, const proof::PassportPage& page) {
  for (const auto thing : page.things) {
    if (!lives(thing.type) || !thing.run || !thing.item.value) continue;
    auto& life = lives_of[{thing.type, Id::copy(thing.id)}];
    if (const auto head = read_head(*thing.item.value)) life.count = head->history.count;
    if (life.children.empty()) life.children = children_of(thing);
    const std::uint64_t first = thing.run->range.first, shown = thing.run->events.size();
    if (shown != 0) life.runs.emplace_back(first, first + shown);
  }
}

std::string named(ThingType type, const Id& id) {
  return std::string(cbor::name_of(type)) + " " + platform::to_hex(id);
}

proof::Event event_of(const proof::PassportEvent& event, const proof::PassportStatement& statement) {
  return {statement.sign1, statement.also,    statement.also_hash, event.index,   event.salt,   event.body,
          event.withheld,  event.bodies_path, event.height,        event.time_ms, event.outcome};
}

void tell_gaps(std::vector<std::string>& out, ThingType type, const Id& id, Life life) {
  std::ranges::sort(life.runs);
  life.runs.emplace_back(life.count, life.count);
  std::uint64_t known = 0;
  for (const auto& [first, end] : life.runs) {
    if (first > known)
      out.push_back(named(type, id) + ": events " + std::to_string(known) + " to " + std::to_string(first - 1));
    known = std::max(known, end);
  }
}

}  // namespace

Result<void> PassportSet::add(Shown& to, const ReadPage& page) {
  const auto& shown = page.verified.page;
  for (const auto thing : shown.things) {
    const Named name(thing.type, platform::copy(thing.id));
    to.things.insert(name);
    if (lives(thing.type) && proof::proves_model(shown, thing)) to.proved.insert(name);
  }
  std::vector<proof::PassportStatement> statements;
  for (const auto each : shown.statements) statements.push_back(each);
  for (const auto event : shown.events) {
    TRY(const auto checked, proof::check_event(event_of(event, statements[event.statement])));
    to.events.insert(checked.leaf_hash);
    if (checked.body) to.readable.insert(checked.leaf_hash);
  }
  to.signatures += page.verified.signatures;
  to.bytes += page.bytes.size();
  return {};
}

Result<void> PassportSet::add(std::unique_ptr<ReadPage> page) {
  if (!pages_.empty()) {
    const auto& first = pages_.front()->verified;
    if (page->verified.page.device != first.page.device)
      return fail(Code::conflict, "this page is of another device's passport");
    if (page->verified.anchor.checkpoint.size != first.anchor.checkpoint.size ||
        page->verified.anchor.checkpoint.root != first.anchor.checkpoint.root)
      return fail(Code::conflict, "this page is of another time than the others: get all pages again");
  }
  TRY(add(shown_, *page));
  pages_.push_back(std::move(page));
  return {};
}

std::vector<const ReadPage*> PassportSet::in_order() const {
  std::vector<const ReadPage*> out;
  for (const auto& page : pages_) out.push_back(page.get());
  const auto began = [](const ReadPage* page) {
    const auto& events = page->verified.page.events;
    return events.empty() ? std::uint64_t{0} : (*events.begin()).height;
  };
  std::ranges::stable_sort(out, {}, began);
  return out;
}

std::vector<std::string> PassportSet::gaps() const {
  Lives lives_of;
  for (const auto& page : pages_) add_page(lives_of, page->verified.page);
  std::vector<std::string> out;
  for (const auto& [which, life] : lives_of) {
    tell_gaps(out, which.first, which.second, life);
    for (const auto& child : life.children) {
      if (!lives_of.contains({ThingType::part, child})) out.push_back(named(ThingType::part, child) + ": no page");
    }
  }
  return out;
}

PassportSet::Counts PassportSet::counts() const {
  Counts out;
  out.things = shown_.things.size();
  out.events = shown_.events.size();
  out.signatures = shown_.signatures;
  out.withheld = shown_.events.size() - shown_.readable.size();
  for (const auto& name : shown_.things)
    out.unproved_models += lives(name.first) && !shown_.proved.contains(name) ? 1 : 0;
  out.bytes = shown_.bytes;
  return out;
}

}  // namespace mikusari::cli
