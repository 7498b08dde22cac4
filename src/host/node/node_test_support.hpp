// SPDX-License-Identifier: Apache-2.0
// For tests: a real node on loopback - files, threads, TLS - whose ledger is founded by the genesis of a test world, so
// that the world can sign for it, and foretells what it must answer.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "json/parse.hpp"
#include "ledger/test_camera.hpp"
#include "net/client.hpp"
#include "node/node.hpp"
#include "platform/posix/clock.hpp"
#include "platform/posix/file.hpp"
#include "platform/posix/random.hpp"
#include "platform/simulated/log.hpp"

namespace mikusari::node::testing {

using platform::Buffer;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = ::testing::TempDir() + "mikusari-node-XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Real files whose sync() can be held up, or made to fail.
class GatedFiles final : public platform::Files {
 public:
  enum class Gate : std::uint8_t { open, closed, failing };
  void set(Gate gate) {
    platform::MutexLock lock(mutex_);
    gate_ = gate;
    changed_.notify_all();
  }
  // Until so many threads stand at the closed gate.
  void await_waiting(std::size_t count) {
    platform::MutexLock lock(mutex_);
    while (waiting_ < count) changed_.wait(mutex_);
  }

  Result<std::unique_ptr<platform::File>> open(const std::string& path, platform::Open how,
                                               platform::Permission permission) override {
    TRY(auto file, files_.open(path, how, permission));
    return std::make_unique<GatedFile>(*this, std::move(file));
  }
  Result<platform::Entry> entry(const std::string& path) const override { return files_.entry(path); }
  Result<std::uint64_t> size(const std::string& path) const override { return files_.size(path); }
  Result<void> rename(const std::string& from, const std::string& to) override { return files_.rename(from, to); }
  Result<void> remove(const std::string& path) override { return files_.remove(path); }
  Result<std::vector<std::string>> list(const std::string& directory) const override { return files_.list(directory); }
  Result<void> make_directory(const std::string& path) override { return files_.make_directory(path); }
  Result<void> sync_directory(const std::string& path) override { return files_.sync_directory(path); }
  Result<std::unique_ptr<platform::DirectoryLock>> lock(const std::string& directory) override {
    return files_.lock(directory);
  }

 private:
  class GatedFile final : public platform::File {
   public:
    GatedFile(GatedFiles& gate, std::unique_ptr<platform::File> file) : gate_(gate), file_(std::move(file)) {}
    Result<void> read(std::uint64_t offset, MutableByteView into) const override { return file_->read(offset, into); }
    Result<std::uint64_t> append(ByteView bytes) override { return file_->append(bytes); }
    Result<void> sync() override {
      TRY(gate_.pass());
      return file_->sync();
    }
    Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
    std::uint64_t size() const override { return file_->size(); }

   private:
    GatedFiles& gate_;
    std::unique_ptr<platform::File> file_;
  };
  Result<void> pass() {
    platform::MutexLock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    while (gate_ == Gate::closed) changed_.wait(mutex_);
    --waiting_;
    if (gate_ == Gate::failing) return fail(Code::internal, "the disk does not sync");
    return {};
  }

  platform::PosixFiles files_;
  platform::Mutex mutex_;
  platform::Condition changed_;
  Gate gate_ MIKUSARI_GUARDED_BY(mutex_) = Gate::open;
  std::size_t waiting_ MIKUSARI_GUARDED_BY(mutex_) = 0;
};

// The time that really passes, from a moment of the test's choice on.
class TestClock final : public platform::Clock {
 public:
  std::int64_t now_ms() const override { return real_.now_ms() + ahead_ms_; }
  std::int64_t steady_ms() const override { return real_.steady_ms(); }
  void set(std::int64_t now_ms) { ahead_ms_ = now_ms - real_.now_ms(); }
  void jump(std::int64_t by_ms) { ahead_ms_ += by_ms; }

