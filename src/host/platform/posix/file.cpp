// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "platform/posix/descriptor.hpp"

namespace mikusari::platform {
namespace {

// The end is tracked here, not asked from the system, so that what a failed append left behind is written over.
class PosixFile final : public File {
 public:
  PosixFile(std::string path, Descriptor descriptor, std::uint64_t size, Open how)
      : path_(std::move(path)), descriptor_(std::move(descriptor)), size_(size), how_(how) {}

  Result<void> read(std::uint64_t offset, MutableByteView into) const override;
  Result<std::uint64_t> append(ByteView bytes) override;
  Result<void> sync() override;
  Result<void> truncate(std::uint64_t size) override;
  std::uint64_t size() const override { return size_; }

 private:
  Result<void> demand_writable() const {
    if (how_ == Open::read) return std::unexpected(Error(Code::forbidden, "opened for reading").with_context(path_));
    return {};
  }

  const std::string path_;
  const Descriptor descriptor_;
  std::atomic<std::uint64_t> size_;
  const Open how_;
};

// What has no size before it has been read - a pipe, a device, a file of /proc - and so was read to its end.
class ReadFile final : public File {
 public:
  ReadFile(std::string path, Buffer bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {}

  Result<void> read(std::uint64_t offset, MutableByteView into) const override {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset)
      return std::unexpected(Error(Code::corrupt, "file ends too early").with_context(path_));
    std::ranges::copy(ByteView(bytes_).subspan(static_cast<std::size_t>(offset), into.size()), into.begin());
    return {};
  }
  Result<std::uint64_t> append(ByteView) override { return forbidden(); }
  Result<void> sync() override { return forbidden(); }
  Result<void> truncate(std::uint64_t) override { return forbidden(); }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  std::unexpected<Error> forbidden() const {
    return std::unexpected(Error(Code::forbidden, "opened for reading").with_context(path_));
  }

  const std::string path_;
  const Buffer bytes_;
};

Result<Buffer> read_to_end(const Descriptor& descriptor, const std::string& path) {
  constexpr std::size_t bytes_max = 512 * 1024 * 1024, piece = 64 * 1024;
  Buffer out;
  for (;;) {
    const std::size_t before = out.size();
    out.resize(before + piece);
    const ssize_t count = repeat_interrupted([&] { return ::read(descriptor.number(), out.data() + before, piece); });
    if (count < 0) return system_failure(errno, path);
    out.resize(before + static_cast<std::size_t>(count));
    if (count == 0) return out;
    if (out.size() > bytes_max)
      return std::unexpected(Error(Code::exhausted, "more than 512 MiB come out of it").with_context(path));
  }
}

Result<void> PosixFile::read(std::uint64_t offset, MutableByteView into) const {
  while (!into.empty()) {
    const ssize_t count = repeat_interrupted(
        [&] { return ::pread(descriptor_.number(), into.data(), into.size(), static_cast<off_t>(offset)); });
    if (count < 0) return system_failure(errno, path_);
    if (count == 0) return std::unexpected(Error(Code::corrupt, "file ends too early").with_context(path_));
    into = into.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<std::uint64_t> PosixFile::append(ByteView bytes) {
  TRY(demand_writable());
  const std::uint64_t begin = size_;
  std::uint64_t end = begin;
  while (!bytes.empty()) {
    const ssize_t count = repeat_interrupted(
        [&] { return ::pwrite(descriptor_.number(), bytes.data(), bytes.size(), static_cast<off_t>(end)); });
    if (count < 0) return system_failure(errno, path_);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    end += static_cast<std::uint64_t>(count);
  }
  size_ = end;
  return begin;
}

Result<void> PosixFile::sync() {
  TRY(demand_writable());
  if (repeat_interrupted([&] { return ::fdatasync(descriptor_.number()); }) != 0) return system_failure(errno, path_);
  return {};
}

Result<void> PosixFile::truncate(std::uint64_t size) {
  TRY(demand_writable());
  ASSERT(size <= size_);
  if (repeat_interrupted([&] { return ::ftruncate(descriptor_.number(), static_cast<off_t>(size)); }) != 0) {
    return system_failure(errno, path_);
  }
  size_ = size;
  return {};
}

int open_flags(Open how) {
  switch (how) {
    case Open::read: return O_RDONLY;
    case Open::append: return O_RDWR;
    case Open::create: return O_RDWR | O_CREAT;
    case Open::create_new: return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

}  // namespace

Result<std::unique_ptr<File>> PosixFiles::open(const std::string& path, Open how, Permission permission) {
  const unsigned mode = permission == Permission::owner_only ? 0600 : 0644;
  TRY(Descriptor descriptor, open_descriptor(path, open_flags(how), mode));
  struct stat status{};
  if (::fstat(descriptor.number(), &status) != 0) return system_failure(errno, path);
  if (S_ISDIR(status.st_mode)) return system_failure(EISDIR, path);
  const bool has_size = S_ISREG(status.st_mode) && status.st_size != 0;
  if (how == Open::read && !has_size) {
    TRY(auto bytes, read_to_end(descriptor, path));
    // An empty file may grow under who reads it.
    if (!bytes.empty() || !S_ISREG(status.st_mode)) return std::make_unique<ReadFile>(path, std::move(bytes));
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return std::make_unique<PosixFile>(path, std::move(descriptor), size, how);
}

}  // namespace mikusari::platform
