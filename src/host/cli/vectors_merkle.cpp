// SPDX-License-Identifier: Apache-2.0
// Cases of transparency-dev/merkle: one file a case, an inclusion (leafIdx) or a consistency proof (size1).
#include "cli/vectors.hpp"
#include "encoding/text.hpp"
#include "merkle/log.hpp"

namespace mikusari::cli {
namespace {

// None when the text does not hold 32 bytes: such a hash cannot be given to a verifier, which counts as refused.
std::optional<Digest> digest(const json::Value* value) {
  if (value == nullptr) return std::nullopt;
  const auto bytes = platform::from_base64(value->text().value_or(""));
  if (!bytes || bytes->size() != Digest::size()) return std::nullopt;
  return Digest::copy(*bytes);
}

std::optional<std::vector<Digest>> path(const json::Value& each) {
  std::vector<Digest> out;
  const auto* proof = each.find("proof");
  if (proof == nullptr || proof->array() == nullptr) return out;
  for (const auto& one : *proof->array()) {
    const auto hash = digest(&one);
    if (!hash) return std::nullopt;
    out.push_back(*hash);
  }
  return out;
}

std::optional<std::uint64_t> number(const json::Value& each, std::string_view name) {
  const auto* value = each.find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto plain = value->uint()) return *plain;
  const auto text = value->text();  // long numbers were quoted
  if (!text) return std::nullopt;
  const auto parsed = text::from_decimal(*text);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

bool inclusion_holds(const json::Value& each) {
  const auto leaf = digest(each.find("leafHash")), root = digest(each.find("root"));
  const auto index = number(each, "leafIdx"), size = number(each, "treeSize");
  const auto proof = path(each);
  if (!leaf || !root || !index || !size || !proof) return false;
  const auto met = merkle::root_from_inclusion(*index, *size, *leaf, *proof);
  return met && *met == *root;
}

bool consistency_holds(const json::Value& each) {
  const auto root1 = digest(each.find("root1")), root2 = digest(each.find("root2"));
  const auto size1 = number(each, "size1"), size2 = number(each, "size2");
  const auto proof = path(each);
  if (!root1 || !root2 || !size1 || !size2 || !proof) return false;
  return merkle::verify_consistency(*size1, *root1, *size2, *root2, *proof).has_value();
}

}  // namespace

void score_merkle(const json::Value& file, const std::string& id, Score& score) {
  const auto* wanted = file.find("wantErr");
  if (wanted == nullptr || !wanted->boolean()) return score.skip(id, "does not say wantErr");
  const bool inclusion = file.find("leafIdx") != nullptr;
  if (!inclusion && file.find("size1") == nullptr)
    return score.skip(id, "is neither an inclusion nor a consistency case");
  score.judge(id, (inclusion ? inclusion_holds(file) : consistency_holds(file)) != *wanted->boolean());
}

}  // namespace mikusari::cli
