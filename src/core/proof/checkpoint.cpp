// SPDX-License-Identifier: Apache-2.0
#include "proof/checkpoint.hpp"

#include "proof/text_writer.hpp"

namespace mikusari::proof {
namespace {

constexpr std::uint64_t time_max = 0x7fffffffffffffff;  // tlog-cosignature: MUST NOT exceed 2^63 - 1

// Which signers have signed, with their weight and time.
class Tally {
 public:
  // The earliest of a signer's times counts, so that the answer does not depend on which algorithms a build knows.
  void add(std::size_t signer, std::uint64_t weight, std::uint64_t time) {
    if (weights_[signer] == 0 || time < times_[signer]) times_[signer] = time;
    weights_[signer] = weight;
  }

  std::uint64_t weight() const { return weight_until(time_max); }

  // The least time at or before which half of the weight has signed: between the times of honest signers as long as
  // those have more than half of the weight.
  std::uint64_t median_time() const {
    const std::uint64_t total = weight();
    std::uint64_t median = time_max;
    for (std::size_t i = 0; i < limits::signers_max; ++i) {
      if (weights_[i] != 0 && times_[i] < median && 2 * weight_until(times_[i]) >= total) median = times_[i];
    }
    return median;
  }

 private:
  std::uint64_t weight_until(std::uint64_t time) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < limits::signers_max; ++i) sum += times_[i] <= time ? weights_[i] : 0;
    return sum;
  }

  std::array<std::uint64_t, limits::signers_max> weights_{}, times_{};

 public:
  std::array<bool, limits::witnesses_max> witnessed{};
};

Result<void> check_signature(const Checkpoint& checkpoint, const Cosignature& cosignature,
                             const crypto::PublicKey& key) {
  std::byte buffer[cosigned_bytes_max];
  TRY(const ByteView message,
      cosigned_bytes(checkpoint.ledger, checkpoint.size, checkpoint.root, cosignature.time, buffer));
  return crypto::verify(key, message, cosignature.signature);
}

enum class Standing : std::uint8_t { unknown, does_not_hold, holds };

// One signature under one key. Its id may be another's by chance or by choice: then it is not for this key.
Result<Standing> standing_under(std::string_view name, const crypto::PublicKey& key, const Checkpoint& checkpoint,
                                const Cosignature& cosignature) {
  if (!crypto::offers(key.algorithm()) || key_id(name, key) != cosignature.key_id) return Standing::unknown;
  const auto verdict = check_signature(checkpoint, cosignature, key);
  if (verdict) return Standing::holds;
  if (verdict.error().code() == Code::internal) return std::unexpected(verdict.error());
  return Standing::does_not_hold;
}

// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<Standing> count_signers(const Checkpoint& checkpoint, const Cosignature& cosignature,
                                                 const Policy& policy, Tally& tally) {
  bool known = false;
  std::size_t index = 0;
  for (const auto signer : policy.signers) {
    for (const auto key : signer.keys) {
      TRY(const Standing standing, standing_under(signer.name, key, checkpoint, cosignature));
      if (standing == Standing::holds) {
        tally.add(index, signer.weight, cosignature.time);
        return Standing::holds;
      }
      known = known || standing == Standing::does_not_hold;
    }
    ++index;
  }
  return known ? Standing::does_not_hold : Standing::unknown;
}

[[gnu::noinline]] Result<Standing> count_witnesses(const Checkpoint& checkpoint, const Cosignature& cosignature,
                                                   const Policy& policy, Tally& tally) {
  bool known = false;
  std::size_t index = 0;
  for (const auto witness : policy.witnesses) {
    TRY(const Standing standing, standing_under(witness.name, witness.key, checkpoint, cosignature));
    if (standing == Standing::holds) {
      tally.witnessed[index] = true;
      return Standing::holds;
    }
    known = known || standing == Standing::does_not_hold;
    ++index;
  }
  return known ? Standing::does_not_hold : Standing::unknown;
}

[[gnu::noinline]] Result<void> count(const Checkpoint& checkpoint, const Cosignature& cosignature, const Policy& policy,
                                     Tally& tally) {
  if (cosignature.time > time_max) return fail(Code::invalid, "a cosignature's time is over 2^63 - 1");
  TRY(const Standing as_signer, count_signers(checkpoint, cosignature, policy, tally));
  if (as_signer == Standing::holds) return {};
  TRY(const Standing as_witness, count_witnesses(checkpoint, cosignature, policy, tally));
  if (as_witness == Standing::holds) return {};
  if (as_signer == Standing::does_not_hold || as_witness == Standing::does_not_hold)
    return fail(Code::unauthenticated, "the signature of a known signer under the checkpoint does not hold");
  return {};
}

}  // namespace

Result<ByteView> cosigned_bytes(const Digest& ledger, std::uint64_t size, const Digest& root, std::uint64_t time,
                                MutableByteView out) {
  TextWriter writer(std::span(reinterpret_cast<char*>(out.data()), out.size()));
  writer.text("cosignature/v1\ntime ");
  writer.decimal(time);
  writer.text("\nmikusari/");
  writer.hex(ledger);
  writer.text("\n");
  writer.decimal(size);
  writer.text("\n");
  writer.base64(root);
  writer.text("\n");
  TRY(const std::string_view text, writer.finish());
  return as_bytes(text);
}

Result<VerifiedCheckpoint> verify(const Checkpoint& checkpoint, const Policy& policy) {
  if (checkpoint.ledger != policy.ledger)
    return fail(Code::forbidden, "the checkpoint is of another ledger than the policy");
  ASSERT(policy.signers.size() <= limits::signers_max && policy.witnesses.size() <= limits::witnesses_max);
  Tally tally;
  for (const auto cosignature : checkpoint.signatures) TRY(count(checkpoint, cosignature, policy, tally));
  if (tally.weight() == 0 || tally.weight() < policy.threshold) {
    return fail(Code::unauthenticated, "the checkpoint is signed by less weight than the policy demands");
  }
  std::uint64_t witnesses = 0;
  for (const bool witnessed : tally.witnessed) witnesses += witnessed ? 1 : 0;
  if (witnesses < policy.witness_threshold)
    return fail(Code::unauthenticated, "the checkpoint is cosigned by fewer witnesses than the policy demands");
  return VerifiedCheckpoint{checkpoint.ledger,   checkpoint.size, checkpoint.root,
                            tally.median_time(), tally.weight(),  witnesses};
}

}  // namespace mikusari::proof
