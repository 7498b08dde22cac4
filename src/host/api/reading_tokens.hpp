// SPDX-License-Identifier: Apache-2.0
// Tokens for reading: 32 random bytes that stand for a key for an hour. Only their hashes are kept, in a table of
// bounded size: a key has few at a time, and when the table is full the member whose keys have most of them loses its
// oldest. Any thread.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "api/reading.hpp"
#include "platform/mutex.hpp"
#include "platform/random.hpp"

namespace mikusari::api {

class ReadingTokens {
 public:
  static constexpr std::int64_t life_ms = 3600LL * 1000;
  static constexpr std::size_t of_key_max = 8;
  using Nonce = Bytes<16>;

  explicit ReadingTokens(std::size_t tokens_max) : tokens_max_(tokens_max) {}

  // A token in base64url. `conflict` when the key has a token that was bought with the same nonce.
  Result<std::string> issue(const Digest& key, const Handle& patron, const Nonce& nonce, platform::Random& random,
                            std::int64_t steady_ms);
  // The key that a living token stands for.
  std::optional<Digest> find(std::string_view token, std::int64_t steady_ms) const;
  // Of a key that has ended.
  void end(const Digest& key);
  std::size_t size() const;

 private:
  struct Token {
    Digest hash;
    Digest key;
    Handle patron;
    Nonce nonce;
    std::int64_t until_ms;
  };
  using Order = std::list<Token>;  // oldest first
  void drop(Order::iterator token) MIKUSARI_REQUIRES(mutex_);
  void make_room() MIKUSARI_REQUIRES(mutex_);

  const std::size_t tokens_max_;
  mutable platform::Mutex mutex_;
  Order tokens_ MIKUSARI_GUARDED_BY(mutex_);
  std::unordered_map<Digest, Order::iterator, BytesHash<32>> by_hash_ MIKUSARI_GUARDED_BY(mutex_);
  std::unordered_map<Digest, std::list<Order::iterator>, BytesHash<32>> by_key_ MIKUSARI_GUARDED_BY(mutex_);
  std::map<Handle, std::list<Order::iterator>> by_patron_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::api
