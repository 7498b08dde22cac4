// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.h: what the ledger says of one thing now.
#include "client/c_convert.hpp"
#include "statement/firmware.hpp"
#include "statement/key.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"

namespace mikusari::client {
namespace {

// One verified answer. What the verifier remembers is kept.
Result<proof::VerifiedState> record_of(mikusari_client& client, mikusari_answer answer, const Digest& path) {
  TRY(auto verifier, open(client));
  TRY(const auto verified, verifier.record(view(answer.bytes), path, terms_of(client, answer.consistency)));
  keep(verifier.state(), client);
  return verified;
}

Result<mikusari_key> key_of(ByteView bytes) {
  TRY(const auto record, cbor::decode<key::Record>(bytes));
  mikusari_key out{};
  out.revoked = record.state == key::State::revoked;
  out.reason = record.reason ? static_cast<mikusari_reason>(*record.reason) : MIKUSARI_REASON_NONE;
  out.purpose = static_cast<mikusari_purpose>(record.purpose);
  out.subject_type = static_cast<mikusari_subject>(record.subject.type);
  out.subject = bytes_of(record.subject.id);
  out.algorithm = static_cast<std::int32_t>(record.key.algorithm());
  copy(record.key.bytes(), out.key);
  out.key_size = record.key.bytes().size();
  out.from_ms = record.from_ms.value_or(0);
  out.until_ms = record.until_ms.value_or(0);
  return out;
}

Result<void> check_speaks(ByteView bytes, std::uint64_t time_ms) {
  TRY(const auto record, cbor::decode<key::Record>(bytes));
  if (record.state == key::State::revoked) return fail(Code::forbidden, "the key is revoked");
  if (!record.speaks_at(time_ms)) return fail(Code::forbidden, "the key does not speak at this time");
  return {};
}

Result<void> fill_firmware(ByteView bytes, mikusari_firmware& out) {
  TRY(const auto record, cbor::decode<firmware::Record>(bytes));
  out.state = static_cast<mikusari_firmware_state>(record.state);
  out.sequence = record.sequence;
  out.size = record.size;
  out.version = text_of(record.version);
  return {};
}

Result<void> fill_model(ByteView bytes, mikusari_firmware& out) {
  TRY(const auto record, cbor::decode<model::Record>(bytes));
  out.floor = record.floor;
  out.latest = record.latest;
  return {};
}

Result<void> check_may_run(const mikusari_firmware& firmware) {
  if (firmware.state == MIKUSARI_FIRMWARE_ABSENT)
    return fail(Code::not_found, "no such image was released for this model");
  if (firmware.state == MIKUSARI_FIRMWARE_RECALLED) return fail(Code::forbidden, "the image is recalled");
  if (firmware.sequence < firmware.floor) return fail(Code::forbidden, "the image is below the model's floor");
  return {};
}

// A device's or part's record into `out`.
template <class Out, class Convert>
mikusari_code verify_thing(mikusari_client* client, mikusari_answer answer, const Digest& path, Out* out,
                           mikusari_error* error, Convert&& convert) {
  const auto verified = record_of(*client, answer, path);
  if (!verified) return report(verified.error(), error);
  const auto place = place_of(verified->anchor);
  out->place = place;
  if (!verified->value) return report(Error(Code::not_found, "the ledger has no such thing"), error);
  const auto converted = convert(*verified->value);
  if (!converted) return report(converted.error(), error);
  *out = *converted;
  out->place = place;
  return report_success(error);
}

}  // namespace
}  // namespace mikusari::client

using namespace mikusari;
using namespace mikusari::client;

mikusari_code mikusari_verify_absence(mikusari_client* client, mikusari_answer answer, mikusari_thing type,
                                      mikusari_bytes id, mikusari_place* place, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || id.data == nullptr) return report_null(error);
  if (place != nullptr) *place = {};
  if (type < MIKUSARI_THING_DEVICE || type > MIKUSARI_THING_FIRMWARE)
    return report(Error(Code::invalid, "no such type of thing"), error);
  const auto path = proof::path_of(static_cast<proof::ThingType>(type), view(id));
  if (!path) return report(path.error(), error);
  const auto verified = record_of(*client, answer, *path);
  if (!verified) return report(verified.error(), error);
  if (place != nullptr) *place = place_of(verified->anchor);
  if (verified->value) return report(Error(Code::conflict, "the ledger has this thing"), error);
  return report_success(error);
}

