// SPDX-License-Identifier: Apache-2.0
#include "load/ceilings.hpp"

#include <unistd.h>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "platform/posix/clock.hpp"
#include "platform/posix/file.hpp"
#include "platform/posix/log.hpp"
#include "platform/posix/random.hpp"
#include "storage/chain_file.hpp"

namespace mikusari::bench {
namespace {

constexpr std::int64_t span_ms = 1000;

// How often `work` runs in a second.
template <class F>
Result<double> rate(const platform::Clock& clock, F&& work) {
  const std::int64_t begin = clock.steady_ms();
  std::uint64_t count = 0;
  while (clock.steady_ms() - begin < span_ms) {
    TRY(work(count));
    ++count;
  }
  return static_cast<double>(count) * 1000.0 / static_cast<double>(clock.steady_ms() - begin);
}

}  // namespace

Result<Ceilings> measure_ceilings(const std::string& directory) {
  Ceilings out;
  const platform::PosixClock clock;
  platform::PosixFiles files;
  TRY(auto signer, crypto::SoftwareSigner::generate(crypto::Algorithm::esp256));
  const Digest message = crypto::sha256(as_bytes("a message"));
  TRY(out.signatures_per_s, rate(clock, [&](std::uint64_t) -> Result<void> {
        TRY(signer.sign(message));
        return {};
      }));
  TRY(const auto signature, signer.sign(message));
  TRY(out.verifications_per_s,
      rate(clock, [&](std::uint64_t) { return crypto::verify(signer.public_key(), message, signature); }));

  TRY(auto file, files.open(platform::join(directory, "syncs"), platform::Open::create));
  const platform::Buffer page(4096);
  TRY(out.syncs_per_s, rate(clock, [&](std::uint64_t) -> Result<void> {
        TRY(file->append(page));
        return file->sync();
      }));

  platform::PosixRandom random;
  platform::DescriptorLog log(clock, platform::Level::warning, STDERR_FILENO);
  TRY(auto chain, storage::ChainFile::open({files, platform::join(directory, "chain"), {}}, {random, log},
                                           [](const storage::Frame&) { return Result<void>(); }));
  const platform::Buffer frame(1024 * 1024);
  constexpr std::uint64_t frames = 128;
  const std::int64_t begin = clock.steady_ms();
  for (std::uint64_t height = 0; height < frames; ++height) TRY(chain->append(height, frame));
  TRY(chain->sync());
  out.frame_bytes_per_s = static_cast<double>(frames * frame.size()) * 1000.0 /
                          static_cast<double>(std::max<std::int64_t>(1, clock.steady_ms() - begin));
  return out;
}

}  // namespace mikusari::bench
