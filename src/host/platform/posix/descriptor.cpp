// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace mikusari::platform {
namespace {

Error explain(int error_number) {
  switch (error_number) {
    case ENOENT: return {Code::not_found, "no such file or directory"};
    case EEXIST: return {Code::conflict, "exists already"};
    case ENOTEMPTY: return {Code::conflict, "directory is not empty"};
    case EACCES:
    case EPERM: return {Code::forbidden, "permission denied"};
    case EROFS: return {Code::forbidden, "file system is read-only"};
    case ENOSPC: return {Code::exhausted, "no space left on the device"};
    case EDQUOT: return {Code::exhausted, "disk quota exceeded"};
    case EFBIG: return {Code::exhausted, "file would be larger than allowed"};
    case EMFILE:
    case ENFILE: return {Code::exhausted, "too many open files"};
    case ENOMEM: return {Code::exhausted, "not enough memory"};
    case EWOULDBLOCK: return {Code::unavailable, "in use by another process"};
    case ENOTDIR: return {Code::invalid, "not a directory"};
    case EISDIR: return {Code::invalid, "is a directory"};
    case ENAMETOOLONG: return {Code::invalid, "name is too long"};
    case ELOOP: return {Code::invalid, "too many symbolic links"};
    case EXDEV: return {Code::invalid, "on another file system"};
    case EIO: return {Code::internal, "the device failed to read or write"};
    default: return {Code::internal, "a system call failed"};
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::unexpected<Error> system_failure(int error_number, const std::string& path) {
  return std::unexpected(explain(error_number).with_context(path));
}

Result<Descriptor> open_descriptor(const std::string& path, int flags, unsigned mode) {
  const int number = repeat_interrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (number < 0) return system_failure(errno, path);
  return Descriptor(number);
}

}  // namespace mikusari::platform
