// SPDX-License-Identifier: Apache-2.0
#include "cose/sign1.hpp"
#include "proof/passport_steps.hpp"
#include "statement/key.hpp"

namespace mikusari::proof {
namespace {

using Events = decltype(PassportPage::events);
using EventMarks = Marks<Events::size_max>;

// The passport's events, read front to back, each with its statement.
class EventWalk {
 public:
  explicit EventWalk(const PassportPage& page)
      : page_(page), event_(page.events.begin()), statement_(page.statements.begin()) {}

  // REQUIRES: index is below the number of events, and not below that of the last call.
  Result<CheckedEvent> at(std::size_t index) {
    for (; event_at_ < index; ++event_at_) ++event_;
    const PassportEvent event = *event_;
    if (event.statement >= page_.statements.size())
      return fail(Code::invalid, "an event names no statement of the passport");
    for (; statement_at_ < event.statement; ++statement_at_) ++statement_;
    const PassportStatement statement = *statement_;
    return check_event(Event{statement.sign1, statement.also, statement.also_hash, event.index, event.salt, event.body,
                             event.withheld, event.bodies_path, event.height, event.time_ms, event.outcome});
  }

 private:
  const PassportPage& page_;
  Events::Iterator event_;
  decltype(PassportPage::statements)::Iterator statement_;
  std::size_t event_at_ = 0, statement_at_ = 0;
};

// Each event follows the one before; each statement comes when the one before is done with, and none is left out.
// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<void> check_order(const PassportPage& page) {
  constexpr auto out_of_order = "the events of the passport are not in their order";
  std::optional<PassportEvent> before;
  for (const auto event : page.events) {
    if (!before) {
      if (event.statement != 0) return fail(Code::invalid, out_of_order);
    } else {
      const bool same = event.statement == before->statement;
      if (same ? event.index <= before->index || event.height != before->height
               : event.statement != before->statement + 1) {
        return fail(Code::invalid, out_of_order);
      }
      if (event.height < before->height || event.time_ms < before->time_ms) return fail(Code::invalid, out_of_order);
    }
    before = event;
  }
  const std::uint64_t used = before ? before->statement + 1 : 0;
  if (used != page.statements.size()) return fail(Code::invalid, "a statement of the passport has no event");
  return {};
}

// The root over a thing's whole history, from its run and what stands beside that; marks the events.
[[gnu::noinline]] Result<Digest> root_from_run(const PassportPage& page, const PassportRun& run, std::uint64_t size,
                                               EventMarks& met) {
  EventWalk walk(page);
  RangeTree tree;
  TRY(tree.begin(run.range));
  std::optional<std::uint64_t> before;
  for (const auto index : run.events) {
    if (index >= page.events.size()) return fail(Code::invalid, "a thing names an event that is not in the passport");
    if (before && index <= *before) return fail(Code::invalid, "the events of a thing are not in their order");
    TRY(const auto& event, walk.at(static_cast<std::size_t>(index)));
    TRY(tree.append(event.leaf_hash));
    met.set(static_cast<std::size_t>(index));
    before = index;
  }
  return tree.finish(run.range, size);
}

// The key that a signature names, among the things.
struct FoundKey {
  std::size_t index = 0;
  key::Record record;
};
[[gnu::noinline]] Result<FoundKey> find_key(const PassportPage& page, const Digest& kid) {
  const auto found = find_thing(page.things, ThingType::key, kid);
  if (!found) return fail(Code::not_found, "the key of a signer is missing from the passport");
  TRY(const auto& record, cbor::decode<key::Record>(*found->thing.item.value));
  return FoundKey{found->index, record};
}

// One statement's signature, under the key that the ledger has for its kid. Returns the statement's identity.
[[gnu::noinline]] Result<Digest> check_signature(const PassportPage& page, ByteView sign1, const Digest& ledger,
                                                 Signatures& out) {
  TRY(const auto& statement, statement::parse_signed_payload(sign1));
  if (statement.payload.ledger != ledger)
    return fail(Code::forbidden, "a statement of the passport is for another ledger");
  TRY(const auto& key, find_key(page, statement.header.kid));
  if (static_cast<std::int64_t>(key.record.key.algorithm()) != statement.header.algorithm) {
    return fail(Code::unauthenticated, "a statement's algorithm does not fit its key");
  }
  char issuer[80];
  TRY(const auto& name, statement::issuer_of(key.record.subject, issuer));
  if (name != statement.header.claims.iss)
    return fail(Code::unauthenticated, "a statement names another issuer than its key's");
  std::byte buffer[1024];
  TRY(const ByteView message, cose::sig_structure(statement.protected_bytes, {}, statement.payload_bytes, buffer));
  TRY(crypto::verify(key.record.key, message, statement.signature));
  out.signers.set(key.index);
  ++out.count;
  return statement::identity_of(statement.protected_bytes, statement.payload_bytes);
}

[[gnu::noinline]] Result<void> check_approvals(const PassportPage& page, ByteView also, const Digest& identity,
                                               Signatures& out) {
  TRY(const auto& approvals, statement::parse_approvals(also));
  for (const auto approval : approvals) {
    TRY(const auto& key, find_key(page, approval.kid));
    TRY(statement::verify_approval(approval, identity, key.record.key));
    out.signers.set(key.index);
    ++out.count;
  }
  return {};
}

}  // namespace

Result<bool> check_events(const PassportPage& page) {
  TRY(check_order(page));
  EventMarks met;
  bool whole = true;
  for (const auto thing : page.things) {
    if (!has_history(thing.type)) break;
    TRY(const Head head, read_head(*thing.item.value));
    TRY(const Digest root, root_from_run(page, *thing.run, head.history.count, met));
    if (root != head.history.root) {
      return fail(Code::unauthenticated, "the events of a thing are not the ones that the ledger has recorded");
    }
    whole = whole && thing.run->events.size() == head.history.count;
  }
  for (std::size_t i = 0; i < page.events.size(); ++i) {
    if (!met.has(i)) return fail(Code::invalid, "an event of the passport concerns neither the device nor a part");
  }
  return whole;
}

Result<Signatures> check_signatures(const PassportPage& page, const Digest& ledger) {
  Signatures out;
  for (const auto statement : page.statements) {
    TRY(const Digest identity, check_signature(page, statement.sign1, ledger, out));
    if (statement.also) TRY(check_approvals(page, *statement.also, identity, out));
  }
  return out;
}

}  // namespace mikusari::proof
