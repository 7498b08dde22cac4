// SPDX-License-Identifier: Apache-2.0
// Signs checkpoints, and never goes back: what was signed last is on disk before a signature leaves.
//
// The memory is an append-only file of { ledger, block, size, root, CRC-32C } outside of the store and of every
// backup: a store that was set back to an older copy is found out, because its signer remembers more. Used by one
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/clock.hpp"
#include "platform/file.hpp"
#include "proof/checkpoint.hpp"

namespace mikusari::replica {

// Under which name and keys a node signs.
struct SignerIdentity {
  std::string name;
  std::vector<crypto::PublicKey> keys;

  bool is_named_in(const proof::Policy& policy) const;
  // `forbidden` when a signature of these keys counts for nobody.
  Result<void> demand_named_in(const proof::Policy& policy) const;
};

class Checkpointer {
 public:
  struct Memory {
    std::uint64_t block = 0;  // number of the newest block in the log: the genesis is 0
    std::uint64_t size = 0;
    Digest root;
  };
  using Signers = std::vector<std::unique_ptr<crypto::Signer>>;

  // Makes the memory of a key that has never signed. `conflict` when there is one.
  static Result<void> found(platform::Files& files, const std::string& path);

  // `name` is this node's in the trust policy, `signers` its keys there (one an algorithm). Holds the memory until it
  // is destroyed. Errors: `corrupt` when the memory is missing (without it nobody knows what the key has signed), of
  // another ledger, or damaged; `unavailable` while somebody else holds it.
  static Result<std::unique_ptr<Checkpointer>> open(platform::Files& files, const std::string& path,
                                                    const Digest& ledger, std::string name, Signers signers,
                                                    const platform::Clock& clock);

  // What a memory file says was signed, oldest first, changing nothing. Errors: `corrupt` as for open().
  static Result<std::vector<Memory>> recall(platform::Files& files, const std::string& path, const Digest& ledger);

  SignerIdentity identity() const;
  // What was signed last; size 0 when nothing was.
  const Memory& memory() const { return memory_; }

  // After a memory that could not be written it signs nothing larger any more.
  // A checkpoint of this log, its memory synced first; the same size and root may be signed again with a later time.
  // Errors: `conflict` when it is older than, or another than, what was signed before; `unavailable` when the memory
  // cannot be written or a key does not answer: then nothing was signed.
  Result<platform::Buffer> sign(const Memory& log);

 private:
  Checkpointer(platform::Files& files, std::string path, const Digest& ledger, std::string name, Signers signers,
               const platform::Clock& clock);
  Result<void> remember(const Memory& next);
  platform::Buffer entry(const Memory& memory) const;

  platform::Files& files_;
  const std::string path_;
  const Digest ledger_;
  const std::string name_;
  const Signers signers_;
  const platform::Clock& clock_;
  std::unique_ptr<platform::DirectoryLock> lock_;
  std::unique_ptr<platform::File> file_;
  Memory memory_;
  std::uint64_t time_ = 0;
};

}  // namespace mikusari::replica
