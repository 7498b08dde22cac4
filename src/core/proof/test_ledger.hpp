// SPDX-License-Identifier: Apache-2.0
// For tests only: a small ledger in memory that signs and proves as a real one does, and believes whatever it is told.
// Everything is a function of fixed seeds, so that two runs give the same bytes. One thread at a time.
#pragma once

#include <deque>
#include <set>
#include <string>

#include "crypto/openssl/software_signer.hpp"
#include "proof/test_trees.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"

namespace mikusari::test {

template <class T>
Octets encoded(const T& value) {
  Octets buffer(2 * 1024 * 1024);
  const auto bytes = cbor::encode(value, buffer);
  ASSERT(bytes.has_value());
  return Octets(bytes->begin(), bytes->end());
}

template <class T>
T need(Result<T> result) {
  if (!result) std::fprintf(stderr, "%s\n", result.error().message().c_str());
  ASSERT(result.has_value());
  return *std::move(result);
}

inline Digest named(std::string_view seed) { return crypto::sha256(as_bytes(seed)); }

inline crypto::SoftwareSigner signer_from(std::string_view seed,
                                          crypto::Algorithm algorithm = crypto::Algorithm::ed25519) {
  return need(crypto::SoftwareSigner::from_private(algorithm, named(seed)));
}
inline Digest kid(const crypto::SoftwareSigner& signer) { return cose::thumbprint(signer.public_key()); }

inline Octets flipped(ByteView bytes, std::size_t at, unsigned mask = 0x01) {
  Octets out(bytes.begin(), bytes.end());
  out[at] ^= static_cast<std::byte>(mask);
  return out;
}

// The same structure as a newer program may write it: one field more, at the end of the outermost map.
inline Octets with_field(ByteView map, std::uint32_t key) {
  cbor::Reader in(map);
  ASSERT(need(in.map()) < 23 && in.offset() == 1);  // the count stands in the first byte
  Octets out(map.begin(), map.end());
  out[0] = static_cast<std::byte>(std::to_integer<unsigned>(out[0]) + 1);
  const Octets field = encoded(key);
  out.insert(out.end(), field.begin(), field.end());
  out.push_back(std::byte{1});
  return out;
}

// One committed body.
struct Committed {
  std::size_t leaf_index = 0;
  std::size_t statement = 0;  // index into TestLedger::said
  std::uint64_t index = 0;
  statement::Salt salt;
  Octets body;
  std::vector<Digest> bodies_path;
  std::uint64_t height = 0, time_ms = 0;
  statement::Outcome outcome = statement::Outcome::done;
  std::vector<Digest> touched;  // paths of the records that it changed
  statement::Gains gains{};
  bool withheld = false;  // its leaf is shown in its place
};

struct SaidBody {
  Octets body;
  std::vector<Digest> touches;
  statement::Outcome outcome = statement::Outcome::done;
};
// One signed statement.
struct Said {
  Octets submission, sign1, also;  // `also` is empty when there are no approvals
  Digest identity;
};
struct Approver {
  crypto::SoftwareSigner* signer;
  statement::ApprovalRole role;
};

// The events of one record, and their trees.
struct EventsOf {
  NaiveLog history, life;
  std::vector<std::size_t> committed;  // of the history's leaves, indices into TestLedger::committed
};

class TestLedger {
 public:
  static constexpr std::uint64_t start_ms = 1'800'000'000'000;

  explicit TestLedger(std::string_view name = "test ledger") : id(named(name)) {}

