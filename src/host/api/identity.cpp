// SPDX-License-Identifier: Apache-2.0
#include "api/identity.hpp"

#include "statement/ledger.hpp"

namespace mikusari::api {

Result<Digest> identity_of_submission(ByteView submission) {
  cbor::Reader in(submission);
  TRY(const std::size_t count, in.array());
  if (count != 3) return fail(Code::invalid, "a submission is an array of three");
  TRY(const ByteView sign1, in.item());
  TRY(const auto statement, statement::parse_signed_payload(sign1));
  return statement::identity_of(statement.protected_bytes, statement.payload_bytes);
}

Result<Digest> digest_in_path(std::string_view text) {
  auto out = platform::bytes_from_hex<32>(text);
  if (!out) return fail(Code::invalid, "the id in the path must be 64 hexadecimal digits");
  return out;
}

Result<std::string_view> name_in_path(std::string_view text) {
  if (!is_name(text))
    return fail(Code::invalid, "the name in the path must be 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  return text;
}

}  // namespace mikusari::api
