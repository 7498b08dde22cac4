// SPDX-License-Identifier: Apache-2.0
#include "statement/path.hpp"

#include "crypto/hash.hpp"

namespace mikusari::path {
namespace {

Bytes<8> big_endian(std::uint64_t number) {
  Bytes<8> out;
  for (std::size_t i = 0; i < 8; ++i) out.data[i] = static_cast<std::byte>(number >> (56 - 8 * i));
  return out;
}

}  // namespace

Digest party(const Handle& handle) { return crypto::sha256({as_bytes("party/"), handle}); }
Digest key(const Digest& thumbprint) { return crypto::sha256({as_bytes("key/"), thumbprint}); }
Digest model(const Id& id) { return crypto::sha256({as_bytes("model/"), id}); }
Digest part(const Id& id) { return crypto::sha256({as_bytes("part/"), id}); }
Digest device(const Id& id) { return crypto::sha256({as_bytes("device/"), id}); }

Digest firmware(const Id& model, std::uint64_t sequence) {
  return crypto::sha256({as_bytes("firmware/"), model, big_endian(sequence)});
}
Digest image(const Id& model, const Digest& image) { return crypto::sha256({as_bytes("image/"), model, image}); }
Digest certification(const Id& model, std::uint64_t sequence, const Handle& laboratory) {
  return crypto::sha256({as_bytes("certification/"), model, big_endian(sequence), laboratory});
}
Digest role(const Handle& to, Role role, const Id& scope) {
  return crypto::sha256({as_bytes("role/"), to, big_endian(static_cast<std::uint64_t>(role)), scope});
}
Digest proposal(const Id& id) { return crypto::sha256({as_bytes("proposal/"), id}); }
Digest withheld(const Digest& identity, std::uint64_t index) {
  return crypto::sha256({as_bytes("withheld/"), identity, big_endian(index)});
}
Digest replay(const Digest& thumbprint) { return crypto::sha256({as_bytes("replay/"), thumbprint}); }
Digest quota(const Id& registrar_or_ledger) { return crypto::sha256({as_bytes("quota/"), registrar_or_ledger}); }
Digest list(const Handle& party, list::Kind kind) {
  return crypto::sha256({as_bytes("list/"), party, as_bytes("/"), as_bytes(cbor::name_of(kind))});
}
Digest policy() { return crypto::sha256(as_bytes("policy/")); }
Digest ledger() { return crypto::sha256(as_bytes("ledger/state")); }

}  // namespace mikusari::path
