// SPDX-License-Identifier: Apache-2.0
#include "replica/signature_memo.hpp"

#include "crypto/hash.hpp"

namespace mikusari::replica {

Result<void> SignatureMemo::verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) {
  // Keys and signatures have fixed lengths, so that the parts cannot run into each other.
  const Digest name = crypto::sha256({key.bytes(), signature, message});
  {
    platform::MutexLock lock(mutex_);
    if (newer_.contains(name) || older_.contains(name)) return {};
  }
  TRY(crypto::verify(key, message, signature));
  platform::MutexLock lock(mutex_);
  if (newer_.size() >= generation_max_) older_ = std::exchange(newer_, {});
  newer_.insert(name);
  return {};
}

}  // namespace mikusari::replica
