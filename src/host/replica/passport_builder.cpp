// SPDX-License-Identifier: Apache-2.0
#include "replica/passport_builder.hpp"

#include <algorithm>
#include <bit>

#include "statement/firmware.hpp"
#include "statement/model.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

// What the encoding of a part of the page takes at most, beside the strings in it.
constexpr std::size_t thing_heads = 96, event_heads = 128, statement_heads = 48, text_heads = 32;
constexpr std::size_t digest_bytes = 34, event_reference_bytes = 3;

// The compact range before a run, and the subtrees behind it.
std::size_t run_bytes(std::uint64_t count) {
  return 48 + 3 * digest_bytes * static_cast<std::size_t>(std::bit_width(count));
}

std::size_t item_bytes(const proof::Item& item) {
  return 64 + item.value->size() + item.bitmap.size() + item.siblings.size();
}

// The leaf of the body that a record names.
std::optional<Digest> text_leaf(proof::ThingType type, ByteView record) {
  if (type == proof::ThingType::model) {
    const auto decoded = cbor::decode<model::Record>(record);
    if (decoded) return decoded->text;
  } else if (type == proof::ThingType::firmware) {
    const auto decoded = cbor::decode<firmware::Record>(record);
    if (decoded) return decoded->text;
  }
  return std::nullopt;
}

}  // namespace

PassportBuilder::Name PassportBuilder::name_of_thing(std::size_t thing) const {
  const auto& part = parts_.things[thing];
  return {part.type, thing, platform::copy(part.id)};
}

PassportBuilder::Names PassportBuilder::names_with(std::size_t thing) const {
  Names out;
  while (true) {
    const auto& part = parts_.things[thing];
    out.push_back(name_of_thing(thing));
    if (part.model) out.push_back(name_of(Type::model, *part.model));
    if (part.type == Type::device) return out;
    thing = part.unit;
  }
}

Result<std::optional<PassportBuilder::Text>> PassportBuilder::text_of(const Name& name, ByteView record) const {
  const auto leaf = text_leaf(name.type, record);
  if (!leaf) return std::nullopt;
  const auto place = reading_.archive().indexes.texts.find(*leaf);
  if (!place) return std::nullopt;
  TRY(auto statement, reading_.archive().chain.statement(place->submission));
  std::uint32_t index = 0;
  for (const auto salted : statement.submission.bodies) {
    if (index++ != place->body) continue;
    if (salted.withheld || statement::body_leaf(salted) != *leaf) return std::nullopt;
    return Text{std::move(statement), salted};
  }
  return std::nullopt;
}

// None when the ledger has no such record.
Result<std::optional<PassportBuilder::Shown>> PassportBuilder::show(const Name& name) const {
  Shown out;
  TRY(out.key, proof::path_of(name.type, name.id));
  TRY(out.item, reading_.item(out.key, out.held));
  if (!out.item.value) return std::nullopt;
  out.bytes = thing_heads + name.id.size() + item_bytes(out.item);
  if (name.type == Type::device || name.type == Type::part) {
    const auto& history = parts_.histories[name.index];
    out.after = history.after();
    out.bytes += run_bytes(history.head().history.count);
  }
  TRY(out.text, text_of(name, *out.item.value));
  if (out.text) out.bytes += text_heads + out.text->body.body.size();
  return out;
}

Result<PassportBuilder::Fits> PassportBuilder::add(const Names& names, std::size_t more_bytes, std::size_t bytes_max) {
  std::map<Name, Shown> news;
  std::size_t bytes = bytes_ + more_bytes;
  for (const auto& name : names) {
    if (shown_.contains(name) || news.contains(name)) continue;
    TRY(auto shown, show(name));
    if (!shown) return fail(Code::corrupt, "a record that others name is missing in the state");
    bytes += shown->bytes;
    news.emplace(name, *std::move(shown));
  }
  if (bytes > bytes_max || shown_.size() + news.size() > proof::passport_things_max) return Fits::no;
  shown_.merge(news);
  bytes_ = bytes;
  return Fits::yes;
}

Result<PassportBuilder::Fits> PassportBuilder::add_thing(std::size_t thing, std::size_t bytes_max) {
  return add(names_with(thing), 0, bytes_max);
}

Result<PassportBuilder::Statement> PassportBuilder::read_statement(const Place& place) const {
  TRY(auto stored, reading_.archive().chain.statement(place));
  Statement out{place, std::move(stored), BodyTree({}), {}};
  const auto& submission = out.stored.submission;
  out.bodies = BodyTree(submission);
  out.keys.push_back(name_of(Type::key, submission.statement.header.kid));
  for (const auto approval : submission.approvals) out.keys.push_back(name_of(Type::key, approval.kid));
  return out;
}

Result<PassportBuilder::Event> PassportBuilder::make_event(const ThingEvent& place, const Statement& statement) const {
  const auto& submission = statement.stored.submission;
  if (place.body >= statement.bodies.size())
    return fail(Code::corrupt, "the place of an event was changed on the disk: restore the store");
  const auto index = static_cast<std::size_t>(place.body);
  Event out{place, 0, false, statement.bodies.path(index), {}, 0};
  const auto& salted = statement.bodies.body(index);
  TRY(const bool is_withheld, reading_.withholds(submission, place.body));
  out.withheld = is_withheld || salted.withheld.has_value();
  proof::BodyLeaf leaf;
  leaf.identity = submission.identity;
  leaf.signature_hash = crypto::sha256(submission.statement.signature);
  leaf.also_hash = statement::also_hash(submission.also);
  leaf.body_leaf = statement.bodies.leaf(index);
  leaf.height = place.height;
  leaf.time_ms = place.time_ms;
  leaf.outcome = place.outcome;
  out.leaf_hash = proof::leaf_hash(leaf);
  out.bytes = event_heads + digest_bytes * out.path.size() + (out.withheld ? 0 : salted.body.size());
  return out;
}

