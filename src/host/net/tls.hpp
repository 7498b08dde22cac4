// SPDX-License-Identifier: Apache-2.0
// Certificates for the node, fingerprints to pin them by, and the settings under which TLS is spoken. All of OpenSSL's
// TLS and X.509 stands behind this header and tls_channel.hpp. Values; a TlsContext may be shared by threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "platform/bytes.hpp"
#include "platform/secret.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace mikusari::net {

using platform::Buffer;
using platform::Secret;

// Apple's platforms accept no TLS server certificate that is valid for longer than 825 days, even when the user has
// trusted it by hand; nothing else here asks for less, so a node's own certificate lives as long as that.
constexpr std::int64_t node_certificate_days = 825;

struct NodeCertificate {
  std::string certificate_pem;  // PEM, leaf first
  Secret key_pem;               // PKCS#8 PEM, not encrypted
  Digest fingerprint;           // SHA-256 of the leaf's DER
};

// A self-signed P-256 certificate (X.509 v3, ecdsa-with-SHA256) for a TLS server that may also be a client:
// subjectAltName holds localhost, 127.0.0.1, ::1 and `names` (DNS names or IP addresses), the first of `names`, or else
// localhost, is the common name. Valid from an hour before `now_s` (Unix time; clocks differ) for
// node_certificate_days. `invalid` for a malformed name.
Result<NodeCertificate> make_self_signed(std::span<const std::string> names, std::int64_t now_s);

// `invalid` when the PEM is malformed or the key does not belong to the certificate.
Result<NodeCertificate> load_pair(std::string certificate_pem, Secret key_pem);

// SHA-256 of the first certificate's DER.
Result<Digest> fingerprint_of(std::string_view certificate_pem);
Digest fingerprint_of_der(ByteView certificate);
// "AB:CD:...", 32 bytes in upper-case hexadecimal: what browsers and `openssl x509 -fingerprint` show.
std::string fingerprint_text(const Digest& fingerprint);
// Takes upper and lower case, with or without all of the colons.
Result<Digest> parse_fingerprint(std::string_view text);

enum class ClientCertificate : std::uint8_t { not_asked, optional, required };

// TLS 1.3 and 1.2 with forward secrecy and authenticated encryption only; HTTP/1.1 by ALPN when the client offers ALPN.
class TlsContext {
 public:
  // `client_ca_pem` is read unless clients are not asked. When they are, there is no session resumption: full mutual
  // handshakes are faster than tickets that carry a certificate (measured, see docs/performance.md).
  static Result<TlsContext> server(const NodeCertificate& own, ClientCertificate clients = ClientCertificate::not_asked,
                                   std::string_view client_ca_pem = {});

  // Clients. The pinned one trusts whatever certificate is shown: the caller compares TlsChannel::peer_certificate()
  // before it sends anything. The others verify chain, dates and name.
  static Result<TlsContext> client_pinned();
  static Result<TlsContext> client_with_ca_file(const std::string& path);
  static Result<TlsContext> client_of_system();
  // The client's own certificate, shown when a server asks.
  Result<void> use(const NodeCertificate& own);

  ssl_ctx_st* get() const { return context_.get(); }
  bool verifies() const { return verifies_; }

 private:
  static Result<TlsContext> client();
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
  bool verifies_ = false;
};

}  // namespace mikusari::net
