// SPDX-License-Identifier: Apache-2.0
#include "platform/file.hpp"

namespace mikusari::platform {
namespace {

Result<void> write_new(Files& files, const std::string& path, ByteView bytes, Permission permission) {
  TRY(const auto file, files.open(path, Open::create_new, permission));
  TRY(file->append(bytes));
  return file->sync();
}

}  // namespace

std::string join(const std::string& directory, const std::string& name) {
  if (directory.empty()) return name;
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

std::string parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<Buffer> read_whole(Files& files, const std::string& path, std::size_t bytes_max) {
  TRY(const auto file, files.open(path, Open::read));
  const std::uint64_t size = file->size();
  if (size > bytes_max) return std::unexpected(Error(Code::exhausted, "file is too large").with_context(path));
  Buffer out(static_cast<std::size_t>(size));
  TRY(file->read(0, out));
  return out;
}

Result<void> write_atomically(Files& files, const std::string& path, ByteView bytes, Permission permission) {
  const std::string temporary = path + ".tmp";
  // One that a crash left behind; made anew so that it has the permission asked for.
  if (files.exists(temporary)) TRY(files.remove(temporary));
  if (auto written = write_new(files, temporary, bytes, permission); !written) {
    (void)files.remove(temporary);
    return written;
  }
  TRY(files.rename(temporary, path));
  return files.sync_directory(parent(path));
}

}  // namespace mikusari::platform
