// SPDX-License-Identifier: Apache-2.0
#include "cose/sign1.hpp"

namespace mikusari::cose {
namespace {

constexpr std::int64_t label_critical = 2;
// RFC 9053 section 2: the polymorphic numbers that RFC 9864 deprecates but that messages in the field carry.
constexpr std::int64_t es256 = -7, eddsa = -8;

// A header map: any value, integer or text labels (RFC 9052 section 1.5).
Result<void> check_header(ByteView header) {
  cbor::Reader in(header);
  TRY(const std::size_t pairs, in.map());
  for (std::size_t i = 0; i < pairs; ++i) {
    TRY(const cbor::Major major, in.peek());
    if (major == cbor::Major::text) {
      TRY(in.text());
    } else {
      TRY(in.integer());
    }
    TRY(in.item());
  }
  return in.end();
}

// h'' and h'a0' are two encodings of no protected header; what is signed is the first (RFC 9052 sections 3 and 4.4).
ByteView signed_form(ByteView protected_header) {
  constexpr std::byte empty_map{0xa0};
  return equal(protected_header, ByteView(&empty_map, 1)) ? ByteView() : protected_header;
}

Result<std::optional<std::int64_t>> find_integer(ByteView header, std::int64_t label) {
  if (header.empty()) return std::optional<std::int64_t>();
  return header_integer(header, label);
}

Result<bool> has_label(ByteView header, std::int64_t label) {
  if (header.empty()) return false;
  cbor::Reader in(header);
  TRY(const std::size_t pairs, in.map());
  for (std::size_t i = 0; i < pairs; ++i) {
    TRY(const cbor::Major major, in.peek());
    if (major == cbor::Major::text) {
      TRY(in.text());
    } else {
      TRY(const std::int64_t key, in.integer());
      if (key == label) return true;
    }
    TRY(in.item());
  }
  return false;
}

// The key fixes the algorithm, so that nobody gains by changing a number that is not protected.
Result<crypto::Algorithm> algorithm_of(const Sign1& message) {
  for (const ByteView header : {message.protected_header, message.unprotected_header}) {
    TRY(const bool critical, has_label(header, label_critical));
    if (critical) return fail(Code::invalid, "COSE_Sign1 has a critical header that is not understood");
  }
  TRY(const auto authenticated, find_integer(message.protected_header, label_algorithm));
  TRY(const auto bare, find_integer(message.unprotected_header, label_algorithm));
  if (authenticated && bare) return fail(Code::invalid, "COSE_Sign1 has its algorithm in both headers");
  const auto value = authenticated ? authenticated : bare;
  if (!value) return fail(Code::invalid, "COSE_Sign1 has no algorithm");
  if (*value == static_cast<std::int64_t>(crypto::Algorithm::esp256) || *value == es256)
    return crypto::Algorithm::esp256;
  if (*value == static_cast<std::int64_t>(crypto::Algorithm::ed25519) || *value == eddsa) {
    return crypto::Algorithm::ed25519;
  }
  return fail(Code::invalid, "COSE_Sign1 has an algorithm that is not supported here");
}

}  // namespace

Result<Sign1> read_sign1(cbor::Reader& in, Tag tag) {
  TRY(const cbor::Major major, in.peek());
  if (major == cbor::Major::tag) {
    const std::size_t at = in.offset();
    TRY(const std::uint64_t number, in.tag());
    if (number != tag_sign1) return fail(Code::invalid, "not tagged as COSE_Sign1", at);
  } else if (tag == Tag::required) {
    return fail(Code::invalid, "not tagged as COSE_Sign1", in.offset());
  }
  const std::size_t at = in.offset();
  TRY(const std::size_t members, in.array());
  if (members != 4) return fail(Code::invalid, "COSE_Sign1 must have four members", at);
  Sign1 out;
  TRY(out.protected_header, in.bytes());
  if (!out.protected_header.empty()) TRY(check_header(out.protected_header));
  TRY(out.unprotected_header, in.item());
  TRY(check_header(out.unprotected_header));
  if (in.peek_null()) {
    TRY(in.null());
  } else {
    TRY(out.payload, in.bytes());
  }
  TRY(out.signature, in.bytes());
  return out;
}

Result<Sign1> parse_sign1(ByteView message, Tag tag) {
  cbor::Reader in(message);
  TRY(auto out, read_sign1(in, tag));
  TRY(in.end());
  return out;
}

void write_sign1(cbor::Writer& out, const Sign1& message) {
  out.tag(tag_sign1);
  out.array(4);
  out.bytes(message.protected_header);
  out.encoded(message.unprotected_header);
  if (message.payload) {
    out.bytes(*message.payload);
  } else {
    out.null();
  }
  out.bytes(message.signature);
}

Result<ByteView> sig_structure(ByteView protected_header, ByteView external_aad, ByteView payload,
                               MutableByteView buffer) {
  cbor::Writer out(buffer);
  out.array(4);
  out.text("Signature1");
  out.bytes(signed_form(protected_header));
  out.bytes(external_aad);
  out.bytes(payload);
  return out.finish();
}

Result<std::optional<std::int64_t>> header_integer(ByteView header, std::int64_t label) {
  cbor::Reader in(header);
  TRY(const std::size_t pairs, in.map());
  for (std::size_t i = 0; i < pairs; ++i) {
    TRY(const cbor::Major major, in.peek());
    if (major == cbor::Major::text) {
      TRY(in.text());
    } else {
      TRY(const std::int64_t key, in.integer());
      if (key == label) {
        TRY(const std::int64_t value, in.integer());
        return value;
      }
    }
    TRY(in.item());
  }
  return std::optional<std::int64_t>();
}

Result<Verified> verify(const Sign1& message, const crypto::PublicKey& key, ByteView external_aad,
                        std::optional<ByteView> detached, MutableByteView scratch) {
  TRY(const crypto::Algorithm algorithm, algorithm_of(message));
  if (algorithm != key.algorithm()) return fail(Code::invalid, "the algorithm does not fit the key");
  if (message.payload.has_value() == detached.has_value()) {
    return fail(Code::invalid, "a payload must be attached or detached, not both or neither");
  }
  const ByteView payload = message.payload ? *message.payload : *detached;
  if (message.signature.size() != crypto::Signature::length)
    return fail(Code::unauthenticated, "the signature is not 64 bytes");
  TRY(const ByteView signed_bytes, sig_structure(message.protected_header, external_aad, payload, scratch));
  TRY(crypto::verify(key, signed_bytes, crypto::Signature::copy(message.signature)));
  return Verified{payload};
}

}  // namespace mikusari::cose
