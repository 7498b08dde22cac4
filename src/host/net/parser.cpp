// SPDX-License-Identifier: Apache-2.0
// The only file that includes Boost.Beast.
#include "net/parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <functional>
#include <limits>

namespace mikusari::net {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view plain(string_view text) { return {text.data(), text.size()}; }

void append(Buffer& out, string_view text) {
  const ByteView bytes = as_bytes(plain(text));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Beast unfolds obsolete line folding (RFC 9112 section 5.2) silently; a proxy in front may not have, so it is refused.
// An unfolded value was moved elsewhere, or has something else than blanks between the colon and itself.
bool was_folded(string_view name, string_view value, ByteView input) {
  const char* begin = reinterpret_cast<const char*>(input.data());
  const std::less<const char*> before;
  if (before(value.data(), begin) || before(begin + input.size(), value.data())) return true;
  for (const char* at = name.data() + name.size() + 1; at < value.data(); ++at)
    if (*at != ' ' && *at != '\t') return true;
  return false;
}

// host [":" port] as far as this server needs to know: no blanks, no delimiters that do not belong there.
bool is_host(std::string_view host) {
  for (const char c : host) {
    const bool ordinary = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::strchr("-._~:[]%!$&'()*+,;=", c) != nullptr;
    if (!ordinary || c == '\0') return false;
  }
  return true;
}

Refusal refusal_from(const error_code& error) {
  if (error == http::error::body_limit) return {413, "the body is larger than this server accepts"};
  if (error == http::error::header_limit) return {431, "the header is larger than this server accepts"};
  if (error == http::error::bad_version) return {505, "this server speaks HTTP/1.1"};
  if (error == http::error::bad_method) return {400, "the request line does not begin with a method"};
  if (error == http::error::bad_target) return {400, "the request target has a character that must be percent-encoded"};
  if (error == http::error::bad_line_ending) return {400, "a line does not end in CR LF"};
  if (error == http::error::bad_field) return {400, "a header field has a malformed name"};
  if (error == http::error::bad_value) return {400, "a header field has a malformed value"};
  if (error == http::error::bad_content_length)
    return {400, "Content-Length is malformed or contradicts Transfer-Encoding"};
  if (error == http::error::multiple_content_length) return {400, "there is more than one Content-Length"};
  if (error == http::error::bad_transfer_encoding)
    return {400, "Transfer-Encoding is given twice or contradicts Content-Length"};
  if (error == http::error::bad_chunk) return {400, "a chunk is malformed"};
  if (error == http::error::bad_chunk_extension) return {400, "a chunk extension is malformed"};
  return {400, "the request is not HTTP/1.1"};
}

// What Beast's two parsers have in common here. `input_` is what put() works on, for was_folded().
template <bool is_request>
class Base : public http::basic_parser<is_request> {
 public:
  std::size_t put_view(ByteView bytes, error_code& error) {
    // Beast asserts five bytes when it comes back to a last chunk. No chunked body ends in fewer: they may wait.
    constexpr std::size_t last_chunk_bytes = 5;
    if (chunked_ && bytes.size() < last_chunk_bytes) {
      error = http::error::need_more;
      return 0;
    }
    input_ = bytes;
    return this->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  }

  const std::optional<Refusal>& refusal() const { return refusal_; }
  Headers& headers() { return headers_; }
  Buffer& body() { return body_; }
  const Buffer& body() const { return body_; }
  bool header_done() const { return header_done_; }
  std::size_t field_bytes() const { return field_bytes_; }
  bool chunked() const { return chunked_; }

 protected:
  Base(std::size_t fields_max, std::size_t header_bytes_max)
      : fields_max_(fields_max), header_bytes_max_(header_bytes_max) {
    headers_.reserve(12, 384);
    this->header_limit(static_cast<std::uint32_t>(header_bytes_max));
    this->eager(true);
  }

  void refuse(int status, const char* detail, error_code& error) {
    if (!refusal_) refusal_ = Refusal{status, detail};
    error = http::error::bad_field;
  }

  void on_field_impl(http::field, string_view name, string_view value, error_code& error) override {
    if (++fields_ > fields_max_) return refuse(431, "there are too many header fields", error);
    field_bytes_ += name.size() + value.size() + 4;
    if (field_bytes_ > header_bytes_max_) return refuse(431, "the header is larger than this server accepts", error);
    if (was_folded(name, value, input_)) return refuse(400, "a header field is folded over several lines", error);
    // Trailer fields are checked and dropped (RFC 9110 section 6.5.1).
    if (!header_done_) headers_.add(plain(name), plain(value));
  }

  void on_header_impl(error_code& error) override {
    header_done_ = true;
    if (headers_.count("Content-Length") > 1) return refuse(400, "there is more than one Content-Length", error);
    const auto length = headers_.find("Content-Length");
    if (length && length->find(',') != std::string_view::npos)
      return refuse(400, "there is more than one Content-Length", error);
    const auto coding = headers_.find("Transfer-Encoding");
    if (!coding) return;
    chunked_ = true;
    if (!same_token(*coding, "chunked") || headers_.count("Transfer-Encoding") > 1)
      return refuse(501, "the only transfer coding here is chunked", error);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // Memory is promised by bytes that have come, not by a number in a header.
    constexpr std::uint64_t promised_max = 64 * 1024;
    if (!length) return;
    announced_ = static_cast<std::size_t>(*length);
    body_.reserve(static_cast<std::size_t>(std::min(*length, promised_max)));
  }
  std::size_t on_body_impl(string_view text, error_code&) override {
    take(text);
    return text.size();
  }
  // Beast lets a bare LF through in a quoted value, which others read as the end of the line (RFC 9112 section 7.1.1).
  void on_chunk_header_impl(std::uint64_t, string_view extension, error_code& error) override {
    if (extension.find_first_of("\r\n") != string_view::npos) refuse(400, "a chunk extension is malformed", error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view text, error_code&) override {
    take(text);
    return text.size();
  }
  void on_finish_impl(error_code&) override {}

 private:
  // Memory doubles with what comes, and never goes beyond what was announced.
  void take(string_view text) {
    const std::size_t needed = body_.size() + text.size();
    if (needed > body_.capacity()) body_.reserve(std::max(needed, std::min(announced_, 2 * body_.capacity())));
    append(body_, text);
  }

  ByteView input_;
  Headers headers_;
  Buffer body_;
  std::size_t announced_ = std::numeric_limits<std::size_t>::max();
  std::optional<Refusal> refusal_;
  std::size_t fields_max_;
  std::size_t header_bytes_max_;
  std::size_t field_bytes_ = 0;
  std::size_t fields_ = 0;
  bool header_done_ = false;
  bool chunked_ = false;
};

class BeastRequest final : public Base<true> {
 public:
  explicit BeastRequest(const RequestLimits& limits)
      : Base(limits.fields_max, limits.header_bytes_max), target_bytes_max_(limits.target_bytes_max) {
    this->body_limit(limits.body_bytes_max);
  }

  bool line_done() const { return line_done_; }
  bool expects_continue() const { return expects_continue_; }
  std::size_t header_bytes() const { return field_bytes() + target_.raw.size(); }
  bool is_http_1_0() const { return version_ < 11; }
  Request take() {
    return {method_, std::move(target_), std::move(this->headers()), std::move(this->body()), nullptr, 0};
  }

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version, error_code& error) override {
    line_done_ = true;
    version_ = version;
    const auto known = method_from_name(plain(method));
    if (!known) return refuse(501, "this server does not know that method", error);
    method_ = *known;
    if (target.size() > target_bytes_max_) return refuse(414, "the request target is too long", error);
    auto parsed = Target::parse(plain(target));
    if (!parsed) return refuse(parsed.error().code() == Code::exhausted ? 414 : 400, parsed.error().text(), error);
    target_ = *std::move(parsed);
  }

  void on_response_impl(int, string_view, int, error_code&) override {}

  void on_header_impl(error_code& error) override {
    Base::on_header_impl(error);
    if (error) return;
    // RFC 9112 section 3.2: one Host in HTTP/1.1, and never two.
    const std::size_t hosts = this->headers().count("Host");
    if (hosts > 1 || (hosts == 0 && version_ >= 11)) return refuse(400, "there must be exactly one Host field", error);
    if (hosts == 1 && !is_host(*this->headers().find("Host"))) return refuse(400, "the Host field is malformed", error);
    // RFC 9112 section 6.1: a sender of HTTP/1.0 does not know transfer codings.
    if (this->chunked() && version_ < 11) return refuse(400, "HTTP/1.0 has no Transfer-Encoding", error);
    const auto expectation = this->headers().find("Expect");
    if (!expectation || version_ < 11) return;
    if (!same_token(*expectation, "100-continue"))
      return refuse(417, "the only expectation met here is 100-continue", error);
    expects_continue_ = true;
  }

  Target target_;
  std::size_t target_bytes_max_;
  int version_ = 11;
  Method method_ = Method::get;
  bool line_done_ = false;
  bool expects_continue_ = false;
};

class BeastResponse final : public Base<false> {
 public:
  explicit BeastResponse(const ResponseLimits& limits) : Base(limits.fields_max, limits.header_bytes_max) {
    this->body_limit(limits.body_bytes_max);
  }
  int status() const { return status_; }

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view, int, error_code&) override { status_ = status; }
  int status_ = 0;
};

}  // namespace

