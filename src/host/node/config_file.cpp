// SPDX-License-Identifier: Apache-2.0
// The one file that knows toml++: TOML text -> settings, each error with its line.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
// toml++ 3.3 asserts what a malformed file breaks ("[[[" is enough), though it answers the same cases with an error
// some lines on; with NDEBUG it would have the compiler assume them. The target fuzz/settings.cpp watches over this.
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>

#include "node/config.hpp"

namespace mikusari::node {
namespace {

using Line = toml::source_index;

// "node.toml, line 7".
std::string place(const std::string& name, Line line) { return name + ", line " + std::to_string(line); }

std::unexpected<Error> unknown(const std::string& where, const std::string& wrong, const std::string& near) {
  const std::string hint = near.empty() ? "" : "; did you mean \"" + near + "\"?";
  return std::unexpected(
      Error(Code::invalid, "there is no such setting").with_context(where + ": \"" + wrong + "\"" + hint));
}

std::vector<std::string> sections() {
  std::vector<std::string> out;
  for (const auto& setting : settings()) {
    if (out.empty() || out.back() != setting.section) out.emplace_back(setting.section);
  }
  return out;
}

std::vector<std::string> full_names() {
  std::vector<std::string> out;
  for (const auto& setting : settings()) out.push_back(std::string(setting.section) + "." + std::string(setting.key));
  return out;
}

const Setting* find(std::string_view section, std::string_view key) {
  for (const auto& setting : settings()) {
    if (setting.section == section && setting.key == key) return &setting;
  }
  return nullptr;
}

// A key in the wrong section is found by its own name.
std::unexpected<Error> unknown_key(const std::string& where, std::string_view section, std::string_view key) {
  const std::string wrong = std::string(section) + (section.empty() ? "" : ".") + std::string(key);
  for (const auto& setting : settings()) {
    if (setting.key == key) return unknown(where, wrong, std::string(setting.section) + "." + std::string(key));
  }
  return unknown(where, wrong, nearest(wrong, full_names()));
}

Result<void> assign_node(Config& config, const Setting& setting, const toml::node& node) {
  if (const auto* number = node.as_integer()) {
    // A negative number is over every bound.
    return assign(config, setting, static_cast<std::uint64_t>(number->get()));
  }
  if (const auto* word = node.as_string()) return assign(config, setting, word->get());
  std::vector<std::string> words;
  if (const auto* array = node.as_array()) {
    for (const auto& element : *array) {
      const auto* word = element.as_string();
      if (word == nullptr) return assign(config, setting, std::string());
      words.push_back(word->get());
    }
  } else if (std::holds_alternative<std::vector<std::string> Config::*>(setting.target)) {
    return assign(config, setting, std::string());
  }
  return assign(config, setting, std::move(words));
}

Result<void> read_section(Config& config, std::string_view section, const toml::table& table, const std::string& name) {
  for (const auto& [key, node] : table) {
    const std::string where = place(name, node.source().begin.line);
    const Setting* setting = find(section, key.str());
    if (setting == nullptr) return unknown_key(where, section, key.str());
    if (auto done = assign_node(config, *setting, node); !done)
      return std::unexpected(std::move(done).error().with_context(where));
  }
  return {};
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& name) {
  const auto parsed = toml::parse(text, name);
  if (!parsed) {
    const auto& error = parsed.error();
    return std::unexpected(
        Error(Code::invalid, "this is not TOML")
            .with_context(place(name, error.source().begin.line) + ": " + std::string(error.description())));
  }
  Config out;
  const auto known = sections();
  for (const auto& [section, node] : parsed.table()) {
    const std::string where = place(name, node.source().begin.line);
    const std::string word(section.str());
    if (std::ranges::find(known, word) == known.end()) {
      return node.is_table() ? unknown(where, word, nearest(word, known)) : unknown_key(where, "", word);
    }
    const auto* table = node.as_table();
    if (table == nullptr) {
      return std::unexpected(
          Error(Code::invalid, "settings stand in sections").with_context(where + ": write [" + word + "]"));
    }
    TRY(read_section(out, word, *table, name));
  }
  return out;
}

}  // namespace mikusari::node
