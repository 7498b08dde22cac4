// SPDX-License-Identifier: Apache-2.0
// The ledger's rule on malformed Ed25519 signatures, as a table: libsodium's verdict on every case of the CCTV suite.
// RFC 8032 leaves these open and libraries differ, so a library that answers otherwise would fork the ledger.
// Checked by self_test(). Constant data; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "crypto/signature.hpp"

namespace mikusari::crypto {

struct Ed25519Verdict {
  unsigned number = 0;  // of the case in the suite
  PublicKey key;
  std::string message;
  Signature signature;
  bool accepted = false;
};

std::size_t ed25519_verdict_count();
// REQUIRES: i < ed25519_verdict_count().
Ed25519Verdict ed25519_verdict(std::size_t i);

// `internal`, naming the case, when the linked library's answer is not the frozen one.
Result<void> confirm(const Ed25519Verdict& verdict);

// A point of the suite, used there as key or as R, and whether check() lets it be registered as a key.
struct Ed25519PointVerdict {
  PublicKey key;
  bool registrable = false;
};

std::size_t ed25519_point_verdict_count();
// REQUIRES: i < ed25519_point_verdict_count().
Ed25519PointVerdict ed25519_point_verdict(std::size_t i);
Result<void> confirm(const Ed25519PointVerdict& verdict);

}  // namespace mikusari::crypto
