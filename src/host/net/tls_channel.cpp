// SPDX-License-Identifier: Apache-2.0
#include "net/tls_channel.hpp"

#include <algorithm>
#include <cstring>

#include "net/openssl_handles.hpp"

namespace mikusari::net {

using namespace openssl;

class TlsChannel::Implementation {
 public:
  explicit Implementation(SSL* ssl) : ssl_(ssl) {
    BIO* bio = BIO_new(method());
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);  // owned by ssl_
  }

  void receive(ByteView ciphertext) { incoming_ = ciphertext; }

  std::size_t read(MutableByteView into) {
    if (state_ == State::handshaking) shake_hands();
    if (state_ != State::open) {
      incoming_ = {};
      return 0;
    }
    ERR_clear_error();
    std::size_t got = 0;
    const int done = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
    if (done == 1) return got;
    note(SSL_get_error(ssl_.get(), done));
    incoming_ = {};  // used up, or of no use any more
    return 0;
  }

  std::size_t write(ByteView plaintext) {
    constexpr std::size_t record_bytes_max = 16 * 1024;
    if (plaintext.empty() || (state_ != State::open && state_ != State::ended)) return 0;
    ERR_clear_error();
    std::size_t taken = 0;
    const int done = SSL_write_ex(ssl_.get(), plaintext.data(), std::min(plaintext.size(), record_bytes_max), &taken);
    if (done == 1) return taken;
    note(SSL_get_error(ssl_.get(), done));
    return 0;
  }

  void shake_hands() {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    if (done == 1)
      state_ = State::open;
    else
      note(SSL_get_error(ssl_.get(), done));
  }

  void end() {
    if (state_ != State::open && state_ != State::ended) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  SSL* ssl() const { return ssl_.get(); }
  State state() const { return state_; }
  const std::string& failure() const { return failure_; }
  Buffer& outgoing() { return outgoing_; }

 private:
  void note(int error) {
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
    if (error == SSL_ERROR_ZERO_RETURN) {
      state_ = State::ended;
      return;
    }
    state_ = State::failed;
    const long verdict = SSL_get_verify_result(ssl_.get());
    failure_ = verdict == X509_V_OK ? take_reason() : X509_verify_cert_error_string(verdict);
    ERR_clear_error();
  }

  static Implementation& self(BIO* bio) { return *static_cast<Implementation*>(BIO_get_data(bio)); }

  static int write_bio(BIO* bio, const char* data, int size) {
    BIO_clear_retry_flags(bio);
    platform::append(self(bio).outgoing_, as_bytes({data, static_cast<std::size_t>(size)}));
    return size;
  }

  static int read_bio(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    ByteView& incoming = self(bio).incoming_;
    if (incoming.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const std::size_t taken = std::min(incoming.size(), static_cast<std::size_t>(size));
    std::memcpy(into, incoming.data(), taken);
    incoming = incoming.subspan(taken);
    return static_cast<int>(taken);
  }

  static long control_bio(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  // Ours reads from a view and appends to a buffer: one copy less than OpenSSL's memory BIO each way.
  static const BIO_METHOD* method() {
    static const BIO_METHOD* const made = [] {
      BIO_METHOD* out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "mikusari");
      BIO_meth_set_write(out, write_bio);
      BIO_meth_set_read(out, read_bio);
      BIO_meth_set_ctrl(out, control_bio);
      return out;
    }();
    return made;
  }

  ByteView incoming_;
  Buffer outgoing_;
  std::unique_ptr<SSL, Free<SSL_free>> ssl_;
  State state_ = State::handshaking;
  std::string failure_;
};

TlsChannel::TlsChannel(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
TlsChannel::~TlsChannel() = default;
TlsChannel::TlsChannel(TlsChannel&&) noexcept = default;
TlsChannel& TlsChannel::operator=(TlsChannel&&) noexcept = default;

Result<TlsChannel> TlsChannel::to_client(const TlsContext& context) {
  SSL* ssl = SSL_new(context.get());
  if (ssl == nullptr) return openssl::failure(Code::internal, "cannot begin TLS");
  SSL_set_accept_state(ssl);
  return TlsChannel(std::make_unique<Implementation>(ssl));
}

Result<TlsChannel> TlsChannel::to_server(const TlsContext& context, const std::string& host) {
  SSL* ssl = SSL_new(context.get());
  if (ssl == nullptr) return openssl::failure(Code::internal, "cannot begin TLS");
  TlsChannel channel(std::make_unique<Implementation>(ssl));
  SSL_set_connect_state(ssl);
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  if (!is_address) {
    SSL_set_tlsext_host_name(ssl, host.c_str());  // RFC 6066 section 3: names only, no addresses
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(ssl, host.c_str()) != 1) return openssl::failure(Code::invalid, "is not a host name");
  }
  ERR_clear_error();
  channel.implementation_->shake_hands();
  return channel;
}

void TlsChannel::receive(ByteView ciphertext) { implementation_->receive(ciphertext); }
std::size_t TlsChannel::read(MutableByteView into) { return implementation_->read(into); }
std::size_t TlsChannel::write(ByteView plaintext) { return implementation_->write(plaintext); }
void TlsChannel::end() { implementation_->end(); }
TlsChannel::State TlsChannel::state() const { return implementation_->state(); }
const std::string& TlsChannel::failure() const { return implementation_->failure(); }
Buffer& TlsChannel::outgoing() { return implementation_->outgoing(); }

Buffer TlsChannel::channel_binding() const {
  constexpr std::string_view label = "EXPORTER-Channel-Binding";
  SSL* const ssl = implementation_->ssl();
  const bool unique = SSL_version(ssl) >= TLS1_3_VERSION || SSL_get_extms_support(ssl) == 1;
  if (state() == State::handshaking || state() == State::failed || !unique) return {};
  Buffer out(32);
  auto* const at = reinterpret_cast<unsigned char*>(out.data());
  // RFC 9266 section 4.2: the context is empty and given.
  if (SSL_export_keying_material(ssl, at, out.size(), label.data(), label.size(), nullptr, 0, 1) != 1) return {};
  return out;
}

Buffer TlsChannel::peer_certificate() const {
  const X509* leaf = SSL_get0_peer_certificate(implementation_->ssl());
  if (leaf == nullptr) return {};
  const int size = i2d_X509(leaf, nullptr);
  if (size <= 0) return {};
  Buffer der(static_cast<std::size_t>(size));
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(leaf, &at);
  return der;
}

}  // namespace mikusari::net
