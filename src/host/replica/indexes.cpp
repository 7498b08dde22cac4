// SPDX-License-Identifier: Apache-2.0
#include "replica/indexes.hpp"

#include "statement/firmware.hpp"
#include "statement/ledger.hpp"
#include "statement/model.hpp"

namespace mikusari::replica {
namespace {

// Kinds whose bodies records name by their leaf, for people to read.
bool is_text(std::uint16_t kind) {
  return kind == model::Register::kind.number || kind == firmware::Release::kind.number;
}

}  // namespace

void Indexes::add_submission(const statement::Submission& submission, const std::vector<bool>& accepted,
                             const FatePlace& place) {
  fates.insert(submission.identity, place);
  const std::uint16_t kind = submission.statement.payload.kind;
  if (!is_text(kind) && kind != incarnation::Begin::kind.number) return;
  std::uint32_t index = 0;
  for (const auto salted : submission.bodies) {
    const std::uint32_t body = index++;
    if (!accepted[body]) continue;
    if (is_text(kind)) {
      texts.insert(statement::body_leaf(salted), {place.submission, body});
    } else if (const auto begun = cbor::decode<incarnation::Begin>(salted.body)) {
      steps.insert(begun->epoch, submission.identity);
    }
  }
}

void Indexes::add_list(const Digest& key, ByteView record, std::uint64_t entries, const Place& row) {
  const auto list = cbor::decode<list::Record>(record);
  if (list && list->tree.count >= entries) lists.add(key, list->tree.count, entries, row);
}

}  // namespace mikusari::replica
