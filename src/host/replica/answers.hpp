// SPDX-License-Identifier: Apache-2.0
// What a node answers, with proofs, from the version of the ledger that it has published. Any thread.
//
// A Reading pins one version: everything that it answers is under one checkpoint. Hold it briefly. What it reads from
// the disk is compared with the roots before it is answered: bytes that were changed are `corrupt`, never a proof. A
// body that the state withholds is shown as its leaf, whether the chain still holds its text or not.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "proof/passport.hpp"
#include "replica/chain_reader.hpp"
#include "replica/indexes.hpp"
#include "replica/ledger_end.hpp"
#include "replica/log_store.hpp"

namespace mikusari::replica {

// The published end of the ledger.
struct Tip {
  proof::BlockRecord record;
  platform::Buffer record_bytes;
  std::uint64_t block = 0;       // number of the newest block
  std::vector<Digest> log_path;  // of the record's leaf, the last
  std::uint64_t log_size = 0;
  Digest log_root;
  platform::Buffer checkpoint;  // encoded proof::Checkpoint
  PolicyBytes policy;           // under which it is signed
  std::uint64_t withheld = 0;   // as LedgerEnd::withheld
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

struct PassportQuery {
  std::uint64_t page = 0;      // 0 has the newest events
  std::uint64_t since_ms = 0;  // events of blocks before this time are left out
  friend auto operator<=>(const PassportQuery&, const PassportQuery&) = default;
};
struct PassportAnswer {
  platform::Buffer bytes;  // encoded proof::PassportPage, at most proof::passport_bytes_max
  bool more = false;       // there is another page behind it
};

// What readings read from. Everything outlives them.
struct Archive {
  const ChainReader& chain;
  const LogStore& log;
  const Indexes& indexes;
};

class Reading {
 public:
  Reading(std::shared_ptr<const Tip> tip, Snapshot snapshot, const Archive& archive);

  const Tip& tip() const { return *tip_; }
  std::uint64_t things() const;  // records in the state

  // The only leaf that can be the record's; the key in its row tells. None: the record is absent.
  Result<std::optional<Leaf>> candidate(const Digest& key) const { return snapshot_.candidate(key); }
  // The record's stored bytes. Errors: `not_found`, and `corrupt` when the chain file gives other bytes than were
  // written.
  Result<platform::Buffer> record(const Digest& key) const;

  // Encoded proof::StateAnswer: present or absent.
  Result<platform::Buffer> state_answer(const Digest& key) const;
  // Encoded proof::ListPage: the entries from `first` on, `most` of them or fewer: as many as a page of 1 MiB takes.
  // Who wants the rest asks behind the last one. `invalid` when the list is shorter than `first`, or `most` is 0 or
  // above list_entries_max.
  static constexpr std::uint64_t list_entries_max = 1024;
  Result<platform::Buffer> list_page(const Handle& party, list::Kind kind, std::uint64_t first,
                                     std::uint64_t most) const;
  // A page of a device's passport. `not_found` when there is no such device, or it has no such page. Pages in their
  // order are cheaper made by one PassportPages (passport_pages.hpp); the bytes are the same.
  Result<PassportAnswer> passport(const Id& device, const PassportQuery& query = {}) const;

  // `not_found` when no statement with this identity was executed.
  Result<Fate> fate(const Digest& identity) const;
  // The submission as it was ordered.
  Result<platform::Buffer> submission(const Digest& identity) const;
  // Encoded proof::Receipt of one body. `not_found`, or `conflict` when the body was refused.
  Result<platform::Buffer> receipt(const Digest& identity, std::uint64_t body) const;
  // The submission of the incarnation with which an epoch of the trust policy began: a step (proof/policy.hpp).
  // `not_found` for the first epoch, and for one that began otherwise or never did.
  Result<platform::Buffer> policy_step(std::uint64_t epoch) const;

  // Encoded proof::Consistency from an earlier size to the tip's. `invalid` when the size is 0 or above it.
  Result<platform::Buffer> consistency(std::uint64_t from_size) const;
  // C2SP tlog-tiles: `width` hashes of the tile. `not_found` beyond the tip.
  Result<platform::Buffer> tile(unsigned level, std::uint64_t index, unsigned width) const;

  // For who makes larger answers of it (list_history.hpp, passport_pages.hpp).

  const Archive& archive() const { return archive_; }
  // The record's row; none when it is absent.
  Result<std::optional<StoredRow>> row(const Digest& key) const;
  // The proof of what the state has under a key; `held` keeps what its views point to.
  Result<proof::Item> item(const Digest& key, std::vector<platform::Buffer>& held) const;
  proof::Anchor anchor() const;
  // Whether the state withholds a body of a statement.
  Result<bool> withholds(const statement::Submission& submission, std::uint64_t body) const;

 private:
  Result<FatePlace> place_of(const Digest& identity) const;
  Result<void> check_logged(const StoredStatement& stored, const FatePlace& place) const;

  std::shared_ptr<const Tip> tip_;
  Snapshot snapshot_;
  Archive archive_;
};

}  // namespace mikusari::replica