Result<PassportBuilder::Fits> PassportBuilder::add_event(std::size_t thing, std::size_t bytes_max) {
  ThingHistory& history = parts_.histories[thing];
  const ThingEvent place = *history.next();
  Names names = names_with(thing);
  const bool is_there = !events_.empty() && events_.back().place.leaf == place.leaf;
  if (is_there) {
    TRY(const Fits fits, add(names, event_reference_bytes, bytes_max));
    if (fits == Fits::no) return fits;
  } else {
    if (events_.size() == proof::passport_events_max) return Fits::no;
    const bool same = !statements_.empty() && statements_.back().place == place.submission;
    if (!same && !statements_.empty() && read_bytes_ + place.submission.length > read_bytes_max) return Fits::no;
    std::optional<Statement> read;
    if (!same) {
      TRY(read, read_statement(place.submission));
    }
    const Statement& statement = same ? statements_.back() : *read;
    TRY(auto event, make_event(place, statement));
    std::size_t bytes = event_reference_bytes + event.bytes;
    if (!same) {
      names.insert(names.end(), statement.keys.begin(), statement.keys.end());
      bytes += statement_heads + statement.stored.submission.sign1.size() + statement.stored.submission.also.size();
    }
    TRY(const Fits fits, add(names, bytes, bytes_max));
    if (fits == Fits::no) return fits;
    if (read) {
      read_bytes_ += place.submission.length;
      statements_.push_back(*std::move(read));
    }
    event.statement = statements_.size() - 1;
    events_.push_back(std::move(event));
  }
  shown_.at(name_of_thing(thing)).events.push_back(events_.size() - 1);
  TRY(history.take(events_.back().leaf_hash));
  return Fits::yes;
}

// ---- Encoding

// Compares the run with the root of the thing's head: all of it was read from the disk.
Result<proof::PassportRun> PassportBuilder::run_of(const Name& name, const Shown& shown, Runs& runs) const {
  const ThingHistory& history = parts_.histories[name.index];
  auto& before = runs.before.emplace_back();
  TRY(before, history.before());
  auto& events = runs.events.emplace_back();
  merkle::CompactRange range = before;
  for (auto event = shown.events.rbegin(); event != shown.events.rend(); ++event) {
    events.push_back(events_.size() - 1 - *event);
    range.append(events_[*event].leaf_hash);
  }
  const Tree& tree = history.head().history;
  if (merkle::root_behind(range, tree.count, shown.after) != tree.root) return history.changed();
  return proof::PassportRun{{before.size(), {before.nodes()}, {std::span<const Digest>(shown.after)}},
                            {std::span<const std::uint64_t>(events)}};
}

proof::PassportEvent PassportBuilder::encoded(const Event& event) const {
  const auto index = static_cast<std::size_t>(event.place.body);
  const auto& bodies = statements_[event.statement].bodies;
  proof::PassportEvent out;
  out.statement = statements_.size() - 1 - event.statement;
  out.index = event.place.body;
  if (event.withheld) {
    out.withheld = bodies.leaf(index);
  } else {
    out.salt = bodies.body(index).salt;
    out.body = bodies.body(index).body;
  }
  out.bodies_path = {std::span<const Digest>(event.path)};
  out.height = event.place.height;
  out.time_ms = event.place.time_ms;
  out.outcome = event.place.outcome;
  return out;
}

Result<Buffer> PassportBuilder::encode() const {
  Runs runs;
  runs.before.reserve(shown_.size());
  runs.events.reserve(shown_.size());
  std::vector<proof::PassportThing> things;
  for (const auto& [name, shown] : shown_) {
    auto& thing = things.emplace_back();
    thing.type = name.type;
    thing.id = name.id;
    thing.item = shown.item;
    if (shown.text) thing.text = proof::PassportText{shown.text->body.salt, shown.text->body.body};
    if (name.type == Type::device || name.type == Type::part) {
      TRY(thing.run, run_of(name, shown, runs));
    }
  }
  std::vector<proof::PassportStatement> statements;
  for (auto statement = statements_.rbegin(); statement != statements_.rend(); ++statement) {
    const auto& submission = statement->stored.submission;
    statements.push_back({submission.sign1, std::nullopt, std::nullopt});
    if (!submission.approvals.empty()) statements.back().also = submission.also;
  }
  std::vector<proof::PassportEvent> events;
  for (auto event = events_.rbegin(); event != events_.rend(); ++event) events.push_back(encoded(*event));
  proof::PassportPage page;
  page.device = parts_.things.front().id;
  page.anchor = reading_.anchor();
  page.things = {std::span<const proof::PassportThing>(things)};
  page.statements = {std::span<const proof::PassportStatement>(statements)};
  page.events = {std::span<const proof::PassportEvent>(events)};
  return platform::encode(page);
}

}  // namespace mikusari::replica
