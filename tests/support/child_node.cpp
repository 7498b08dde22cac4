// SPDX-License-Identifier: Apache-2.0
#include "support/child_node.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "node/node.hpp"
#include "node/run.hpp"
#include "platform/posix/clock.hpp"

namespace mikusari::test {
namespace {

// Tells the parent "url fingerprint\n" when it serves; ends on SIGTERM.
[[noreturn]] void be_node(const std::string& directory, int tell) {
  const auto done = node::run(directory + "/node.toml", [&](const node::Node& node) {
    const std::string line = node.url() + " " + platform::to_hex(*node.fingerprint()) + "\n";
    if (write(tell, line.data(), line.size()) < 0) std::_Exit(3);
  });
  if (!done) std::fprintf(stderr, "node: %s\n", done.error().message().c_str());
  std::_Exit(done ? 0 : 2);
}

}  // namespace

Result<ChildNode> ChildNode::start(const std::string& directory) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) return fail(Code::internal, "no pipe");
  const platform::PosixClock clock;
  const std::int64_t begin = clock.steady_ms();
  ChildNode out;
  out.pid_ = fork();
  if (out.pid_ < 0) return fail(Code::internal, "no process");
  if (out.pid_ == 0) {
    close(pipe_ends[0]);
    be_node(directory, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  std::string line;
  char buffer[256];
  for (ssize_t got; line.find('\n') == std::string::npos && (got = read(pipe_ends[0], buffer, sizeof buffer)) > 0;) {
    line.append(buffer, static_cast<std::size_t>(got));
  }
  close(pipe_ends[0]);
  out.ready_after_s_ = static_cast<double>(clock.steady_ms() - begin) / 1000.0;
  std::istringstream words(line);
  std::string fingerprint;
  if (!(words >> out.url_ >> fingerprint)) return fail(Code::unavailable, "the node did not start");
  TRY(out.fingerprint_, platform::bytes_from_hex<32>(fingerprint));
  return out;
}

ChildNode::ChildNode(ChildNode&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      url_(std::move(other.url_)),
      fingerprint_(other.fingerprint_),
      ready_after_s_(other.ready_after_s_) {}

ChildNode::~ChildNode() { static_cast<void>(stop()); }

Result<void> ChildNode::stop() {
  if (pid_ == 0) return {};
  ::kill(pid_, SIGTERM);
  int status = 0;
  waitpid(std::exchange(pid_, 0), &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return fail(Code::internal, "the node did not end well");
  return {};
}

void ChildNode::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(std::exchange(pid_, 0), nullptr, 0);
}

double ChildNode::cpu_s() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream words(text.substr(text.rfind(')') + 2));
  std::string word;
  double ticks = 0;
  for (int field = 3; words >> word && field <= 15; ++field) {
    if (field >= 14) ticks += std::stod(word);  // utime, stime
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::uint64_t ChildNode::memory_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace mikusari::test
