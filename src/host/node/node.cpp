// SPDX-License-Identifier: Apache-2.0
#include "node/node.hpp"

#include <algorithm>
#include <set>

#include "api/routes.hpp"
#include "cose/key.hpp"
#include "crypto/openssl/known_answers.hpp"
#include "node/credential.hpp"
#include "node/memory.hpp"
#include "replica/recovery.hpp"
#include "replica/withholding.hpp"

namespace mikusari::node {
namespace {

using keys::file::FileKeyStore;
using platform::MutexLock;

constexpr std::size_t genesis_bytes_max = 1024 * 1024;
constexpr std::size_t pem_bytes_max = 256 * 1024;
constexpr std::size_t unflushed_blocks_max = 4;
constexpr std::size_t operations_connections_max = 64;

std::size_t threads_of(const Config& config) {
  if (config.threads != 0) return static_cast<std::size_t>(config.threads);
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

// Whether the ledger's policy counts what they sign, the replica looks.
Result<void> check_signers(const Config& config, const replica::Checkpointer::Signers& signers) {
  const auto wrong = [](const std::string& setting, const char* why) {
    return std::unexpected(Error(Code::invalid, why).with_context(setting));
  };
  if (signers.empty()) return wrong("keys.checkpoint", "a node needs at least one checkpoint key");
  std::set<Digest> known;
  for (std::size_t i = 0; i < signers.size(); ++i) {
    if (!known.insert(cose::thumbprint(signers[i]->public_key())).second)
      return wrong("keys.checkpoint: " + config.checkpoint_keys[i], "the key is named twice");
  }
  return {};
}

// What a recovery has left; nothing when there was none.
Result<std::optional<platform::Buffer>> read_incarnation(platform::Files& files, const Config& config) {
  if (!files.exists(config.incarnation_path())) return std::nullopt;
  TRY(auto bytes, platform::read_whole(files, config.incarnation_path(), limits::submission_bytes_max));
  return bytes;
}

api::Readers readers_of(const std::string& word) {
  if (word == "anyone") return api::Readers::anyone;
  return word == "members" ? api::Readers::members : api::Readers::concerned;
}

api::ReadingRules reading_rules(const Config& config) {
  if (config.reading_all == "anyone") return api::ReadingRules::everything_for_anyone();
  return {readers_of(config.reading_checkpoints), readers_of(config.reading_things), readers_of(config.reading_lists),
          readers_of(config.reading_statements), readers_of(config.reading_operations)};
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

// In the order of api::Lane.
std::vector<net::Lane> lanes_of(const Config& config) {
  constexpr std::size_t question_bytes = 1024;  // of a request without a body in a queue
  const auto queue_bytes = static_cast<std::size_t>(config.queue_bytes);
  std::vector<net::Lane> out(api::lane_count);
  const auto set = [&](api::Lane lane, std::uint64_t threads, std::size_t bytes) {
    out[static_cast<std::size_t>(lane)] = {static_cast<std::size_t>(threads), bytes};
  };
  set(api::Lane::quick, 1, 1024 * question_bytes);
  set(api::Lane::ordinary, config.worker_threads, queue_bytes);
  set(api::Lane::statements, config.statement_threads, queue_bytes);
  set(api::Lane::long_reads, config.long_read_threads,
      static_cast<std::size_t>(config.long_read_queue) * question_bytes);
  return out;
}

net::ServerOptions server_options(const Config& config) {
  net::ServerOptions out;
  out.address = config.address;
  out.port = static_cast<std::uint16_t>(config.port);
  out.io_threads = static_cast<std::size_t>(config.io_threads);
  out.lanes = lanes_of(config);
  out.lane_of = api::lane_of;
  out.connections_max = static_cast<std::size_t>(config.connections);
  out.handshakes_max = static_cast<std::size_t>(config.handshakes);
  out.inbound_bytes_max = static_cast<std::size_t>(config.inbound_bytes);
  out.outbound_bytes_max = static_cast<std::size_t>(config.outbound_bytes);
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
  TRY(out->open_clock());
  TRY(out->open_replica());
  out->start_engine();
  TRY(out->serve());
  TRY(out->serve_operations());
  out->ready_ = true;
  log.info("node_started", {{"ledger", platform::to_hex(out->ledger())},
                            {"url", out->url()},
                            {"height", out->replica_->read().tip().record.height},
                            {"things", out->replica_->read().things()}});
  return out;
}

Node::~Node() { std::ignore = stop(); }

Result<void> Node::open_clock() {
  TRY(genesis_, platform::read_whole(machine_.files, config_.path(config_.genesis), genesis_bytes_max));
  const auto genesis = replica::read_genesis(genesis_);
  if (!genesis) return std::unexpected(Error(genesis.error()).with_context(config_.path(config_.genesis)));
  clock_ =
      std::make_unique<LedgerClock>(machine_.clock, machine_.files, log_, config_.clock_memory_path(),
                                    config_.clock_confirmation_path(), static_cast<std::int64_t>(genesis->time_ms));
  return {};
}

Result<void> Node::open_replica() {
  replica::Options options;
  options.directory = config_.path(config_.store);
  options.signer_memory_path = config_.path(config_.signer_memory);
  options.signer_name = config_.signer_name;
  options.segment_bytes_max = config_.segment_bytes;
  options.genesis = genesis_;
  TRY(options.incarnation, read_incarnation(machine_.files, config_));
  TRY(auto signers, open_signers(machine_, config_));
  TRY(check_signers(config_, signers));
  TRY(const auto withheld, replica::withhold_noted(machine_.files, options.directory, crypto::sha256(options.genesis)));
  if (withheld.bodies > 0) log_.info("bodies_withheld", {{"bodies", withheld.bodies}, {"segments", withheld.segments}});
  const bool believed = clock_->good().has_value();
  const replica::Environment around{machine_.files, *clock_, machine_.random, workers_, log_};
  TRY(replica_, replica::Replica::open(around, std::move(options), std::move(signers)));
  note_time(replica_->read(), *clock_);
  // The last record says that the clock is right after all: what was signed while opening has an old time.
  if (!believed && clock_->good()) TRY(replica_->beat());
  std::ignore = clock_->look();
  return clock_->remember();
}

Result<void> Node::beat() {
  service_->passports().let_go();
  if (!clock_->look()) return {};  // the log says so once
  const auto beaten = replica_->beat();
  stop_when_damaged();
  TRY(beaten);
  note_time(replica_->read(), *clock_);
  return clock_->remember();
}

api::Environment Node::environment() {
  return {.replica = *replica_,
          .clock = machine_.clock,
          .log = log_,
          .submit = [this](platform::Buffer submission) -> Result<void> {
            TRY(clock_->good());
            return engine_->submit(std::move(submission));
          },
          .ready = [this] { return ready_.load() && clock_->good().has_value(); },
          .http = [this] { return counting_.load() != nullptr ? counting_.load()->counters() : net::Counters{}; },
          .memory_bytes = resident_bytes,
          .clock_ahead_ms = [this] { return clock_->ahead_ms(); },
          .random = machine_.random,
          .node = config_.signer_name,
          .reading = reading_rules(config_),
          .tokens_max = static_cast<std::size_t>(config_.tokens),
          .in_flight = {.bytes_max = static_cast<std::size_t>(config_.queue_bytes),
                        .statements_max = static_cast<std::size_t>(config_.queue_submissions)}};
}

void Node::start_engine() {
  engine_ = std::make_unique<consensus::Solo>(
      *clock_, consensus::Solo::Options{.queue_bytes_max = static_cast<std::size_t>(config_.queue_bytes),
                                        .queue_count_max = static_cast<std::size_t>(config_.queue_submissions),
                                        .block_bytes_max = static_cast<std::size_t>(config_.block_bytes),
                                        .unflushed_max = unflushed_blocks_max});
  service_ = std::make_unique<api::Service>(environment());
  watched_ = std::make_unique<Watched>(*replica_, *service_, *clock_);
  engine_thread_ = std::thread([this] { run_engine(); });
  heartbeat_ = std::make_unique<Heartbeat>([this] { return beat(); }, log_,
                                           static_cast<std::int64_t>(config_.checkpoint_beat_s) * 1000);
}

void Node::run_engine() {
  auto ran = engine_->run(*watched_, engine_stop_.get_token());
  if (ran) return;
  ready_ = false;  // before anybody is told, who might ask
  replica_->stop_waiting(
      Error(Code::unavailable, "the ledger has stopped; ask for the statement's fate when it is back"));
  fail("engine_failed", ran.error());
}

void Node::fail(std::string_view event, const Error& error) {
  ready_ = false;
  {
    MutexLock lock(mutex_);
    if (failure_) return;
    failure_ = error;
  }
  log_.error(event, error);
  if (on_failure_) on_failure_();
}

// Whoever reads finds what was changed on the disk, not only who orders.
void Node::stop_when_damaged() {
  if (const auto health = replica_->health(); !health) fail("store_damaged", health.error());
}

Result<void> Node::serve() {
  net::ServerOptions options = server_options(config_);
  if (config_.transport == "tls") {
    TRY(const auto certificate, read_certificate(machine_.files, config_));
    fingerprint_ = certificate.fingerprint;
    TRY(options.tls, net::TlsContext::server(certificate));
  }
  const auto handler = [this, service = service_.get()](net::Request&& request, net::Responder&& responder) {
    service->handle(std::move(request), std::move(responder));
    stop_when_damaged();
  };
  TRY(server_, net::Server::start(options, handler, machine_.clock));
  counting_ = server_.get();
  return {};
}

// Plain HTTP for whoever runs the node: one thread reads, one answers.
Result<void> Node::serve_operations() {
  if (config_.operations_listen.empty()) return {};
  TRY(const auto endpoint, parse_endpoint(config_.operations_listen));
  net::ServerOptions options;
  options.address = endpoint.address;
  options.port = endpoint.port;
  options.lanes = {{.threads = 1, .queue_bytes_max = 64 * 1024}};
  options.connections_max = operations_connections_max;
  const auto handler = [service = service_.get()](net::Request&& request, net::Responder&& responder) {
    service->handle(std::move(request), std::move(responder), api::Entrance::operations);
  };
  TRY(operations_, net::Server::start(options, handler, machine_.clock));
  log_.info("operations_listening", {{"address", endpoint.address}, {"port", operations_->port()}});
  return {};
}

std::optional<std::uint16_t> Node::operations_port() const {
  return operations_ ? std::optional(operations_->port()) : std::nullopt;
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
    if (operations_) operations_->stop(0);
    heartbeat_.reset();
    engine_stop_.request_stop();
    if (engine_thread_.joinable()) engine_thread_.join();
    if (replica_)
      replica_->stop_waiting(
          Error(Code::unavailable, "the node has stopped; ask for the statement's fate when it is back"));
    if (replica_ && !clock_->remember()) log_.warning("clock_memory_not_written");
    log_.info("node_stopped");
  }
  MutexLock lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  return {};
}

}  // namespace mikusari::node