  // --- who signs checkpoints, who watches, who brings the ledger back
  struct CheckpointKeys {
    std::string name;
    std::vector<crypto::SoftwareSigner> signers;
    std::vector<crypto::PublicKey> keys;
    std::uint64_t weight = 0;
    std::int64_t clock_offset = 0;  // seconds
  };
  static CheckpointKeys checkpoint_keys_of(std::string_view name, std::uint64_t weight,
                                           const std::vector<crypto::Algorithm>& algorithms,
                                           std::int64_t clock_offset = 0) {
    CheckpointKeys entry{std::string(name), {}, {}, weight, clock_offset};
    for (const auto algorithm : algorithms) {
      entry.signers.push_back(signer_from(std::string(name) + std::string(crypto::name(algorithm)), algorithm));
      entry.keys.push_back(entry.signers.back().public_key());
    }
    return entry;
  }
  void add_checkpoint_signer(std::string_view name, std::uint64_t weight,
                             const std::vector<crypto::Algorithm>& algorithms, std::int64_t clock_offset = 0) {
    checkpoint_keys.push_back(checkpoint_keys_of(name, weight, algorithms, clock_offset));
  }
  void add_witness(std::string_view name) {
    witnesses.push_back(checkpoint_keys_of(name, 0, {crypto::Algorithm::ed25519}));
  }
  void add_recovery_key(std::string_view seed, crypto::Algorithm algorithm = crypto::Algorithm::ed25519) {
    recovery_signers.push_back(signer_from(seed, algorithm));
  }
  Octets policy(std::uint64_t threshold, std::uint64_t policy_epoch = 1) const {
    std::vector<CheckpointSigner> signers;
    std::vector<LogWitness> watching;
    std::vector<crypto::PublicKey> recovery;
    for (const auto& entry : checkpoint_keys)
      signers.push_back({entry.name, std::span<const crypto::PublicKey>(entry.keys), entry.weight});
    for (const auto& entry : witnesses) watching.push_back({entry.name, entry.keys[0]});
    for (const auto& signer : recovery_signers) recovery.push_back(signer.public_key());
    proof::Policy out;
    out.ledger = id;
    out.epoch = policy_epoch;
    out.signers = std::span<const CheckpointSigner>(signers);
    out.threshold = threshold;
    out.recovery_keys = std::span<const crypto::PublicKey>(recovery);
    out.recovery_threshold = recovery_threshold;
    out.witnesses = std::span<const LogWitness>(watching);
    out.witness_threshold = witness_threshold;
    return encoded(out);
  }

  // --- what happens
  // The head of a record that is there already goes on.
  template <class Record>
  void put(const Digest& key, Record content) {
    if constexpr (std::is_base_of_v<Head, Record>) {
      if (const Octets* before = state.find(key)) static_cast<Head&>(content) = need(read_head(*before));
    }
    state.put(key, encoded(content));
    changed_.insert(key);
  }
  // `change` gets the record as it is.
  template <class Record, class F>
  void edit(const Digest& key, F&& change) {
    const Octets before = *state.find(key);
    auto edited = need(cbor::decode<Record>(before));
    change(edited);
    put(key, edited);
  }
  // An entry of a list, and its record.
  void append_to_list(const Handle& party, list::Kind kind, const Digest& what,
                      list::Change change = list::Change::gained) {
    const Digest key = path::list(party, kind);
    auto& entries = lists[key];
    entries.push_back({{}, what, height + 1, change});
    list_trees[key].append(list::leaf_hash(entries.back()));
    put(key, list::Record{{}, ::mikusari::Tree{entries.size(), list_trees[key].root(entries.size())}});
  }

