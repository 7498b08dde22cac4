// SPDX-License-Identifier: Apache-2.0
#include "api/reading_rights.hpp"

#include <algorithm>
#include <cstdlib>

namespace mikusari::api {

using platform::MutexLock;

namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::size_t readers_kept_max = 4096;

// RFC 6750 section 2.1. Empty without a token.
std::string_view token_of(const net::Request& request) {
  const auto given = request.headers.find("Authorization").value_or("");
  if (given.size() < scheme.size() || !net::same_token(given.substr(0, scheme.size()), scheme)) return {};
  return given.substr(scheme.size());
}

// A key whose signatures count for nothing: the base point of the curve (RFC 8032 section 5.1; SEC 2 section 2.4.2).
crypto::PublicKey stand_in(crypto::Algorithm algorithm) {
  constexpr std::string_view edwards25519 = "5866666666666666666666666666666666666666666666666666666666666666";
  constexpr std::string_view p256 =
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
  const auto bytes = platform::from_hex(algorithm == crypto::Algorithm::ed25519 ? edwards25519 : p256);
  ASSERT(bytes.has_value());
  return {algorithm, *bytes};
}

}  // namespace

ReadingRights::ReadingRights(Options options, const Judge& judge, const platform::Clock& clock,
                             platform::Random& random)
    : options_(std::move(options)), judge_(judge), clock_(clock), random_(random), tokens_(options_.tokens_max) {}

Result<ReadingRights::Right> ReadingRights::right(const net::Request& request, Reads reads,
                                                  const std::function<Result<About>()>& about) {
  const Readers readers = options_.rules.of(reads);
  if (readers == Readers::anyone) return Right::anyones;
  const auto token = token_of(request);
  std::optional<About> what;
  if (readers == Readers::concerned) {
    TRY(what, about());
    if (what->what == About::What::nameable && token.empty()) return Right::anyones;
  }
  if (token.empty()) return Right::none;
  const auto key = tokens_.find(token, clock_.steady_ms());
  if (!key) return Right::bad_token;
  TRY(const auto reader, reader_of(*key));
  if (!reader) {
    tokens_.end(*key);
    return Right::bad_token;
  }
  if (readers == Readers::members) return reader->is_member && reader->speaks ? Right::reader_s : Right::none;
  TRY(const bool concerns, judge_.concerns(*reader, *what));
  return concerns ? Right::reader_s : Right::none;
}

Result<std::optional<Reader>> ReadingRights::reader_of(const Digest& key) {
  const Moment now{judge_.version(), clock_.now_ms() / 1000};
  {
    MutexLock lock(mutex_);
    if (moment_ == now) {
      const auto found = readers_.find(key);
      if (found != readers_.end()) return found->second;
    }
  }
  TRY(const auto known, judge_.known(key));
  const auto reader = known ? std::optional(known->reader) : std::nullopt;
  MutexLock lock(mutex_);
  if (moment_ != now || readers_.size() >= readers_kept_max) readers_.clear();
  moment_ = now;
  readers_[key] = reader;
  return reader;
}

Result<void> ReadingRights::check(const mikusari::reading::Request& request, ByteView channel) const {
  if (request.ledger != options_.ledger) return fail(Code::forbidden, "the request is for another ledger");
  if (request.node != options_.node) return fail(Code::forbidden, "the request is for another node");
  const bool same = request.channel ? std::ranges::equal(request.channel->view(), channel) : channel.empty();
  if (!same) return fail(Code::forbidden, "the request is for another connection");
  const auto now_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.now_ms(), 0));
  const std::uint64_t apart_ms = std::max(now_ms, request.time_ms) - std::min(now_ms, request.time_ms);
  if (apart_ms > clock_difference_max_ms)
    return fail(Code::forbidden, "the request's time is more than five minutes from this node's");
  return {};
}

// Whoever asks under a key that is none here learns no more than who signs wrongly, and waits as long.
Result<Judge::Known> ReadingRights::signer_of(const mikusari::reading::SignedRequest& request) const {
  TRY(const auto known, judge_.known(request.kid));
  const bool fits = known && known->key.algorithm() == request.algorithm;
  const auto verified = mikusari::reading::verify(request, fits ? known->key : stand_in(request.algorithm));
  if (!known || !verified) return fail(Code::unauthenticated, "no key of this ledger that may read has signed this");
  return *known;
}

Result<ReadingRights::Bought> ReadingRights::buy(ByteView request, ByteView channel) {
  TRY(const auto parsed, mikusari::reading::parse(request));
  TRY(check(parsed.request, channel));
  TRY(const auto known, signer_of(parsed));
  TRY(std::string token,
      tokens_.issue(known.reader.key, known.reader.patron, parsed.request.nonce, random_, clock_.steady_ms()));
  return Bought{std::move(token), clock_.now_ms() + ReadingTokens::life_ms};
}

}  // namespace mikusari::api
