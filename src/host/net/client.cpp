// SPDX-License-Identifier: Apache-2.0
#include "net/client.hpp"

#include <algorithm>

namespace mikusari::net {

namespace {

constexpr std::size_t written_ahead_max = 64 * 1024;

// What must not stand in a request line as it is.
void append_target(std::string& out, std::string_view target) {
  static constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : target) {
    const auto code = static_cast<unsigned char>(c);
    if (code > 0x20 && code < 0x7f) {
      out += c;
    } else {
      out += '%';
      out += digits[code >> 4];
      out += digits[code & 15];
    }
  }
}

}  // namespace

// Calls and what has become of them.
struct Client::Batch {
  explicit Batch(std::span<const Call> all) : calls(all) {}

  std::span<const Call> calls;
  std::vector<Result<Response>> results;
  std::size_t begun = 0;  // calls before this index may have left on the current connection
  bool timed_out = false;
  Buffer outgoing;  // written calls, of which `sent` bytes have left
  std::size_t sent = 0;
  bool send_failed = false;

  bool to_send() const { return !send_failed && !outgoing.empty(); }
  void begin_connection() {
    begun = results.size();
    outgoing.clear();
    sent = 0;
    send_failed = false;
  }
  bool done() const { return results.size() == calls.size(); }
  void fail_rest(const Error& error) {
    while (!done()) results.push_back(std::unexpected(error));
  }
  // Whether everything that may have reached the server may reach it again.
  bool repeatable() const {
    return std::all_of(calls.begin() + static_cast<std::ptrdiff_t>(results.size()),
                       calls.begin() + static_cast<std::ptrdiff_t>(std::max(begun, results.size())),
                       [](const Call& call) { return call.repeat == Repeat::allowed; });
  }
};

Call Call::get(std::string target) {
  Call call;
  call.target = std::move(target);
  return call;
}

Call Call::post(std::string target, std::string_view content_type, Buffer body, Repeat repeat) {
  Call call;
  call.method = Method::post;
  call.target = std::move(target);
  call.headers.add("Content-Type", content_type);
  call.body = std::move(body);
  call.repeat = repeat;
  return call;
}

Client::Client(Url url, ClientOptions options, std::optional<TlsContext> tls, const platform::Clock& clock)
    : url_(std::move(url)),
      options_(std::move(options)),
      tls_(std::move(tls)),
      clock_(&clock),
      parser_(options_.response),
      scratch_(Transport::receive_bytes_min) {}

Result<Client> Client::connect(std::string_view text, ClientOptions options, const platform::Clock& clock) {
  auto url = Url::parse(text);
  if (!url) return std::unexpected(std::move(url).error().with_context("\"" + std::string(text) + "\""));
  TRY(auto tls, context_for(*url, options.trust));
  Client client(*std::move(url), std::move(options), std::move(tls), clock);
  TRY(client.ensure_connected());
  return client;
}

Result<std::optional<TlsContext>> Client::context_for(const Url& url, const Trust& trust) {
  const auto* pinned = std::get_if<Digest>(&trust.value_);
  if (url.scheme == Scheme::http && pinned != nullptr)
    return fail(Code::invalid, "a pinned certificate needs an address that begins with https://");
  if (url.scheme == Scheme::http) return std::nullopt;
  if (pinned != nullptr) return TlsContext::client_pinned();
  if (const auto* path = std::get_if<std::string>(&trust.value_)) return TlsContext::client_with_ca_file(*path);
  return TlsContext::client_of_system();
}

void Client::disconnect() {
  transport_.reset();
  received_.clear();
  answered_ = false;
}

Result<Buffer> Client::channel_binding() {
  TRY(ensure_connected());
  return transport_->channel_binding();
}

Result<void> Client::ensure_connected() {
  // A server closes idle connections; better to see it before a question is lost.
  if (transport_ && answered_ && !transport_->usable(scratch_)) disconnect();
  if (transport_) return {};
  TRY(auto transport, Transport::open(url_, tls_ ? &*tls_ : nullptr, *clock_, options_.connect_timeout_ms));
  transport_ = std::make_unique<Transport>(std::move(transport));
  ++connections_;
  if (const Buffer certificate = transport_->peer_certificate(); !certificate.empty())
    fingerprint_ = fingerprint_of_der(certificate);
  if (auto pinned = check_pin(); !pinned) {
    disconnect();
    return pinned;
  }
  return {};
}

Result<void> Client::check_pin() const {
  const auto* pinned = std::get_if<Digest>(&options_.trust.value_);
  if (pinned == nullptr || !tls_ || fingerprint_ == *pinned) return {};
  const std::string shown = fingerprint_ ? fingerprint_text(*fingerprint_) : "no certificate";
  return std::unexpected(
      Error(Code::unauthenticated,
            "either the node was set up anew or somebody stands in between: ask its operator for the fingerprint")
          .with_context("the node's certificate has fingerprint " + shown + ", not the pinned " +
                        fingerprint_text(*pinned)));
}

