// SPDX-License-Identifier: Apache-2.0
// For tests: a small world of members with keys over a ledger in memory. Not linked into programs; needs
// mikusari_crypto_openssl. Everything is deterministic: a key follows from its name, a salt from its statement.
//
//   TestWorld world;                                    // members chips, cameras (makers), city, clinic, lab, notary
//   auto& chips = world.key("chips");                   // a member's key has the member's name
//   const Id battery = world.id("battery");
//   world.accepted(chips, model::Register{"cell", model::Class::battery, {}, 0});
//   const auto fate = world.say(chips, part::Register{battery, model::model_id("chips", "cell"), {}, {}, {}});
//   EXPECT_TRUE(fate.accepted());
//   EXPECT_EQ(world.part(battery).custodian, "chips");
//
// Each say() is a block of its own. Records and their views stay valid as long as the world.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "ledger/execute.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"

namespace mikusari::ledger {

// The state between blocks. Values are kept when they are replaced, so that views stay valid.
class MemorySource final : public Source {
 public:
  std::optional<ByteView> value(const Digest& key) const override {
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::nullopt : std::optional<ByteView>(found->second);
  }
  bool exists(const Digest& key) const override { return rows_.contains(key); }

  void apply(const Overlay& overlay) {
    for (const auto& [key, change] : overlay.changes()) {
      rows_[key] = kept_.emplace_back(platform::copy(change.value));
      auto& entries = lists_[key];
      entries.insert(entries.end(), change.appended.begin(), change.appended.end());
    }
  }
  const std::map<Digest, ByteView>& rows() const { return rows_; }
  // The entries of a list, as replicas index them.
  std::vector<Id> entries(const Digest& key) const { return lists_.contains(key) ? lists_.at(key) : std::vector<Id>(); }
  // One digest over all rows: equal states, equal digests.
  Digest digest() const {
    crypto::Sha256 hash;
    for (const auto& [key, value] : rows_) {
      hash.update(key);
      hash.update(crypto::sha256(value));
    }
    return hash.finish();
  }

 private:
  std::map<Digest, ByteView> rows_;
  std::map<Digest, std::vector<Id>> lists_;
  std::deque<platform::Buffer> kept_;
};

class PlainSignatures final : public Signatures {
 public:
  Result<void> verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) override {
    return crypto::verify(key, message, signature);
  }
};

// A private key, whom it speaks (or shall speak) for, and its counter.
class TestKey {
 public:
  TestKey(std::string_view name, Subject subject, crypto::Algorithm algorithm)
      : id_(platform::copy(subject.id)),
        type_(subject.type),
        signer_(*crypto::SoftwareSigner::from_private(algorithm,
                                                      crypto::sha256({as_bytes("test key "), as_bytes(name)}))) {}

  crypto::Signer& signer() { return signer_; }
  const crypto::PublicKey& key() const { return signer_.public_key(); }
  Digest kid() const { return cose::thumbprint(key()); }
  Subject subject() const { return {type_, id_}; }
  std::uint64_t next_n() const { return n_ + 1; }  // that the next statement will have
  std::uint64_t use_n() { return ++n_; }

 private:
  platform::Buffer id_;
  SubjectType type_;
  crypto::SoftwareSigner signer_;
  std::uint64_t n_ = 0;
};

struct TestMember {
  std::string_view name;
  std::vector<Role> roles;
  std::uint64_t weight = 1;
};

struct TestOptions {
  std::vector<TestMember> members = {{"chips", {Role::maker}},         {"cameras", {Role::maker}},
                                     {"city", {Role::fleet_operator}}, {"clinic", {Role::fleet_operator}},
                                     {"lab", {Role::witness}},         {"notary", {Role::witness}}};
  std::uint64_t rotation_veto_ms = 60'000;
  std::uint64_t block_interval_ms = 1000;
  crypto::Algorithm algorithm = crypto::Algorithm::ed25519;
};

// How a statement is said, beside its bodies.
struct How {
  std::optional<std::uint64_t> on = {};
  std::vector<TestKey*> approvers = {};  // with the role that the kind takes
  bool atomic = false;
  std::optional<std::uint64_t> n = {};
  std::optional<std::uint64_t> valid_until_ms = {};
};

class TestWorld {
 public:
  static constexpr std::uint64_t start_ms = 1'800'000'000'000;

  explicit TestWorld(const TestOptions& options = {})
      : algorithm_(options.algorithm), block_interval_ms_(options.block_interval_ms) {
    Overlay overlay(state_);
    genesis_ = platform::encode(make_genesis(options));
    ledger_ = crypto::sha256(genesis_);
    const auto genesis = cbor::decode<Genesis>(genesis_);
    ASSERT(genesis.has_value() && check(*genesis).has_value());
    found(*genesis, ledger_, overlay);
    state_.apply(overlay);
  }
  TestWorld(const TestWorld&) = delete;
  TestWorld& operator=(const TestWorld&) = delete;

