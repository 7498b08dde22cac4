// SPDX-License-Identifier: Apache-2.0
#include "cose/sign1.hpp"
#include "proof/passport_steps.hpp"
#include "statement/key.hpp"

namespace mikusari::proof {
namespace {

using Events = decltype(Passport::events);
using EventMarks = Marks<Events::size_max>;

// The passport's events, read front to back, each with its statement.
class EventWalk {
 public:
  explicit EventWalk(const Passport& passport)
      : passport_(passport), event_(passport.events.begin()), statement_(passport.statements.begin()) {}

  // REQUIRES: index is below the number of events, and not below that of the last call.
  Result<CheckedEvent> at(std::size_t index) {
    for (; event_at_ < index; ++event_at_) ++event_;
    const PassportEvent event = *event_;
    if (event.statement >= passport_.statements.size())
      return fail(Code::invalid, "an event names no statement of the passport");
    for (; statement_at_ < event.statement; ++statement_at_) ++statement_;
    return check_event(Event{*statement_, event.index, event.salt, event.body, event.bodies_path, event.height,
                             event.time_ms, event.outcome});
  }

 private:
  const Passport& passport_;
  Events::Iterator event_;
  decltype(Passport::statements)::Iterator statement_;
  std::size_t event_at_ = 0, statement_at_ = 0;
};

// Each event follows the one before; each statement comes when the one before is done with, and none is left out.
// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<void> check_order(const Passport& passport) {
  constexpr auto out_of_order = "the events of the passport are not in their order";
  std::optional<PassportEvent> before;
  for (const auto event : passport.events) {
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
  if (used != passport.statements.size()) return fail(Code::invalid, "a statement of the passport has no event");
  return {};
}

// Chains the events of one thing and marks them.
[[gnu::noinline]] Result<Digest> head_from_events(const Passport& passport, const PassportThing& thing,
                                                  EventMarks& met) {
  EventWalk walk(passport);
  Digest head;
  std::optional<std::uint64_t> before;
  for (const auto index : thing.events) {
    if (index >= passport.events.size())
      return fail(Code::invalid, "a thing names an event that is not in the passport");
    if (before && index <= *before) return fail(Code::invalid, "the events of a thing are not in their order");
    TRY(const auto event, walk.at(static_cast<std::size_t>(index)));
    head = next_events_head(head, event.leaf_hash);
    met.set(static_cast<std::size_t>(index));
    before = index;
  }
  return head;
}

// One statement's signature, under the key that the ledger has for its kid. Returns the key's index among the things.
[[gnu::noinline]] Result<std::size_t> check_signature(const Passport& passport, ByteView sign1, const Digest& ledger) {
  TRY(const auto statement, statement::parse_signed_payload(sign1));
  if (statement.payload.ledger != ledger)
    return fail(Code::forbidden, "a statement of the passport is for another ledger");
  const auto found = find_thing(passport.things, ThingType::key, statement.header.kid);
  if (!found) return fail(Code::not_found, "the key of a signer is missing from the passport");
  TRY(const auto record, cbor::decode<key::Record>(*found->thing.item.value));
  if (static_cast<std::int64_t>(record.key.algorithm()) != statement.header.algorithm) {
    return fail(Code::unauthenticated, "a statement's algorithm does not fit its key");
  }
  char issuer[80];
  TRY(const auto name, statement::issuer_of(record.subject, issuer));
  if (name != statement.header.claims.iss)
    return fail(Code::unauthenticated, "a statement names another issuer than its key's");
  std::byte buffer[1024];
  TRY(const ByteView message, cose::sig_structure(statement.protected_bytes, {}, statement.payload_bytes, buffer));
  TRY(crypto::verify(record.key, message, statement.signature));
  return found->index;
}

}  // namespace

Result<void> check_events(const Passport& passport) {
  TRY(check_order(passport));
  EventMarks met;
  for (const auto thing : passport.things) {
    if (thing.type != ThingType::device && thing.type != ThingType::part) break;
    TRY(const Head head, read_head(*thing.item.value));
    TRY(const Digest recomputed, head_from_events(passport, thing, met));
    if (recomputed != head.events_head) {
      return fail(Code::unauthenticated, "the events of a thing are not the ones that the ledger has recorded");
    }
  }
  for (std::size_t i = 0; i < passport.events.size(); ++i) {
    if (!met.has(i)) return fail(Code::invalid, "an event of the passport concerns neither the device nor a part");
  }
  return {};
}

Result<ThingMarks> check_signatures(const Passport& passport, const Digest& ledger) {
  ThingMarks signers;
  for (const auto sign1 : passport.statements) {
    TRY(const std::size_t index, check_signature(passport, sign1, ledger));
    signers.set(index);
  }
  return signers;
}

}  // namespace mikusari::proof
