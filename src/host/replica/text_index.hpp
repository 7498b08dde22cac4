// SPDX-License-Identifier: Apache-2.0
// Where the bodies are that records name by their leaf: what models and releases are called. Rebuilt from frames at
// start. Any thread.
#pragma once

#include <optional>
#include <unordered_map>

#include "platform/mutex.hpp"
#include "replica/state_node.hpp"

namespace mikusari::replica {

struct TextPlace {
  Place submission;
  std::uint32_t body = 0;
};

class TextIndex {
 public:
  std::optional<TextPlace> find(const Digest& body_leaf) const {
    platform::MutexLock lock(mutex_);
    const auto found = places_.find(body_leaf);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  void insert(const Digest& body_leaf, const TextPlace& place) {
    platform::MutexLock lock(mutex_);
    places_.emplace(body_leaf, place);
  }

 private:
  mutable platform::Mutex mutex_;
  std::unordered_map<Digest, TextPlace, BytesHash<32>> places_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
