// SPDX-License-Identifier: Apache-2.0
// A running node: replica, engine, heartbeat, interface and server, put together as the settings say.
//
// Threads: the engine's two, the heartbeat's, the server's. start() and stop() from one thread; the const functions
// from any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "api/service.hpp"
#include "consensus/solo/solo.hpp"
#include "net/server.hpp"
#include "net/tls.hpp"
#include "node/config.hpp"
#include "node/heartbeat.hpp"
#include "node/init.hpp"
#include "node/ledger_clock.hpp"
#include "node/watched.hpp"
#include "replica/replica.hpp"

namespace mikusari::node {

class Node {
 public:
  // Checks the cryptographic libraries, opens keys and store, and serves. `on_failure` is called once, from another
  // thread, when the engine cannot go on, or stored bytes were changed: then stop(). Machine and log outlive the node.
  // Errors: `not_found` when the directory is no node; `unauthenticated` for a wrong passphrase; `corrupt` for the
  // store; `conflict` when a port is taken; `forbidden` when the ledger goes by other signers now (recover.hpp);
  // `internal` when a library answers otherwise than the ledger's rules. A clock that cannot be believed is no error:
  // the node serves, and orders nothing.
  static Result<std::unique_ptr<Node>> start(const Machine& machine, const Config& config, platform::Log& log,
                                             std::function<void()> on_failure = {});
  ~Node();  // stop()

  const Digest& ledger() const { return replica_->ledger(); }
  // "https://127.0.0.1:8440"
  std::string url() const;
  std::uint16_t port() const { return server_->port(); }
  // Of the listener for metrics and health; nothing without one.
  std::optional<std::uint16_t> operations_port() const;
  // Of the certificate; nothing over plain HTTP.
  const std::optional<Digest>& fingerprint() const { return fingerprint_; }
  replica::Replica& replica() { return *replica_; }

  // Takes nothing more, finishes what it has taken, flushes and closes. The error is the engine's, when that has
  // failed.
  Result<void> stop();

 private:
  Node(const Machine& machine, const Config& config, platform::Log& log, std::function<void()> on_failure);
  Result<void> open_clock();
  Result<void> open_replica();
  Result<void> serve();
  Result<void> serve_operations();
  Result<void> beat();
  void start_engine();
  void run_engine();
  void fail(std::string_view event, const Error& error);
  void stop_when_damaged();
  api::Environment environment();

  const Machine machine_;
  const Config config_;
  platform::Log& log_;
  const std::function<void()> on_failure_;
  std::optional<Digest> fingerprint_;

  platform::Workers workers_;
  platform::Buffer genesis_;
  std::unique_ptr<LedgerClock> clock_;
  std::unique_ptr<replica::Replica> replica_;
  std::unique_ptr<consensus::Solo> engine_;
  std::unique_ptr<api::Service> service_;
  std::unique_ptr<Watched> watched_;
  std::unique_ptr<net::Server> server_, operations_;
  std::atomic<const net::Server*> counting_{nullptr};  // server_, once it is there
  std::unique_ptr<Heartbeat> heartbeat_;

  std::atomic<bool> ready_{false};
  std::stop_source engine_stop_;
  std::thread engine_thread_;
  platform::Mutex mutex_;
  std::optional<Error> failure_ MIKUSARI_GUARDED_BY(mutex_);
  bool stopped_ = false;
};

}  // namespace mikusari::node
