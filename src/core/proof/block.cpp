// SPDX-License-Identifier: Apache-2.0
#include "proof/block.hpp"

#include "merkle/log.hpp"

namespace mikusari::proof {
namespace {

template <class T>
Digest hash_of(const T& value) {
  std::byte buffer[block_record_bytes_max];
  const auto encoded = cbor::encode(value, buffer);
  ASSERT(encoded.has_value());
  return merkle::leaf_hash(*encoded);
}

}  // namespace

Digest leaf_hash(const BodyLeaf& leaf) { return hash_of(leaf); }
Digest leaf_hash(const BlockRecord& record) { return hash_of(record); }

Digest refused_leaf(const Digest& identity, std::uint64_t index, statement::Refusal refusal) {
  std::byte buffer[64];
  cbor::Writer out(buffer);
  out.array(4);
  out.uint(Form::number);
  out.bytes(identity);
  out.uint(index);
  cbor::write(out, refusal);
  const auto encoded = out.finish();
  ASSERT(encoded.has_value());
  return merkle::leaf_hash(*encoded);
}

}  // namespace mikusari::proof
