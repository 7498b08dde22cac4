// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.h: the client itself, policy steps, receipts and passports.
#include "client/c_convert.hpp"
#include "crypto/hash.hpp"

namespace mikusari::client {
namespace {

// Runs one verification: `verify` gets the verifier and its terms, and answers Result<void>. What the verifier
// remembers is kept when it succeeds.
template <class F>
mikusari_code with_client(mikusari_client* client, mikusari_bytes consistency, mikusari_error* error, F&& verify) {
  if (const auto there = check_there(consistency); !there) return report(there.error(), error);
  auto verifier = open(*client);
  if (!verifier) return report(verifier.error(), error);
  const Result<void> verdict = verify(*verifier, terms_of(*client, consistency));
  if (!verdict) return report(verdict.error(), error);
  keep(verifier->state(), *client);
  return report(Result<void>(), error);
}

constexpr auto no_such_element = "there is no element of this number";

// The fields of proof::PassportPage that are walked element by element.
enum class Listed : std::uint8_t { things = 4, statements = 5, events = 6 };

// Where the first element of a list of the page begins.
Result<std::size_t> begin_of(ByteView page, Listed list) {
  cbor::Reader in(page);
  TRY(const std::size_t fields, in.map());
  for (std::size_t i = 0; i < fields; ++i) {
    TRY(const std::uint64_t key, in.uint());
    if (key == static_cast<std::uint64_t>(list)) {
      TRY(in.array());
      return in.offset();
    }
    TRY(in.item());
  }
  return fail(Code::not_found, no_such_element);
}

// Goes on from the element that was found last, or from the first: who walks a list reads the page once. Not inlined,
// so that its frame does not add to the caller's, here and below. REQUIRES: the page was verified, and has so many.
[[gnu::noinline]] Result<void> find(ByteView page, Listed list, std::size_t index, mikusari_position& found) {
  if (found.at == 0 || index < found.index) {
    TRY(found.at, begin_of(page, list));
    found.index = 0;
  }
  for (; found.index < index; ++found.index) {
    if (found.at >= page.size()) return fail(Code::not_found, no_such_element);
    cbor::Reader in(page.subspan(found.at));
    TRY(const ByteView element, in.item());
    found.at += element.size();
  }
  return {};
}

template <class T>
[[gnu::noinline]] Result<T> element(ByteView page, Listed list, std::size_t index, mikusari_position& found) {
  TRY(find(page, list, index, found));
  if (found.at >= page.size()) return fail(Code::not_found, no_such_element);
  cbor::Reader in(page.subspan(found.at));
  return cbor::read<T>(in);
}

[[gnu::noinline]] Result<proof::Event> event_at(mikusari_passport& passport, std::size_t index) {
  const ByteView page = view(passport.bytes);
  if (index >= passport.event_count) return fail(Code::not_found, no_such_element);
  TRY(const auto& event, element<proof::PassportEvent>(page, Listed::events, index, passport.found_event));
  TRY(const auto& statement,
      element<proof::PassportStatement>(page, Listed::statements, static_cast<std::size_t>(event.statement),
                                        passport.found_statement));
  return proof::Event{statement.sign1, statement.also,    statement.also_hash, event.index,   event.salt,   event.body,
                      event.withheld,  event.bodies_path, event.height,        event.time_ms, event.outcome};
}

Result<void> fill_event(mikusari_passport& passport, std::size_t index, mikusari_event& out) {
  TRY(const auto& event, event_at(passport, index));
  TRY(const auto& checked, proof::check_event(event));
  fill(event, checked, out);
  return {};
}

[[gnu::noinline]] Result<proof::PassportThing> part_at(mikusari_passport& passport, std::size_t index) {
  if (index >= passport.part_count) return fail(Code::not_found, no_such_element);
  // The device comes first, then its parts.
  return element<proof::PassportThing>(view(passport.bytes), Listed::things, index + 1, passport.found_thing);
}

std::size_t parts_in(const proof::PassportPage& page) {
  std::size_t count = 0;
  for (const auto thing : page.things) count += thing.type == proof::ThingType::part ? 1 : 0;
  return count;
}

// REQUIRES: the thing is of a verified page, and a device or part.
mikusari_run run_of(const proof::PassportThing& thing, std::uint64_t events) {
  return {thing.run->range.first, thing.run->events.size(), events};
}

[[gnu::noinline]] Result<void> fill_device(const proof::PassportPage& page, mikusari_passport& out) {
  const auto device = *page.things.begin();
  TRY(fill(*device.item.value, out.device));
  out.device.place = out.place;
  out.run = run_of(device, out.device.common.events);
  out.part_count = parts_in(page);
  return {};
}

Result<void> fill_passport(const proof::VerifiedPage& verified, mikusari_bytes bytes, mikusari_passport& out) {
  out.place = place_of(verified.anchor);
  copy(verified.page.device, out.id);
  TRY(fill_device(verified.page, out));
  out.complete = verified.complete;
  out.event_count = static_cast<std::size_t>(verified.events);
  out.signature_count = static_cast<std::size_t>(verified.signatures);
  out.withheld_count = static_cast<std::size_t>(verified.withheld);
  out.unproved_models = static_cast<std::size_t>(verified.unproved_models);
  out.bytes = bytes;
  return {};
}

}  // namespace
}  // namespace mikusari::client