  // Things and keys by name.
  static Id id(std::string_view name) { return crypto::sha256(as_bytes(name)); }
  TestKey& key(std::string_view name) {
    const auto found = keys_.find(std::string(name));
    ASSERT(found != keys_.end());
    return *found->second;
  }
  // A new key that nobody has registered yet.
  TestKey& new_key(std::string_view name, Subject subject) { return new_key(name, subject, algorithm_); }
  TestKey& new_key(std::string_view name, Subject subject, crypto::Algorithm algorithm) {
    auto& slot = keys_[std::string(name)];
    ASSERT(slot == nullptr);
    slot = std::make_unique<TestKey>(name, subject, algorithm);
    return *slot;
  }
  TestKey& new_member_key(std::string_view name, std::string_view member) {
    return new_key(name, {SubjectType::member, as_bytes(member)});
  }
  TestKey& new_thing_key(std::string_view name, SubjectType type, const Id& thing) {
    return new_key(name, {type, thing});
  }

  // What keys sign beside statements.
  crypto::Signature possession(TestKey& holder, const TestKey& registrar) {
    std::byte buffer[statement::small_message_bytes_max];
    return *holder.signer().sign(
        *statement::possession_bytes(holder.key(), ledger_, registrar.kid(), holder.subject(), buffer));
  }
  // For the next statement of `assembler`.
  device::Mount mount(const Id& part, TestKey& part_key, const TestKey& assembler, const Id& unit) {
    std::byte buffer[statement::small_message_bytes_max];
    return {part, *part_key.signer().sign(*statement::mount_bytes(part_key.key(), ledger_, assembler.kid(), unit, part,
                                                                  assembler.next_n(), buffer))};
  }
  key::Register registration(TestKey& key, const TestKey& registrar, key::Purpose purpose = key::Purpose::wallet) {
    return {key.key(), purpose, key.subject(), possession(key, registrar)};
  }

  // Statements.
  template <statement::Body Body>
  platform::Buffer submission(TestKey& signer, const std::vector<Body>& bodies, const How& how = {}) {
    std::vector<platform::Buffer> encoded;
    for (const auto& body : bodies) encoded.push_back(platform::encode(body));
    return submission(signer, Body::kind, encoded, how);
  }
  platform::Buffer submission(TestKey& signer, const statement::Kind& kind, const std::vector<platform::Buffer>& bodies,
                              const How& how = {}) {
    statement::Payload payload;
    payload.ledger = ledger_;
    payload.kind = kind.number;
    payload.atomic = how.atomic;
    payload.n = how.n ? *how.n : signer.use_n();
    payload.on = how.on;
    payload.valid_until_ms = how.valid_until_ms;
    std::vector<statement::SaltedBody> salted;
    for (std::size_t i = 0; i < bodies.size(); ++i) salted.push_back({salt(signer, payload.n, i), bodies[i]});
    char issuer[80];
    platform::Buffer out(statement_bytes(bodies));
    const auto bytes = statement::sign_statement(signer.signer(), *statement::issuer_of(signer.subject(), issuer),
                                                 kind.name, payload, salted, {}, out);
    ASSERT(bytes.has_value());
    out.resize(bytes->size());
    for (auto* approver : how.approvers) out = approved(out, *approver, role_of(kind));
    return out;
  }
  platform::Buffer approved(ByteView submission, TestKey& approver, statement::ApprovalRole role) {
    const auto parsed = statement::parse(submission);
    ASSERT(parsed.has_value());
    platform::Buffer out(submission.size() + 512);
    const auto bytes =
        statement::add_approval(*parsed, *statement::approve(approver.signer(), parsed->identity, role), out);
    ASSERT(bytes.has_value());
    out.resize(bytes->size());
    return out;
  }

