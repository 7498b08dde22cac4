// SPDX-License-Identifier: Apache-2.0
// A submission: what somebody sends to a ledger (docs/formats/statement.md).
//
//   submission = [ COSE_Sign1, [ + ([salt, body] / leaf) ], also ]
//
// The COSE_Sign1 is over a small payload that commits to the bodies by an RFC 6962 root, so that each body has its own
// fate, leaf and receipt. `also` are detached COSE_Sign1 of others over (identity, role), ascending by role and kid.
// A body that is withheld is replaced by its leaf: who is given the submission then still checks everything else.
// parse() checks the form to the last byte, verifies no signature, allocates nothing; all views point into the input.
#pragma once

#include "crypto/signature.hpp"
#include "encoding/list.hpp"
#include "merkle/log.hpp"
#include "statement/possession.hpp"

namespace mikusari::statement {

constexpr std::string_view content_type = "application/mikusari-statement+cbor";

using Salt = Bytes<16>;

// CWT claims (RFC 8392 section 3.1): who speaks, and of what. They repeat what the key's record and the kind say, for
// readers that know neither, and must agree with it.
struct Claims {
  std::string_view iss;  // "party:<hex>", "device:<hex>", "part:<hex>"
  std::string_view sub;  // the kind's name
  static constexpr bool closed = true;
  static constexpr auto fields = std::tuple{cbor::Field{1, "iss", &Claims::iss}, cbor::Field{2, "sub", &Claims::sub}};
};

struct ProtectedHeader {
  std::int64_t algorithm = 0;
  std::string_view content_type;
  Digest kid;
  Claims claims;
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "alg", &ProtectedHeader::algorithm},
                 cbor::Field{3, "content_type", &ProtectedHeader::content_type},
                 cbor::Field{4, "kid", &ProtectedHeader::kid, "RFC 9679 thumbprint of the signing key"},
                 cbor::Field{15, "claims", &ProtectedHeader::claims}};
};

struct Payload {
  Form form;
  Digest ledger;
  std::uint16_t kind = 0;
  std::uint64_t count = 0;
  Digest bodies_root;
  cbor::Sparse<bool> atomic;                    // all bodies or none
  std::uint64_t n = 0;                          // the signer's counter, see replay.hpp
  std::optional<std::uint64_t> valid_until_ms;  // discarded in blocks of a later time
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Payload::form, "version of the statement's form"},
                 cbor::Field{2, "ledger", &Payload::ledger, "ledger id"},
                 cbor::Field{3, "kind", &Payload::kind, "number of the kind"},
                 cbor::Field{4, "count", &Payload::count, "bodies"},
                 cbor::Field{5, "bodies_root", &Payload::bodies_root},
                 cbor::Field{6, "atomic", &Payload::atomic, "all bodies or none"},
                 cbor::Field{7, "n", &Payload::n, "the signer's counter"},
                 cbor::Field{8, "valid_until_ms", &Payload::valid_until_ms, "not accepted later"}};
};

// The form that each Sign1 of the ledger has: tagged, unprotected header empty, protected header exactly the declared
// one, content type the ledger's, signature 64 bytes and low-S.
struct SignedPayload {
  ByteView protected_bytes, payload_bytes;
  ProtectedHeader header;
  Payload payload;
  crypto::Signature signature;
};
// Reads the COSE_Sign1 alone, as receipts carry it.
Result<SignedPayload> parse_signed_payload(ByteView sign1);

// The identity of a statement: SHA-256 of its Sig_structure; the same whatever form the signature has.
Digest identity_of(ByteView protected_bytes, ByteView payload_bytes);

struct SaltedBody {
  Salt salt;
  ByteView body;
  std::optional<Digest> withheld;  // the body's leaf, which stands in the place of salt and body
};
// RFC 6962 leaf hash of salt || body: the body's leaf under `bodies_root`, and in its leaf of the log.
Digest body_leaf(const Salt& salt, ByteView body);
Digest body_leaf(const SaltedBody& body);

struct Approval {
  Digest kid;
  ApprovalRole role{};
  crypto::Algorithm algorithm{};
  crypto::Signature signature;
};

using Bodies = cbor::List<SaltedBody, limits::bodies_max>;
using Approvals = cbor::List<Approval, limits::approvals_max>;

struct Submission {
  SignedPayload statement;
  ByteView sign1;  // the tagged COSE_Sign1
  Digest identity;
  Bodies bodies;
  Approvals approvals;
  ByteView also;             // the array of approvals
  std::size_t withheld = 0;  // bodies whose leaf stands in their place
};
// The approvals alone, as receipts and passports carry them. `invalid` unless they ascend by role and key, each once.
Result<Approvals> parse_approvals(ByteView also);
// What the log leaf says of the approvals: SHA-256 of the array's bytes; none when there are none.
std::optional<Digest> also_hash(ByteView also);

// Errors: `invalid` with the offset for a wrong form or bodies that are not the ones signed for; `exhausted` for a
// limit.
Result<Submission> parse(ByteView bytes);

// What verify() returns: a submission whose own signature holds under `key`.
struct VerifiedSubmission {
  Submission submission;
  crypto::PublicKey key;
};
Result<VerifiedSubmission> verify(const Submission& submission, const crypto::PublicKey& key);
// The approval is by `key` for this identity.
Result<void> verify_approval(const Approval& approval, const Digest& identity, const crypto::PublicKey& key);

// The parts of a submission, for who makes one. The bodies' root is computed, the header filled in.
// `issuer` is the claim iss. Signs with `signer`; the whole submission goes into `out`.
Result<ByteView> sign_statement(crypto::Signer& signer, std::string_view issuer, std::string_view kind_name,
                                Payload payload, std::span<const SaltedBody> bodies,
                                std::span<const Approval> approvals, MutableByteView out);
// An approval of a statement by another key.
Result<Approval> approve(crypto::Signer& signer, const Digest& identity, ApprovalRole role);
// The same submission with one more approval, in its place. `conflict` when the key has approved already.
Result<ByteView> add_approval(const Submission& submission, const Approval& approval, MutableByteView out);

// The same submission with the leaf of one body in its place. `invalid` when there is no such body.
Result<ByteView> withhold(const Submission& submission, std::uint64_t index, MutableByteView out);

// "party:<hex>", "device:<hex>" or "part:<hex>" in the caller's buffer of 80 characters.
Result<std::string_view> issuer_of(const Subject& subject, std::span<char> out);

}  // namespace mikusari::statement

namespace mikusari::cbor {

// [ salt, body ], or the leaf
template <>
struct Codec<statement::SaltedBody> {
  static void write(Writer& out, const statement::SaltedBody& value);
  static Result<statement::SaltedBody> read(Reader& in);
};

// [ role, COSE_Sign1 ]: detached, its payload is [identity, role].
template <>
struct Codec<statement::Approval> {
  static void write(Writer& out, const statement::Approval& value);
  static Result<statement::Approval> read(Reader& in);
};

}  // namespace mikusari::cbor
