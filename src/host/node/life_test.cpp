// SPDX-License-Identifier: Apache-2.0
// The node's own life: start, stop in good order, restart, full queues, a failing disk.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "ledger/test_camera.hpp"
#include "node/node_test_support.hpp"
#include "node/run.hpp"

namespace mikusari::node::testing {
namespace {

using ledger::TestWorld;
using Gate = GatedFiles::Gate;

class Life : public ::testing::Test {
 protected:
  Life() : node_(world_) {}
  explicit Life(const Config& config) : node_(world_, config) {}

  Buffer model(std::string_view name) {
    return world_.submission(world_.key("chips"), std::vector{ledger::CameraWorld::model(name, thing::Class::chip)});
  }
  static net::Call async(Buffer submission) {
    auto call = net::Call::post("/v1/statements", "application/cbor", std::move(submission), net::Repeat::allowed);
    call.headers.add("Prefer", "respond-async");
    return call;
  }

  TestWorld world_;
  WorldNode node_;
};

class SmallQueueLife : public Life {
 protected:
  SmallQueueLife() : Life(small()) {}
  static Config small() {
    Config config;
    config.queue_submissions = 2;
    return config;
  }
};

TEST_F(Life, KeepsEverythingOverARestart) {
  std::string location;
  Buffer before;
  {
    auto client = node_.client();
    const auto reply = post(client, model("a"));
    ASSERT_EQ(reply.status, 200) << reply.text();
    location = reply.header("Location");
    before = reply.body;
  }
  node_.restart();
  auto client = node_.client();
  EXPECT_EQ(get(client, location).body, before);
  EXPECT_EQ(get(client, "/v1/models/" + platform::to_hex(world_.id("chips", "a"))).status, 200);
  EXPECT_EQ(post(client, model("b")).status, 200);
}

TEST_F(Life, FinishesWhatItHasTakenWhenItStops) {
  auto client = node_.client();
  node_.files().set(Gate::closed);
  std::vector<std::string> locations;
  for (const auto* name : {"a", "b", "c"}) {
    const auto reply = ask(client, async(model(name)));
    ASSERT_EQ(reply.status, 202) << reply.text();
    locations.push_back(reply.header("Location"));
  }
  node_.files().await_waiting(1);
  EXPECT_EQ(get(client, locations.front()).status, 202);
  std::thread stopping([&] { EXPECT_TRUE(node_.stop().has_value()); });
  node_.files().set(Gate::open);
  stopping.join();
  node_.start();
  auto again = node_.client();
  for (const auto& location : locations) EXPECT_EQ(get(again, location).status, 200);
  EXPECT_EQ(node_.log().count("\"event\":\"node_stopped\""), 1u);
}

TEST_F(Life, AnswersARequestThatRunsWhileItStops) {
  node_.files().set(Gate::closed);
  Reply reply;
  std::thread sender([&, submission = model("a")]() mutable {
    auto client = node_.client();
    reply = post(client, std::move(submission));
  });
  node_.files().await_waiting(1);
  std::thread stopping([&] { EXPECT_TRUE(node_.stop().has_value()); });
  node_.files().set(Gate::open);
  stopping.join();
  sender.join();
  EXPECT_EQ(reply.status, 200) << reply.text();
}

TEST_F(SmallQueueLife, AnswersTooManyRequestsWhenFullAndTakesMoreLater) {
  auto client = node_.client();
  node_.files().set(Gate::closed);
  const auto a = model("a"), b = model("b"), c = model("c");
  const auto taken = ask(client, async(a));
  EXPECT_EQ(taken.status, 202);
  EXPECT_EQ(ask(client, async(b)).status, 202);
  const auto full = post(client, c);
  EXPECT_EQ(full.status, 429) << full.text();
  EXPECT_EQ(full.header("Retry-After"), "1");
  EXPECT_EQ(ask(client, async(c)).status, 429);
  EXPECT_EQ(ask(client, async(a)).status, 202);  // it is in flight: it costs nothing
  node_.files().set(Gate::open);
  Reply published = get(client, taken.header("Location"));
  while (published.status == 202) published = get(client, taken.header("Location"));
  Reply later = post(client, c);
  while (later.status == 429) later = post(client, c);
  EXPECT_EQ(later.status, 200) << later.text();
}

TEST_F(Life, SaysThatItHasFailedWhenTheDiskDoes) {
  auto client = node_.client();
  node_.files().set(Gate::failing);
  const auto reply = post(client, model("a"));
  EXPECT_EQ(reply.status, 503) << reply.text();
  EXPECT_EQ(get(client, "/readyz").status, 503);
  EXPECT_EQ(get(client, "/livez").status, 200);
  EXPECT_EQ(post(client, model("b")).status, 503);
  EXPECT_EQ(get(client, "/v1/models/" + platform::to_hex(world_.id("chips", "a"))).status,
            404);  // what was not durable was never published
  node_.wait_for_failure();
  const auto stopped = node_.stop();
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code(), Code::internal);
  EXPECT_EQ(node_.log().count("\"event\":\"engine_failed\""), 1u);
}

TEST_F(Life, DoesNotStartWithCheckpointKeysThatNoPolicyCounts) {
  ASSERT_TRUE(node_.stop().has_value());
  const auto refusal = [&](std::string signer, std::vector<std::string> keys) {
    Config config = node_.config();
    config.signer_name = std::move(signer);
    config.checkpoint_keys = std::move(keys);
    platform::MemoryLog log(node_.real().clock);
    const auto started = Node::start(node_.real().machine(), config, log, [] {});
    return started ? std::string("it starts") : started.error().message();
  };
  EXPECT_NE(refusal("another", {"checkpoint"}).find("trust policy does not name"), std::string::npos);
  EXPECT_TRUE(refusal("checkpoint", {}).starts_with("keys.checkpoint"));
  EXPECT_NE(refusal("checkpoint", {"checkpoint", "checkpoint"}).find("named twice"), std::string::npos);
  EXPECT_NE(refusal("checkpoint", {"nobody"}).find("nobody"), std::string::npos);
  node_.start();
}

TEST_F(Life, SignsTheCheckpointAnewOnTheBeat) {
  ASSERT_TRUE(node_.stop().has_value());
  Config config = node_.config();
  platform::MemoryLog log(node_.real().clock);
  auto started = Node::start(node_.real().machine(), config, log);
  ASSERT_TRUE(started.has_value()) << started.error().message();
  const auto before = platform::copy((*started)->replica().read().tip().checkpoint);
  const auto began_s = node_.real().clock.now_ms() / 1000;
  const Heartbeat beats([&] { return (*started)->replica().beat(); }, log, 1);
  // A signature's time is in seconds: the next second brings another checkpoint.
  while ((*started)->replica().read().tip().checkpoint == before && node_.real().clock.now_ms() / 1000 < began_s + 20)
    std::this_thread::yield();
  EXPECT_NE((*started)->replica().read().tip().checkpoint, before);
  EXPECT_EQ(log.count("checkpoint_beat_failed"), 0u);
}

TEST_F(Life, RefusesASecondNodeOverTheSameStore) {
  platform::MemoryLog log(node_.real().clock);
  const auto second = Node::start(node_.real().machine(), node_.config(), log);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), Code::unavailable);
  // The first one's memory is still the one that it writes to.
  auto client = node_.client();
  ASSERT_EQ(post(client, model("a")).status, 200);
  const auto remembered = replica::Checkpointer::recall(
      node_.files(), node_.config().path(node_.config().signer_memory), node_.node().ledger());
  ASSERT_TRUE(remembered.has_value());
  EXPECT_EQ(remembered->back().size, node_.node().replica().read().tip().log_size);
}

