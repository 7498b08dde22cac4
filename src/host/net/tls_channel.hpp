// SPDX-License-Identifier: Apache-2.0
// One end of one TLS connection, without a socket: ciphertext in, plaintext out, and the other way round (RFC 8446).
// One thread at a time.
#pragma once

#include <memory>
#include <string>

#include "net/tls.hpp"

namespace mikusari::net {

class TlsChannel {
 public:
  enum class State : std::uint8_t {
    handshaking,
    open,
    ended,   // the peer has said that it sends nothing more
    failed,  // see failure(); what outgoing() holds, an alert, may still be sent
  };

  static Result<TlsChannel> to_client(const TlsContext& context);
  // `host` is a DNS name or an IP address: it is what a verifying context wants in the certificate. The first message
  // is in outgoing().
  static Result<TlsChannel> to_server(const TlsContext& context, const std::string& host);
  ~TlsChannel();
  TlsChannel(TlsChannel&&) noexcept;
  TlsChannel& operator=(TlsChannel&&) noexcept;

  // Ciphertext from the peer. Call read() until it returns 0 before `ciphertext` dies or the next receive().
  void receive(ByteView ciphertext);
  // Makes progress with the handshake, then decrypts into `into`; 0 when the ciphertext is used up, or after ended or
  // failed. REQUIRES: `into` is not empty.
  std::size_t read(MutableByteView into);
  // Encrypts at most 16 KiB of `plaintext` into outgoing(); how much was taken, 0 unless open.
  std::size_t write(ByteView plaintext);
  // Says that we send nothing more.
  void end();

  State state() const;
  // Why the handshake or a record failed; one sentence for people.
  const std::string& failure() const;
  // Ciphertext for the peer; the caller takes it out.
  Buffer& outgoing();
  // What only this connection has: 32 bytes by the label "EXPORTER-Channel-Binding" (RFC 9266 section 4). Empty before
  // the handshake is done, and over TLS 1.2 without an extended master secret (RFC 7627), where it would not be unique.
  Buffer channel_binding() const;
  // DER of the peer's leaf certificate; empty when it showed none.
  Buffer peer_certificate() const;

 private:
  class Implementation;
  explicit TlsChannel(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace mikusari::net
