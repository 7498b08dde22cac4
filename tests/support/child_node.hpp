// SPDX-License-Identifier: Apache-2.0
// A node in a process of its own: to count its processor time apart from that of the load on it, and to kill it.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mikusari::test {

class ChildNode {
 public:
  // Forks: call it before this process has threads. Returns when the node serves.
  static Result<ChildNode> start(const std::string& directory);
  ChildNode(ChildNode&& other) noexcept;
  ~ChildNode();  // stop()

  const std::string& url() const { return url_; }
  const Digest& fingerprint() const { return fingerprint_; }
  double ready_after_s() const { return ready_after_s_; }
  double cpu_s() const;                // used so far, all threads
  std::uint64_t memory_bytes() const;  // resident

  // In good order; an error when the node did not end well.
  Result<void> stop();
  // SIGKILL, and gone.
  void kill();

 private:
  ChildNode() = default;
  pid_t pid_ = 0;
  std::string url_;
  Digest fingerprint_;
  double ready_after_s_ = 0;
};

}  // namespace mikusari::test
