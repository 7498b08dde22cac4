// SPDX-License-Identifier: Apache-2.0
// A private key in this process's memory: for members, nodes and devices without a hardware key, and for tests.
// The key is wiped when the signer goes. Several threads may sign with one signer at a time.
#pragma once

#include <memory>

#include "crypto/secret.hpp"
#include "crypto/signature.hpp"

namespace mikusari::crypto {

class SoftwareSigner final : public Signer {
 public:
  // A new key from OpenSSL's generator of random numbers. Errors: `internal` when that fails.
  static Result<SoftwareSigner> generate(Algorithm algorithm);

  // 32 bytes: the scalar d, 0 < d < n, big-endian (esp256), or the seed of RFC 8032 section 5.1.5 (ed25519), of which
  // every value is a key. The same bytes give the same key. Errors: `invalid`. The caller wipes his bytes.
  static Result<SoftwareSigner> from_private(Algorithm algorithm, ByteView private_bytes);

  ~SoftwareSigner() override;
  SoftwareSigner(SoftwareSigner&&) noexcept;
  SoftwareSigner& operator=(SoftwareSigner&&) noexcept;

  const PublicKey& public_key() const override;
  // Errors: `internal` when OpenSSL fails.
  Result<Signature> sign(ByteView message) override;

  // What from_private() takes: for the key store, which encrypts it.
  Secret<32> export_private() const;

 private:
  struct State;
  explicit SoftwareSigner(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace mikusari::crypto
