// SPDX-License-Identifier: Apache-2.0
// One body of a submission with its path under the bodies' root: what receipts and passports are made of.
#pragma once

#include <vector>

#include "proof/receipt.hpp"

namespace mikusari::replica {

// Views into the submission's bytes, which must outlive it.
class EventSource {
 public:
  // `not_found` when the statement has no such body.
  static Result<EventSource> of(const statement::Submission& submission, std::size_t index);
  proof::Event event(std::uint64_t height, std::uint64_t time_ms, statement::Outcome outcome) const;
  const statement::SaltedBody& body() const { return body_; }
  std::span<const Digest> path() const { return path_; }

 private:
  ByteView sign1_;
  std::uint64_t index_ = 0;
  statement::SaltedBody body_;
  std::vector<Digest> path_;
};

}  // namespace mikusari::replica
