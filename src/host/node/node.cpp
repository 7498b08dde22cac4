// SPDX-License-Identifier: Apache-2.0
#include "node/node.hpp"

#include <algorithm>
#include <set>

#include "cose/key.hpp"
#include "crypto/openssl/known_answers.hpp"
#include "node/credential.hpp"
#include "node/memory.hpp"

namespace mikusari::node {
namespace {

using keys::file::FileKeyStore;
using platform::MutexLock;

constexpr std::size_t genesis_bytes_max = 1024 * 1024;
constexpr std::size_t pem_bytes_max = 256 * 1024;
constexpr std::size_t unflushed_blocks_max = 4;

std::size_t threads_of(const Config& config) {
  if (config.threads != 0) return static_cast<std::size_t>(config.threads);
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

// Checkpoints that no client's policy counts would be worse than none.
Result<void> check_signers(const Genesis& genesis, const Config& config,
                           const replica::Checkpointer::Signers& signers) {
  const auto wrong = [](const std::string& setting, const char* why) {
    return std::unexpected(Error(Code::invalid, why).with_context(setting));
  };
  std::optional<CheckpointSigner> mine;
  for (const auto each : genesis.checkpoint_signers) {
    if (each.name == config.signer_name) mine = each;
  }
  if (!mine)
    return wrong("ledger.signer_name = " + config.signer_name, "the genesis names no checkpoint signer like this");
  if (signers.empty()) return wrong("keys.checkpoint", "a node needs at least one checkpoint key");
  std::set<Digest> known;
  for (std::size_t i = 0; i < signers.size(); ++i) {
    const auto& key = signers[i]->public_key();
    const std::string setting = "keys.checkpoint: " + config.checkpoint_keys[i];
    if (!mine->keys.contains(key)) return wrong(setting, "the genesis does not name this key for this signer");
    if (!known.insert(cose::thumbprint(key)).second) return wrong(setting, "the key is named twice");
  }
  return {};
}

Result<replica::Checkpointer::Signers> open_signers(const Machine& machine, const Config& config) {
  TRY(const auto credential, credential_of(machine.files, config));
  TRY(const auto store, FileKeyStore::open(machine.for_keys(), config.path(config.keys_directory), credential));
  replica::Checkpointer::Signers out;
  for (const auto& name : config.checkpoint_keys) {
    auto signer = store->open(name);
    if (!signer) return std::unexpected(std::move(signer).error().with_context("checkpoint key " + name));
    out.push_back(*std::move(signer));
  }
  return out;
}

Result<net::NodeCertificate> read_certificate(platform::Files& files, const Config& config) {
  TRY(const auto certificate, platform::read_whole(files, config.path(config.certificate), pem_bytes_max));
  TRY(auto key, platform::read_whole(files, config.path(config.certificate_key), pem_bytes_max));
  return net::load_pair(std::string(as_text(certificate)), platform::Secret::take(std::move(key)));
}

net::ServerOptions server_options(const Config& config) {
  net::ServerOptions out;
  out.address = config.address;
  out.port = static_cast<std::uint16_t>(config.port);
  out.io_threads = static_cast<std::size_t>(config.io_threads);
  out.worker_threads = static_cast<std::size_t>(config.worker_threads);
  out.worker_queue_bytes_max = static_cast<std::size_t>(config.queue_bytes);
  out.connections_max = static_cast<std::size_t>(config.connections);
  out.session.request.body_bytes_max = limits::submission_bytes_max;
  out.session.header_timeout_ms = static_cast<std::int64_t>(config.header_timeout_ms);
  out.session.body_timeout_ms = static_cast<std::int64_t>(config.body_timeout_ms);
  out.session.idle_timeout_ms = static_cast<std::int64_t>(config.idle_timeout_ms);
  out.session.write_timeout_ms = static_cast<std::int64_t>(config.write_timeout_ms);
  return out;
}

}  // namespace

Node::Node(const Machine& machine, const Config& config, platform::Log& log, std::function<void()> on_failure)
    : machine_(machine), config_(config), log_(log), on_failure_(std::move(on_failure)), workers_(threads_of(config)) {}

Result<std::unique_ptr<Node>> Node::start(const Machine& machine, const Config& config, platform::Log& log,
                                          std::function<void()> on_failure) {
  TRY(crypto::self_test());
  std::unique_ptr<Node> out(new Node(machine, config, log, std::move(on_failure)));
  TRY(out->open_replica());
  out->start_engine();
  TRY(out->serve());
  out->ready_ = true;
  log.info("node_started", {{"ledger", platform::to_hex(out->ledger())},
                            {"url", out->url()},
                            {"height", out->replica_->read().tip().record.height},
                            {"things", out->replica_->read().things()}});
  return out;
}

Node::~Node() { std::ignore = stop(); }

Result<void> Node::open_replica() {
  replica::Options options;
  options.directory = config_.path(config_.store);
  options.signer_memory_path = config_.path(config_.signer_memory);
  options.signer_name = config_.signer_name;
  options.segment_bytes_max = config_.segment_bytes;
  TRY(options.genesis, platform::read_whole(machine_.files, config_.path(config_.genesis), genesis_bytes_max));
  const auto genesis = cbor::decode<Genesis>(options.genesis);
  if (!genesis) {
    return std::unexpected(
        Error(Code::invalid, "this file is not the genesis of a ledger").with_context(config_.path(config_.genesis)));
  }
  TRY(auto signers, open_signers(machine_, config_));
  TRY(check_signers(*genesis, config_, signers));
  const replica::Environment around{machine_.files, machine_.clock, machine_.random, workers_, log_};
  TRY(replica_, replica::Replica::open(around, std::move(options), std::move(signers)));
  return {};
}

api::Environment Node::environment() {
  return {.replica = *replica_,
          .clock = machine_.clock,
          .log = log_,
          .submit = [this](platform::Buffer submission) { return engine_->submit(std::move(submission)); },
          .ready = [this] { return ready_.load(); },
          .http = [this] { return counting_.load() != nullptr ? counting_.load()->counters() : net::Counters{}; },
          .memory_bytes = resident_bytes,
          .in_flight = {.bytes_max = static_cast<std::size_t>(config_.queue_bytes),
                        .statements_max = static_cast<std::size_t>(config_.queue_submissions)}};
}

void Node::start_engine() {
  engine_ = std::make_unique<consensus::Solo>(
      machine_.clock, consensus::Solo::Options{.queue_bytes_max = static_cast<std::size_t>(config_.queue_bytes),
                                               .queue_count_max = static_cast<std::size_t>(config_.queue_submissions),
                                               .block_bytes_max = static_cast<std::size_t>(config_.block_bytes),
                                               .unflushed_max = unflushed_blocks_max});
  service_ = std::make_unique<api::Service>(environment());
  watched_ = std::make_unique<Watched>(*replica_, *service_);
  engine_thread_ = std::thread([this] { run_engine(); });
  heartbeat_ =
      std::make_unique<Heartbeat>(*replica_, log_, static_cast<std::int64_t>(config_.checkpoint_beat_s) * 1000);
}

void Node::run_engine() {
  auto ran = engine_->run(*watched_, engine_stop_.get_token());
  if (ran) return;
  ready_ = false;
  log_.error("engine_failed", ran.error());
  replica_->stop_waiting(
      Error(Code::unavailable, "the ledger has stopped; ask for the statement's fate when it is back"));
  {
    MutexLock lock(mutex_);
    failure_ = std::move(ran).error();
  }
  if (on_failure_) on_failure_();
}

Result<void> Node::serve() {
  net::ServerOptions options = server_options(config_);
  if (config_.transport == "tls") {
    TRY(const auto certificate, read_certificate(machine_.files, config_));
    fingerprint_ = certificate.fingerprint;
    TRY(options.tls, net::TlsContext::server(certificate));
  }
  const auto handler = [service = service_.get()](net::Request&& request, net::Responder&& responder) {
    service->handle(std::move(request), std::move(responder));
  };
  TRY(server_, net::Server::start(options, handler, machine_.clock));
  counting_ = server_.get();
  return {};
}

std::string Node::url() const {
  const bool v6 = config_.address.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + config_.address + "]" : config_.address;
  return (fingerprint_ ? "https://" : "http://") + host + ":" + std::to_string(port());
}

Result<void> Node::stop() {
  if (!stopped_) {
    stopped_ = true;
    ready_ = false;
    if (server_) {
      const auto cut = server_->stop(static_cast<std::int64_t>(config_.stop_patience_s) * 1000);
      if (cut > 0) log_.warning("connections_cut", {{"count", cut}});
    }
    heartbeat_.reset();
    engine_stop_.request_stop();
    if (engine_thread_.joinable()) engine_thread_.join();
    if (replica_)
      replica_->stop_waiting(
          Error(Code::unavailable, "the node has stopped; ask for the statement's fate when it is back"));
    log_.info("node_stopped");
  }
  MutexLock lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  return {};
}

}  // namespace mikusari::node