TEST_F(Life, NamesWhatIsMissing) {
  ASSERT_TRUE(node_.stop().has_value());
  platform::MemoryLog log(node_.real().clock);
  Config config = node_.config();
  config.genesis = "nowhere.cbor";
  const auto no_genesis = Node::start(node_.real().machine(), config, log);
  ASSERT_FALSE(no_genesis.has_value());
  EXPECT_NE(no_genesis.error().message().find("nowhere.cbor"), std::string::npos);
  config = node_.config();
  config.checkpoint_keys = {"other"};
  const auto no_key = Node::start(node_.real().machine(), config, log);
  ASSERT_FALSE(no_key.has_value());
  EXPECT_NE(no_key.error().message().find("checkpoint key other"), std::string::npos);
}

// --- init and run, as the command line calls them ---

InitOptions small_options(const std::string& directory) {
  InitOptions options;
  options.directory = directory;
  options.config.port = 0;
  options.config.log_file = "node.log";
  options.config.operations_listen = "";
  options.members = {{"acme", {Role::maker, Role::registrar}, 1, 1, {}}};
  return options;
}

// A child process that runs the node; it tells its port through a pipe.
class Child {
 public:
  explicit Child(const std::string& config_path) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      const auto ran = run(config_path, [&](const Node& node) {
        const std::string port = std::to_string(node.port()) + "\n";
        std::ignore = write(ends[1], port.data(), port.size());
      });
      _exit(ran ? 0 : 1);
    }
    close(ends[1]);
    std::string text;
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) text += c;
    close(ends[0]);
    port_ = text;
  }
  ~Child() {
    if (pid_ > 0) end(SIGKILL);
  }
  // The exit code, or minus the signal that ended it.
  int end(int signal) {
    kill(pid_, signal);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  const std::string& port() const { return port_; }

 private:
  pid_t pid_ = -1;
  std::string port_;
};

