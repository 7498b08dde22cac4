// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "platform/posix/descriptor.hpp"
#include "platform/posix/file.hpp"

namespace mikusari::platform {
namespace {

// flock(2) belongs to the open file: the kernel lets go of it when the process ends, and a second open() in the same
// process is refused like one in another.
class PosixDirectoryLock final : public DirectoryLock {
 public:
  explicit PosixDirectoryLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  const Descriptor descriptor_;
};

}  // namespace

Result<Entry> PosixFiles::entry(const std::string& path) const {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) return S_ISDIR(status.st_mode) ? Entry::directory : Entry::file;
  if (errno == ENOENT || errno == ENOTDIR) return Entry::absent;
  return system_failure(errno, path);
}

Result<std::uint64_t> PosixFiles::size(const std::string& path) const {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return system_failure(errno, path);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<void> PosixFiles::rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return system_failure(errno, from + " to " + to);
  return {};
}

Result<void> PosixFiles::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return system_failure(errno, path);
  return {};
}

Result<std::vector<std::string>> PosixFiles::list(const std::string& directory) const {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
  if (!stream) return system_failure(errno, directory);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  if (errno != 0) return system_failure(errno, directory);
  std::ranges::sort(names);
  return names;
}

Result<void> PosixFiles::make_directory(const std::string& path) {
  TRY(const Entry there, entry(path));
  if (there == Entry::directory) return {};
  const std::string above = parent(path);
  if (above != path) TRY(make_directory(above));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_failure(errno, path);
  TRY(const Entry made, entry(path));
  if (made != Entry::directory) return system_failure(ENOTDIR, path);
  return sync_directory(above);
}

Result<void> PosixFiles::sync_directory(const std::string& path) {
  TRY(const Descriptor descriptor, open_descriptor(path, O_RDONLY | O_DIRECTORY));
  if (repeat_interrupted([&] { return ::fsync(descriptor.number()); }) != 0) return system_failure(errno, path);
  return {};
}

Result<std::unique_ptr<DirectoryLock>> PosixFiles::lock(const std::string& directory) {
  TRY(Descriptor descriptor, open_descriptor(join(directory, "LOCK"), O_RDWR | O_CREAT, 0600));
  if (repeat_interrupted([&] { return ::flock(descriptor.number(), LOCK_EX | LOCK_NB); }) != 0) {
    return system_failure(errno, directory);
  }
  return std::make_unique<PosixDirectoryLock>(std::move(descriptor));
}

}  // namespace mikusari::platform
