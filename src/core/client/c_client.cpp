// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.h: the client itself, receipts and passports.
#include "client/c_convert.hpp"
#include "crypto/hash.hpp"

namespace mikusari::client {
namespace {

// Runs one verification: `verify` gets the verifier and its terms, and answers Result<void>. What the verifier
// remembers is kept when it succeeds.
template <class F>
mikusari_code with_client(mikusari_client* client, mikusari_bytes consistency, mikusari_error* error, F&& verify) {
  auto verifier = open(*client);
  if (!verifier) return report(verifier.error(), error);
  const Result<void> verdict = verify(*verifier, terms_of(*client, consistency));
  if (!verdict) return report(verdict.error(), error);
  keep(verifier->state(), *client);
  return report_success(error);
}

// Number `index` of a list. `not_found` past its end.
template <class List>
Result<typename List::value_type> at(const List& list, std::size_t index) {
  if (index >= list.size()) return fail(Code::not_found, "there is no element of this number");
  auto element = list.begin();
  for (std::size_t i = 0; i < index; ++i) ++element;
  return *element;
}

Result<mikusari_event> event_at(ByteView bytes, std::size_t index) {
  TRY(const auto passport, cbor::decode<proof::Passport>(bytes));
  TRY(const auto event, at(passport.events, index));
  TRY(const auto sign1, at(passport.statements, static_cast<std::size_t>(event.statement)));
  const proof::Event whole{sign1,        event.index,   event.salt,   event.body, event.bodies_path,
                           event.height, event.time_ms, event.outcome};
  TRY(const auto checked, proof::check_event(whole));
  return event_of(whole, checked);
}

Result<proof::PassportThing> part_at(ByteView bytes, std::size_t index) {
  TRY(const auto passport, cbor::decode<proof::Passport>(bytes));
  TRY(const auto thing, at(passport.things, index + 1));  // the device comes first
  if (thing.type != proof::ThingType::part) return fail(Code::not_found, "there is no element of this number");
  return thing;
}

std::size_t parts_in(const proof::Passport& passport) {
  std::size_t count = 0;
  for (const auto thing : passport.things) count += thing.type == proof::ThingType::part ? 1 : 0;
  return count;
}

Result<mikusari_passport> passport_of(const proof::VerifiedPassport& verified, mikusari_bytes bytes) {
  mikusari_passport out{};
  out.place = place_of(verified.anchor);
  copy(verified.passport.device, out.id);
  const auto device = *verified.passport.things.begin();
  TRY(out.device, device_of(*device.item.value));
  out.device.place = out.place;
  out.part_count = parts_in(verified.passport);
  out.event_count = static_cast<std::size_t>(verified.events);
  out.signature_count = static_cast<std::size_t>(verified.signatures);
  out.bytes = bytes;
  return out;
}

}  // namespace
}  // namespace mikusari::client

using namespace mikusari;
using namespace mikusari::client;

mikusari_code mikusari_client_init(mikusari_client* client, mikusari_bytes policy, mikusari_bytes state,
                                   mikusari_error* error) {
  if (client == nullptr || policy.data == nullptr) return report_null(error);
  *client = {};
  const auto verifier = Verifier::open(view(policy), view(state));
  if (!verifier) return report(verifier.error(), error);
  client->policy = policy;
  keep(verifier->state(), *client);
  return report_success(error);
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
  return report_success(error);
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
    TRY(const auto verified, verifier.receipt(view(receipt.bytes), terms));
    TRY(const auto read, cbor::decode<proof::Receipt>(view(receipt.bytes)));
    *out = event_of(read.event, verified.event);
    return {};
  });
}

mikusari_code mikusari_verify_passport(mikusari_client* client, mikusari_answer passport, mikusari_passport* out,
                                       mikusari_error* error) {
  if (client == nullptr || passport.bytes.data == nullptr || out == nullptr) return report_null(error);
  *out = {};
  return with_client(client, passport.consistency, error, [&](Verifier& verifier, const Terms& terms) -> Result<void> {
    TRY(const auto verified, verifier.passport(view(passport.bytes), terms));
    TRY(*out, passport_of(verified, passport.bytes));
    return {};
  });
}

mikusari_code mikusari_passport_event(const mikusari_passport* passport, std::size_t index, mikusari_event* out) {
  if (passport == nullptr || out == nullptr) return MIKUSARI_INVALID;
  *out = {};
  const auto event = event_at(view(passport->bytes), index);
  if (!event) return report(event.error(), nullptr);
  *out = *event;
  return MIKUSARI_OK;
}

mikusari_code mikusari_passport_part(const mikusari_passport* passport, std::size_t index, std::uint8_t* id,
                                     mikusari_part* out) {
  if (passport == nullptr || id == nullptr || out == nullptr) return MIKUSARI_INVALID;
  *out = {};
  const auto thing = part_at(view(passport->bytes), index);
  if (!thing) return report(thing.error(), nullptr);
  const auto part = part_of(*thing->item.value);
  if (!part) return report(part.error(), nullptr);
  copy(thing->id, id);
  *out = *part;
  out->place = passport->place;
  return MIKUSARI_OK;
}
