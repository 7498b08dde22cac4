// SPDX-License-Identifier: Apache-2.0
// Test vectors by others: each suite reads a folder of files of one format and counts. A file or case that is of
// another form or algorithm is skipped, with the reason. One thread.
#pragma once

#include "cli/session.hpp"
#include "json/value.hpp"

namespace mikusari::cli {

struct Score {
  std::uint64_t passed = 0;
  std::vector<std::string> failed;   // ids
  std::vector<std::string> skipped;  // "id: reason"

  void judge(const std::string& id, bool right) {
    if (right)
      ++passed;
    else
      failed.push_back(id);
  }
  void skip(const std::string& id, const std::string& why) { skipped.push_back(id + ": " + why); }
};

// One file that was read as JSON; numbers that are no short integers are texts.
void score_cbor(const json::Value& file, const std::string& id, Score& score);
void score_cose(const json::Value& file, const std::string& id, Score& score);
void score_p256(const json::Value& file, const std::string& id, Score& score);
void score_ed25519(const json::Value& file, const std::string& id, Score& score);
void score_merkle(const json::Value& file, const std::string& id, Score& score);
void score_cctv(const json::Value& file, const std::string& id, Score& score);

// Puts quotes around numbers with a fraction, an exponent or more than 18 characters, which our JSON does not take.
std::string with_plain_numbers(std::string_view json);

// Members that may be missing: empty then.
std::string text_in(const json::Value& object, std::string_view name);
Result<platform::Buffer> hex_in(const json::Value& object, std::string_view name);

}  // namespace mikusari::cli
