// SPDX-License-Identifier: Apache-2.0
// Verifies signatures once: what the door has verified, execution finds remembered (formats: validity depends on bytes
// and the state before the block only). Any thread. Bounded: two generations, the older forgotten when the newer is
// full.
#pragma once

#include <unordered_set>

#include "ledger/said.hpp"
#include "platform/mutex.hpp"

namespace mikusari::replica {

class SignatureMemo final : public ledger::Signatures {
 public:
  explicit SignatureMemo(std::size_t generation_max) : generation_max_(generation_max) {}
  Result<void> verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) override;

 private:
  using Generation = std::unordered_set<Digest, BytesHash<32>>;
  const std::size_t generation_max_;
  platform::Mutex mutex_;
  Generation newer_ MIKUSARI_GUARDED_BY(mutex_), older_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
