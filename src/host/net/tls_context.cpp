// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>

#include "net/openssl_handles.hpp"
#include "net/tls.hpp"

namespace mikusari::net {

using namespace openssl;

namespace {

constexpr const char* suites_1_3 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* suites_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr std::array<unsigned char, 9> alpn_http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr long certificates_bytes_max = 32 * 1024;  // of a peer's chain

std::shared_ptr<SSL_CTX> new_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) return context;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_ciphersuites(context.get(), suites_1_3);
  SSL_CTX_set_cipher_list(context.get(), suites_1_2);
  SSL_CTX_set1_groups_list(context.get(), "X25519:P-256:P-384");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_max_cert_list(context.get(), certificates_bytes_max);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

// RFC 7301 section 3.2: a client that offers ALPN without what we speak is refused.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, alpn_http_1_1.data(), alpn_http_1_1.size(), offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Result<void> use_pair(SSL_CTX* context, const NodeCertificate& own) {
  const KeyHandle key = read_key(as_text(own.key_pem.reveal()));
  if (!key) return failure(Code::invalid, "the key is not unencrypted PEM");
  const BioHandle chain = reader(own.certificate_pem);
  const CertificateHandle leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  if (!leaf) return failure(Code::invalid, "the certificate is not PEM");
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return failure(Code::invalid, "the key does not belong to the certificate");
  while (X509* above = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr))
    SSL_CTX_add0_chain_cert(context, above);
  ERR_clear_error();  // the end of the chain is an error to the PEM reader
  return {};
}

Result<void> trust_clients_of(SSL_CTX* context, std::string_view ca_pem) {
  const BioHandle all = reader(ca_pem);
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  int found = 0;
  for (;; ++found) {
    const CertificateHandle ca(PEM_read_bio_X509(all.get(), nullptr, nullptr, nullptr));
    if (!ca) break;
    X509_STORE_add_cert(store, ca.get());
    SSL_CTX_add_client_CA(context, ca.get());
  }
  ERR_clear_error();
  if (found == 0) return fail(Code::invalid, "the client CA file holds no PEM certificate");
  return {};
}

}  // namespace

Result<TlsContext> TlsContext::server(const NodeCertificate& own, ClientCertificate clients,
                                      std::string_view client_ca_pem) {
  TlsContext tls(new_context(TLS_server_method()));
  if (!tls.context_) return failure(Code::internal, "cannot set up TLS");
  TRY(use_pair(tls.get(), own));
  SSL_CTX_set_options(tls.get(), SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_alpn_select_cb(tls.get(), choose_protocol, nullptr);
  SSL_CTX_set_num_tickets(tls.get(), 1);
  if (clients == ClientCertificate::not_asked) return tls;
  TRY(trust_clients_of(tls.get(), client_ca_pem));
  SSL_CTX_set_num_tickets(tls.get(), 0);
  SSL_CTX_set_options(tls.get(), SSL_OP_NO_TICKET);
  const int strict = clients == ClientCertificate::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER | strict, nullptr);
  tls.verifies_ = true;
  return tls;
}

Result<TlsContext> TlsContext::client() {
  TlsContext tls(new_context(TLS_client_method()));
  if (!tls.context_) return failure(Code::internal, "cannot set up TLS");
  SSL_CTX_set_alpn_protos(tls.get(), alpn_http_1_1.data(), alpn_http_1_1.size());
  return tls;
}

Result<TlsContext> TlsContext::client_pinned() { return client(); }

Result<TlsContext> TlsContext::client_with_ca_file(const std::string& path) {
  TRY(auto tls, client());
  if (SSL_CTX_load_verify_file(tls.get(), path.c_str()) != 1) {
    const std::string reason = take_reason();
    return std::unexpected(
        Error(Code::invalid, "cannot read CA certificates in PEM").with_context(path + ": " + reason));
  }
  SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
  tls.verifies_ = true;
  return tls;
}

Result<TlsContext> TlsContext::client_of_system() {
  TRY(auto tls, client());
  if (SSL_CTX_set_default_verify_paths(tls.get()) != 1)
    return failure(Code::unavailable, "cannot read this system's CA certificates");
  SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
  tls.verifies_ = true;
  return tls;
}

Result<void> TlsContext::use(const NodeCertificate& own) { return use_pair(get(), own); }

}  // namespace mikusari::net
