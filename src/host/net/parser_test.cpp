// SPDX-License-Identifier: Apache-2.0
#include "net/parser.hpp"

#include <gtest/gtest.h>

namespace mikusari::net {
namespace {

using namespace std::string_view_literals;

RequestLimits small_limits() {
  RequestLimits limits;
  limits.header_bytes_max = 1024;
  limits.target_bytes_max = 200;
  limits.fields_max = 10;
  limits.body_bytes_max = 1000;
  return limits;
}

// Shows the bytes in pieces, as a socket might; returns what was not taken.
std::string feed(RequestParser& parser, std::string_view text, std::size_t piece) {
  std::string pending;
  while (!text.empty() || !pending.empty()) {
    const std::size_t size = std::min(piece, text.size());
    pending.append(text.substr(0, size));
    text.remove_prefix(size);
    const std::size_t taken = parser.feed(as_bytes(pending));
    pending.erase(0, taken);
    if (parser.complete() || parser.refusal()) return pending + std::string(text);
    if (size == 0) break;
  }
  return pending;
}

constexpr std::size_t pieces[] = {1, 2, 3, 7, 64, 100'000};

void expect_refusal(std::string_view text, int status) {
  for (const std::size_t piece : pieces) {
    RequestParser parser(small_limits());
    feed(parser, text, piece);
    EXPECT_FALSE(parser.complete()) << text;
    if (!parser.refusal()) {
      ADD_FAILURE() << "not refused in pieces of " << piece << ": " << text.substr(0, 200);
      continue;
    }
    EXPECT_EQ(parser.refusal()->status, status) << parser.refusal()->detail << " for " << text.substr(0, 200);
    EXPECT_EQ(parser.feed(as_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), 0u);
  }
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyHoweverItIsCut) {
  const std::string text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestParser parser(small_limits());
    EXPECT_EQ(feed(parser, text + "GET", piece), "GET") << piece;
    ASSERT_TRUE(parser.complete());
    EXPECT_TRUE(parser.take().body.empty());
  }
}

TEST(RequestParser, ReadsARequestHoweverItIsCut) {
  const std::string text =
      "POST /v1/a?b=c HTTP/1.1\r\nHost: localhost:8440\r\nX-A:  padded \t\r\nContent-Length: 5\r\n\r\nhello";
  for (const std::size_t piece : pieces) {
    RequestParser parser(small_limits());
    EXPECT_EQ(feed(parser, text + "GET", piece), "GET");
    ASSERT_TRUE(parser.complete());
    EXPECT_EQ(parser.keep_alive(), KeepAlive::yes);
    const Request request = parser.take();
    EXPECT_EQ(request.method, Method::post);
    EXPECT_EQ(request.target.parameter("b"), "c");
    EXPECT_EQ(request.headers.find("x-a"), "padded");
    EXPECT_EQ(as_text(request.body), "hello");
    EXPECT_FALSE(parser.complete());
  }
}

TEST(RequestParser, ReadsChunkedBodiesAndDropsTrailers) {
  const std::string text =
      "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;name=\"v\"\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (const std::size_t piece : pieces) {
    RequestParser parser(small_limits());
    EXPECT_EQ(feed(parser, text, piece), "");
    ASSERT_TRUE(parser.complete()) << piece;
    const Request request = parser.take();
    EXPECT_EQ(as_text(request.body), "hello world");
    EXPECT_FALSE(request.headers.find("X-Trailer"));
  }
}

TEST(RequestParser, TakesOneRequestAfterTheOther) {
  RequestParser parser(small_limits());
  const std::string one = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n", two = "\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(parser.feed(as_bytes(one + two)), one.size());
  EXPECT_EQ(parser.take().target.raw, "/1");
  EXPECT_EQ(parser.feed(as_bytes(two)), two.size());
  EXPECT_EQ(parser.take().target.raw, "/2");
}

TEST(RequestParser, KnowsWhatStaysOpen) {
  const auto keep_alive = [](std::string_view head) {
    RequestParser parser(small_limits());
    feed(parser, std::string(head) + "\r\n\r\n", 1000);
    EXPECT_TRUE(parser.complete()) << head;
    return parser.keep_alive();
  };
  EXPECT_EQ(keep_alive("GET / HTTP/1.1\r\nHost: a"), KeepAlive::yes);
  EXPECT_EQ(keep_alive("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close"), KeepAlive::no);
  EXPECT_EQ(keep_alive("GET / HTTP/1.0"), KeepAlive::no);
  EXPECT_EQ(keep_alive("GET / HTTP/1.0\r\nConnection: keep-alive"), KeepAlive::announced);
}

TEST(RequestParser, SeesWhoWaitsForContinue) {
  RequestParser parser(small_limits());
  parser.feed(as_bytes("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n"));
  ASSERT_TRUE(parser.header_complete());
  EXPECT_TRUE(parser.expects_continue());
  expect_refusal("POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 3\r\n\r\n", 417);
}

TEST(RequestParser, WantsExactlyOneHost) {
  expect_refusal("GET / HTTP/1.1\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
}

TEST(RequestParser, RefusesFoldedFields) {
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\tc\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n \r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX:\r\n \r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
}

TEST(RequestParser, RefusesDoubtfulLengths) {
  const auto post = [](std::string_view fields) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n\r\nhello";
  };
  expect_refusal(post("Content-Length: 5\r\nContent-Length: 5"), 400);
  expect_refusal(post("Content-Length: 5\r\nContent-Length: 6"), 400);
  expect_refusal(post("Content-Length: 5, 5"), 400);
  expect_refusal(post("Content-Length: +5"), 400);
  expect_refusal(post("Content-Length: 5x"), 400);
  expect_refusal(post("Content-Length:"), 400);
  expect_refusal(post("Content-Length: 99999999999999999999"), 400);
  expect_refusal(post("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400);
  expect_refusal(post("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400);
  expect_refusal(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400);
  expect_refusal(post("Transfer-Encoding: gzip, chunked"), 501);
  expect_refusal(post("Transfer-Encoding: identity"), 501);
  expect_refusal(post("Content-Length : 5"), 400);
  expect_refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
}

TEST(RequestParser, RefusesMalformedLines) {
  expect_refusal("GET / HTTP/1.1\nHost: a\n\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"sv, 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX[]: b\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400);
  expect_refusal(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
  expect_refusal("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
  expect_refusal("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 505);
  expect_refusal("GET /\r\n\r\n", 400);
  expect_refusal("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400);
  expect_refusal("\x16\x03\x01\x02\r\n\r\n", 400);
}

TEST(RequestParser, RefusesOtherMethodsAndVersions) {
  expect_refusal("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
  expect_refusal("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
  expect_refusal("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501);
  expect_refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505);
  expect_refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

TEST(RequestParser, LimitsTheRequestLine) {
  expect_refusal("GET /" + std::string(200, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
  expect_refusal("GET /" + std::string(5000, 'a'), 414);
  expect_refusal("GET /" + std::string(150, 'a') + "?" + std::string(5000, 'b'), 414);
}

TEST(RequestParser, LimitsTheHeader) {
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a'), 431);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a') + "\r\n\r\n", 431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n", large = many;
  for (int i = 0; i < 10; ++i) many += "X: a\r\n";
  for (int i = 0; i < 9; ++i) large += "X: " + std::string(150, 'a') + "\r\n";
  expect_refusal(many + "\r\n", 431);
  expect_refusal(large + "\r\n", 431);
}

TEST(RequestParser, LimitsTheBodyBeforeReadingIt) {
  RequestParser parser(small_limits());
  parser.feed(as_bytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"));
  ASSERT_TRUE(parser.refusal());
  EXPECT_EQ(parser.refusal()->status, 413);
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect_refusal(chunked + "3e9\r\n", 413);
  expect_refusal(chunked + "3e8\r\n" + std::string(1000, 'a') + "\r\n1\r\n", 413);
  expect_refusal(chunked + "ffffffffffffffff\r\n", 413);
}

TEST(RequestParser, LimitsTheFramingOfChunks) {
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string extensions = chunked, trailers = chunked + "1\r\na\r\n0\r\n", zeros = chunked;
  for (int i = 0; i < 20; ++i) extensions += "1;x=" + std::string(400, 'a') + "\r\na\r\n";
  for (int i = 0; i < 40; ++i) trailers += "X: " + std::string(100, 'a') + "\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{64}, std::size_t{700}}) {
    for (const std::string& text : {extensions, trailers, chunked + "1;" + std::string(5000, 'a'),
                                    chunked + std::string(5000, '0') + "1\r\na\r\n"}) {
      RequestParser parser(small_limits());
      feed(parser, text, piece);
      EXPECT_TRUE(parser.refusal()) << text.substr(50, 30) << " in pieces of " << piece;
    }
  }
  expect_refusal(chunked + "x\r\nab", 400);
  expect_refusal(chunked + "5\r\nhelloworld\r\n", 400);
  expect_refusal(chunked + "5\nhello\r\n", 400);
  expect_refusal(chunked + "-1\r\nab", 400);
  expect_refusal(chunked + "1;a=\"b\nc\"\r\na\r\n0\r\n\r\n", 400);  // the next reader may end the line at the LF
}

TEST(RequestParser, AcceptsOneByteChunks) {
  std::string text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 1000; ++i) text += "1\r\na\r\n";
  for (const std::size_t piece : pieces) {
    RequestParser parser(small_limits());
    feed(parser, text + "0\r\n\r\n", piece);
    ASSERT_TRUE(parser.complete());
    EXPECT_EQ(parser.take().body.size(), 1000u);
  }
}

ResponseParser response_parser(std::size_t body_bytes_max = 1000) {
  ResponseLimits limits;
  limits.body_bytes_max = body_bytes_max;
  limits.header_bytes_max = 2000;
  return ResponseParser(limits);
}

TEST(ResponseParser, PassesOverInterimResponses) {
  auto parser = response_parser();
  parser.expect(Method::post);
  const std::string text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\nX: y\r\n\r\nok";
  const auto taken = parser.feed(as_bytes(text + "HTTP"));
  ASSERT_TRUE(taken);
  EXPECT_EQ(*taken, text.size());
  ASSERT_TRUE(parser.complete());
  const Response response = parser.take();
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.find("x"), "y");
  EXPECT_EQ(response.body.as_text(), "ok");
}

TEST(ResponseParser, KnowsWhereABodyEnds) {
  auto parser = response_parser();
  parser.expect(Method::head);
  ASSERT_TRUE(parser.feed(as_bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")));
  EXPECT_TRUE(parser.complete());
  EXPECT_EQ(parser.take().body.size(), 0u);
  parser.expect(Method::get);
  ASSERT_TRUE(parser.feed(as_bytes("HTTP/1.0 200 OK\r\n\r\nuntil the end")));
  EXPECT_FALSE(parser.complete());
  ASSERT_TRUE(parser.end_of_input());
  EXPECT_EQ(parser.keep_alive(), KeepAlive::no);
  EXPECT_EQ(parser.take().body.as_text(), "until the end");
}

TEST(ResponseParser, NoticesWhatIsMissingOrTooLarge) {
  auto cut = response_parser();
  ASSERT_TRUE(cut.feed(as_bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")));
  EXPECT_EQ(cut.end_of_input().error().code(), Code::unavailable);
  auto large = response_parser();
  EXPECT_EQ(large.feed(as_bytes("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")).error().code(), Code::exhausted);
  auto endless = response_parser();
  EXPECT_EQ(endless.feed(as_bytes("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'a'))).error().code(), Code::exhausted);
  auto header = response_parser();
  EXPECT_EQ(header.feed(as_bytes("HTTP/1.1 200 OK\r\nX: " + std::string(3000, 'a'))).error().code(), Code::exhausted);
  auto nonsense = response_parser();
  EXPECT_EQ(nonsense.feed(as_bytes("SSH-2.0-OpenSSH\r\n")).error().code(), Code::invalid);
}

}  // namespace
}  // namespace mikusari::net
