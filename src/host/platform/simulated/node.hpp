// SPDX-License-Identifier: Apache-2.0
// One file of the simulated disk, and what a crash may do to it. Guarded by the disk's mutex.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "platform/bytes.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::platform {

// One append or truncation that no sync has made durable yet.
struct Change {
  enum class Kind : std::uint8_t { append, truncate } kind;
  std::uint64_t offset;  // where the bytes go, or the new size
  Buffer bytes;
  bool doomed = false;  // a failed sync was for it: no later sync saves it
};

inline void apply(const Change& change, std::size_t length, Buffer& to) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.kind == Change::Kind::truncate) {
    to.resize(std::min(to.size(), offset));
    return;
  }
  if (to.size() < offset + length) to.resize(offset + length);
  std::copy_n(change.bytes.begin(), length, to.begin() + static_cast<std::ptrdiff_t>(offset));
}

// A file: what a reader sees, what a crash leaves for sure, and the way from this to that.
class Node {
 public:
  Buffer visible;
  Buffer durable;
  std::vector<Change> pending;

  void make(Change change) {
    apply(change, change.bytes.size(), visible);
    pending.push_back(std::move(change));
  }
  // In order, so that what a failed sync left at risk never comes over what was written after it.
  void sync(SimulatedRandom& random) {
    for (const Change& change : pending) {
      if (change.doomed) {
        lose(change, random);
      } else {
        apply(change, change.bytes.size(), durable);
      }
    }
    pending.clear();
  }
  void doom() {
    for (Change& change : pending) change.doomed = true;
  }
  void lose(SimulatedRandom& random) {
    for (const Change& change : pending) {
      lose(change, random);
    }
    pending.clear();
    visible = durable;
  }

 private:
  void lose(const Change& change, SimulatedRandom& random) {
    const bool bytes = !change.bytes.empty();
    switch (random.below(bytes ? 4 : 2)) {
      case 0: return;
      case 1: return apply(change, change.bytes.size(), durable);
      case 2:
        if (const std::size_t cut = random.below(change.bytes.size()); cut != 0) apply(change, cut, durable);
        return;
      default: durable.resize(std::max(durable.size(), static_cast<std::size_t>(change.offset) + change.bytes.size()));
    }
  }
};

}  // namespace mikusari::platform