  // The door, on the state as it is.
  Result<void> door(ByteView submission) {
    TRY(const auto parsed, statement::parse(submission));
    return check_signatures(parsed, next_block(), state_, signatures_);
  }
  // Executes a block of submissions that the door lets in, and lets the time between two blocks pass.
  std::vector<SubmissionFate> block(const std::vector<platform::Buffer>& submissions) {
    const auto context = next_block();
    Overlay overlay(state_);
    std::vector<SubmissionFate> fates;
    for (const auto& submission : submissions) {
      const auto parsed = statement::parse(submission);
      ASSERT(parsed.has_value());
      const auto door = check_signatures(*parsed, context, state_, signatures_);
      if (!door) assertion_failed(door.error().message().c_str(), "testing.hpp", __LINE__);
      fates.push_back(execute(*parsed, context, state_, overlay, signatures_));
    }
    state_.apply(overlay);
    history_.push_back({context.time_ms, submissions});
    ++height_;
    pass(block_interval_ms_);
    return fates;
  }
  template <statement::Body Body>
  std::vector<BodyFate> say_all(TestKey& signer, const std::vector<Body>& bodies, const How& how = {}) {
    return block({submission(signer, bodies, how)}).front().bodies;
  }
  template <statement::Body Body>
  BodyFate say(TestKey& signer, const Body& body, const How& how = {}) {
    return say_all(signer, std::vector<Body>{body}, how).front();
  }
  // The same, and stops the test program when it is refused: for what only prepares a test.
  template <statement::Body Body>
  void accepted(TestKey& signer, const Body& body, const How& how = {}) {
    const auto fate = say(signer, body, how);
    if (!fate.accepted()) {
      const auto text = std::string(statement::text_of(fate.refusal).name) + ": " + fate.subject + " " + fate.object;
      assertion_failed(text.c_str(), "testing.hpp", __LINE__);
    }
  }
  void pass(std::uint64_t ms) { time_ms_ += ms; }

  // The state.
  template <class Record>
  std::optional<Record> find(const Digest& path) const {
    return View(state_).get<Record>(path);
  }
  part::Record part(const Id& id) const { return find<part::Record>(path::part(id)).value(); }
  device::Record device(const Id& id) const { return find<device::Record>(path::device(id)).value(); }
  model::Record model(const Id& id) const { return find<model::Record>(path::model(id)).value(); }
  member::Record member(std::string_view name) const { return find<member::Record>(path::member(name)).value(); }
  key::Record key_record(const Digest& kid) const { return find<key::Record>(path::key(kid)).value(); }

  const MemorySource& state() const { return state_; }
  // Every block so far, to be played on something else.
  struct Ordered {
    std::uint64_t time_ms;
    std::vector<platform::Buffer> submissions;
  };
  const std::vector<Ordered>& history() const { return history_; }
  const Digest& ledger() const { return ledger_; }
  const platform::Buffer& genesis() const { return genesis_; }
  BlockContext next_block() const { return {ledger_, height_ + 1, time_ms_}; }
  std::uint64_t time_ms() const { return time_ms_; }
  Signatures& signatures() { return signatures_; }

 private:
  // Views into the options and keys_: encoded at once.
  Genesis make_genesis(const TestOptions& options) {
    for (const auto& member : options.members) {
      auto& key = new_member_key(member.name, member.name);
      genesis_keys_.push_back(key.key());
    }
    for (std::size_t i = 0; i < options.members.size(); ++i) {
      const auto& member = options.members[i];
      genesis_members_.push_back(
          {member.name, {std::span(member.roles)}, member.weight, {std::span(&genesis_keys_[i], 1)}});
    }
    auto& signer = new_member_key("checkpoint", "checkpoint");
    genesis_keys_.push_back(signer.key());
    checkpoint_signer_ = {"checkpoint", {std::span(&genesis_keys_.back(), 1)}, 1};
    Genesis out;
    out.nonce = id("a test ledger");
    out.time_ms = start_ms;
    out.members = {std::span<const GenesisMember>(genesis_members_)};
    out.checkpoint_signers = {std::span<const CheckpointSigner>(&checkpoint_signer_, 1)};
    out.checkpoint_threshold = 1;
    out.rotation_veto_ms = options.rotation_veto_ms;
    return out;
  }
  static statement::Salt salt(const TestKey& signer, std::uint64_t n, std::size_t index) {
    const std::uint64_t numbers[2] = {n, index};
    return statement::Salt::copy(crypto::sha256({signer.kid(), std::as_bytes(std::span(numbers))}).view().first(16));
  }
  static std::size_t statement_bytes(const std::vector<platform::Buffer>& bodies) {
    std::size_t out = 1024;
    for (const auto& body : bodies) out += body.size() + 32;
    return out;
  }
  static statement::ApprovalRole role_of(const statement::Kind& kind) {
    switch (kind.signers) {
      case statement::Signers::release_keys: return statement::ApprovalRole::release;
      case statement::Signers::witnesses: return statement::ApprovalRole::witness;
      default: return statement::ApprovalRole::member;
    }
  }

  crypto::Algorithm algorithm_;
  std::uint64_t block_interval_ms_;
  std::map<std::string, std::unique_ptr<TestKey>> keys_;
  std::deque<crypto::PublicKey> genesis_keys_;
  std::vector<GenesisMember> genesis_members_;
  CheckpointSigner checkpoint_signer_;
  MemorySource state_;
  platform::Buffer genesis_;
  Digest ledger_;
  PlainSignatures signatures_;
  std::vector<Ordered> history_;
  std::uint64_t height_ = 0, time_ms_ = start_ms + 1000;
};

}  // namespace mikusari::ledger
