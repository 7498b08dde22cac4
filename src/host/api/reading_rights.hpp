// SPDX-License-Identifier: Apache-2.0
// Decides of each request whether it may be answered: by the rules, and by the key whose token it shows. Any thread.
#pragma once

#include <functional>

#include "api/reading_tokens.hpp"
#include "net/http.hpp"
#include "platform/clock.hpp"
#include "statement/reading.hpp"

namespace mikusari::api {

class ReadingRights {
 public:
  struct Options {
    ReadingRules rules;
    std::size_t tokens_max = 65'536;
    Digest ledger;
    std::string node;  // its name among the ledger's checkpoint signers
  };
  // How far the clocks of asker and node may differ.
  static constexpr std::int64_t clock_difference_max_ms = 5LL * 60 * 1000;

  // Everything outlives it.
  ReadingRights(Options options, const Judge& judge, const platform::Clock& clock, platform::Random& random);

  enum class Right : std::uint8_t {
    anyones,    // whoever asks reads this
    reader_s,   // this reader does, by its token: nobody else's cache may keep the answer
    none,       // this is not for this reader
    bad_token,  // the token that it shows is none, has expired, or its key has ended
  };
  // `about` is asked only when it matters; its error is the request's.
  Result<Right> right(const net::Request& request, Reads reads, const std::function<Result<About>()>& about);

  struct Bought {
    std::string token;
    std::int64_t until_ms = 0;  // on the node's clock
  };
  // A token for whoever has signed the request. `channel` is the connection's (net::Peer::channel). Errors: `invalid`
  // and `newer` for the form; `forbidden` for another ledger, node or connection; `unauthenticated`, always the same,
  // when no key that may read has signed it; `conflict` for a request that has bought a token already.
  Result<Bought> buy(ByteView request, ByteView channel);

  std::size_t tokens() const { return tokens_.size(); }

 private:
  Result<std::optional<Reader>> reader_of(const Digest& key);
  Result<void> check(const mikusari::reading::Request& request, ByteView channel) const;
  Result<Judge::Known> signer_of(const mikusari::reading::SignedRequest& request) const;

  const Options options_;
  const Judge& judge_;
  const platform::Clock& clock_;
  platform::Random& random_;
  ReadingTokens tokens_;

  // What the judge has said of keys in one version of the ledger and one second: keys end by time too.
  struct Moment {
    std::uint64_t version = 0;
    std::int64_t second = 0;
    friend bool operator==(const Moment&, const Moment&) = default;
  };
  platform::Mutex mutex_;
  Moment moment_ MIKUSARI_GUARDED_BY(mutex_);
  std::unordered_map<Digest, std::optional<Reader>, BytesHash<32>> readers_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::api