Result<Response> Client::request(const Call& call) { return std::move(send_many(std::span(&call, 1)).front()); }

std::vector<Result<Response>> Client::send_many(std::span<const Call> calls) {
  Batch batch{calls};
  batch.results.reserve(calls.size());
  while (!batch.done()) {
    if (auto connected = ensure_connected(); !connected) {
      batch.fail_rest(connected.error());
      break;
    }
    const bool proven = answered_;  // this connection has worked before
    const std::size_t before = batch.results.size();
    batch.begin_connection();
    const auto exchanged = exchange(batch);
    if (exchanged) continue;
    disconnect();
    // A connection that has just worked may have been closed in the moment we used it: once more on a new one.
    const bool worth_it =
        exchanged.error().code() == Code::unavailable && !batch.timed_out && (proven || batch.results.size() > before);
    if (worth_it && batch.repeatable()) continue;
    batch.fail_rest(exchanged.error());
  }
  return std::move(batch.results);
}

// Until all calls are answered, or the server has ended the connection with an answer.
Result<void> Client::exchange(Batch& batch) {
  std::size_t seen = batch.results.size();
  std::int64_t until_ms = clock_->steady_ms() + options_.answer_timeout_ms;
  parser_.expect(batch.calls[seen].method);
  while (!batch.done()) {
    const std::size_t left = send_some(batch);
    TRY(const auto received, transport_->receive(scratch_));
    if (received.input == Transport::Input::ended) {
      TRY(parser_.end_of_input());
      note_answer(batch);
      disconnect();
      return {};
    }
    platform::append(received_, ByteView(scratch_).first(received.bytes));
    TRY(take_answers(batch));
    if (!transport_) return {};
    if (batch.results.size() > seen) {
      seen = batch.results.size();
      until_ms = clock_->steady_ms() + options_.answer_timeout_ms;
    }
    if (left > 0 || received.input == Transport::Input::some || batch.done()) continue;
    const auto what = batch.to_send() ? Transport::For::input_or_room : Transport::For::input;
    const auto ready = transport_->wait(what, until_ms, *clock_);
    batch.timed_out = !ready;
    TRY(ready);
  }
  return {};
}

// Writes calls as the pipeline allows and sends what the socket takes: how many bytes that was.
std::size_t Client::send_some(Batch& batch) {
  while (!batch.send_failed && batch.begun < batch.calls.size() && batch.outgoing.size() < written_ahead_max &&
         batch.begun - batch.results.size() < options_.pipeline_max)
    platform::append(batch.outgoing, written(batch.calls[batch.begun++]));
  if (!batch.to_send()) return 0;
  const auto taken = transport_->send(ByteView(batch.outgoing).subspan(batch.sent));
  batch.send_failed = !taken;  // go on reading: the answer that says why may be there already
  batch.sent += taken.value_or(0);
  if (batch.sent == batch.outgoing.size()) {
    batch.outgoing.clear();
    batch.sent = 0;
  }
  return taken.value_or(0);
}

Result<void> Client::take_answers(Batch& batch) {
  std::size_t taken = 0;
  while (taken < received_.size() && !batch.done()) {
    TRY(const std::size_t more, parser_.feed(ByteView(received_).subspan(taken)));
    taken += more;
    if (!parser_.complete()) break;
    const KeepAlive keep_alive = parser_.keep_alive();
    note_answer(batch);
    if (keep_alive == KeepAlive::no) {
      disconnect();
      return {};
    }
  }
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (batch.done() && !received_.empty()) disconnect();  // more answers than questions: not to be trusted further
  return {};
}

void Client::note_answer(Batch& batch) {
  batch.results.push_back(parser_.take());
  answered_ = true;
  if (!batch.done()) parser_.expect(batch.calls[batch.results.size()].method);
}

Buffer Client::written(const Call& call) const {
  std::string head(name(call.method));
  head += ' ';
  append_target(head, url_.base + call.target);
  head.append(" HTTP/1.1\r\nHost: ").append(url_.authority());
  if (!call.headers.find("User-Agent")) head.append("\r\nUser-Agent: mikusari");
  if (!call.body.empty() || call.method == Method::post || call.method == Method::put || call.method == Method::patch)
    head.append("\r\nContent-Length: ").append(std::to_string(call.body.size()));
  for (std::size_t i = 0; i < call.headers.size(); ++i)
    head.append("\r\n").append(call.headers[i].name).append(": ").append(call.headers[i].value);
  head.append("\r\n\r\n");
  Buffer out = platform::copy(as_bytes(head));
  platform::append(out, call.body);
  return out;
}

}  // namespace mikusari::net
