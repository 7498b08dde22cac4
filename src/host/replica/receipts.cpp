// SPDX-License-Identifier: Apache-2.0
// Receipts: the part of Reading that proves one committed body.
#include "replica/answers.hpp"
#include "replica/body_tree.hpp"

namespace mikusari::replica {

using platform::Buffer;

Result<Buffer> Reading::receipt(const Digest& identity, std::uint64_t body) const {
  TRY(const Fate fate, this->fate(identity));
  if (body >= fate.bodies.size()) return fail(Code::not_found, "the statement has no such body");
  const auto index = static_cast<std::size_t>(body);
  if (!fate.bodies[index].accepted()) return fail(Code::conflict, "this body was refused: there is no receipt for it");
  TRY(const auto place, place_of(identity));
  TRY(const auto stored, archive_.chain.statement(place.submission));
  const BodyTree bodies(stored.submission);
  if (stored.submission.identity != identity || index >= bodies.size())
    return archive_.chain.changed_statement(place.submission);
  const auto block = archive_.indexes.blocks.find(place.height);
  ASSERT(block.has_value());

  proof::Receipt out;
  out.event.sign1 = stored.submission.sign1;
  if (!stored.submission.approvals.empty()) out.event.also = stored.submission.also;
  out.event.index = body;
  TRY(const bool is_withheld, withholds(stored.submission, body));
  const auto& salted = bodies.body(index);
  if (is_withheld || salted.withheld) {
    out.event.withheld = bodies.leaf(index);
  } else {
    out.event.salt = salted.salt;
    out.event.body = salted.body;
  }
  const auto body_path = bodies.path(index);
  out.event.bodies_path = {std::span<const Digest>(body_path)};
  out.event.height = place.height;
  out.event.time_ms = block->time_ms;
  out.event.outcome = fate.bodies[index].outcome;
  out.leaf_index = place.first_leaf;
  for (std::size_t i = 0; i < index; ++i) out.leaf_index += fate.bodies[i].accepted() ? 1 : 0;
  TRY(const auto log_path, archive_.log.inclusion(out.leaf_index, tip_->log_size));
  out.log_path = {std::span<const Digest>(log_path)};
  out.checkpoint = anchor().checkpoint;

  // All of it was read from the disk: it is shown only if it is what the log commits to.
  const auto event = proof::check_event(out.event);
  const auto root = event ? merkle::root_from_inclusion(out.leaf_index, tip_->log_size, event->leaf_hash, log_path)
                          : std::unexpected(event.error());
  if (root != tip_->log_root)
    return fail(Code::corrupt, "a statement, its fate or the log was changed on the disk: restore the store");
  return platform::encode(out);
}

}  // namespace mikusari::replica
