// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "net/tls_channel.hpp"
#include "net/url.hpp"

namespace mikusari::net {
namespace {

constexpr std::int64_t now_s = 1'700'000'000;

TEST(NodeCertificate, CanBeLoadedAgain) {
  const std::vector<std::string> names = {"node.example.org", "192.0.2.7", "2001:db8::1"};
  auto made = make_self_signed(names, now_s);
  ASSERT_TRUE(made) << made.error().message();
  const auto loaded = load_pair(made->certificate_pem, made->key_pem.clone());
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->fingerprint, made->fingerprint);
  EXPECT_EQ(*fingerprint_of(made->certificate_pem), made->fingerprint);
  EXPECT_TRUE(made->certificate_pem.starts_with("-----BEGIN CERTIFICATE-----"));
  EXPECT_TRUE(as_text(made->key_pem.reveal()).starts_with("-----BEGIN PRIVATE KEY-----"));
}

TEST(NodeCertificate, IsDifferentEachTime) {
  EXPECT_NE(make_self_signed({}, now_s)->fingerprint, make_self_signed({}, now_s)->fingerprint);
}

TEST(NodeCertificate, RefusesMalformedNames) {
  for (const char* name : {"", "a b", "a,DNS:evil.example", "a\nb", "鍵"}) {
    const std::vector<std::string> names = {name};
    const auto made = make_self_signed(names, now_s);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code(), Code::invalid);
  }
}

TEST(NodeCertificate, RefusesAnotherKeyAndNonsense) {
  const auto one = make_self_signed({}, now_s), two = make_self_signed({}, now_s);
  EXPECT_EQ(load_pair(one->certificate_pem, two->key_pem.clone()).error().code(), Code::invalid);
  EXPECT_EQ(load_pair("nonsense", two->key_pem.clone()).error().code(), Code::invalid);
  EXPECT_EQ(load_pair(one->certificate_pem, Secret::copy(as_bytes("nonsense"))).error().code(), Code::invalid);
  EXPECT_EQ(fingerprint_of("").error().code(), Code::invalid);
}

TEST(Fingerprint, IsReadInTheFormsPeopleCopy) {
  const Digest digest = make_self_signed({}, now_s)->fingerprint;
  const std::string text = fingerprint_text(digest);
  EXPECT_EQ(text.size(), 95u);
  EXPECT_EQ(text[2], ':');
  EXPECT_EQ(*parse_fingerprint(text), digest);
  std::string lower, bare;
  for (const char c : text) {
    lower += static_cast<char>(std::tolower(c));
    if (c != ':') bare += c;
  }
  EXPECT_EQ(*parse_fingerprint(lower), digest);
  EXPECT_EQ(*parse_fingerprint(bare), digest);
  for (const std::string& wrong :
       {std::string(), text.substr(1), text + "0", text + ":", ":" + text, "G" + text.substr(1)})
    EXPECT_FALSE(parse_fingerprint(wrong)) << wrong;
}

// Two ends of one connection without a socket.
class Pair {
 public:
  Pair(const TlsContext& server_context, const TlsContext& client_context, const std::string& host)
      : server(*TlsChannel::to_client(server_context)), client(*TlsChannel::to_server(client_context, host)) {
    for (int i = 0; i < 4; ++i) {
      move(client, server);
      move(server, client);
    }
  }

  // Ciphertext across, in small pieces; the plaintext that arrived.
  static std::string move(TlsChannel& from, TlsChannel& to) {
    const Buffer ciphertext = std::exchange(from.outgoing(), {});
    std::array<std::byte, 100> into;
    std::string out;
    for (std::size_t at = 0; at < ciphertext.size(); at += 77) {
      to.receive(ByteView(ciphertext).subspan(at, std::min<std::size_t>(77, ciphertext.size() - at)));
      while (const std::size_t got = to.read(into)) out += as_text(ByteView(into).first(got));
    }
    return out;
  }

  TlsChannel server, client;
};