class RequestParser::Implementation {
 public:
  explicit Implementation(const RequestLimits& limits) : limits_(limits) { beast_.emplace(limits_); }

  std::size_t feed(ByteView bytes) {
    if (refusal_ || beast_->is_done()) return 0;
    const std::size_t blank = blank_line(bytes);
    const ByteView rest = bytes.subspan(blank);
    if (rest.empty() || (!beast_->got_some() && is_half_blank_line(rest))) return blank;
    if (!beast_->line_done() && ends_in_bare_line_feed(rest)) {
      refusal_ = Refusal{400, "a line does not end in CR LF"};
      return blank;
    }
    const bool in_body = beast_->header_done();
    error_code error;
    const std::size_t taken = beast_->put_view(rest, error);
    if (error && error != http::error::need_more) refuse(error, rest.subspan(taken));
    if (in_body)
      body_wire_bytes_ += taken;
    else
      header_wire_bytes_ += taken;
    if (!refusal_) check_limits(rest.subspan(taken));
    return blank + taken;
  }

  const std::optional<Refusal>& refusal() const { return refusal_; }
  const BeastRequest& beast() const { return *beast_; }
  std::size_t held_bytes() const { return beast_->got_some() ? beast_->header_bytes() + beast_->body().capacity() : 0; }

