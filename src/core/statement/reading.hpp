// SPDX-License-Identifier: Apache-2.0
// A request for the right to read (docs/formats/reading.md): a key that the ledger knows asks a node, once an hour, for
// a token. It is no statement and changes nothing.
//
//   tagged COSE_Sign1, protected header { 1: alg, 3: content type, 4: kid }, payload a Request
//
// It binds ledger, node, time and a nonce, and over TLS the connection itself, so that nobody who is shown it can use
// it. parse() allocates nothing; views point into the input.
#pragma once

#include "crypto/signature.hpp"
#include "statement/kind.hpp"

namespace mikusari::reading {

constexpr std::string_view content_type = "application/mikusari-reading+cbor";

struct Request {
  statement::Form form;
  Digest ledger;
  std::string_view node;             // its name among the ledger's checkpoint signers
  std::uint64_t time_ms = 0;         // by the asker's clock
  Bytes<16> nonce;                   // random
  std::optional<Bytes<32>> channel;  // of the TLS connection that it is sent over: tls-exporter (RFC 9266)
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Request::form},
                 cbor::Field{2, "ledger", &Request::ledger, "ledger id"},
                 cbor::Field{3, "node", &Request::node, "the node's name among the checkpoint signers"},
                 cbor::Field{4, "time_ms", &Request::time_ms, "by the asker's clock"},
                 cbor::Field{5, "nonce", &Request::nonce, "random"},
                 cbor::Field{6, "channel", &Request::channel, "tls-exporter of the connection; none over plain HTTP"}};
};

struct SignedRequest {
  Request request;
  Digest kid;  // thumbprint of the key that signs
  crypto::Algorithm algorithm{};
  crypto::Signature signature;
  ByteView protected_bytes, payload_bytes;
};

// 1 KiB is always enough.
Result<ByteView> sign(crypto::Signer& signer, const Request& request, MutableByteView out);
constexpr std::size_t bytes_max = 1024;

// The form alone: `invalid` when it is another, `newer` when a newer program made it.
Result<SignedRequest> parse(ByteView bytes);

// What verify() returns: what the key has asked for.
struct VerifiedRequest {
  Request request;
  crypto::PublicKey key;
};
// `unauthenticated` unless the key has signed it. Another key than the one named by kid costs as much.
Result<VerifiedRequest> verify(const SignedRequest& request, const crypto::PublicKey& key);

}  // namespace mikusari::reading
