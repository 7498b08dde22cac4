// SPDX-License-Identifier: Apache-2.0
#include "replica/checkpointer.hpp"

#include <algorithm>

#include "platform/encode.hpp"
#include "storage/crc32c.hpp"

namespace mikusari::replica {
namespace {

constexpr std::size_t entry_bytes = 32 + 8 + 8 + 32 + 4;
constexpr std::size_t memory_bytes_max = 1024 * 1024;  // then the file is started anew with its last entry

void put_little_endian(platform::Buffer& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

std::uint64_t get_little_endian(ByteView bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) out |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  return out;
}

bool holds(ByteView entry) { return storage::crc32c(entry.first(entry_bytes - 4)) == get_little_endian(entry.last(4)); }

// An entry that a power cut has torn ends, or begins, with what was never written. One that was changed is not that.
bool is_torn(ByteView entry) { return get_little_endian(entry.last(4)) == 0 || get_little_endian(entry.first(4)) == 0; }

}  // namespace

bool SignerIdentity::is_named_in(const proof::Policy& policy) const {
  for (const auto signer : policy.signers) {
    if (signer.name != name) continue;
    return std::ranges::all_of(keys, [&](const crypto::PublicKey& key) { return signer.keys.contains(key); });
  }
  return false;
}

Result<void> SignerIdentity::demand_named_in(const proof::Policy& policy) const {
  if (is_named_in(policy)) return {};
  return fail(Code::forbidden,
              "the ledger's trust policy does not name this node's checkpoint key: what it signs counts for nobody");
}

Checkpointer::Checkpointer(platform::Files& files, std::string path, const Digest& ledger, std::string name,
                           Signers signers, const platform::Clock& clock)
    : files_(files),
      path_(std::move(path)),
      ledger_(ledger),
      name_(std::move(name)),
      signers_(std::move(signers)),
      clock_(clock) {}

SignerIdentity Checkpointer::identity() const {
  SignerIdentity out{name_, {}};
  for (const auto& signer : signers_) out.keys.push_back(signer->public_key());
  return out;
}

Result<void> Checkpointer::found(platform::Files& files, const std::string& path) {
  TRY(files.make_directory(platform::parent(path)));
  TRY(const auto file, files.open(path, platform::Open::create_new));
  TRY(file->sync());
  return files.sync_directory(platform::parent(path));
}

Result<std::unique_ptr<Checkpointer>> Checkpointer::open(platform::Files& files, const std::string& path,
                                                         const Digest& ledger, std::string name, Signers signers,
                                                         const platform::Clock& clock) {
  std::unique_ptr<Checkpointer> out(new Checkpointer(files, path, ledger, std::move(name), std::move(signers), clock));
  // Before anything is written: a file that is put in the place of the one that another process writes to would leave
  // that process without a memory. One that is missing is not made by the way.
  if (files.exists(path)) {
    const std::string held = path + ".lock";
    TRY(files.make_directory(held));
    TRY(out->lock_, files.lock(held));
  }
  TRY(const auto entries, recall(files, path, ledger));
  // Written anew: what was read may be in the kernel's memory alone. A torn last entry was never followed by a
  // signature, and is left out.
  platform::Buffer bytes;
  for (const auto& entry : entries) platform::append(bytes, out->entry(entry));
  TRY(platform::write_atomically(files, path, bytes));
  if (!entries.empty()) out->memory_ = entries.back();
  TRY(out->file_, files.open(path, platform::Open::append));
  return out;
}

Result<std::vector<Checkpointer::Memory>> Checkpointer::recall(platform::Files& files, const std::string& path,
                                                               const Digest& ledger) {
  const auto corrupt = [&](const char* why) { return std::unexpected(Error(Code::corrupt, why).with_context(path)); };
  if (!files.exists(path)) {
    return corrupt(
        "the signer's memory is missing, and without it this key must not sign: put it back (is its disk mounted?)");
  }
  TRY(const platform::Buffer bytes, platform::read_whole(files, path, 2 * memory_bytes_max));
  std::vector<Memory> out;
  for (ByteView rest = bytes; rest.size() >= entry_bytes; rest = rest.subspan(entry_bytes)) {
    const ByteView entry = rest.first(entry_bytes);
    if (!holds(entry)) {
      if (rest.size() == entry_bytes && is_torn(entry)) break;
      return corrupt(
          "the signer's memory is damaged, and without it this key must not sign again: go on as a new incarnation, "
          "with a new checkpoint key");
    }
    if (!equal(entry.first(32), ledger)) return corrupt("the signer's memory is of another ledger");
    out.push_back({get_little_endian(entry.subspan(32, 8)), get_little_endian(entry.subspan(40, 8)),
                   Digest::copy(entry.subspan(48, 32))});
    if (out.size() < 2) continue;
    const Memory& before = out[out.size() - 2];
    if (out.back().size <= before.size || out.back().block <= before.block)
      return corrupt("the signer's memory goes back: it is not what this program wrote");
  }
  return out;
}

platform::Buffer Checkpointer::entry(const Memory& memory) const {
  platform::Buffer out;
  platform::append(out, ledger_);
  put_little_endian(out, memory.block, 8);
  put_little_endian(out, memory.size, 8);
  platform::append(out, memory.root);
  put_little_endian(out, storage::crc32c(out), 4);
  return out;
}

Result<void> Checkpointer::remember(const Memory& next) {
  if (file_ == nullptr) return fail(Code::unavailable, "an earlier write to the signer's memory failed: start again");
  const auto written = [&]() -> Result<void> {
    if (file_->size() >= memory_bytes_max) {
      TRY(platform::write_atomically(files_, path_, entry(next)));
      TRY(file_, files_.open(path_, platform::Open::append));
      return {};
    }
    TRY(file_->append(entry(next)));
    return file_->sync();
  }();
  if (!written) {
    file_.reset();  // whatever stands in the file now, it is read and written anew before anything is signed
    return written;
  }
  memory_ = next;
  return {};
}

Result<platform::Buffer> Checkpointer::sign(const Memory& log) {
  const bool aside = log.size == memory_.size ? log.root != memory_.root : log.block <= memory_.block;
  if (log.size < memory_.size || (memory_.size != 0 && aside)) {
    return fail(Code::conflict, "the signer has already signed a newer or another log: it never goes back");
  }
  if (log.size > memory_.size) TRY(remember(log));
  time_ = std::max(time_, static_cast<std::uint64_t>(clock_.now_ms() / 1000));
  std::byte buffer[256];
  TRY(const ByteView bytes, proof::cosigned_bytes(ledger_, log.size, log.root, time_, buffer));
  std::vector<proof::Cosignature> signatures;
  for (const auto& signer : signers_) {
    TRY(const auto signature, signer->sign(bytes));
    signatures.push_back({proof::key_id(name_, signer->public_key()), time_, signature});
  }
  return platform::encode(
      proof::Checkpoint{{}, ledger_, log.size, log.root, {std::span<const proof::Cosignature>(signatures)}});
}

}  // namespace mikusari::replica
