// SPDX-License-Identifier: Apache-2.0
#include "api/reading_tokens.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "platform/bytes.hpp"

namespace mikusari::api {

using platform::MutexLock;

Result<std::string> ReadingTokens::issue(const Digest& key, const Handle& patron, const Nonce& nonce,
                                         platform::Random& random, std::int64_t steady_ms) {
  const auto secret = platform::random<32>(random);
  MutexLock lock(mutex_);
  while (!tokens_.empty() && tokens_.front().until_ms <= steady_ms) drop(tokens_.begin());
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    if (std::ranges::any_of(known->second, [&](const auto& token) { return token->nonce == nonce; }))
      return fail(Code::conflict, "a token was bought with this request already");
    if (known->second.size() >= of_key_max) drop(known->second.front());
  }
  if (tokens_.size() >= tokens_max_) make_room();
  tokens_.push_back({crypto::sha256(secret), key, patron, nonce, steady_ms + life_ms});
  const auto made = std::prev(tokens_.end());
  by_hash_.emplace(made->hash, made);
  by_key_[key].push_back(made);
  by_patron_[patron].push_back(made);
  return platform::to_base64url(secret);
}

void ReadingTokens::make_room() {
  const auto most = std::ranges::max_element(by_patron_, {}, [](const auto& each) { return each.second.size(); });
  ASSERT(most != by_patron_.end());
  drop(most->second.front());
}

void ReadingTokens::drop(Order::iterator token) {
  const auto forget = [&](auto& index, const auto& name) {
    const auto found = index.find(name);
    std::erase(found->second, token);
    if (found->second.empty()) index.erase(found);
  };
  by_hash_.erase(token->hash);
  forget(by_key_, token->key);
  forget(by_patron_, token->patron);
  tokens_.erase(token);
}

std::optional<Digest> ReadingTokens::find(std::string_view token, std::int64_t steady_ms) const {
  const auto bytes = platform::from_base64url(token);
  if (!bytes || bytes->size() != Digest::length) return std::nullopt;
  const Digest hash = crypto::sha256(*bytes);
  MutexLock lock(mutex_);
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end() || found->second->until_ms <= steady_ms) return std::nullopt;
  return found->second->key;
}

void ReadingTokens::end(const Digest& key) {
  MutexLock lock(mutex_);
  for (auto known = by_key_.find(key); known != by_key_.end(); known = by_key_.find(key)) drop(known->second.front());
}

std::size_t ReadingTokens::size() const {
  MutexLock lock(mutex_);
  return tokens_.size();
}

}  // namespace mikusari::api