mikusari_code mikusari_verify_device(mikusari_client* client, mikusari_answer answer, const std::uint8_t* id,
                                     mikusari_device* out, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || id == nullptr || out == nullptr) return report_null(error);
  *out = {};
  return verify_thing(client, answer, path::device(digest_of(id)), out, error, device_of);
}

mikusari_code mikusari_device_part(const mikusari_device* device, std::size_t index, std::uint8_t* id) {
  if (device == nullptr || id == nullptr) return MIKUSARI_INVALID;
  const auto record = cbor::decode<device::Record>(view(device->record));
  if (!record) return MIKUSARI_INVALID;
  std::size_t i = 0;
  for (const auto child : record->children) {
    if (i++ != index) continue;
    copy(child, id);
    return MIKUSARI_OK;
  }
  return MIKUSARI_NOT_FOUND;
}

mikusari_code mikusari_verify_part(mikusari_client* client, mikusari_answer answer, const std::uint8_t* id,
                                   mikusari_part* out, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || id == nullptr || out == nullptr) return report_null(error);
  *out = {};
  return verify_thing(client, answer, path::part(digest_of(id)), out, error, part_of);
}

mikusari_code mikusari_verify_key(mikusari_client* client, mikusari_answer answer, const std::uint8_t* kid,
                                  mikusari_key* out, mikusari_error* error) {
  if (client == nullptr || answer.bytes.data == nullptr || kid == nullptr || out == nullptr) return report_null(error);
  *out = {};
  const auto verified = record_of(*client, answer, path::key(digest_of(kid)));
  if (!verified) return report(verified.error(), error);
  out->place = place_of(verified->anchor);
  if (!verified->value) return report(Error(Code::not_found, "the ledger does not know this key"), error);
  const auto key = key_of(*verified->value);
  if (!key) return report(key.error(), error);
  *out = *key;
  out->place = place_of(verified->anchor);
  const auto speaks = check_speaks(*verified->value, verified->anchor.record.time_ms);
  return speaks ? report_success(error) : report(speaks.error(), error);
}

mikusari_code mikusari_verify_firmware(mikusari_client* client, mikusari_answer image_answer,
                                       mikusari_answer model_answer, const std::uint8_t* model,
                                       const std::uint8_t* image_digest, mikusari_firmware* out,
                                       mikusari_error* error) {
  if (client == nullptr || image_answer.bytes.data == nullptr || model_answer.bytes.data == nullptr ||
      model == nullptr || image_digest == nullptr || out == nullptr) {
    return report_null(error);
  }
  *out = {};
  mikusari_client moved = *client;
  const auto image = record_of(moved, image_answer, path::firmware(digest_of(model), digest_of(image_digest)));
  if (!image) return report(image.error(), error);
  const auto model_record = record_of(moved, model_answer, path::model(digest_of(model)));
  if (!model_record) return report(model_record.error(), error);
  if (image->anchor.checkpoint.size != model_record->anchor.checkpoint.size) {
    return report(Error(Code::unavailable, "the two answers stand under different checkpoints: ask for both again"),
                  error);
  }
  mikusari_firmware found{};
  found.place = place_of(model_record->anchor);
  if (image->value) {
    if (const auto filled = fill_firmware(*image->value, found); !filled) return report(filled.error(), error);
  }
  if (model_record->value) {
    if (const auto filled = fill_model(*model_record->value, found); !filled) return report(filled.error(), error);
  }
  *client = moved;
  *out = found;
  if (!model_record->value) return report(Error(Code::not_found, "the ledger has no such model"), error);
  const auto may_run = check_may_run(found);
  return may_run ? report_success(error) : report(may_run.error(), error);
}
