// SPDX-License-Identifier: Apache-2.0
// Drills: a node loses its store, or what its signer remembers, and goes on as a new incarnation.
#include "node/recover.hpp"

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "node/node_test_support.hpp"
#include "proof/policy.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"

namespace mikusari::node::testing {
namespace {

namespace fs = std::filesystem;

crypto::SoftwareSigner recovery_signer(int number) {
  return *crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519,
                                               crypto::sha256(as_bytes("recovery " + std::to_string(number))));
}

// A ledger with three recovery keys, of which two bring a lost node back.
class Recovering : public ::testing::Test {
 protected:
  Recovering() : directory_(temporary_.path() + "/node") {
    InitOptions options;
    options.directory = directory_;
    options.config.port = 0;
    options.config.operations_listen = "";
    options.config.reading_all = "anyone";
    options.members = {{"acme", {Role::maker}, 1, 1, {}}};
    for (int i = 0; i < 3; ++i) options.recovery_keys.push_back(recovery_signer(i).public_key());
    options.recovery_threshold = 2;
    const auto made = init(real_.machine(), options);
    EXPECT_TRUE(made.has_value()) << made.error().message();
    made_ = *made;
    genesis_ = platform::read_whole(real_.files, directory_ + "/genesis.cbor", 1 << 20).value();
    auto wallet = keys::file::FileKeyStore::open(real_.machine().for_keys(), made_.wallet_directory,
                                                 keys::file::Credential::unprotected());
    EXPECT_TRUE(wallet.has_value());
    wallet_ = (*wallet)->open("acme").value();
  }

  Result<void> start() {
    TRY(const Config config, read_config(real_.files, made_.config_path));
    TRY(node_, Node::start(real_.machine(), config, log_));
    return {};
  }
  void stop() {
    ASSERT_TRUE(node_->stop().has_value());
    node_.reset();
  }
  Id model_id(std::string_view name) const {
    return names::id(names::member(made_.ledger, "acme"), crypto::sha256(as_bytes(name)));
  }
  // Registers a model; the status of the answer.
  int say(std::string_view name) {
    model::Register body;
    body.nonce = crypto::sha256(as_bytes(name));
    body.name = name;
    body.model_class = thing::Class::chip;
    statement::Payload payload;
    payload.kind = model::Register::kind.number;
    payload.n = ++n_;
    auto client = connect(*node_);
    return post(client, signed_statement(*wallet_, subject_of_party(names::member(made_.ledger, "acme")),
                                         model::Register::kind, payload, platform::encode(body)))
        .status;
  }
  Buffer signed_statement(crypto::Signer& signer, const Subject& subject, const statement::Kind& kind,
                          statement::Payload payload, const Buffer& body) {
    payload.ledger = made_.ledger;
    const statement::SaltedBody salted{{}, body, {}};
    char issuer[80];
    Buffer out(body.size() + 4096);
    const auto bytes = statement::sign_statement(signer, *statement::issuer_of(subject, issuer), kind.name, payload,
                                                 std::span(&salted, 1), {}, out);
    EXPECT_TRUE(bytes.has_value());
    out.resize(bytes->size());
    return out;
  }
  // What the holders of the recovery keys give back for a plan.
  Buffer signed_plan(const RecoveryPlan& plan, std::vector<int> signers = {0, 1}) {
    const auto body = platform::read_whole(real_.files, plan.path, 1 << 16).value();
    statement::Payload payload;
    payload.kind = incarnation::Begin::kind.number;
    payload.n = plan.epoch;
    auto first = recovery_signer(signers.front());
    Buffer out = signed_statement(first, subject_of_party(made_.ledger), incarnation::Begin::kind, payload, body);
    for (std::size_t i = 1; i < signers.size(); ++i) {
      auto other = recovery_signer(signers[i]);
      const auto parsed = statement::parse(out).value();
      const auto approval = statement::approve(other, parsed.identity, statement::ApprovalRole::recovery).value();
      Buffer more(out.size() + 512);
      more.resize(statement::add_approval(parsed, approval, more)->size());
      out = more;
    }
    return out;
  }
  Result<RecoveryPlan> plan(std::optional<std::uint64_t> lost_size = {}) {
    return plan_recovery(real_.machine(), made_.config_path, log_, lost_size);
  }
  Result<void> begin(ByteView statement) { return begin_recovery(real_.machine(), made_.config_path, log_, statement); }
  void recover(std::optional<std::uint64_t> lost_size = {}) {
    const auto planned = plan(lost_size);
    ASSERT_TRUE(planned.has_value()) << planned.error().message();
    const auto begun = begin(signed_plan(*planned));
    ASSERT_TRUE(begun.has_value()) << begun.error().message();
    const auto started = start();
    ASSERT_TRUE(started.has_value()) << started.error().message();
  }
  // A client that has the policy of the genesis follows by the step alone.
  void expect_that_clients_follow(std::optional<std::uint64_t> lost_size = {}) {
    auto client = connect(*node_);
    const Buffer old_bytes = platform::encode(proof::policy_of(*cbor::decode<Genesis>(genesis_), made_.ledger));
    const auto old_policy = proof::parse_policy(old_bytes).value();
    const auto reply = get(client, "/v1/policy/steps/2");
    ASSERT_EQ(reply.status, 200) << reply.text();
    const auto step = proof::step(old_policy, statement::parse(reply.body).value());
    ASSERT_TRUE(step.has_value()) << step.error().message();
    EXPECT_EQ(step->lost_size, lost_size);
    EXPECT_EQ(step->policy.epoch, 2u);
    const auto checkpoint = get(client, "/v1/checkpoint", "application/cbor");
    EXPECT_FALSE(proof::verify(*cbor::decode<proof::Checkpoint>(checkpoint.body), old_policy).has_value());
    EXPECT_TRUE(proof::verify(*cbor::decode<proof::Checkpoint>(checkpoint.body), step->policy).has_value());
    EXPECT_EQ(get(client, "/v1/policy").body, platform::encode(step->policy));
    EXPECT_EQ(platform::read_whole(real_.files, made_.policy_path, 1 << 16).value(), platform::encode(step->policy));
  }
  bool has_model(std::string_view name) {
    auto client = connect(*node_);
    return get(client, "/v1/models/" + platform::to_hex(model_id(name))).status == 200;
  }

