// SPDX-License-Identifier: Apache-2.0
// What every POSIX call here shares: a descriptor that closes itself, repeating what a signal interrupted, and errno
// as an Error.
#pragma once

#include <cerrno>
#include <string>

#include "base/result.hpp"

namespace mikusari::platform {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& from) noexcept : number_(from.number_) { from.number_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

template <class Call>
auto repeat_interrupted(const Call& call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

// "path: text".
std::unexpected<Error> system_failure(int error_number, const std::string& path);

Result<Descriptor> open_descriptor(const std::string& path, int flags, unsigned mode = 0);

}  // namespace mikusari::platform
