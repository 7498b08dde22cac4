// SPDX-License-Identifier: Apache-2.0
// A blocking HTTP/1.1 client for command lines, load generators and tests: one kept-alive connection, made again when
// the server has closed it. Errors are sentences that say what to do. One thread at a time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/http.hpp"
#include "net/parser.hpp"
#include "net/tls.hpp"
#include "net/transport.hpp"
#include "net/url.hpp"
#include "platform/clock.hpp"

namespace mikusari::net {

// Whom a client believes to be the node.
class Trust {
 public:
  // Exactly the certificate with this fingerprint, whatever it says of itself (names, dates).
  static Trust pinned(const Digest& fingerprint) { return Trust(fingerprint); }
  // A chain that ends in one of these PEM certificates, a valid date, and the right name.
  static Trust ca_file(std::string path) { return Trust(std::move(path)); }
  // The same with the certificates of this system.
  static Trust system() { return Trust(std::monostate()); }

 private:
  friend class Client;
  using Value = std::variant<std::monostate, Digest, std::string>;
  explicit Trust(Value value) : value_(std::move(value)) {}
  Value value_;
};

struct ClientOptions {
  Trust trust = Trust::system();
  std::int64_t connect_timeout_ms = 5'000;  // with the TLS handshake
  std::int64_t answer_timeout_ms = 30'000;  // from the question, or the answer before, to the whole answer
  ResponseLimits response;
  std::size_t pipeline_max = 8;  // questions of send_many() under way; a server's own limit may be lower
};

// What may happen when a connection breaks before the answer: `allowed` for what changes nothing when it is done
// twice, such as GET, or a statement, whose identity makes it count once.
enum class Repeat : std::uint8_t { forbidden, allowed };

struct Call {
  Method method = Method::get;
  std::string target = "/";  // percent-encoded already
  Headers headers;
  Buffer body;
  Repeat repeat = Repeat::allowed;

  static Call get(std::string target);
  static Call post(std::string target, std::string_view content_type, Buffer body, Repeat repeat = Repeat::forbidden);
};

class Client {
 public:
  // Connects at once. `clock` outlives the client. Errors: `unavailable` when nobody answers, `unauthenticated` when
  // it is not whom `options.trust` names, `invalid` for a malformed address.
  static Result<Client> connect(std::string_view url, ClientOptions options, const platform::Clock& clock);

  // Any answer is a success, also 404: see code_of() in problem.hpp. Errors: `unavailable` (try again), `exhausted`
  // (the answer is larger than the limit), `invalid` (the answer is not HTTP).
  Result<Response> request(const Call& call);
  // All of them over one connection, several under way at once (RFC 9112 section 9.3.2). results[i] answers calls[i].
  std::vector<Result<Response>> send_many(std::span<const Call> calls);

  // What the connection that is open, or is made now, alone has (RFC 9266); empty over plain HTTP. For a call that must
  // not be repeated over another one.
  Result<Buffer> channel_binding();
  // What the server showed; nothing over plain HTTP.
  std::optional<Digest> server_fingerprint() const { return fingerprint_; }
  const Url& url() const { return url_; }
  // How often a connection has been made.
  std::uint64_t connections() const { return connections_; }

 private:
  Client(Url url, ClientOptions options, std::optional<TlsContext> tls, const platform::Clock& clock);

  struct Batch;
  static Result<std::optional<TlsContext>> context_for(const Url& url, const Trust& trust);
  Result<void> ensure_connected();
  Result<void> check_pin() const;
  Result<void> exchange(Batch& batch);
  std::size_t send_some(Batch& batch);
  Result<void> take_answers(Batch& batch);
  void note_answer(Batch& batch);
  void disconnect();
  Buffer written(const Call& call) const;

  Url url_;
  ClientOptions options_;
  std::optional<TlsContext> tls_;
  const platform::Clock* clock_;
  std::unique_ptr<Transport> transport_;
  ResponseParser parser_;
  Buffer received_;  // not yet taken by the parser
  Buffer scratch_;
  std::optional<Digest> fingerprint_;
  std::uint64_t connections_ = 0;
  bool answered_ = false;  // on this connection
};

}  // namespace mikusari::net
