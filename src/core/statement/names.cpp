// SPDX-License-Identifier: Apache-2.0
#include "statement/names.hpp"

#include "crypto/hash.hpp"

namespace mikusari::names {

Id id(const Handle& party, const Nonce& nonce) { return crypto::sha256({as_bytes("mikusari/id/1"), party, nonce}); }

Handle member(const Digest& ledger, std::string_view name) {
  return crypto::sha256({as_bytes("mikusari/member/1"), ledger, as_bytes(name)});
}

Handle party(const Digest& ledger, const Handle& registrar, const Digest& first_key, const Nonce& nonce) {
  return crypto::sha256({as_bytes("mikusari/party/1"), ledger, registrar, first_key, nonce});
}

Digest blinded(ByteView salt, const Id& model) { return crypto::sha256({as_bytes("mikusari/blind/1"), salt, model}); }

}  // namespace mikusari::names
