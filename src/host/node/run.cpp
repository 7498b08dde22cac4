// SPDX-License-Identifier: Apache-2.0
#include "node/run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "platform/posix/clock.hpp"
#include "platform/posix/descriptor.hpp"
#include "platform/posix/file.hpp"
#include "platform/posix/log.hpp"
#include "platform/posix/process.hpp"
#include "platform/posix/random.hpp"

namespace mikusari::node {
namespace {

constexpr unsigned log_file_mode = 0640;

sigset_t ending_signals() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGTERM);
  sigaddset(&out, SIGINT);
  return out;
}

// Blocked in this thread and all that it starts, so that they arrive where wait_for_end() waits.
void block_signals() {
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_end() {
  const sigset_t signals = ending_signals();
  int which = 0;
  sigwait(&signals, &which);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // the next one ends the process
}

platform::Level level_of(std::string_view word) {
  for (const auto level :
       {platform::Level::debug, platform::Level::info, platform::Level::warning, platform::Level::error}) {
    if (platform::name(level) == word) return level;
  }
  return platform::Level::info;
}

Result<std::optional<platform::Descriptor>> open_log(const Config& config) {
  if (config.log_file.empty()) return std::nullopt;
  TRY(auto file, platform::open_descriptor(config.path(config.log_file), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                                           log_file_mode));
  return std::optional<platform::Descriptor>(std::move(file));
}

}  // namespace

Result<void> run(const std::string& config_path, const std::function<void(const Node&)>& started) {
  TRY(platform::forbid_core_dumps());
  block_signals();
  platform::PosixFiles files;
  platform::PosixClock clock;
  platform::PosixRandom random;
  TRY(const Config config, read_config(files, config_path));
  TRY(const auto log_file, open_log(config));
  platform::DescriptorLog log(clock, level_of(config.log_level), log_file ? log_file->number() : STDERR_FILENO);
  auto node = Node::start({files, random, clock}, config, log, [] { kill(getpid(), SIGTERM); });
  if (!node) {
    log.error("node_not_started", node.error());
    return std::unexpected(std::move(node).error());
  }
  started(**node);
  wait_for_end();
  log.info("node_stopping");
  return (*node)->stop();
}

}  // namespace mikusari::node