TEST(TlsChannel, CarriesDataBothWaysAndEnds) {
  const auto own = make_self_signed({}, now_s);
  Pair pair(*TlsContext::server(*own), *TlsContext::client_pinned(), "localhost");
  ASSERT_EQ(pair.client.state(), TlsChannel::State::open) << pair.client.failure();
  ASSERT_EQ(pair.server.state(), TlsChannel::State::open) << pair.server.failure();
  EXPECT_EQ(fingerprint_of_der(pair.client.peer_certificate()), own->fingerprint);
  EXPECT_TRUE(pair.server.peer_certificate().empty());
  const std::string large(40'000, 'x');
  for (std::string_view left = large; !left.empty();) left.remove_prefix(pair.client.write(as_bytes(left)));
  EXPECT_EQ(Pair::move(pair.client, pair.server), large);
  pair.server.write(as_bytes("bye"));
  pair.server.end();
  EXPECT_EQ(Pair::move(pair.server, pair.client), "bye");
  EXPECT_EQ(pair.client.state(), TlsChannel::State::ended);
}

TEST(TlsChannel, HasABindingThatBothEndsAndNoOtherConnectionHave) {
  const auto own = make_self_signed({}, now_s);
  const auto context = *TlsContext::server(*own);
  Pair one(context, *TlsContext::client_pinned(), "localhost"),
      other(context, *TlsContext::client_pinned(), "localhost");
  ASSERT_EQ(one.client.state(), TlsChannel::State::open) << one.client.failure();
  EXPECT_EQ(one.client.channel_binding().size(), 32u);
  EXPECT_EQ(one.client.channel_binding(), one.server.channel_binding());
  EXPECT_EQ(other.client.channel_binding(), other.server.channel_binding());
  EXPECT_NE(one.client.channel_binding(), other.client.channel_binding());
  EXPECT_TRUE(TlsChannel::to_client(context)->channel_binding().empty());
}

TEST(TlsChannel, FailsOnNonsense) {
  auto server = *TlsChannel::to_client(*TlsContext::server(*make_self_signed({}, now_s)));
  std::array<std::byte, 100> into;
  server.receive(as_bytes("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
  EXPECT_EQ(server.read(into), 0u);
  EXPECT_EQ(server.state(), TlsChannel::State::failed);
  EXPECT_FALSE(server.failure().empty());
  EXPECT_EQ(server.write(as_bytes("x")), 0u);
}

TEST(TlsChannel, NoticesAChangedRecord) {
  const auto own = make_self_signed({}, now_s);
  Pair pair(*TlsContext::server(*own), *TlsContext::client_pinned(), "localhost");
  pair.client.write(as_bytes("pay 1"));
  pair.client.outgoing().back() ^= std::byte{1};
  EXPECT_EQ(Pair::move(pair.client, pair.server), "");
  EXPECT_EQ(pair.server.state(), TlsChannel::State::failed);
}

TEST(TlsChannel, ShowsAVerifiedClientCertificate) {
  const std::int64_t today_s =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  const auto own = make_self_signed({}, today_s), device = make_self_signed({}, today_s),
             known = make_self_signed({}, today_s);
  const auto server = TlsContext::server(*own, ClientCertificate::required, known->certificate_pem);
  ASSERT_TRUE(server);
  auto client = *TlsContext::client_pinned();
  {
    Pair without(*server, client, "localhost");
    EXPECT_EQ(without.server.state(), TlsChannel::State::failed);
  }
  ASSERT_TRUE(client.use(*device));
  Pair unknown(*server, client, "localhost");
  EXPECT_EQ(unknown.server.state(), TlsChannel::State::failed);
  auto known_client = *TlsContext::client_pinned();
  ASSERT_TRUE(known_client.use(*known));
  Pair pair(*server, known_client, "localhost");
  ASSERT_EQ(pair.server.state(), TlsChannel::State::open) << pair.server.failure();
  EXPECT_EQ(fingerprint_of_der(pair.server.peer_certificate()), known->fingerprint);
  EXPECT_FALSE(TlsContext::server(*own, ClientCertificate::required, "no certificates"));
}

TEST(Url, SaysWhereANodeIs) {
  const auto plain = Url::parse("http://Localhost");
  EXPECT_EQ(plain->scheme, Scheme::http);
  EXPECT_EQ(plain->port, 80);
  const auto full = Url::parse("https://[::1]:8440/base/");
  EXPECT_EQ(full->host, "::1");
  EXPECT_EQ(full->port, 8440);
  EXPECT_EQ(full->base, "/base");
  EXPECT_EQ(full->text(), "https://[::1]:8440/base");
  EXPECT_EQ(Url::parse("HTTPS://a")->authority(), "a:443");
  for (const char* wrong :
       {"", "localhost:8440", "ftp://a", "https://", "https://:1", "https://a:0", "https://a:65536",
        "https://a:", "https://u@a", "https://a?b", "https://a/b#c", "https://[::1", "https://a/ b"})
    EXPECT_FALSE(Url::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace mikusari::net
