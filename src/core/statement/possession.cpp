// SPDX-License-Identifier: Apache-2.0
#include "statement/possession.hpp"

#include "cose/key.hpp"
#include "cose/sign1.hpp"

namespace mikusari::statement {
namespace {

constexpr std::size_t part_bytes_max = 256;

Result<ByteView> protected_header(const crypto::PublicKey& key, std::string_view content_type, MutableByteView buffer) {
  cbor::Writer out(buffer);
  out.map(3);
  out.integer(cose::label_algorithm);
  out.integer(static_cast<std::int64_t>(key.algorithm()));
  out.integer(cose::label_content_type);
  out.text(content_type);
  out.integer(cose::label_kid);
  out.bytes(cose::thumbprint(key));
  return out.finish();
}

// `payload` writes one CBOR item.
template <class F>
Result<ByteView> message(const crypto::PublicKey& key, std::string_view content_type, MutableByteView out,
                         F&& payload) {
  std::byte header_buffer[part_bytes_max], payload_buffer[part_bytes_max];
  TRY(const ByteView header, protected_header(key, content_type, header_buffer));
  cbor::Writer writer(payload_buffer);
  payload(writer);
  TRY(const ByteView bytes, writer.finish());
  return cose::sig_structure(header, {}, bytes, out);
}

}  // namespace

std::optional<ApprovalRole> role_of(Signers signers) {
  switch (signers) {
    case Signers::one: return std::nullopt;
    case Signers::release_keys: return ApprovalRole::release;
    case Signers::witnesses: return ApprovalRole::witness;
    case Signers::own_keys: return ApprovalRole::own;
    case Signers::recovery: return ApprovalRole::recovery;
    case Signers::registrar: return ApprovalRole::registrar;
    case Signers::quorum: return ApprovalRole::quorum;
  }
  return std::nullopt;
}

Result<ByteView> possession_bytes(const crypto::PublicKey& key, const Possession& what, MutableByteView out) {
  return message(key, possession_content_type, out, [&](cbor::Writer& writer) {
    writer.array(7);
    writer.bytes(what.ledger);
    writer.bytes(what.registrar);
    writer.uint(static_cast<std::uint64_t>(what.subject.type));
    writer.bytes(what.subject.id);
    writer.uint(static_cast<std::uint64_t>(what.purpose));
    writer.uint(what.tenure);
    if (what.commitment) {
      writer.bytes(*what.commitment);
    } else {
      writer.null();
    }
  });
}

Result<ByteView> mount_bytes(const crypto::PublicKey& key, const Digest& ledger, const Digest& assembler,
                             const Id& unit, const Id& part, std::uint64_t n, MutableByteView out) {
  return message(key, mount_content_type, out, [&](cbor::Writer& writer) {
    writer.array(5);
    writer.bytes(ledger);
    writer.bytes(assembler);
    writer.bytes(unit);
    writer.bytes(part);
    writer.uint(n);
  });
}

Result<ByteView> approval_bytes(const crypto::PublicKey& key, const Digest& identity, ApprovalRole role,
                                MutableByteView out) {
  return message(key, approval_content_type, out, [&](cbor::Writer& writer) {
    writer.array(2);
    writer.bytes(identity);
    writer.uint(static_cast<std::uint64_t>(role));
  });
}

}  // namespace mikusari::statement
