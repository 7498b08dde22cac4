// SPDX-License-Identifier: Apache-2.0
#include "replica/body_tree.hpp"

namespace mikusari::replica {

BodyTree::BodyTree(const statement::Submission& submission) {
  std::vector<Digest> leaves;
  for (const auto salted : submission.bodies) {
    leaves.push_back(statement::body_leaf(salted));
    bodies_.push_back(salted);
  }
  while (true) {
    std::vector<Digest> above;
    for (std::size_t i = 0; i + 1 < leaves.size(); i += 2) above.push_back(merkle::node_hash(leaves[i], leaves[i + 1]));
    levels_.push_back(std::move(leaves));
    if (above.empty()) return;
    leaves = std::move(above);
  }
}

std::vector<Digest> BodyTree::path(std::size_t index) const {
  const auto nodes = merkle::inclusion_nodes(index, size());
  ASSERT(nodes.has_value());
  std::vector<Digest> out;
  for (const auto& id : nodes->ids()) out.push_back(levels_[id.level][static_cast<std::size_t>(id.index)]);
  out.resize(nodes->fold(out).size());
  return out;
}

}  // namespace mikusari::replica
