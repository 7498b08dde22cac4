// SPDX-License-Identifier: Apache-2.0
// Every case of github.com/transparency-dev/merkle's testdata: accepted where it accepts, refused where it refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "crypto/test_vectors.hpp"
#include "merkle/log.hpp"

namespace mikusari::merkle {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> cases(const fs::path& folder) {
  std::vector<fs::path> out;
  if (!fs::exists(folder)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// None when the text does not hold 32 bytes: such a hash cannot be given to a verifier, which counts as refused.
std::optional<Digest> digest(const boost::json::value& text) {
  const auto bytes = test::from_base64(std::string_view(text.as_string()));
  if (bytes.size() != Digest::size()) return std::nullopt;
  return Digest::copy(bytes);
}

std::optional<std::vector<Digest>> path(const boost::json::value& proof) {
  std::vector<Digest> out;
  if (proof.is_null()) return out;
  for (const auto& text : proof.as_array()) {
    const auto each = digest(text);
    if (!each) return std::nullopt;
    out.push_back(*each);
  }
  return out;
}

std::uint64_t number(const boost::json::value& value) { return value.to_number<std::uint64_t>(); }

bool inclusion_holds(const boost::json::value& each) {
  const auto leaf = digest(each.at("leafHash"));
  const auto root = digest(each.at("root"));
  const auto proof = path(each.at("proof"));
  if (!leaf || !root || !proof) return false;
  const auto met = root_from_inclusion(number(each.at("leafIdx")), number(each.at("treeSize")), *leaf, *proof);
  return met && *met == *root;
}

bool consistency_holds(const boost::json::value& each) {
  const auto root1 = digest(each.at("root1"));
  const auto root2 = digest(each.at("root2"));
  const auto proof = path(each.at("proof"));
  if (!root1 || !root2 || !proof) return false;
  return verify_consistency(number(each.at("size1")), *root1, number(each.at("size2")), *root2, *proof).has_value();
}

void judge(const std::string& folder, std::size_t count_min, bool (*holds)(const boost::json::value&)) {
  const auto files = cases(test::vectors() / "merkle-rfc6962" / folder);
  if (files.empty()) GTEST_SKIP() << "no vectors in " << test::vectors();
  EXPECT_GE(files.size(), count_min);
  std::size_t accepted = 0;
  for (const fs::path& file : files) {
    const boost::json::value each = boost::json::parse(test::file_text(file).value());
    const bool held = holds(each);
    EXPECT_EQ(held, !each.at("wantErr").as_bool()) << file;
    accepted += held ? 1 : 0;
  }
  EXPECT_GT(accepted, 0U);
}

TEST(TransparencyDevVectors, AgreeOnInclusion) { judge("inclusion", 49, inclusion_holds); }
TEST(TransparencyDevVectors, AgreeOnConsistency) { judge("consistency", 43, consistency_holds); }

}  // namespace
}  // namespace mikusari::merkle
