// SPDX-License-Identifier: Apache-2.0
// For tests only: a small ledger in memory that signs and proves as a real one does, and believes whatever it is told.
// Everything is a function of fixed seeds, so that two runs give the same bytes. One thread at a time.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "crypto/openssl/software_signer.hpp"
#include "proof/test_trees.hpp"
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

inline Octets flipped(ByteView bytes, std::size_t at, unsigned mask = 0x01) {
  Octets out(bytes.begin(), bytes.end());
  out[at] ^= static_cast<std::byte>(mask);
  return out;
}

// One committed body.
struct Committed {
  std::size_t leaf_index = 0;
  std::size_t statement = 0;  // index into TestLedger::sign1s
  std::uint64_t index = 0;
  statement::Salt salt;
  Octets body;
  std::vector<Digest> bodies_path;
  std::uint64_t height = 0, time_ms = 0;
  statement::Outcome outcome = statement::Outcome::done;
  std::vector<Digest> touched;  // paths of the records that it changed
};

struct SaidBody {
  Octets body;
  std::vector<Digest> touches;
};

class TestLedger {
 public:
  static constexpr std::uint64_t start_ms = 1'800'000'000'000;

  explicit TestLedger(std::string_view name = "test ledger") : id(named(name)) {}

  // --- who signs checkpoints
  struct CheckpointKeys {
    std::string name;
    std::vector<crypto::SoftwareSigner> signers;
    std::vector<crypto::PublicKey> keys;
    std::uint64_t weight = 0;
    std::int64_t clock_offset = 0;  // seconds
  };
  void add_checkpoint_signer(std::string_view name, std::uint64_t weight, std::vector<crypto::Algorithm> algorithms,
                             std::int64_t clock_offset = 0) {
    CheckpointKeys entry{std::string(name), {}, {}, weight, clock_offset};
    for (const auto algorithm : algorithms) {
      entry.signers.push_back(signer_from(std::string(name) + std::string(crypto::name(algorithm)), algorithm));
      entry.keys.push_back(entry.signers.back().public_key());
    }
    checkpoint_keys.push_back(std::move(entry));
  }
  Octets policy(std::uint64_t threshold, std::uint64_t epoch = 1) const {
    std::vector<CheckpointSigner> signers;
    for (const auto& entry : checkpoint_keys) {
      signers.push_back({entry.name, std::span<const crypto::PublicKey>(entry.keys), entry.weight});
    }
    proof::Policy out;
    out.ledger = id;
    out.epoch = epoch;
    out.signers = std::span<const CheckpointSigner>(signers);
    out.threshold = threshold;
    return encoded(out);
  }

  // --- what happens
  template <class Record>
  void put(const Digest& key, Record content) {
    if constexpr (std::is_base_of_v<Head, Record>) {
      if (const Octets* before = state.find(key)) static_cast<Head&>(content) = need(read_head(*before));
    }
    state.put(key, encoded(content));
  }
  template <class Body>
  void say(crypto::SoftwareSigner& signer, const Subject& subject, std::vector<SaidBody> bodies) {
    say(signer, subject, Body::kind.number, Body::kind.name, std::move(bodies));
  }
  void say(crypto::SoftwareSigner& signer, const Subject& subject, std::uint16_t kind, std::string_view kind_name,
           std::vector<SaidBody> bodies) {
    std::vector<statement::SaltedBody> salted;
    std::vector<Digest> leaves;
    for (const auto& said : bodies) {
      const auto salt = statement::Salt::copy(named("salt" + std::to_string(++salts_)).view().first(16));
      salted.push_back({salt, said.body});
      leaves.push_back(statement::body_leaf(salt, said.body));
    }
    char issuer[80];
    statement::Payload payload;
    payload.ledger = id;
    payload.kind = kind;
    payload.n = ++counter_;
    Octets buffer(limits::submission_bytes_max);
    const auto submission = need(statement::parse(need(statement::sign_statement(
        signer, need(statement::issuer_of(subject, issuer)), kind_name, payload, salted, {}, buffer))));
    sign1s.emplace_back(submission.sign1.begin(), submission.sign1.end());
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      NaiveLog tree;
      for (const auto& leaf : leaves) tree.append(leaf);
      pending_.push_back({0, sign1s.size() - 1, i, salted[i].salt, bodies[i].body, tree.path(i, leaves.size()), 0, 0,
                          statement::Outcome::done, bodies[i].touches});
    }
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
    block.first_leaf = first;
    block.committed = pending_.size();
    block.refused_root = merkle::empty_root();
    block.policy_epoch = 1;
    pending_.clear();
    record = encoded(block);
    log.append(merkle::leaf_hash(record));
  }
  std::uint64_t time_ms() const { return start_ms + 1000 * height; }

  // --- what it answers, under its newest checkpoint; the views live as long as the ledger
  proof::Cosignature cosign(CheckpointKeys& who, std::size_t which, std::size_t size) {
    proof::Cosignature out;
    out.key_id = proof::key_id(who.name, who.keys[which]);
    out.time = static_cast<std::uint64_t>(static_cast<std::int64_t>(time_ms() / 1000) + who.clock_offset);
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
    return {id, log.size(), log.root(log.size()), std::span<const proof::Cosignature>(signatures)};
  }
  proof::Anchor anchor() { return {keep(record), keep(log.path(log.size() - 1, log.size())), checkpoint()}; }
  proof::Item item(const Digest& key) { return kept_items_.emplace_back(state.prove(key)).view(); }
  Octets answer(const Digest& key) { return encoded(proof::StateAnswer{anchor(), item(key)}); }
  proof::Event event(const Committed& body) {
    return {sign1s[body.statement], body.index,  body.salt,    body.body,
            keep(body.bodies_path), body.height, body.time_ms, body.outcome};
  }
  Octets receipt(const Committed& body) {
    return encoded(
        proof::Receipt{event(body), body.leaf_index, keep(log.path(body.leaf_index, log.size())), checkpoint()});
  }
  Octets consistency(std::size_t size1) {
    return encoded(proof::Consistency{size1, log.size(), keep(log.consistency(size1, log.size()))});
  }

  ByteView keep(const Octets& bytes) { return kept_.emplace_back(bytes); }
  std::span<const Digest> keep(std::vector<Digest> digests) { return kept_digests_.emplace_back(std::move(digests)); }

  const Digest id;
  std::vector<CheckpointKeys> checkpoint_keys;
  NaiveLog log;
  NaiveState state;
  Octets record;  // of the newest block
  std::uint64_t height = 0;
  std::deque<Octets> sign1s;
  std::deque<Committed> committed;

 private:
  void commit(Committed body) {
    body.leaf_index = log.size();
    body.height = height;
    body.time_ms = time_ms();
    const Digest leaf = need(proof::check_event(event(body))).leaf_hash;
    log.append(leaf);
    for (const auto& key : body.touched) {
      std::byte buffer[limits::record_bytes_max];
      const auto moved = need(advance_head(*state.find(key), height, leaf, buffer));
      state.put(key, Octets(moved.begin(), moved.end()));
    }
    committed.push_back(std::move(body));
  }

  std::uint64_t counter_ = 0, salts_ = 0;
  std::vector<Committed> pending_;
  std::deque<Octets> kept_;
  std::deque<std::vector<Digest>> kept_digests_;
  std::deque<std::vector<proof::Cosignature>> kept_signatures_;
  std::deque<OwnedItem> kept_items_;
};

}  // namespace mikusari::test
