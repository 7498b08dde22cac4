// SPDX-License-Identifier: Apache-2.0
#include "statement/party.hpp"

#include "crypto/hash.hpp"

namespace mikusari::party {
namespace {

// The opening's fields, with their numbers, but for both proofs.
struct Asked {
  Bytes<32> nonce;
  crypto::PublicKey key;
  std::optional<Digest> commitment;
  Recovery recovery{};
  std::optional<crypto::PublicKey> standby;
  std::optional<Force> force;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "nonce", &Asked::nonce},           cbor::Field{2, "key", &Asked::key},
                 cbor::Field{4, "commitment", &Asked::commitment}, cbor::Field{5, "recovery", &Asked::recovery},
                 cbor::Field{6, "standby", &Asked::standby},       cbor::Field{8, "force", &Asked::force}};
};

}  // namespace

bool are_given_by_vote(const Roles& roles) {
  for (const Role role : roles) {
    std::size_t same = 0;
    for (const Role other : roles) same += other == role ? 1 : 0;
    if (role > Role::certifier || same != 1) return false;
  }
  return true;
}

Digest asked(const Open& opening) {
  std::byte buffer[1024];
  const auto bytes = cbor::encode(
      Asked{opening.nonce, opening.key, opening.commitment, opening.recovery, opening.standby, opening.force}, buffer);
  ASSERT(bytes.has_value());
  return crypto::sha256(*bytes);
}

}  // namespace mikusari::party
