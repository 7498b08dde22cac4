// SPDX-License-Identifier: Apache-2.0
#include "replica/chain_reader.hpp"

#include <string>

namespace mikusari::replica {

using platform::Buffer;

Result<Buffer> ChainReader::bytes(const Place& place) const {
  Buffer bytes(place.length);
  TRY(chain_.read(place.position, bytes));
  return bytes;
}

std::unexpected<Error> ChainReader::report(const std::string& what, const Place& place) const {
  const Error error =
      Error(Code::corrupt, "it was changed on the disk: restore the store from a backup or from another node")
          .with_context(what + " at byte " + std::to_string(place.position) + " of the chain");
  damage_.report(error);
  return std::unexpected(error);
}

std::unexpected<Error> ChainReader::changed(const Digest& key, const Place& place) const {
  return report("the row " + platform::to_hex(key), place);
}

Result<StoredRow> ChainReader::row(const Leaf& leaf) const {
  StoredRow out{{}, {}, leaf.place()};
  TRY(out.bytes, bytes(leaf.place()));
  const auto row = decode_row(out.bytes);
  if (row && merkle::map_leaf(row->key, crypto::sha256(row->value)) == leaf.hash()) {
    out.row = *row;
    return out;
  }
  // Of the key that it should have, the leaf knows 64 bits.
  std::byte known[prefix_bits / 8];
  for (std::size_t i = 0; i < sizeof known; ++i) known[i] = static_cast<std::byte>(leaf.prefix() >> (56 - 8 * i));
  return report("the row " + platform::to_hex(known) + "...", leaf.place());
}

Result<StoredRow> ChainReader::row(const Leaf& leaf, const Digest& key) const {
  auto stored = row(leaf);
  if (!stored && stored.error().code() == Code::corrupt) return changed(key, leaf.place());
  return stored;
}

Result<StoredRow> ChainReader::older_row(const Place& place, const Digest& key) const {
  StoredRow out{{}, {}, place};
  TRY(out.bytes, bytes(place));
  const auto row = decode_row(out.bytes);
  if (!row || row->key != key) return changed(key, place);
  out.row = *row;
  return out;
}

Result<StoredStatement> ChainReader::statement(const Place& place) const {
  StoredStatement out;
  TRY(out.bytes, bytes(place));
  const auto whole = decode_stored(out.bytes);
  if (!whole) return changed_statement(place);
  const auto submission = statement::parse(*whole);
  if (!submission) return changed_statement(place);
  out.whole = *whole;
  out.submission = *submission;
  return out;
}

Result<Digest> ChainReader::key(const Leaf& leaf) const {
  TRY(const auto stored, row(leaf));
  return stored.row.key;
}

Result<void> check_sides(const Row& row) {
  constexpr auto other = "what stands beside a record is not what it commits to";
  if (const auto head = read_head(row.value)) {
    // Of a thing that no event has changed yet.
    if (row.sides.empty() && head->history == Tree{} && !head->life) return {};
    if (!Histories::of(*head, row.sides)) return fail(Code::corrupt, other);
  } else if (const auto list = cbor::decode<list::Record>(row.value)) {
    if (!ledger::list_range(list->tree, row.sides)) return fail(Code::corrupt, other);
  } else if (!row.sides.empty()) {
    return fail(Code::corrupt, other);
  }
  return {};
}

}  // namespace mikusari::replica
