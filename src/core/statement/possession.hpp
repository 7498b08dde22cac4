// SPDX-License-Identifier: Apache-2.0
// The small things that a key signs beside statements: proofs of possession, a part's consent to be mounted, approvals.
//
// Each is a COSE_Sign1 (RFC 9052) whose content type says what it is, so that none can be taken for another. Protected
// header { 1: alg, 3: content type, 4: kid }, no unprotected header, no external data. Possession and mount travel as
// the bare 64-byte signature, because everything else in them is known to the verifier.
#pragma once

#include "crypto/signature.hpp"
#include "statement/subject.hpp"

namespace mikusari::statement {

constexpr std::string_view possession_content_type = "application/mikusari-possession+cbor";
constexpr std::string_view mount_content_type = "application/mikusari-mount+cbor";
constexpr std::string_view approval_content_type = "application/mikusari-approval+cbor";

// In which role an approval is given; the kind says which it needs.
enum class ApprovalRole : std::uint8_t { release = 1, witness = 2, member = 3 };
constexpr auto names_of(ApprovalRole) {
  using enum ApprovalRole;
  return std::array{cbor::Name{release, "release"}, cbor::Name{witness, "witness"}, cbor::Name{member, "member"}};
}

// The bytes that the new key signs: it is to speak for `subject`, registered by `registrar` on `ledger`.
// Payload [ledger, registrar, subject type, subject id]. `out` of 512 bytes is always enough.
Result<ByteView> possession_bytes(const crypto::PublicKey& key, const Digest& ledger, const Digest& registrar,
                                  const Subject& subject, MutableByteView out);

// The bytes that a part's key signs: the part consents to be mounted in `unit` by the statement with counter n of the
// key `assembler`. Payload [ledger, assembler, unit, part, n]. `out` of 512 bytes is always enough.
Result<ByteView> mount_bytes(const crypto::PublicKey& key, const Digest& ledger, const Digest& assembler,
                             const Id& unit, const Id& part, std::uint64_t n, MutableByteView out);

// The bytes that an approver signs: payload [identity of the statement, role].
Result<ByteView> approval_bytes(const crypto::PublicKey& key, const Digest& identity, ApprovalRole role,
                                MutableByteView out);

constexpr std::size_t small_message_bytes_max = 512;

}  // namespace mikusari::statement
