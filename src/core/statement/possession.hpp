// SPDX-License-Identifier: Apache-2.0
// The small things that a key signs beside statements: proofs of possession, a part's consent to be mounted, approvals.
//
// Each is a COSE_Sign1 (RFC 9052) whose content type says what it is, so that none can be taken for another. Protected
// header { 1: alg, 3: content type, 4: kid }, no unprotected header, no external data. Possession and mount travel as
// the bare 64-byte signature, because everything else in them is known to the verifier.
#pragma once

#include "crypto/signature.hpp"
#include "statement/key.hpp"

namespace mikusari::statement {

constexpr std::string_view possession_content_type = "application/mikusari-possession+cbor";
constexpr std::string_view mount_content_type = "application/mikusari-mount+cbor";
constexpr std::string_view approval_content_type = "application/mikusari-approval+cbor";

// In which role an approval is given; the kind says which it needs.
enum class ApprovalRole : std::uint8_t { release = 1, witness = 2, own = 3, recovery = 4, registrar = 5, quorum = 6 };
constexpr auto names_of(ApprovalRole) {
  using enum ApprovalRole;
  return std::array{cbor::Name{release, "release"},   cbor::Name{witness, "witness"},     cbor::Name{own, "own"},
                    cbor::Name{recovery, "recovery"}, cbor::Name{registrar, "registrar"}, cbor::Name{quorum, "quorum"}};
}
// The role that the approvals of a kind have; none: it takes no approvals.
std::optional<ApprovalRole> role_of(Signers signers);

// What a new key says yes to. A proof serves this registration and no other.
struct Possession {
  Digest ledger;     // for a genesis: its nonce
  Digest registrar;  // thumbprint of the key that signs the registration; zero for a genesis
  Subject subject;
  key::Purpose purpose{};
  std::uint64_t tenure = 0;          // of the subject, a thing; 0 for a party
  std::optional<Digest> commitment;  // of the subject
};

// The bytes that the new key signs: payload [ledger, registrar, subject type, subject id, purpose, tenure, commitment
// or null]. `out` of 512 bytes is always enough.
Result<ByteView> possession_bytes(const crypto::PublicKey& key, const Possession& what, MutableByteView out);

// The bytes that a part's key signs: the part consents to be mounted in `unit` by the statement with counter n of the
// key `assembler`. Payload [ledger, assembler, unit, part, n]. `out` of 512 bytes is always enough.
Result<ByteView> mount_bytes(const crypto::PublicKey& key, const Digest& ledger, const Digest& assembler,
                             const Id& unit, const Id& part, std::uint64_t n, MutableByteView out);

// The bytes that an approver signs: payload [identity of the statement, role].
Result<ByteView> approval_bytes(const crypto::PublicKey& key, const Digest& identity, ApprovalRole role,
                                MutableByteView out);

constexpr std::size_t small_message_bytes_max = 512;

}  // namespace mikusari::statement
