// SPDX-License-Identifier: Apache-2.0
#include "statement/submission.hpp"

#include "cose/key.hpp"
#include "cose/sign1.hpp"
#include "crypto/hash.hpp"
#include "encoding/text.hpp"

namespace mikusari::statement {
namespace {

constexpr std::size_t header_bytes_max = 512;
constexpr std::size_t payload_bytes_max = 256;
constexpr std::size_t signed_bytes_max = header_bytes_max + payload_bytes_max + 64;
const ByteView empty_map = ByteView(reinterpret_cast<const std::byte*>("\xa0"), 1);

Result<crypto::Algorithm> algorithm_of(std::int64_t number) {
  if (number == static_cast<std::int64_t>(crypto::Algorithm::esp256)) return crypto::Algorithm::esp256;
  if (number == static_cast<std::int64_t>(crypto::Algorithm::ed25519)) return crypto::Algorithm::ed25519;
  return fail(Code::invalid, "the algorithm is none that the ledger takes: use ESP256 (-9) or Ed25519 (-19)");
}

Result<crypto::Signature> ledger_signature(crypto::Algorithm algorithm, ByteView bytes) {
  if (bytes.size() != crypto::Signature::length) return fail(Code::invalid, "the signature is not 64 bytes");
  const auto signature = crypto::Signature::copy(bytes);
  if (algorithm == crypto::Algorithm::esp256 && !crypto::is_low_s(signature)) {
    return fail(Code::invalid, "the signature is not low-S: replace s by n - s");
  }
  return signature;
}

Result<void> check_unprotected(ByteView header) {
  if (!equal(header, empty_map))
    return fail(Code::invalid, "the unprotected header is not empty: nobody signs it, so it is refused");
  return {};
}

Result<SignedPayload> signed_payload(const cose::Sign1& message) {
  TRY(check_unprotected(message.unprotected_header));
  if (!message.payload) return fail(Code::invalid, "the statement's payload is detached");
  if (message.protected_header.size() > header_bytes_max || message.payload->size() > payload_bytes_max) {
    return fail(Code::exhausted, "the protected header or payload is too long");
  }
  SignedPayload out;
  out.protected_bytes = message.protected_header;
  out.payload_bytes = *message.payload;
  TRY(out.header, cbor::decode<ProtectedHeader>(out.protected_bytes));
  if (out.header.content_type != content_type) return fail(Code::invalid, "the content type is not a statement's");
  TRY(out.payload, cbor::decode<Payload>(out.payload_bytes));
  TRY(const auto algorithm, algorithm_of(out.header.algorithm));
  TRY(out.signature, ledger_signature(algorithm, message.signature));
  return out;
}

Digest root_of(const Bodies& bodies) {
  merkle::CompactRange range;
  for (const auto salted : bodies) range.append(body_leaf(salted));
  return range.root();
}

// In one walk, because lists are decoded as they are walked. Returns how many are withheld.
Result<std::size_t> check_bodies(const Payload& payload, const Bodies& bodies) {
  if (bodies.empty()) return fail(Code::invalid, "the submission has no body");
  if (payload.count != bodies.size()) return fail(Code::invalid, "the number of bodies is not the one signed for");
  merkle::CompactRange range;
  std::size_t withheld = 0;
  for (const auto salted : bodies) {
    if (salted.body.size() > limits::body_bytes_max) return fail(Code::exhausted, "a body is over 64 KiB");
    range.append(body_leaf(salted));
    withheld += salted.withheld ? 1 : 0;
  }
  if (range.root() != payload.bodies_root) return fail(Code::invalid, "the bodies are not the ones signed for");
  return withheld;
}

bool before(const Approval& a, const Approval& b) { return a.role != b.role ? a.role < b.role : a.kid < b.kid; }

Result<void> check_approvals(const Approvals& approvals) {
  std::optional<Approval> last;
  for (const auto approval : approvals) {
    if (last && !before(*last, approval))
      return fail(Code::invalid, "the approvals do not ascend by role and key, each once");
    last = approval;
  }
  return {};
}

}  // namespace

Digest identity_of(ByteView protected_bytes, ByteView payload_bytes) {
  std::byte buffer[signed_bytes_max];
  const auto bytes = cose::sig_structure(protected_bytes, {}, payload_bytes, buffer);
  ASSERT(bytes.has_value());
  return crypto::sha256(*bytes);
}

Digest body_leaf(const Salt& salt, ByteView body) {
  constexpr std::byte prefix{0};
  return crypto::sha256({ByteView(&prefix, 1), salt, body});
}

Digest body_leaf(const SaltedBody& body) { return body.withheld ? *body.withheld : body_leaf(body.salt, body.body); }

Result<Approvals> parse_approvals(ByteView also) {
  TRY(const auto approvals, cbor::decode<Approvals>(also));
  TRY(check_approvals(approvals));
  return approvals;
}

std::optional<Digest> also_hash(ByteView also) {
  cbor::Reader in(also);
  const auto count = in.array();
  ASSERT(count.has_value());
  if (*count == 0) return std::nullopt;
  return crypto::sha256(also);
}

Result<SignedPayload> parse_signed_payload(ByteView sign1) {
  TRY(const auto message, cose::parse_sign1(sign1, cose::Tag::required));
  return signed_payload(message);
}

Result<Submission> parse(ByteView bytes) {
  if (bytes.size() > limits::submission_bytes_max)
    return fail(Code::exhausted, "the submission is over 1 MiB: send fewer bodies");
  cbor::Reader in(bytes);
  TRY(const std::size_t members, in.array());
  if (members != 3) return fail(Code::invalid, "a submission is an array of statement, bodies and approvals", 0);
  Submission out;
  const std::size_t start = in.offset();
  TRY(const auto message, cose::read_sign1(in, cose::Tag::required));
  out.sign1 = bytes.subspan(start, in.offset() - start);
  TRY(out.statement, signed_payload(message));
  TRY(out.bodies, cbor::read<Bodies>(in));
  const std::size_t also = in.offset();
  TRY(out.approvals, cbor::read<Approvals>(in));
  out.also = bytes.subspan(also);
  TRY(in.end());
  TRY(out.withheld, check_bodies(out.statement.payload, out.bodies));
  TRY(check_approvals(out.approvals));
  out.identity = identity_of(out.statement.protected_bytes, out.statement.payload_bytes);
  return out;
}

Result<VerifiedSubmission> verify(const Submission& submission, const crypto::PublicKey& key) {
  if (cose::thumbprint(key) != submission.statement.header.kid)
    return fail(Code::unauthenticated, "the key is not the one named by kid");
  if (static_cast<std::int64_t>(key.algorithm()) != submission.statement.header.algorithm) {
    return fail(Code::invalid, "the algorithm does not fit the key");
  }
  std::byte buffer[signed_bytes_max];
  TRY(const ByteView bytes,
      cose::sig_structure(submission.statement.protected_bytes, {}, submission.statement.payload_bytes, buffer));
  TRY(crypto::verify(key, bytes, submission.statement.signature));
  return VerifiedSubmission{submission, key};
}

Result<void> verify_approval(const Approval& approval, const Digest& identity, const crypto::PublicKey& key) {
  if (cose::thumbprint(key) != approval.kid || key.algorithm() != approval.algorithm) {
    return fail(Code::unauthenticated, "the key is not the one that the approval names");
  }
  std::byte buffer[small_message_bytes_max];
  TRY(const ByteView bytes, approval_bytes(key, identity, approval.role, buffer));
  return crypto::verify(key, bytes, approval.signature);
}

Result<ByteView> sign_statement(crypto::Signer& signer, std::string_view issuer, std::string_view kind_name,
                                Payload payload, std::span<const SaltedBody> bodies,
                                std::span<const Approval> approvals, MutableByteView buffer) {
  const auto& key = signer.public_key();
  payload.count = bodies.size();
  payload.bodies_root = root_of(Bodies(bodies));
  std::byte header_buffer[header_bytes_max], payload_buffer[payload_bytes_max], signed_buffer[signed_bytes_max];
  TRY(const ByteView header,
      cbor::encode(
          ProtectedHeader{
              static_cast<std::int64_t>(key.algorithm()), content_type, cose::thumbprint(key), {issuer, kind_name}},
          header_buffer));
  TRY(const ByteView payload_bytes, cbor::encode(payload, payload_buffer));
  TRY(const ByteView message, cose::sig_structure(header, {}, payload_bytes, signed_buffer));
  TRY(const auto signature, signer.sign(message));
  cbor::Writer out(buffer);
  out.array(3);
  cose::write_sign1(out, {header, empty_map, payload_bytes, signature});
  cbor::write(out, Bodies(bodies));
  cbor::write(out, Approvals(approvals));
  return out.finish();
}

Result<Approval> approve(crypto::Signer& signer, const Digest& identity, ApprovalRole role) {
  const auto& key = signer.public_key();
  std::byte buffer[small_message_bytes_max];
  TRY(const ByteView bytes, approval_bytes(key, identity, role, buffer));
  TRY(const auto signature, signer.sign(bytes));
  return Approval{cose::thumbprint(key), role, key.algorithm(), signature};
}

Result<ByteView> add_approval(const Submission& submission, const Approval& approval, MutableByteView buffer) {
  Approval approvals[limits::approvals_max];
  std::size_t count = 0;
  bool placed = false;
  const auto put = [&](const Approval& next) -> Result<void> {
    if (count == limits::approvals_max)
      return fail(Code::exhausted, "the statement has as many approvals as it can carry");
    approvals[count++] = next;
    return {};
  };
  for (const auto present : submission.approvals) {
    if (present.kid == approval.kid && present.role == approval.role)
      return fail(Code::conflict, "this key has approved the statement already");
    if (!placed && before(approval, present)) {
      TRY(put(approval));
      placed = true;
    }
    TRY(put(present));
  }
  if (!placed) TRY(put(approval));
  cbor::Writer out(buffer);
  out.array(3);
  out.encoded(submission.sign1);
  cbor::write(out, submission.bodies);
  cbor::write(out, Approvals(std::span(approvals, count)));
  return out.finish();
}

Result<ByteView> withhold(const Submission& submission, std::uint64_t index, MutableByteView buffer) {
  if (index >= submission.bodies.size()) return fail(Code::invalid, "the statement has no such body");
  cbor::Writer out(buffer);
  out.array(3);
  out.encoded(submission.sign1);
  out.array(submission.bodies.size());
  std::uint64_t at = 0;
  for (auto salted : submission.bodies) {
    if (at++ == index) salted.withheld = body_leaf(salted);
    cbor::write(out, salted);
  }
  out.encoded(submission.also);
  return out.finish();
}

Result<std::string_view> issuer_of(const Subject& subject, std::span<char> out) {
  const std::string_view type = cbor::name_of(subject.type);
  if (out.size() < type.size() + 1) return fail(Code::exhausted, "the buffer is too small for this text");
  std::memcpy(out.data(), type.data(), type.size());
  out[type.size()] = ':';
  TRY(const std::string_view id, text::hex(subject.id, out.subspan(type.size() + 1)));
  return std::string_view(out.data(), type.size() + 1 + id.size());
}

}  // namespace mikusari::statement

