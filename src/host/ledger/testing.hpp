// SPDX-License-Identifier: Apache-2.0
// For tests: a small world of members with keys over a ledger in memory. Not linked into programs; needs
// mikusari_crypto_openssl. Everything is deterministic: a key follows from its name, a salt from its statement.
//
//   TestWorld world;                                    // members chips, cameras (makers), city, clinic, lab, ...
//   auto& chips = world.key("chips");                   // a member's first key has the member's name
//   const Id battery = world.id("chips", "battery");    // what chips registers with the nonce of that name
//   world.accepted(chips, model::Register{TestWorld::nonce("cell"), "cell", model::Class::battery, {}, 0});
//   const auto fate = world.say(chips, part::Register{TestWorld::nonce("battery"), world.id("chips", "cell"), ...});
//   EXPECT_TRUE(fate.accepted());
//   EXPECT_EQ(world.part(battery).held_by(), world.handle("chips"));
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
  ByteView sides(const Digest& key) const override {
    const auto found = sides_.find(key);
    return found == sides_.end() ? ByteView() : found->second;
  }
  bool exists(const Digest& key) const override { return rows_.contains(key); }

  void apply(const Overlay& overlay) {
    for (const auto& [key, change] : overlay.changes()) {
      rows_[key] = kept_.emplace_back(platform::copy(change.value));
      sides_[key] = kept_.emplace_back(platform::copy(change.sides));
      auto& entries = lists_[key];
      entries.insert(entries.end(), change.appended.begin(), change.appended.end());
    }
  }
  const std::map<Digest, ByteView>& rows() const { return rows_; }
  // The entries of a list, as replicas index them.
  std::vector<list::Entry> entries(const Digest& key) const {
    return lists_.contains(key) ? lists_.at(key) : std::vector<list::Entry>();
  }
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
  std::map<Digest, ByteView> rows_, sides_;
  std::map<Digest, std::vector<list::Entry>> lists_;
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
  TestKey(std::string_view name, const Subject& subject, key::Purpose purpose, crypto::Algorithm algorithm)
      : subject_(subject),
        purpose_(purpose),
        signer_(*crypto::SoftwareSigner::from_private(algorithm,
                                                      crypto::sha256({as_bytes("test key "), as_bytes(name)}))) {}

  crypto::Signer& signer() { return signer_; }
  const crypto::PublicKey& key() const { return signer_.public_key(); }
  Digest kid() const { return cose::thumbprint(key()); }
  const Subject& subject() const { return subject_; }
  key::Purpose purpose() const { return purpose_; }
  void set_subject(const Subject& subject) { subject_ = subject; }
  std::uint64_t next_n() const { return n_ + 1; }  // that the next statement will have
  std::uint64_t use_n() { return ++n_; }

 private:
  Subject subject_;
  key::Purpose purpose_;
  crypto::SoftwareSigner signer_;
  std::uint64_t n_ = 0;
};

struct TestMember {
  std::string name;
  std::vector<Role> roles;
  std::uint64_t weight = 1;
  std::uint64_t k = 1;
  std::vector<std::string> further_keys = {};  // wallet keys beside the first
  std::vector<std::string> release_keys = {};
};

struct TestOptions {
  std::vector<TestMember> members = {{"chips", {Role::maker}},
                                     {"cameras", {Role::maker}, 1, 1, {}, {"release-1", "release-2", "release-3"}},
                                     {"city", {Role::registrar}},
                                     {"clinic", {Role::registrar}},
                                     {"lab", {Role::witness, Role::laboratory}},
                                     {"notary", {Role::witness, Role::certifier}}};
  Parameters parameters = {};
  std::uint64_t block_interval_ms = 1000;
  crypto::Algorithm algorithm = crypto::Algorithm::ed25519;
};