 private:
  platform::PosixClock real_;
  std::atomic<std::int64_t> ahead_ms_ = 0;
};

struct RealMachine {
  GatedFiles files;
  platform::PosixRandom random;
  TestClock clock;
  Machine machine() { return {files, random, clock}; }
};

inline net::Client connect(const Node& node) {
  net::ClientOptions options;
  if (node.fingerprint()) options.trust = net::Trust::pinned(*node.fingerprint());
  static const platform::PosixClock clock;
  auto client = net::Client::connect(node.url(), options, clock);
  EXPECT_TRUE(client.has_value()) << (client ? "" : client.error().message());
  return *std::move(client);
}

struct Reply {
  int status = 0;
  std::string content_type;
  Buffer body;
  net::Headers headers;
  std::string text() const { return std::string(as_text(body)); }
  json::Value json() const {
    auto value = json::parse(text());
    EXPECT_TRUE(value.has_value()) << text();
    return value.value_or(json::Value());
  }
  // A member's text; empty when there is none.
  std::string member(std::string_view name) const {
    const auto value = json();
    const auto* found = value.find(name);
    return found != nullptr && found->text() ? std::string(*found->text()) : std::string();
  }
  std::string header(std::string_view name) const { return std::string(headers.find(name).value_or("")); }
};

inline Reply ask(net::Client& client, const net::Call& call) {
  auto response = client.request(call);
  EXPECT_TRUE(response.has_value()) << (response ? "" : response.error().message());
  if (!response) return {};
  return {response->status, std::string(response->headers.find("Content-Type").value_or("")),
          platform::copy(response->body.view()), response->headers};
}
inline Reply get(net::Client& client, std::string target, std::string_view accept = {}) {
  auto call = net::Call::get(std::move(target));
  if (!accept.empty()) call.headers.add("Accept", accept);
  return ask(client, call);
}
inline Reply post(net::Client& client, Buffer submission, std::string target = "/v1/statements") {
  return ask(client, net::Call::post(std::move(target), "application/mikusari-submission+cbor", std::move(submission),
                                     net::Repeat::allowed));
}

// The node of a world's ledger.
class WorldNode {
 public:
  enum class Reads : std::uint8_t { everybody, as_configured };
  explicit WorldNode(ledger::TestWorld& world, Config config = {}, Reads reads = Reads::everybody)
      : world_(world), config_(std::move(config)), log_(real_.clock) {
    config_.directory = directory_.path();
    config_.port = 0;
    config_.signer_name = "checkpoint";
    config_.checkpoint_keys = {"checkpoint"};
    config_.threads = 2;
    config_.operations_listen = "127.0.0.1:0";
    if (reads == Reads::everybody) config_.reading_all = "anyone";
    real_.clock.set(static_cast<std::int64_t>(world_.time_ms()));
    found();
    start();
  }

  void start() {
    auto started = Node::start(real_.machine(), config_, log_, [this] {
      failed_ = true;
      failed_.notify_all();
    });
    ASSERT_TRUE(started.has_value()) << started.error().message();
    node_ = *std::move(started);
  }
  Result<void> stop() {
    auto stopped = node_->stop();
    node_.reset();
    return stopped;
  }
  void restart() {
    ASSERT_TRUE(stop().has_value());
    start();
  }

  Node& node() { return *node_; }
  net::Client client() { return connect(*node_); }
  ledger::TestWorld& world() { return world_; }
  const platform::MemoryLog& log() const { return log_; }
  // Returns when the node has said that its engine cannot go on.
  void wait_for_failure() const { failed_.wait(false); }
  RealMachine& real() { return real_; }
  const Config& config() const { return config_; }
  GatedFiles& files() { return real_.files; }
  // In force now; valid until the next call.
  proof::Policy policy() {
    policy_ = node_->replica().policy();
    return *proof::parse_policy(*policy_);
  }

  // Everything that has been said in the world so far, in its order; each must be taken.
  void play_history(net::Client& client) {
    for (; played_ < world_.history().size(); ++played_) {
      for (const auto& submission : world_.history()[played_].submissions) {
        const auto reply = post(client, submission);
        ASSERT_EQ(reply.status, 200) << reply.text();
      }
    }
  }

 private:
  void found() {
    auto& files = real_.files;
    ASSERT_TRUE(platform::write_atomically(files, config_.path(config_.genesis), world_.genesis()).has_value());
    auto store = keys::file::FileKeyStore::create(real_.machine().for_keys(), config_.path(config_.keys_directory),
                                                  keys::file::Credential::unprotected());
    ASSERT_TRUE(store.has_value()) << store.error().message();
    const crypto::Secret<32> key(crypto::sha256(as_bytes("test key checkpoint")));
    ASSERT_TRUE(
        (*store)->import_private("checkpoint", crypto::Algorithm::ed25519, keys::Purpose::checkpoint, key).has_value());
    ASSERT_TRUE(replica::Checkpointer::found(files, config_.path(config_.signer_memory)).has_value());
    if (config_.transport != "tls") return;
    const auto certificate = net::make_self_signed({}, real_.clock.now_ms() / 1000);
    ASSERT_TRUE(certificate.has_value());
    ASSERT_TRUE(files.make_directory(config_.path("tls")).has_value());
    ASSERT_TRUE(
        platform::write_atomically(files, config_.path(config_.certificate), as_bytes(certificate->certificate_pem))
            .has_value());
    ASSERT_TRUE(platform::write_atomically(files, config_.path(config_.certificate_key), certificate->key_pem.reveal())
                    .has_value());
  }

  ledger::TestWorld& world_;
  TemporaryDirectory directory_;
  RealMachine real_;
  Config config_;
  platform::MemoryLog log_;
  std::atomic<bool> failed_{false};
  std::unique_ptr<Node> node_;
  replica::PolicyBytes policy_;
  std::size_t played_ = 0;
};

}  // namespace mikusari::node::testing