namespace mikusari::cbor {
namespace {

struct ApprovalHeader {
  std::int64_t algorithm = 0;
  std::string_view content_type;
  Digest kid;
  static constexpr auto fields =
      std::tuple{Field{1, "alg", &ApprovalHeader::algorithm}, Field{3, "content_type", &ApprovalHeader::content_type},
                 Field{4, "kid", &ApprovalHeader::kid}};
  static constexpr bool closed = true;
};

}  // namespace

void Codec<statement::SaltedBody>::write(Writer& out, const statement::SaltedBody& value) {
  if (value.withheld) return out.bytes(*value.withheld);
  out.array(2);
  out.bytes(value.salt);
  out.bytes(value.body);
}

Result<statement::SaltedBody> Codec<statement::SaltedBody>::read(Reader& in) {
  const std::size_t at = in.offset();
  statement::SaltedBody out;
  TRY(const Major major, in.peek());
  if (major == Major::bytes) {
    TRY(out.withheld, cbor::read<Digest>(in));
    return out;
  }
  TRY(const std::size_t members, in.array());
  if (members != 2) return fail(Code::invalid, "a body must be an array of salt and body, or its leaf", at);
  TRY(out.salt, cbor::read<statement::Salt>(in));
  TRY(out.body, in.bytes());
  return out;
}

void Codec<statement::Approval>::write(Writer& out, const statement::Approval& value) {
  std::byte buffer[128];
  const auto header = encode(
      ApprovalHeader{static_cast<std::int64_t>(value.algorithm), statement::approval_content_type, value.kid}, buffer);
  ASSERT(header.has_value());
  out.array(2);
  cbor::write(out, value.role);
  cose::write_sign1(out, {*header, statement::empty_map, std::nullopt, value.signature});
}

Result<statement::Approval> Codec<statement::Approval>::read(Reader& in) {
  const std::size_t at = in.offset();
  TRY(const std::size_t members, in.array());
  if (members != 2) return fail(Code::invalid, "an approval must be an array of role and COSE_Sign1", at);
  statement::Approval out;
  TRY(out.role, cbor::read<statement::ApprovalRole>(in));
  TRY(const auto message, cose::read_sign1(in, cose::Tag::required));
  TRY(statement::check_unprotected(message.unprotected_header));
  if (message.payload) return fail(Code::invalid, "an approval's payload must be detached", at);
  TRY(const auto header, decode<ApprovalHeader>(message.protected_header));
  if (header.content_type != statement::approval_content_type)
    return fail(Code::invalid, "the content type is not an approval's", at);
  TRY(out.algorithm, statement::algorithm_of(header.algorithm));
  TRY(out.signature, statement::ledger_signature(out.algorithm, message.signature));
  out.kid = header.kid;
  return out;
}

}  // namespace mikusari::cbor
