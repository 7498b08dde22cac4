// SPDX-License-Identifier: Apache-2.0
#include "statement/reading.hpp"

#include <algorithm>

#include "cose/key.hpp"
#include "cose/sign1.hpp"

namespace mikusari::reading {
namespace {

constexpr std::size_t part_bytes_max = 256;
constexpr std::byte empty_map[] = {std::byte{0xa0}};

struct Header {
  std::int64_t algorithm = 0;
  std::string_view content_type;
  Digest kid;
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "alg", &Header::algorithm}, cbor::Field{3, "content_type", &Header::content_type},
                 cbor::Field{4, "kid", &Header::kid}};
};

Result<crypto::Algorithm> algorithm_of(std::int64_t number) {
  for (const auto known : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    if (static_cast<std::int64_t>(known) == number) return known;
  }
  return fail(Code::invalid, "a request is signed with Ed25519 or ESP256");
}

}  // namespace

Result<ByteView> sign(crypto::Signer& signer, const Request& request, MutableByteView buffer) {
  const auto& key = signer.public_key();
  std::byte header_buffer[part_bytes_max], payload_buffer[part_bytes_max], signed_buffer[bytes_max];
  TRY(const ByteView header,
      cbor::encode(Header{static_cast<std::int64_t>(key.algorithm()), content_type, cose::thumbprint(key)},
                   header_buffer));
  TRY(const ByteView payload, cbor::encode(request, payload_buffer));
  TRY(const ByteView message, cose::sig_structure(header, {}, payload, signed_buffer));
  TRY(const auto signature, signer.sign(message));
  cbor::Writer out(buffer);
  cose::write_sign1(out, {header, empty_map, payload, signature});
  return out.finish();
}

Result<SignedRequest> parse(ByteView bytes) {
  if (bytes.size() > bytes_max) return fail(Code::invalid, "the request is over 1 KiB");
  TRY(const auto message, cose::parse_sign1(bytes, cose::Tag::required));
  if (!std::ranges::equal(message.unprotected_header, ByteView(empty_map)))
    return fail(Code::invalid, "the unprotected header is not empty");
  if (!message.payload) return fail(Code::invalid, "the payload is detached");
  if (message.signature.size() != crypto::Signature::length)
    return fail(Code::invalid, "the signature is not 64 bytes");
  TRY(const auto header, cbor::decode<Header>(message.protected_header));
  if (header.content_type != content_type) return fail(Code::invalid, "the content type is not a reading request's");
  SignedRequest out;
  TRY(out.algorithm, algorithm_of(header.algorithm));
  TRY(out.request, cbor::decode<Request>(*message.payload));
  out.kid = header.kid;
  out.signature = crypto::Signature::copy(message.signature);
  out.protected_bytes = message.protected_header;
  out.payload_bytes = *message.payload;
  return out;
}

Result<VerifiedRequest> verify(const SignedRequest& request, const crypto::PublicKey& key) {
  std::byte buffer[bytes_max];
  TRY(const ByteView message, cose::sig_structure(request.protected_bytes, {}, request.payload_bytes, buffer));
  TRY(crypto::verify(key, message, request.signature));
  if (cose::thumbprint(key) != request.kid || key.algorithm() != request.algorithm)
    return fail(Code::unauthenticated, "the key is not the one named by kid");
  return VerifiedRequest{request.request, key};
}

}  // namespace mikusari::reading
