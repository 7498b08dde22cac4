// SPDX-License-Identifier: Apache-2.0
// A client's connection: a POSIX socket that never blocks, with TLS over it or not. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "net/tls_channel.hpp"
#include "net/url.hpp"
#include "platform/clock.hpp"

namespace mikusari::net {

class Transport {
 public:
  // Connects, and shakes hands when `tls` is given, within `timeout_ms`. Errors carry the address and say what to do.
  static Result<Transport> open(const Url& url, const TlsContext* tls, const platform::Clock& clock,
                                std::int64_t timeout_ms);
  ~Transport();
  Transport(Transport&& other) noexcept;
  Transport& operator=(Transport&&) = delete;

  // How many bytes were taken; 0: not now. `unavailable` when the peer is gone.
  Result<std::size_t> send(ByteView bytes);

  enum class Input : std::uint8_t { some, not_now, ended };
  struct Received {
    Input input;
    std::size_t bytes;  // with `some`
  };
  static constexpr std::size_t receive_bytes_min = 64 * 1024;
  // REQUIRES: into.size() >= receive_bytes_min.
  Result<Received> receive(MutableByteView into);

  enum class For : std::uint8_t { input, input_or_room };
  // Until something can be received (or sent), or `until_ms` on the steady clock: then `unavailable`.
  Result<void> wait(For what, std::int64_t until_ms, const platform::Clock& clock);

  // Whether the idle connection still stands: the peer has neither closed nor said anything.
  bool usable(MutableByteView scratch);

  Buffer channel_binding() const { return tls_ ? tls_->channel_binding() : Buffer(); }
  Buffer peer_certificate() const { return tls_ ? tls_->peer_certificate() : Buffer(); }

 private:
  explicit Transport(int socket) : socket_(socket) {}
  Result<void> shake_hands(std::int64_t until_ms, const platform::Clock& clock);
  Result<void> flush();

  int socket_;
  std::optional<TlsChannel> tls_;
};

}  // namespace mikusari::net