  TemporaryDirectory temporary_;
  const std::string directory_;
  RealMachine real_;
  platform::MemoryLog log_{real_.clock};
  Initialised made_;
  Buffer genesis_;
  std::unique_ptr<crypto::Signer> wallet_;
  std::unique_ptr<Node> node_;
  std::uint64_t n_ = 0;
};

TEST_F(Recovering, GoesOnWhenWhatItsSignerRemembersIsLost) {
  ASSERT_TRUE(start().has_value());
  ASSERT_EQ(say("a"), 200);
  stop();
  fs::remove_all(directory_ + "/signer");
  const auto refused = start();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Code::corrupt);
  recover();
  EXPECT_TRUE(has_model("a"));
  EXPECT_EQ(say("b"), 200);
  expect_that_clients_follow();
  stop();
  ASSERT_TRUE(start().has_value()) << "the next start needs nothing";
  EXPECT_EQ(say("c"), 200);
  EXPECT_TRUE(has_model("b"));
}

TEST_F(Recovering, BeginsAgainAtTheGenesisWhenItsStoreIsLost) {
  ASSERT_TRUE(start().has_value());
  ASSERT_EQ(say("a"), 200);
  const auto lost = node_->replica().read().tip().log_size;
  stop();
  fs::remove_all(directory_ + "/store");
  fs::remove_all(directory_ + "/signer");
  const auto planned = plan(lost);
  ASSERT_TRUE(planned.has_value()) << planned.error().message();
  EXPECT_TRUE(planned->store_was_lost);
  ASSERT_TRUE(begin(signed_plan(*planned)).has_value());
  ASSERT_TRUE(start().has_value());
  EXPECT_FALSE(has_model("a"));
  EXPECT_EQ(say("b"), 200);
  expect_that_clients_follow(lost);
}