  // Returns the leaves of the bodies. They are committed by seal().
  template <class Body>
  std::vector<Digest> say(crypto::SoftwareSigner& signer, const Subject& subject, std::vector<SaidBody> bodies,
                          const std::vector<Approver>& approvers = {}) {
    return say(signer, subject, Body::kind.number, Body::kind.name, std::move(bodies), approvers);
  }
  std::vector<Digest> say(crypto::SoftwareSigner& signer, const Subject& subject, std::uint16_t kind,
                          std::string_view kind_name, std::vector<SaidBody> bodies,
                          const std::vector<Approver>& approvers = {}) {
    std::vector<statement::SaltedBody> salted;
    std::vector<Digest> leaves;
    NaiveLog tree;
    for (const auto& each : bodies) {
      const auto salt = statement::Salt::copy(named("salt" + std::to_string(++salts_)).view().first(16));
      salted.push_back({salt, each.body, std::nullopt});
      leaves.push_back(statement::body_leaf(salt, each.body));
      tree.append(leaves.back());
    }
    said.push_back(sign(signer, subject, kind, kind_name, salted, approvers));
    const auto* row = statement::find_kind(kind);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      Committed body;
      body.statement = said.size() - 1;
      body.index = i;
      body.salt = salted[i].salt;
      body.body = bodies[i].body;
      body.bodies_path = tree.path(i, leaves.size());
      body.outcome = bodies[i].outcome;
      body.touched = bodies[i].touches;
      body.gains = row == nullptr ? statement::Gains::history : row->gains;
      pending_.push_back(std::move(body));
    }
    return leaves;
  }
  // One body of a statement that some other ledger has taken.
  void take(const Said& statement, Committed body) {
    said.push_back(statement);
    body.statement = said.size() - 1;
    pending_.push_back(std::move(body));
  }
  // A signed statement that is not committed.
  Said sign(crypto::SoftwareSigner& signer, const Subject& subject, std::uint16_t kind, std::string_view kind_name,
            std::span<const statement::SaltedBody> bodies, const std::vector<Approver>& approvers = {}) {
    char issuer[80];
    statement::Payload payload;
    payload.ledger = id;
    payload.kind = kind;
    payload.n = ++counter_;
    Octets buffer(limits::submission_bytes_max), more(limits::submission_bytes_max);
    auto submission = need(statement::parse(need(statement::sign_statement(
        signer, need(statement::issuer_of(subject, issuer)), kind_name, payload, bodies, {}, buffer))));
    for (const auto& approver : approvers) {
      const auto approval = need(statement::approve(*approver.signer, submission.identity, approver.role));
      const Octets bytes = octets(need(statement::add_approval(submission, approval, more)));
      std::copy(bytes.begin(), bytes.end(), buffer.begin());
      submission = need(statement::parse(ByteView(buffer).first(bytes.size())));
    }
    const std::size_t size = static_cast<std::size_t>(submission.also.data() - buffer.data()) + submission.also.size();
    return {octets(ByteView(buffer).first(size)), octets(submission.sign1),
            approvers.empty() ? Octets() : octets(submission.also), submission.identity};
  }
  // Ends the block.
  void seal() {
    ++height;
    const std::size_t first = log.size();
    for (auto& body : pending_) commit(std::move(body));
    proof::BlockRecord block;
    block.ledger = id;
    block.height = height;
    block.time_ms = time_ms();
    block.prev = record.empty() ? id : crypto::sha256(record);
    block.map_root = state.root();
    block.changed = hash_of_changed();
    block.first_leaf = first;
    block.committed = pending_.size();
    block.refused_root = merkle::empty_root();
    block.policy_epoch = epoch;
    pending_.clear();
    changed_.clear();
    record = encoded(block);
    log.append(merkle::leaf_hash(record));
  }
  std::uint64_t time_ms() const { return start_ms + 1000 * height; }

  // --- what it answers, under its newest checkpoint; the views live as long as the ledger
  proof::Cosignature cosign(CheckpointKeys& who, std::size_t which, std::size_t size) {
    proof::Cosignature out;
    out.key_id = proof::key_id(who.name, who.keys[which]);
    out.time = static_cast<std::uint64_t>(static_cast<std::int64_t>(time_ms() / 1000 + clock) + who.clock_offset);
    std::byte buffer[proof::cosigned_bytes_max];
    out.signature =
        need(who.signers[which].sign(need(proof::cosigned_bytes(id, size, log.root(size), out.time, buffer))));
    return out;
  }
  proof::Checkpoint checkpoint() {
    auto& signatures = kept_signatures_.emplace_back();
    for (auto& who : checkpoint_keys) {
      for (std::size_t i = 0; i < who.signers.size(); ++i) signatures.push_back(cosign(who, i, log.size()));
    }
    for (auto& who : witnesses) signatures.push_back(cosign(who, 0, log.size()));
    return {{}, id, log.size(), log.root(log.size()), std::span<const proof::Cosignature>(signatures)};
  }
  proof::Anchor anchor() { return {keep(record), keep(log.path(log.size() - 1, log.size())), checkpoint()}; }
  proof::Item item(const Digest& key) { return kept_items_.emplace_back(state.prove(key)).view(); }
  Octets answer(const Digest& key) { return encoded(proof::StateAnswer{{}, anchor(), item(key)}); }
  // With its approvals, when it has any.
  proof::Event event(const Committed& body) {
    const Said& statement = said[body.statement];
    proof::Event out;
    out.sign1 = statement.sign1;
    if (!statement.also.empty()) out.also = ByteView(statement.also);
    out.index = body.index;
    out.bodies_path = keep(body.bodies_path);
    if (body.withheld) {
      out.withheld = statement::body_leaf(body.salt, body.body);
    } else {
      out.salt = body.salt;
      out.body = ByteView(body.body);
    }
    out.height = body.height;
    out.time_ms = body.time_ms;
    out.outcome = body.outcome;
    return out;
  }
  Octets receipt(const Committed& body) {
    return encoded(
        proof::Receipt{{}, event(body), body.leaf_index, keep(log.path(body.leaf_index, log.size())), checkpoint()});
  }
  Octets consistency(std::size_t size1) {
    return encoded(proof::Consistency{{}, size1, log.size(), keep(log.consistency(size1, log.size()))});
  }
  proof::Range range(const NaiveLog& tree, std::size_t first, std::size_t count) {
    return {first, keep(tree.before(first)), keep(tree.behind(first + count))};
  }
  // A page of a list that has that many entries from `first` on.
  proof::ListPage list_page(const Handle& party, list::Kind kind, std::size_t first, std::size_t count) {
    const Digest key = path::list(party, kind);
    proof::ListPage out{{}, anchor(), item(key), range(list_trees[key], first, count), {}, {}};
    auto& items = kept_lists_.emplace_back();
    const auto entries = std::span<const list::Entry>(kept_entries_.emplace_back(lists[key])).subspan(first, count);
    for (const auto& entry : entries) items.push_back(item(proof::path_of(kind, entry.what)));
    out.entries = entries;
    out.items = std::span<const proof::Item>(items);
    return out;
  }

