// SPDX-License-Identifier: Apache-2.0
#include "api/identity.hpp"

#include "encoding/text.hpp"

namespace mikusari::api {

Result<Digest> identity_of_submission(ByteView submission) {
  cbor::Reader in(submission);
  TRY(const std::size_t count, in.array());
  if (count != 3) return fail(Code::invalid, "a submission is an array of three");
  TRY(const ByteView sign1, in.item());
  TRY(const auto statement, statement::parse_signed_payload(sign1));
  return statement::identity_of(statement.protected_bytes, statement.payload_bytes);
}

std::optional<Digest> signer_of_submission(ByteView submission) {
  cbor::Reader in(submission);
  if (const auto count = in.array(); !count || *count != 3) return std::nullopt;
  const auto sign1 = in.item();
  if (!sign1) return std::nullopt;
  const auto statement = statement::parse_signed_payload(*sign1);
  return statement ? std::optional(statement->header.kid) : std::nullopt;
}

Result<Digest> digest_in_path(std::string_view text) {
  auto out = platform::bytes_from_hex<32>(text);
  if (!out) return fail(Code::invalid, "the id in the path must be 64 hexadecimal digits");
  return out;
}

Result<std::uint64_t> number_in_path(std::string_view text) {
  const auto out = text::from_decimal(text);
  if (!out) return fail(Code::invalid, "the number in the path must be decimal digits");
  return *out;
}

}  // namespace mikusari::api
