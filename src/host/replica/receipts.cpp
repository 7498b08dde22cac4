// SPDX-License-Identifier: Apache-2.0
// Receipts: the part of Reading that proves one committed body.
#include "merkle/compact_range.hpp"
#include "replica/answers.hpp"
#include "replica/event_source.hpp"

namespace mikusari::replica {

using platform::Buffer;

Result<EventSource> EventSource::of(const statement::Submission& submission, std::size_t index) {
  EventSource out;
  std::vector<Digest> leaves;
  leaves.reserve(submission.bodies.size());
  for (const auto salted : submission.bodies) {
    if (leaves.size() == index) out.body_ = salted;
    leaves.push_back(statement::body_leaf(salted.salt, salted.body));
  }
  if (index >= leaves.size()) return fail(Code::not_found, "the statement has no such body");
  out.path_.resize(limits::log_levels_max);
  TRY(const auto path, merkle::inclusion_path(leaves, index, out.path_));
  out.path_.resize(path.size());
  out.sign1_ = submission.sign1;
  out.index_ = index;
  return out;
}

proof::Event EventSource::event(std::uint64_t height, std::uint64_t time_ms, statement::Outcome outcome) const {
  return {sign1_, index_, body_.salt, body_.body, {std::span<const Digest>(path_)}, height, time_ms, outcome};
}

Result<Buffer> Reading::receipt(const Digest& identity, std::size_t body) const {
  TRY(const Fate fate, this->fate(identity));
  if (body >= fate.bodies.size()) return fail(Code::not_found, "the statement has no such body");
  if (!fate.bodies[body].accepted()) return fail(Code::conflict, "this body was refused: there is no receipt for it");
  const auto place = fates_.find(identity);
  ASSERT(place.has_value());
  TRY(const Buffer bytes, read_bytes(chain_, place->submission));
  TRY(const auto submission, statement::parse(bytes));
  TRY(const auto source, EventSource::of(submission, body));
  const auto block = blocks_.find(place->height);
  ASSERT(block.has_value());
  std::uint64_t leaf = place->first_leaf;
  for (std::size_t i = 0; i < body; ++i) leaf += fate.bodies[i].accepted() ? 1 : 0;
  TRY(const auto path, log_.inclusion(leaf, tip_->log_size));
  const proof::Receipt receipt{source.event(place->height, block->time_ms, fate.bodies[body].outcome),
                               leaf,
                               {std::span<const Digest>(path)},
                               anchor().checkpoint};
  return platform::encode(receipt);
}

}  // namespace mikusari::replica