  Request take() {
    Request request = beast_->take();
    beast_.emplace(limits_);
    header_wire_bytes_ = body_wire_bytes_ = 0;
    return request;
  }

 private:
  // RFC 9112 section 2.2: an empty line before a request is passed over.
  std::size_t blank_line(ByteView bytes) const {
    if (beast_->got_some() || bytes.size() < 2) return 0;
    return bytes[0] == std::byte{'\r'} && bytes[1] == std::byte{'\n'} ? 2 : 0;
  }
  static bool is_half_blank_line(ByteView bytes) { return bytes.size() == 1 && bytes[0] == std::byte{'\r'}; }

  // The first line; Beast says so only when it has seen the end of the header, which may never come.
  static bool ends_in_bare_line_feed(ByteView bytes) {
    const std::size_t at = as_text(bytes).find('\n');
    return at != std::string_view::npos && (at == 0 || bytes[at - 1] != std::byte{'\r'});
  }

  void refuse(const error_code& error, ByteView pending) {
    refusal_ = beast_->refusal() ? *beast_->refusal() : refusal_from(error);
    if (error == http::error::header_limit) refusal_ = too_large_header(pending);
  }

  // Beast may not have looked at the request line yet, so that is told from the bytes.
  Refusal too_large_header(ByteView pending) const {
    const std::string_view text = as_text(pending).substr(0, limits_.target_bytes_max);
    if (beast_->line_done() || text.find('\n') != std::string_view::npos)
      return {431, "the header is larger than this server accepts"};
    return {414, "the request line is too long"};
  }

  void check_limits(ByteView pending) {
    if (!beast_->header_done()) {
      if (header_wire_bytes_ + pending.size() >= limits_.header_bytes_max) refusal_ = too_large_header(pending);
      return;
    }
    if (!beast_->chunked()) return;
    // Extensions, trailers and many tiny chunks: what is not content must stay in proportion.
    const std::size_t content = beast_->body().size();
    if (pending.size() > limits_.header_bytes_max || body_wire_bytes_ > 9 * content + limits_.header_bytes_max)
      refusal_ = Refusal{400, "the chunked body has more framing than content"};
  }

