// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.h: whether an image may run.
#include "client/c_convert.hpp"
#include "statement/firmware.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"

namespace mikusari::client {

static_assert(MIKUSARI_FIRMWARE_RECALLED == static_cast<int>(firmware::State::recalled));

namespace {

[[gnu::noinline]] Result<void> fill_release(ByteView bytes, const Digest& image, mikusari_firmware& out) {
  TRY(const auto& record, cbor::decode<firmware::Record>(bytes));
  for (const auto each : record.images) {
    if (each.digest != image) continue;
    out.state = static_cast<mikusari_firmware_state>(record.state);
    out.size = each.size;
    copy(record.text, out.text);
    return {};
  }
  return fail(Code::unauthenticated, "the release does not have the image that the ledger says is in it");
}

[[gnu::noinline]] Result<void> fill_model(ByteView bytes, mikusari_firmware& out) {
  TRY(const auto& record, cbor::decode<model::Record>(bytes));
  out.floor = record.floor;
  out.latest = record.latest;
  out.available = record.available;
  out.withdrawn = record.state == model::State::withdrawn;
  return {};
}

Result<void> check_may_run(const mikusari_firmware& firmware) {
  if (firmware.state == MIKUSARI_FIRMWARE_ABSENT)
    return fail(Code::not_found, "no such image was released for this model");
  if (firmware.state == MIKUSARI_FIRMWARE_HALTED) return fail(Code::forbidden, "the release of the image is halted");
  if (firmware.state == MIKUSARI_FIRMWARE_RECALLED)
    return fail(Code::forbidden, "the release of the image is recalled");
  if (firmware.sequence < firmware.floor) return fail(Code::forbidden, "the image is below the model's floor");
  return {};
}

// The same moment for all: `found.place` is set by the first.
Result<void> place_beside(const mikusari_place& place, mikusari_firmware& found) {
  if (found.place.log_size != 0 && found.place.log_size != place.log_size)
    return fail(Code::unavailable, "the answers stand under different checkpoints: ask for all of them again");
  found.place = place;
  return {};
}

// The release that the image is in, when it is in one.
[[gnu::noinline]] Result<void> find_release(mikusari_client& client, mikusari_answer image_answer,
                                            mikusari_answer release_answer, const Id& model, const Digest& image,
                                            mikusari_firmware& found) {
  TRY(const auto& named, record_of(client, image_answer, path::image(model, image)));
  TRY(place_beside(named.place, found));
  if (!named.value) return {};
  TRY(const auto& record, cbor::decode<firmware::ImageRecord>(*named.value));
  found.sequence = record.sequence;
  TRY(const auto& release, record_of(client, release_answer, path::firmware(model, record.sequence)));
  TRY(place_beside(release.place, found));
  if (!release.value) return fail(Code::unauthenticated, "the ledger has no release where it says that the image is");
  return fill_release(*release.value, image, found);
}

// `client` moves when all answers hold.
Result<void> verify_firmware(mikusari_client& client, mikusari_answer image_answer, mikusari_answer release_answer,
                             mikusari_answer model_answer, const Id& model, const Digest& image,
                             mikusari_firmware& out) {
  mikusari_client moved = client;
  mikusari_firmware found{};
  TRY(find_release(moved, image_answer, release_answer, model, image, found));
  TRY(const auto& record, record_of(moved, model_answer, path::model(model)));
  TRY(place_beside(record.place, found));
  if (record.value) TRY(fill_model(*record.value, found));
  client = moved;
  out = found;
  if (!record.value) return fail(Code::not_found, "the ledger has no such model");
  return check_may_run(out);
}

}  // namespace
}  // namespace mikusari::client

using namespace mikusari;
using namespace mikusari::client;

mikusari_code mikusari_verify_firmware(mikusari_client* client, mikusari_answer image_answer,
                                       mikusari_answer release_answer, mikusari_answer model_answer,
                                       const std::uint8_t* model, const std::uint8_t* image_digest,
                                       mikusari_firmware* out, mikusari_error* error) {
  if (client == nullptr || image_answer.bytes.data == nullptr || model_answer.bytes.data == nullptr ||
      model == nullptr || image_digest == nullptr || out == nullptr) {
    return report_null(error);
  }
  *out = {};
  return report(verify_firmware(*client, image_answer, release_answer, model_answer, digest_of(model),
                                digest_of(image_digest), *out),
                error);
}