TEST_F(Recovering, GoesOnFromAnOlderCopyOfItsStore) {
  ASSERT_TRUE(start().has_value());
  ASSERT_EQ(say("a"), 200);
  stop();
  fs::copy(directory_ + "/store", temporary_.path() + "/backup", fs::copy_options::recursive);
  ASSERT_TRUE(start().has_value());
  ASSERT_EQ(say("b"), 200);
  const auto lost = node_->replica().read().tip().log_size;
  stop();
  fs::remove_all(directory_ + "/store");
  fs::copy(temporary_.path() + "/backup", directory_ + "/store", fs::copy_options::recursive);
  const auto refused = start();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Code::corrupt) << refused.error().message();
  recover(lost);
  EXPECT_TRUE(has_model("a"));
  EXPECT_FALSE(has_model("b"));
  EXPECT_EQ(say("c"), 200);
  expect_that_clients_follow(lost);
}

TEST_F(Recovering, ComesBackFromItsGenesisAloneWhenItsDirectoryIsLost) {
  fs::remove_all(directory_);
  InitOptions options;
  options.directory = directory_;
  options.config.port = 0;
  options.config.operations_listen = "";
  options.config.reading_all = "anyone";
  const auto remade = remake(real_.machine(), options, genesis_);
  ASSERT_TRUE(remade.has_value()) << remade.error().message();
  EXPECT_EQ(remade->ledger, made_.ledger);
  EXPECT_FALSE(start().has_value()) << "it has no keys yet";
  recover();
  EXPECT_EQ(say("a"), 200);
  expect_that_clients_follow();
}

TEST_F(Recovering, DemandsAsManyRecoveryKeysAsTheLedgerDoes) {
  ASSERT_TRUE(start().has_value());
  stop();
  const auto planned = plan();
  ASSERT_TRUE(planned.has_value());
  const auto before = platform::read_whole(real_.files, made_.config_path, 1 << 16).value();
  EXPECT_EQ(begin(signed_plan(*planned, {1})).error().code(), Code::unauthenticated);
  EXPECT_EQ(platform::read_whole(real_.files, made_.config_path, 1 << 16).value(), before);
  EXPECT_FALSE(real_.files.exists(directory_ + "/incarnation.cbor"));
  EXPECT_TRUE(start().has_value()) << "until it begins, the node is as it was";
}

TEST_F(Recovering, TakesNoStatementForAnotherLogOrOtherKeys) {
  ASSERT_TRUE(start().has_value());
  stop();
  const auto planned = plan();
  ASSERT_TRUE(planned.has_value());
  const auto statement = signed_plan(*planned);
  ASSERT_TRUE(start().has_value());
  ASSERT_EQ(say("a"), 200);
  stop();
  EXPECT_EQ(begin(statement).error().code(), Code::conflict) << "the log has grown since";
  const auto again = plan();
  ASSERT_TRUE(again.has_value());
  const auto good = signed_plan(*again);
  fs::remove_all(directory_ + "/keys");
  EXPECT_EQ(begin(good).error().code(), Code::invalid) << "its keys are lost";
}

TEST_F(Recovering, GoesOnAfterACutBetweenPlanAndBegin) {
  ASSERT_TRUE(start().has_value());
  ASSERT_EQ(say("a"), 200);
  stop();
  fs::remove_all(directory_ + "/signer");
  ASSERT_TRUE(plan().has_value());
  const auto second = plan();
  ASSERT_TRUE(second.has_value());
  const auto statement = signed_plan(*second);
  ASSERT_TRUE(begin(statement).has_value());
  EXPECT_EQ(begin(statement).error().code(), Code::conflict) << "it has begun";
  ASSERT_TRUE(start().has_value());
  EXPECT_TRUE(has_model("a"));
}

TEST_F(Recovering, IsNotPlannedUnderARunningNode) {
  ASSERT_TRUE(start().has_value());
  EXPECT_EQ(plan().error().code(), Code::unavailable);
}

TEST(Recovery, NeedsRecoveryKeys) {
  const TemporaryDirectory directory;
  RealMachine real;
  InitOptions options;
  options.directory = directory.path() + "/node";
  options.members = {{"acme", {Role::maker}, 1, 1, {}}};
  const auto made = init(real.machine(), options);
  ASSERT_TRUE(made.has_value());
  platform::MemoryLog log(real.clock);
  const auto planned = plan_recovery(real.machine(), made->config_path, log);
  ASSERT_FALSE(planned.has_value());
  EXPECT_EQ(planned.error().code(), Code::invalid);
  EXPECT_NE(planned.error().message().find("without recovery keys"), std::string::npos);
}

}  // namespace
}  // namespace mikusari::node::testing
