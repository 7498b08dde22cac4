// SPDX-License-Identifier: Apache-2.0
// Bytes that must not leak: private keys, passwords, shared secrets. A Secret owns its bytes, overwrites them when it
// dies or is moved from, is copied only by clone(), compares in constant time and prints as [secret]. One thread at a
// time, as any value.
#pragma once

#include <iosfwd>
#include <memory>

#include "base/bytes.hpp"
#include "platform/bytes.hpp"
#include "platform/random.hpp"

namespace mikusari::platform {

// Overwrites with zeros in a way the compiler does not remove.
void wipe(MutableByteView bytes);

// Time depends on the lengths only. For tags, tokens and secrets that come from outside.
bool equal_in_constant_time(ByteView a, ByteView b);

class Secret {
 public:
  Secret() = default;
  // `size` zero bytes, to be filled through mutable_reveal().
  explicit Secret(std::size_t size);
  static Secret copy(ByteView bytes);
  // Leaves zeros in what it took from.
  static Secret take(Buffer&& bytes);
  static Secret random(Random& from, std::size_t size);

  ~Secret();
  Secret(Secret&& from) noexcept;
  Secret& operator=(Secret&& from) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret clone() const { return copy(reveal()); }

  // Named so that every look at a secret can be searched for. The view dies with the Secret.
  ByteView reveal() const { return {bytes_.get(), size_}; }
  MutableByteView mutable_reveal() { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  friend bool operator==(const Secret& a, const Secret& b) { return equal_in_constant_time(a.reveal(), b.reveal()); }
  friend std::ostream& operator<<(std::ostream& out, const Secret&);

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace mikusari::platform