  ByteView keep(const Octets& bytes) { return kept_.emplace_back(bytes); }
  std::span<const Digest> keep(std::vector<Digest> digests) { return kept_digests_.emplace_back(std::move(digests)); }

  const Digest id;
  std::vector<CheckpointKeys> checkpoint_keys, witnesses;
  std::vector<crypto::SoftwareSigner> recovery_signers;
  std::uint64_t recovery_threshold = 0, witness_threshold = 0;
  std::uint64_t epoch = 1;  // that block records name
  std::uint64_t clock = 0;  // seconds by which the signers' clocks are ahead of the newest block
  NaiveLog log;
  NaiveState state;
  Octets record;  // of the newest block
  std::uint64_t height = 0;
  std::deque<Said> said;
  std::deque<Committed> committed;
  std::map<Digest, EventsOf> events;  // by the record's path
  std::map<Digest, std::vector<list::Entry>> lists;
  std::map<Digest, NaiveLog> list_trees;

 private:
  static Octets octets(ByteView bytes) { return Octets(bytes.begin(), bytes.end()); }

  void commit(Committed body) {
    body.leaf_index = log.size();
    body.height = height;
    body.time_ms = time_ms();
    const Digest leaf = need(proof::check_event(event(body))).leaf_hash;
    log.append(leaf);
    for (const auto& key : body.touched) gain(key, leaf, body.gains);
    committed.push_back(std::move(body));
  }
  void gain(const Digest& key, const Digest& leaf, statement::Gains gains) {
    if (gains == statement::Gains::nothing) return;
    auto& its = events[key];
    its.history.append(leaf);
    its.committed.push_back(committed.size());
    if (gains == statement::Gains::life) its.life.append(leaf);
    auto head = need(read_head(*state.find(key)));
    head.changed = height;
    head.history = {its.history.size(), its.history.root(its.history.size())};
    head.life.reset();
    if (its.life.size() != its.history.size())
      head.life = ::mikusari::Tree{its.life.size(), its.life.root(its.life.size())};
    Octets buffer(limits::record_bytes_max);
    state.put(key, octets(need(with_head(*state.find(key), head, buffer))));
    changed_.insert(key);
  }
  Digest hash_of_changed() const {
    Octets prefixes;
    for (const auto& key : changed_) prefixes.insert(prefixes.end(), key.data.begin(), key.data.begin() + 8);
    return crypto::sha256(prefixes);
  }

  std::uint64_t counter_ = 0, salts_ = 0;
  std::vector<Committed> pending_;
  std::set<Digest> changed_;
  std::deque<Octets> kept_;
  std::deque<std::vector<Digest>> kept_digests_;
  std::deque<std::vector<proof::Cosignature>> kept_signatures_;
  std::deque<OwnedItem> kept_items_;
  std::deque<std::vector<proof::Item>> kept_lists_;
  std::deque<std::vector<list::Entry>> kept_entries_;
};

}  // namespace mikusari::test
