// SPDX-License-Identifier: Apache-2.0
// What a node answers, with proofs, from the version of the ledger that it has published. Any thread.
//
// A Reading pins one version: everything that it answers is under one checkpoint. Hold it briefly.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "proof/passport.hpp"
#include "replica/block_index.hpp"
#include "replica/chain_reader.hpp"
#include "replica/fate_index.hpp"
#include "replica/log_store.hpp"
#include "replica/state_tree.hpp"
#include "storage/chain_file.hpp"

namespace mikusari::replica {

// The published end of the ledger.
struct Tip {
  proof::BlockRecord record;
  platform::Buffer record_bytes;
  std::vector<Digest> log_path;  // of the record's leaf, the last
  std::uint64_t log_size = 0;
  Digest log_root;
  platform::Buffer checkpoint;  // encoded proof::Checkpoint
};

// A statement's fate, for people and programs.
struct Fate {
  struct Body {
    statement::Refusal refusal = statement::Refusal::none;
    statement::Outcome outcome = statement::Outcome::done;
    std::string subject, object;
    bool accepted() const { return refusal == statement::Refusal::none; }
  };
  Digest identity;
  std::uint64_t height = 0;
  std::vector<Body> bodies;
};

class Reading {
 public:
  Reading(std::shared_ptr<const Tip> tip, Snapshot snapshot, const storage::ChainFile& chain, const LogStore& log,
          const FateIndex& fates, const BlockIndex& blocks);

  const Tip& tip() const { return *tip_; }
  std::uint64_t things() const;  // records in the state

  // The only row that can be the record's; its key tells. None: the record is absent.
  Result<std::optional<Place>> candidate(const Digest& key) const { return snapshot_.candidate(key); }
  // The record's stored bytes. Errors: `not_found`, and `corrupt` when the chain file gives other bytes than were
  // written.
  Result<platform::Buffer> record(const Digest& key) const;

  // Encoded proof::StateAnswer: present or absent.
  Result<platform::Buffer> state_answer(const Digest& key) const;
  // Encoded proof::ListAnswer of the devices that a member has ever owned. `exhausted` over 4,096 entries.
  Result<platform::Buffer> device_list(std::string_view member) const;
  // Encoded proof::Passport. `not_found` when there is no such device.
  Result<platform::Buffer> passport(const Id& device) const;

  // `not_found` when no statement with this identity was executed.
  Result<Fate> fate(const Digest& identity) const;
  // The submission as it was ordered.
  Result<platform::Buffer> submission(const Digest& identity) const;
  // Encoded proof::Receipt of one body. `not_found`, or `conflict` when the body was refused.
  Result<platform::Buffer> receipt(const Digest& identity, std::size_t body) const;

  // Encoded proof::Consistency from an earlier size to the tip's. `invalid` when the size is 0 or above it.
  Result<platform::Buffer> consistency(std::uint64_t from_size) const;
  // C2SP tlog-tiles: `width` hashes of the tile. `not_found` beyond the tip.
  Result<platform::Buffer> tile(unsigned level, std::uint64_t index, unsigned width) const;

 private:
  friend class PassportBuilder;
  // Fills `item` for a key; `held` keeps what its views point to.
  Result<proof::Item> item(const Digest& key, std::vector<platform::Buffer>& held) const;
  Result<std::vector<Id>> list_entries(const Digest& key) const;
  proof::Anchor anchor() const;

  std::shared_ptr<const Tip> tip_;
  Snapshot snapshot_;
  const storage::ChainFile& chain_;
  const LogStore& log_;
  const FateIndex& fates_;
  const BlockIndex& blocks_;
};

}  // namespace mikusari::replica
