// SPDX-License-Identifier: Apache-2.0
#include "api/exposition.hpp"

#include <algorithm>

namespace mikusari::api {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

constexpr std::array<std::string_view, 3> type_names = {"counter", "gauge", "histogram"};

}  // namespace

std::string label_text(std::initializer_list<Label> labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out += ',';
    out += std::string(name) + "=\"" + escaped(value) + "\"";
  }
  return out;
}

Exposition& Exposition::family(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  out_ += "# HELP " + std::string(name) + " " + std::string(help) + "\n";
  out_ += "# TYPE " + std::string(name) + " " + std::string(type_names[static_cast<std::size_t>(type)]) + "\n";
  return *this;
}

Exposition& Exposition::sample(std::initializer_list<Label> labels, std::uint64_t value, std::string_view suffix) {
  out_ += std::string(name_) + std::string(suffix);
  if (labels.size() > 0) out_ += "{" + label_text(labels) + "}";
  out_ += " " + std::to_string(value) + "\n";
  return *this;
}

Exposition& Exposition::sample(std::string_view labels, std::uint64_t value) {
  out_ += std::string(name_) + "{" + std::string(labels) + "} " + std::to_string(value) + "\n";
  return *this;
}

Exposition& Exposition::seconds(std::initializer_list<Label> labels, std::uint64_t microseconds,
                                std::string_view suffix) {
  constexpr std::uint64_t second = 1'000'000;
  std::string fraction = std::to_string(second + microseconds % second);
  fraction.front() = '.';
  out_ += std::string(name_) + std::string(suffix);
  if (labels.size() > 0) out_ += "{" + label_text(labels) + "}";
  out_ += " " + std::to_string(microseconds / second) + fraction + "\n";
  return *this;
}

void LabelledCounter::add(std::initializer_list<Label> labels) {
  const std::string text = label_text(labels);
  platform::MutexLock lock(mutex_);
  ++counts_[text];
}

void LabelledCounter::write(Exposition& out) const {
  platform::MutexLock lock(mutex_);
  for (const auto& [labels, count] : counts_) out.sample(labels, count);
}

void Histogram::observe_us(std::uint64_t microseconds) {
  const auto bound = std::ranges::find_if(bounds, [&](const Bound& each) { return microseconds <= each.us; });
  counts_[static_cast<std::size_t>(bound - bounds.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(microseconds, std::memory_order_relaxed);
}

void Histogram::write(Exposition& out) const {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    count += counts_[i].load(std::memory_order_relaxed);
    out.sample({{"le", bounds[i].text}}, count, "_bucket");
  }
  count += counts_.back().load(std::memory_order_relaxed);
  out.sample({{"le", "+Inf"}}, count, "_bucket");
  out.seconds({}, sum_us_.load(std::memory_order_relaxed), "_sum");
  out.sample({}, count, "_count");
}

}  // namespace mikusari::api
