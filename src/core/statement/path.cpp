// SPDX-License-Identifier: Apache-2.0
#include "statement/path.hpp"

#include "crypto/hash.hpp"
#include "statement/model.hpp"

namespace mikusari {

namespace path {

Digest member(std::string_view name) { return crypto::sha256({as_bytes("member/"), as_bytes(name)}); }
Digest key(const Digest& thumbprint) { return crypto::sha256({as_bytes("key/"), thumbprint}); }
Digest model(const Id& id) { return crypto::sha256({as_bytes("model/"), id}); }
Digest part(const Id& id) { return crypto::sha256({as_bytes("part/"), id}); }
Digest device(const Id& id) { return crypto::sha256({as_bytes("device/"), id}); }
Digest firmware(const Id& model, const Digest& image) { return crypto::sha256({as_bytes("firmware/"), model, image}); }
Digest replay(const Digest& thumbprint) { return crypto::sha256({as_bytes("replay/"), thumbprint}); }
Digest list(std::string_view member, list::Kind kind) {
  return crypto::sha256({as_bytes("list/"), as_bytes(member), as_bytes("/"), as_bytes(cbor::name_of(kind))});
}
Digest policy() { return crypto::sha256(as_bytes("policy/")); }
Digest parameters() { return crypto::sha256(as_bytes("ledger/parameters")); }

}  // namespace path

Id model::model_id(std::string_view vendor, std::string_view name) {
  const std::byte zero{0};
  return crypto::sha256(
      {as_bytes("mikusari-model"), ByteView(&zero, 1), as_bytes(vendor), ByteView(&zero, 1), as_bytes(name)});
}

}  // namespace mikusari
