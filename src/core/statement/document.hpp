// SPDX-License-Identifier: Apache-2.0
// Family `document`: digests of evidence that is kept elsewhere. The receipt of the body is the proof; a document about
// a thing, by its owner or the device itself, is an event of that thing.
#pragma once

#include "statement/thing.hpp"

namespace mikusari::document {

enum class Type : std::uint8_t {
  other = 1,
  audit = 2,
  transcript = 3,
  log_head = 4,
  data_set = 5,
  timestamp = 6,
  object = 7,
  sbom = 8,
  test_report = 9,
  inspection = 10,
  erasure = 11,
  recording = 12,
  alarm = 13,
  incident = 14,
  checkpoint = 15,
};
constexpr auto names_of(Type) {
  using enum Type;
  return std::array{
      cbor::Name{other, "other"},           cbor::Name{audit, "audit"},       cbor::Name{transcript, "transcript"},
      cbor::Name{log_head, "log_head"},     cbor::Name{data_set, "data_set"}, cbor::Name{timestamp, "timestamp"},
      cbor::Name{object, "object"},         cbor::Name{sbom, "sbom"},         cbor::Name{test_report, "test_report"},
      cbor::Name{inspection, "inspection"}, cbor::Name{erasure, "erasure"},   cbor::Name{recording, "recording"},
      cbor::Name{alarm, "alarm"},           cbor::Name{incident, "incident"}, cbor::Name{checkpoint, "checkpoint"}};
}

// By any party or device; `audit` and `test_report` by a laboratory or certifier.
struct Evidence {
  Type type{};
  Digest digest;
  std::optional<std::string_view> content_type;
  std::optional<thing::Type> about_type;  // with `about`: the signer owns the thing, or is it
  std::optional<Id> about;
  static constexpr statement::Kind kind{0x0d01, "document.record", statement::Signers::one, 4096};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "type", &Evidence::type}, cbor::Field{2, "digest", &Evidence::digest, "SHA-256 of the document"},
      cbor::Field{3, "content_type", &Evidence::content_type, "media type of the document"},
      cbor::Field{4, "about_type", &Evidence::about_type, "part or device"},
      cbor::Field{5, "about", &Evidence::about, "the thing that it is about: the signer owns it, or is it"}};
};

}  // namespace mikusari::document