  RequestLimits limits_;
  std::optional<BeastRequest> beast_;
  std::optional<Refusal> refusal_;
  std::size_t header_wire_bytes_ = 0;
  std::size_t body_wire_bytes_ = 0;
};

RequestParser::RequestParser(const RequestLimits& limits) : implementation_(std::make_unique<Implementation>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

std::size_t RequestParser::feed(ByteView bytes) { return bytes.empty() ? 0 : implementation_->feed(bytes); }
bool RequestParser::started() const { return implementation_->beast().got_some(); }
bool RequestParser::header_complete() const { return implementation_->beast().header_done(); }
std::size_t RequestParser::held_bytes() const { return implementation_->held_bytes(); }
bool RequestParser::complete() const { return !refusal() && implementation_->beast().is_done(); }
const std::optional<Refusal>& RequestParser::refusal() const { return implementation_->refusal(); }
bool RequestParser::expects_continue() const { return implementation_->beast().expects_continue(); }
KeepAlive RequestParser::keep_alive() const {
  if (!implementation_->beast().keep_alive()) return KeepAlive::no;
  return implementation_->beast().is_http_1_0() ? KeepAlive::announced : KeepAlive::yes;
}
Request RequestParser::take() { return implementation_->take(); }

class ResponseParser::Implementation {
 public:
  explicit Implementation(const ResponseLimits& limits) : limits_(limits) { beast_.emplace(limits_); }

  void expect(Method method) {
    method_ = method;
    restart();
  }

  Result<std::size_t> feed(ByteView bytes) {
    std::size_t total = 0;
    while (total < bytes.size() && !beast_->is_done()) {
      const ByteView rest = bytes.subspan(total);
      const bool in_header = !beast_->header_done();
      error_code error;
      const std::size_t taken = beast_->put_view(rest, error);
      total += taken;
      if (error && error != http::error::need_more) return std::unexpected(error_from(error));
      if (in_header) header_bytes_ += taken;
      const std::size_t pending = rest.size() - taken;
      if ((beast_->header_done() ? 0 : header_bytes_) + pending > limits_.header_bytes_max)
        return fail(Code::exhausted, "the response's header is too large");
      if (beast_->is_done() && beast_->status() / 100 == 1 && ++interim_ <= interim_max) restart();
      if (error) break;
    }
    return total;
  }

  Result<void> end_of_input() {
    error_code error;
    if (beast_->got_some() && beast_->header_done() && !beast_->is_done()) {
      beast_->put_eof(error);
      if (!error) return {};
    }
    return fail(Code::unavailable, "the connection was closed in the middle of a response");
  }

  Response take() {
    Response response = Response::empty(beast_->status());
    response.headers = std::move(beast_->headers());
    response.body = std::move(beast_->body());
    interim_ = 0;
    restart();
    return response;
  }

  const BeastResponse& beast() const { return *beast_; }

 private:
  static constexpr int interim_max = 16;

  static Error error_from(const error_code& error) {
    if (error == http::error::body_limit) return {Code::exhausted, "the response is larger than the limit"};
    if (error == http::error::header_limit) return {Code::exhausted, "the response's header is too large"};
    return {Code::invalid, "the answer is not HTTP/1.1"};
  }

  void restart() {
    header_bytes_ = 0;
    beast_.emplace(limits_);
    if (method_ == Method::head) beast_->skip(true);
  }

  ResponseLimits limits_;
  Method method_ = Method::get;
  std::optional<BeastResponse> beast_;
  std::size_t header_bytes_ = 0;
  int interim_ = 0;
};

ResponseParser::ResponseParser(const ResponseLimits& limits)
    : implementation_(std::make_unique<Implementation>(limits)) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

void ResponseParser::expect(Method method) { implementation_->expect(method); }
Result<std::size_t> ResponseParser::feed(ByteView bytes) { return implementation_->feed(bytes); }
Result<void> ResponseParser::end_of_input() { return implementation_->end_of_input(); }
bool ResponseParser::started() const { return implementation_->beast().got_some(); }
bool ResponseParser::complete() const { return implementation_->beast().is_done(); }
KeepAlive ResponseParser::keep_alive() const {
  return implementation_->beast().keep_alive() ? KeepAlive::yes : KeepAlive::no;
}
Response ResponseParser::take() { return implementation_->take(); }

}  // namespace mikusari::net