TEST(NodeProcess, RunsWhatInitMadeAndStopsOnASignal) {
  const TemporaryDirectory directory;
  RealMachine real;
  const auto made = init(real.machine(), small_options(directory.path() + "/node"));
  ASSERT_TRUE(made.has_value()) << made.error().message();
  for (int round = 0; round < 2; ++round) {
    Child child(made->config_path);
    ASSERT_FALSE(child.port().empty());
    net::ClientOptions options;
    options.trust = net::Trust::pinned(made->certificate_fingerprint);
    auto client = net::Client::connect("https://127.0.0.1:" + child.port(), options, real.clock);
    ASSERT_TRUE(client.has_value()) << client.error().message();
    EXPECT_EQ(get(*client, "/readyz").status, 200);
    const auto policy = get(*client, "/v1/policy");
    const auto kept = platform::read_whole(real.files, made->policy_path, 65536);
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(policy.body, *kept);
    EXPECT_EQ(get(*client, "/v1/ledger").member("ledger"), platform::to_hex(made->ledger));
    EXPECT_EQ(child.end(round == 0 ? SIGTERM : SIGINT), 0);
  }
  const auto log = platform::read_whole(real.files, directory.path() + "/node/node.log", 65536);
  ASSERT_TRUE(log.has_value());
  EXPECT_NE(as_text(*log).find("\"event\":\"node_stopped\""), std::string_view::npos);
}

TEST(NodeProcess, ComesBackAfterAKill) {
  const TemporaryDirectory directory;
  RealMachine real;
  const auto made = init(real.machine(), small_options(directory.path() + "/node"));
  ASSERT_TRUE(made.has_value()) << made.error().message();
  EXPECT_EQ(Child(made->config_path).end(SIGKILL), -SIGKILL);
  Child again(made->config_path);
  EXPECT_FALSE(again.port().empty());
  EXPECT_EQ(again.end(SIGTERM), 0);
}

TEST(NodeProcess, EndsWithAnErrorWithoutANode) {
  const TemporaryDirectory directory;
  Child child(directory.path() + "/node.toml");
  EXPECT_TRUE(child.port().empty());
  EXPECT_EQ(child.end(0), 1);
}

}  // namespace
}  // namespace mikusari::node::testing
