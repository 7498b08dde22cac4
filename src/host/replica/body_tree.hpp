// SPDX-License-Identifier: Apache-2.0
// The bodies of one statement and the tree over their leaves: hashed once, for as many paths as are wanted. Views into
// the submission's bytes, which must outlive it. One thread.
#pragma once

#include <vector>

#include "statement/submission.hpp"

namespace mikusari::replica {

class BodyTree {
 public:
  explicit BodyTree(const statement::Submission& submission);

  std::size_t size() const { return bodies_.size(); }
  // REQUIRES: index < size(), here and below.
  const statement::SaltedBody& body(std::size_t index) const { return bodies_[index]; }
  const Digest& leaf(std::size_t index) const { return levels_.front()[index]; }
  // From the leaf up to the bodies' root.
  std::vector<Digest> path(std::size_t index) const;

 private:
  std::vector<statement::SaltedBody> bodies_;
  std::vector<std::vector<Digest>> levels_;  // level k: the roots of the perfect subtrees of 2^k leaves
};

}  // namespace mikusari::replica
