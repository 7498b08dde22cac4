// SPDX-License-Identifier: Apache-2.0
// A block's frame and a single row, as they are read back from the chain file. The places of what was decoded lie
// inside the frame, and each row decodes alone to the same.
// LINK: mikusari_replica mikusari_crypto_openssl
#include <cstdint>

#include "replica/frame.hpp"

namespace {

using namespace mikusari;

ByteView at(ByteView frame, const replica::Place& place) {
  ASSERT(place.position <= frame.size() && place.length <= frame.size() - place.position);
  return frame.subspan(place.position, place.length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = std::as_bytes(std::span(data, size));
  static_cast<void>(replica::decode_row(input));
  const auto frame = replica::decode_frame(input);
  if (!frame) return 0;
  ASSERT(frame->places.submissions.size() == frame->submissions.size());
  ASSERT(frame->places.fates.size() == frame->fates.size() && frame->places.rows.size() == frame->rows.size());
  for (std::size_t i = 0; i < frame->submissions.size(); ++i)
    ASSERT(equal(at(input, frame->places.submissions[i]), frame->submissions[i]));
  for (const auto& place : frame->places.fates) static_cast<void>(at(input, place));
  for (std::size_t i = 0; i < frame->rows.size(); ++i) {
    const auto row = replica::decode_row(at(input, frame->places.rows[i]));
    ASSERT(row.has_value() && row->key == frame->rows[i].key && equal(row->value, frame->rows[i].value));
  }
  if (const auto submissions = replica::parse_submissions(*frame))
    static_cast<void>(replica::log_leaves(*frame, *submissions));
  return 0;
}
