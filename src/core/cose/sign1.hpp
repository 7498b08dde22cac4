// SPDX-License-Identifier: Apache-2.0
// COSE_Sign1 (RFC 9052 section 4.2): one signature over one payload, attached or detached.
//
// This is the general form, for anybody's messages; the ledger's narrower one is in statement/.
#pragma once

#include <optional>

#include "crypto/signature.hpp"
#include "encoding/cbor_reader.hpp"
#include "encoding/cbor_writer.hpp"

namespace mikusari::cose {

constexpr std::uint64_t tag_sign1 = 18;
constexpr std::int64_t label_algorithm = 1, label_content_type = 3, label_kid = 4, label_cwt_claims = 15;

// Views into the message that was parsed.
struct Sign1 {
  ByteView protected_header;        // the content of the byte string: an encoded map, or empty for an empty map
  ByteView unprotected_header;      // an encoded map
  std::optional<ByteView> payload;  // none when detached
  ByteView signature;               // any length; verify() demands 64
};

enum class Tag : std::uint8_t { required, optional };

// The form only, no signature checked. `tag`: must the message be tagged 18?
Result<Sign1> read_sign1(cbor::Reader& in, Tag tag);
Result<Sign1> parse_sign1(ByteView message, Tag tag);
void write_sign1(cbor::Writer& out, const Sign1& message);

// Sig_structure = [ "Signature1", protected, external_aad, payload ] (RFC 9052 section 4.4), in the caller's buffer. An
// encoded empty map counts as no protected header, as the RFC says.
Result<ByteView> sig_structure(ByteView protected_header, ByteView external_aad, ByteView payload, MutableByteView out);

// The integer under `label` in an encoded header map; none when it is not there. `invalid` when it is no integer.
Result<std::optional<std::int64_t>> header_integer(ByteView header, std::int64_t label);

// What verify() returns: the payload that the key has signed.
struct Verified {
  ByteView payload;
};

// Checks the signature over payload (or `detached`, which must be given when the message has none), with the
// algorithm from the headers: -9 or -7 for P-256, -19 or -8 for Ed25519; it must fit the key. The protected header is
// its place; it may stand in the unprotected one instead, as in messages of the field, since the key decides. `scratch`
// holds the Sig_structure. Critical headers (label 2) are refused: there is none that we understand. Errors:
// `unauthenticated` when the signature does not hold, `invalid` for a wrong form, `exhausted` for the scratch.
Result<Verified> verify(const Sign1& message, const crypto::PublicKey& key, ByteView external_aad,
                        std::optional<ByteView> detached, MutableByteView scratch);

}  // namespace mikusari::cose