using namespace mikusari;
using namespace mikusari::client;

mikusari_code mikusari_client_init(mikusari_client* client, mikusari_bytes policy, mikusari_bytes state,
                                   mikusari_error* error) {
  if (client == nullptr || policy.data == nullptr) return report_null(error);
  *client = {};
  if (const auto there = check_there(state); !there) return report(there.error(), error);
  const auto verifier = Verifier::open(view(policy), view(state));
  if (!verifier) return report(verifier.error(), error);
  client->policy = policy;
  keep(verifier->state(), *client);
  return report(Result<void>(), error);
}

mikusari_code mikusari_client_state(const mikusari_client* client, std::uint8_t* out, std::size_t capacity,
                                    std::size_t* size, mikusari_error* error) {
  if (client == nullptr || out == nullptr || size == nullptr) return report_null(error);
  *size = 0;
  const auto verifier = open(*client);
  if (!verifier) return report(verifier.error(), error);
  const auto written = cbor::encode(verifier->state(), std::as_writable_bytes(std::span(out, capacity)));
  if (!written) return report(written.error(), error);
  *size = written->size();
  return report(Result<void>(), error);
}

mikusari_code mikusari_update(mikusari_client* client, mikusari_answer checkpoint, mikusari_error* error) {
  if (client == nullptr || checkpoint.bytes.data == nullptr) return report_null(error);
  return with_client(client, checkpoint.consistency, error,
                     [&](Verifier& verifier, const Terms& terms) -> Result<void> {
                       TRY(verifier.update(view(checkpoint.bytes), terms));
                       return {};
                     });
}

mikusari_code mikusari_verify_receipt(mikusari_client* client, mikusari_answer receipt, mikusari_event* out,
                                      mikusari_error* error) {
  if (client == nullptr || receipt.bytes.data == nullptr || out == nullptr) return report_null(error);
  *out = {};
  return with_client(client, receipt.consistency, error, [&](Verifier& verifier, const Terms& terms) -> Result<void> {
    TRY(const auto& verified, verifier.receipt(view(receipt.bytes), terms));
    TRY(const auto& read, cbor::decode<proof::Receipt>(view(receipt.bytes)));
    fill(read.event, verified.event, *out);
    return {};
  });
}

mikusari_code mikusari_verify_passport(mikusari_client* client, mikusari_answer passport, mikusari_passport* out,
                                       mikusari_error* error) {
  if (client == nullptr || passport.bytes.data == nullptr || out == nullptr) return report_null(error);
  *out = {};
  return with_client(client, passport.consistency, error, [&](Verifier& verifier, const Terms& terms) -> Result<void> {
    TRY(const auto& verified, verifier.passport(view(passport.bytes), terms));
    return fill_passport(verified, passport.bytes, *out);
  });
}

mikusari_code mikusari_passport_event(mikusari_passport* passport, std::size_t index, mikusari_event* out) {
  if (passport == nullptr || passport->bytes.data == nullptr || out == nullptr) return MIKUSARI_INVALID;
  *out = {};
  return report(fill_event(*passport, index, *out), nullptr);
}

mikusari_code mikusari_passport_part(mikusari_passport* passport, std::size_t index, std::uint8_t* id,
                                     mikusari_part* out, mikusari_run* run) {
  if (passport == nullptr || passport->bytes.data == nullptr || id == nullptr || out == nullptr)
    return MIKUSARI_INVALID;
  *out = {};
  const auto thing = part_at(*passport, index);
  if (!thing) return report(thing.error(), nullptr);
  const auto filled = fill(*thing->item.value, *out);
  if (!filled) return report(filled.error(), nullptr);
  copy(thing->id, id);
  out->place = passport->place;
  if (run != nullptr) *run = run_of(*thing, out->common.events);
  return MIKUSARI_OK;
}

mikusari_code mikusari_policy_step(mikusari_client* client, mikusari_bytes submission, std::uint8_t* out,
                                   std::size_t capacity, std::size_t* size, mikusari_step* step,
                                   mikusari_error* error) {
  if (client == nullptr || submission.data == nullptr || out == nullptr || size == nullptr || step == nullptr)
    return report_null(error);
  *size = 0;
  *step = {};
  auto verifier = open(*client);
  if (!verifier) return report(verifier.error(), error);
  const auto taken = verifier->step(view(submission), std::as_writable_bytes(std::span(out, capacity)));
  if (!taken) return report(taken.error(), error);
  *size = taken->policy.size();
  *step = {taken->epoch, taken->size, taken->lost_size.value_or(0), taken->lost};
  client->policy = {out, *size};
  keep(verifier->state(), *client);
  return report(Result<void>(), error);
}
