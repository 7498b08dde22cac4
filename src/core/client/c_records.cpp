// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.h: what the ledger says of one thing now.
#include "client/c_convert.hpp"
#include "statement/path.hpp"

namespace mikusari::client {

static_assert(MIKUSARI_THING_ROLE == static_cast<int>(proof::ThingType::role));

namespace {

// A thing's record into `out`.
template <class Out>
mikusari_code verify_thing(mikusari_client* client, mikusari_answer answer, const Digest& path, Out* out,
                           mikusari_error* error) {
  *out = {};
  const auto verified = record_of(*client, answer, path);
  if (!verified) return report(verified.error(), error);
  out->place = verified->place;
  if (!verified->value) return report(Error(Code::not_found, "the ledger has no such thing"), error);
  return report(fill(*verified->value, *out), error);
}

// The children stand in the same field in both.
Result<Id> mounted_part(ByteView bytes, std::size_t index) {
  const auto device = cbor::decode<device::Record>(bytes);
  thing::Record record;
  if (device) {
    record = *device;
  } else {
    TRY(record, cbor::decode<part::Record>(bytes));
  }
  for (const auto child : record.children) {
    if (index-- == 0) return child;
  }
  return fail(Code::not_found, "there is no part of this number");
}

}  // namespace
}  // namespace mikusari::client

using namespace mikusari;
using namespace mikusari::client;

mikusari_code mikusari_verify_absence(mikusari_client* client, mikusari_answer answer, mikusari_thing type,
                                      mikusari_bytes id, mikusari_place* place, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || id.data == nullptr) return report_null(error);
  if (place != nullptr) *place = {};
  if (type < MIKUSARI_THING_DEVICE || type > MIKUSARI_THING_ROLE)
    return report(Error(Code::invalid, "no such type of thing"), error);
  const auto path = proof::path_of(static_cast<proof::ThingType>(type), view(id));
  if (!path) return report(path.error(), error);
  const auto verified = record_of(*client, answer, *path);
  if (!verified) return report(verified.error(), error);
  if (place != nullptr) *place = verified->place;
  if (verified->value) return report(Error(Code::conflict, "the ledger has this thing"), error);
  return report(Result<void>(), error);
}

mikusari_code mikusari_verify_party(mikusari_client* client, mikusari_answer answer, const std::uint8_t* handle,
                                    mikusari_party* out, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || handle == nullptr || out == nullptr)
    return report_null(error);
  return verify_thing(client, answer, path::party(digest_of(handle)), out, error);
}

mikusari_code mikusari_verify_device(mikusari_client* client, mikusari_answer answer, const std::uint8_t* id,
                                     mikusari_device* out, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || id == nullptr || out == nullptr) return report_null(error);
  return verify_thing(client, answer, path::device(digest_of(id)), out, error);
}

mikusari_code mikusari_verify_part(mikusari_client* client, mikusari_answer answer, const std::uint8_t* id,
                                   mikusari_part* out, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || id == nullptr || out == nullptr) return report_null(error);
  return verify_thing(client, answer, path::part(digest_of(id)), out, error);
}

mikusari_code mikusari_mounted_part(mikusari_bytes record, std::size_t index, std::uint8_t* id) {
  if (record.data == nullptr || id == nullptr) return MIKUSARI_INVALID;
  const auto part = mounted_part(view(record), index);
  if (!part) return report(part.error(), nullptr);
  copy(*part, id);
  return MIKUSARI_OK;
}