// How a statement is said, beside its bodies.
struct How {
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
    name_founders();
  }
  TestWorld(const TestWorld&) = delete;
  TestWorld& operator=(const TestWorld&) = delete;

  // Things, parties and keys by name.
  static Bytes<32> nonce(std::string_view name) { return crypto::sha256(as_bytes(name)); }
  Handle handle(std::string_view member) const { return names::member(ledger_, member); }
  Id id(std::string_view member, std::string_view name) const { return names::id(handle(member), nonce(name)); }
  TestKey& key(std::string_view name) {
    const auto found = keys_.find(std::string(name));
    ASSERT(found != keys_.end());
    return *found->second;
  }
  // A new key that nobody has registered yet.
  TestKey& new_key(std::string_view name, const Subject& subject, key::Purpose purpose = key::Purpose::wallet) {
    return new_key(name, subject, purpose, algorithm_);
  }
  TestKey& new_key(std::string_view name, const Subject& subject, key::Purpose purpose, crypto::Algorithm algorithm) {
    auto& slot = keys_[std::string(name)];
    ASSERT(slot == nullptr);
    slot = std::make_unique<TestKey>(name, subject, purpose, algorithm);
    return *slot;
  }
  TestKey& new_member_key(std::string_view name, std::string_view member) {
    return new_key(name, subject_of_party(handle(member)));
  }

  // What keys sign beside statements.
  crypto::Signature possession(TestKey& holder, const TestKey& registrar, std::uint64_t tenure = 0,
                               const std::optional<Digest>& commitment = std::nullopt) {
    return possession_of(holder, ledger_, registrar.kid(), tenure, commitment);
  }
  // For the next statement of `assembler`.
  device::Mount mount(const Id& part, TestKey& part_key, const TestKey& assembler, const Id& unit) {
    std::byte buffer[statement::small_message_bytes_max];
    return {part, *part_key.signer().sign(*statement::mount_bytes(part_key.key(), ledger_, assembler.kid(), unit, part,
                                                                  assembler.next_n(), buffer))};
  }
  key::Register registration(TestKey& key, const TestKey& registrar, std::uint64_t tenure = 0,
                             const std::optional<Digest>& commitment = std::nullopt) {
    return {key.key(),
            key.purpose(),
            key.subject(),
            possession(key, registrar, tenure, commitment),
            key::Level::file,
            key::Activation::nothing,
            {}};
  }
  // A party under the registrar `member`, with a wallet key of the name given. Returns the handle.
  party::Open opening(std::string_view name, std::string_view member, TestKey*& key) {
    key = &new_key(name, {});
    const Handle handle = names::party(ledger_, this->handle(member), key->kid(), nonce(name));
    key->set_subject(subject_of_party(handle));
    party::Open body;
    body.nonce = nonce(name);
    body.key = key->key();
    body.recovery = party::Recovery::none;
    prove(body, *key, this->key(member));
    return body;
  }
  // The proofs of an opening, for all that it says now.
  void prove(party::Open& body, TestKey& key, const TestKey& registrar, TestKey* standby = nullptr) {
    if (standby != nullptr) body.standby = standby->key();
    body.possession = possession(key, registrar, 0, party::asked(body));
    if (standby != nullptr) body.standby_possession = possession(*standby, registrar, 0, party::asked(body));
  }
  Handle open_party(std::string_view name, std::string_view member) {
    TestKey* key = nullptr;
    accepted(this->key(member), opening(name, member, key));
    return key->subject().id;
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
    payload.valid_until_ms = how.valid_until_ms;
    std::vector<statement::SaltedBody> salted;
    for (std::size_t i = 0; i < bodies.size(); ++i) salted.push_back({salt(signer, payload.n, i), bodies[i], {}});
    char issuer[80];
    platform::Buffer out(statement_bytes(bodies));
    const auto bytes = statement::sign_statement(signer.signer(), *statement::issuer_of(signer.subject(), issuer),
                                                 kind.name, payload, salted, {}, out);
    ASSERT(bytes.has_value());
    out.resize(bytes->size());
    for (auto* approver : how.approvers) out = approved(out, *approver, *statement::role_of(kind.signers));
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
    Decoded decoded;
    return check_signatures(parsed, next_block(), state_, signatures_, decoded);
  }
  // Executes a block of submissions that the door lets in, and lets the time between two blocks pass.
  std::vector<SubmissionFate> block(const std::vector<platform::Buffer>& submissions) {
    const auto context = next_block();
    Overlay overlay(state_);
    std::vector<SubmissionFate> fates;
    for (const auto& submission : submissions) {
      const auto parsed = statement::parse(submission);
      ASSERT(parsed.has_value());
      const auto door = check_signatures(*parsed, context, state_, signatures_, overlay.decoded());
      if (!door) assertion_failed(door.error().message().c_str(), "testing.hpp", __LINE__);
      fates.push_back(execute(*parsed, submission.size(), context, state_, overlay, signatures_));
    }
    state_.apply(overlay);
    history_.push_back({context.time_ms, submissions});
    ++height_;
    pass(block_interval_ms_);
    return fates;
  }
  // The fates of the bodies; of a statement that is discarded, why, for each.
  template <statement::Body Body>
  std::vector<BodyFate> say_all(TestKey& signer, const std::vector<Body>& bodies, const How& how = {}) {
    auto fate = block({submission(signer, bodies, how)}).front();
    if (fate.standing == Standing::discarded) fate.bodies.assign(bodies.size(), fate.why);
    return fate.bodies;
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
    Steps steps;
    return View(state_, steps).get<Record>(path);
  }
  part::Record part(const Id& id) const { return find<part::Record>(path::part(id)).value(); }
  device::Record device(const Id& id) const { return find<device::Record>(path::device(id)).value(); }
  model::Record model(const Id& id) const { return find<model::Record>(path::model(id)).value(); }
  party::Record party(const Handle& handle) const { return find<party::Record>(path::party(handle)).value(); }
  party::Record member(std::string_view name) const { return party(handle(name)); }
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
  crypto::Signature possession_of(TestKey& holder, const Digest& ledger, const Digest& registrar, std::uint64_t tenure,
                                  const std::optional<Digest>& commitment) {
    std::byte buffer[statement::small_message_bytes_max];
    return *holder.signer().sign(*statement::possession_bytes(
        holder.key(), {ledger, registrar, holder.subject(), holder.purpose(), tenure, commitment}, buffer));
  }
  MemberKey genesis_key(const std::string& name, const std::string& member, key::Purpose purpose) {
    const Digest founding = nonce("a test ledger");
    auto& key = new_key(name, subject_of_party(names::member(founding, member)), purpose);
    founders_.emplace_back(&key, member);
    return {key.key(), purpose, key::Level::file, key::Activation::nothing,
            possession_of(key, founding, {}, 0, std::nullopt)};
  }
  // Views into the options and the members below: encoded at once.
  Genesis make_genesis(const TestOptions& options) {
    for (const auto& member : options.members) {
      auto& keys = genesis_keys_.emplace_back();
      keys.push_back(genesis_key(member.name, member.name, key::Purpose::wallet));
      for (const auto& name : member.further_keys) keys.push_back(genesis_key(name, member.name, key::Purpose::wallet));
      for (const auto& name : member.release_keys)
        keys.push_back(genesis_key(name, member.name, key::Purpose::release));
      genesis_members_.push_back(
          {member.name, member.weight, member.k, {std::span(member.roles)}, {std::span<const MemberKey>(keys)}});
    }
    checkpoint_key_ = new_key("checkpoint", {}, key::Purpose::wallet, crypto::Algorithm::ed25519).key();
    checkpoint_signer_ = {"checkpoint", {std::span<const crypto::PublicKey>(&checkpoint_key_, 1)}, 1};
    for (const auto* name : {"recovery-1", "recovery-2", "recovery-3"})
      recovery_keys_.push_back(new_key(name, {}, key::Purpose::recovery).key());
    Genesis out;
    out.nonce = nonce("a test ledger");
    out.time_ms = start_ms;
    out.members = {std::span<const NewMember>(genesis_members_)};
    out.checkpoint_signers = {std::span<const CheckpointSigner>(&checkpoint_signer_, 1)};
    out.checkpoint_threshold = 1;
    out.recovery_keys = {std::span<const crypto::PublicKey>(recovery_keys_)};
    out.recovery_threshold = 2;
    out.parameters = options.parameters;
    return out;
  }
  // The ledger's id is known now: whom the founding keys speak for.
  void name_founders() {
    for (const auto& [key, member] : founders_) key->set_subject(subject_of_party(handle(member)));
    for (const auto* name : {"recovery-1", "recovery-2", "recovery-3"})
      key(name).set_subject(subject_of_party(ledger_));
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
  crypto::Algorithm algorithm_;
  std::uint64_t block_interval_ms_;
  std::map<std::string, std::unique_ptr<TestKey>> keys_;
  std::vector<std::pair<TestKey*, std::string>> founders_;
  std::deque<std::vector<MemberKey>> genesis_keys_;
  std::vector<NewMember> genesis_members_;
  crypto::PublicKey checkpoint_key_;
  CheckpointSigner checkpoint_signer_;
  std::vector<crypto::PublicKey> recovery_keys_;
  MemorySource state_;
  platform::Buffer genesis_;
  Digest ledger_;
  PlainSignatures signatures_;
  std::vector<Ordered> history_;
  std::uint64_t height_ = 0, time_ms_ = start_ms + 1000;
};

}  // namespace mikusari::ledger
