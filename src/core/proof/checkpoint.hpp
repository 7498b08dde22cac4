// SPDX-License-Identifier: Apache-2.0
// A checkpoint: size and root of a ledger's log under signatures (docs/formats/checkpoint.md).
//
// What is signed is always the text of C2SP tlog-checkpoint under tlog-cosignature: "cosignature/v1\ntime T\n" and the
// note body, whose origin line is "mikusari/<ledger id in hexadecimal>". The text note is for files and the web; the
// CBOR form below, from which the text is rebuilt, is for devices. A signer's Ed25519 key signs with type 0x04; its
// P-256 key signs the same bytes with type 0xff "mikusari-p256-cosignature-v1".
#pragma once

#include "proof/policy.hpp"

namespace mikusari::proof {

using mikusari::key_id;
using mikusari::KeyId;

struct Cosignature {
  KeyId key_id;
  std::uint64_t time = 0;  // Unix time in seconds, the signer's clock
  crypto::Signature signature;
  static constexpr auto fields = std::tuple{cbor::Field{1, "key_id", &Cosignature::key_id},
                                            cbor::Field{2, "time", &Cosignature::time, "Unix seconds"},
                                            cbor::Field{3, "signature", &Cosignature::signature}};
};

struct Checkpoint {
  Form form;
  Digest ledger;
  std::uint64_t size = 0;  // leaves in the log
  Digest root;
  cbor::List<Cosignature, 2 * limits::signers_max + limits::witnesses_max> signatures;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Checkpoint::form}, cbor::Field{2, "ledger", &Checkpoint::ledger},
                 cbor::Field{3, "size", &Checkpoint::size, "leaves in the log"},
                 cbor::Field{4, "root", &Checkpoint::root, "RFC 6962 root"},
                 cbor::Field{5, "signatures", &Checkpoint::signatures}};
};

// What verify() returns: a checkpoint that satisfies a policy.
struct VerifiedCheckpoint {
  Digest ledger;
  std::uint64_t size;
  Digest root;
  std::uint64_t time;       // weighted median of the signers' times: a lower bound of the time now (Unix seconds)
  std::uint64_t weight;     // of the signers, each counted once
  std::uint64_t witnesses;  // that have cosigned
};

// The bytes that a cosigner signs: the text above.
constexpr std::size_t cosigned_bytes_max = 256;
Result<ByteView> cosigned_bytes(const Digest& ledger, std::uint64_t size, const Digest& root, std::uint64_t time,
                                MutableByteView out);

// Signatures of unknown keys are ignored; one of a known key that does not hold refuses the whole (C2SP signed-note); a
// build that lacks the algorithm of a known key ignores it. Each signer's weight counts once, each witness once.
// Errors: `unauthenticated` with too little weight or too few witnesses, `forbidden` for another ledger than the
// policy's.
Result<VerifiedCheckpoint> verify(const Checkpoint& checkpoint, const Policy& policy);

// The note (C2SP signed-note), names from the policy. `exhausted` when `out` is too small.
Result<std::string_view> to_text(const Checkpoint& checkpoint, const Policy& policy, std::span<char> out);
// Reads a note: signature lines of keys that the policy does not know are passed over. The signatures go into the
// caller's array, which the result views. Errors: `invalid`, with the offset, for what is no note of a checkpoint, for
// extension lines (which no signer of ours makes) and for a known key's signature of a wrong length; `exhausted` for
// more than 80 signature lines, or more signatures than the array takes.
Result<Checkpoint> from_text(std::string_view note, const Policy& policy, std::span<Cosignature> signatures);

}  // namespace mikusari::proof
