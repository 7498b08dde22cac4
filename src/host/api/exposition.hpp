// SPDX-License-Identifier: Apache-2.0
// What metrics are made of - counters with labels, histograms - and the text form in which Prometheus reads them
// (exposition format 0.0.4).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/mutex.hpp"

namespace mikusari::api {

using Label = std::pair<std::string_view, std::string_view>;

class Exposition {
 public:
  enum class Type : std::uint8_t { counter, gauge, histogram };
  // Begins a family of samples. REQUIRES: each name once.
  Exposition& family(std::string_view name, Type type, std::string_view help);
  // A sample of the family that was begun last; `suffix` as histograms want it.
  Exposition& sample(std::initializer_list<Label> labels, std::uint64_t value, std::string_view suffix = {});
  Exposition& sample(std::string_view labels, std::uint64_t value);
  // A duration, printed in seconds.
  Exposition& seconds(std::initializer_list<Label> labels, std::uint64_t microseconds, std::string_view suffix);
  std::string finish() && { return std::move(out_); }

 private:
  std::string out_;
  std::string_view name_;
};

// `code="conflict",reason="..."`, values escaped.
std::string label_text(std::initializer_list<Label> labels);

// Counters told apart by their labels. Meant for labels of few values: refusals, not names. Any thread.
class LabelledCounter {
 public:
  void add(std::initializer_list<Label> labels);
  void write(Exposition& out) const;

 private:
  mutable platform::Mutex mutex_;
  std::map<std::string, std::uint64_t> counts_ MIKUSARI_GUARDED_BY(mutex_);
};

// Durations in buckets. Any thread.
class Histogram {
 public:
  void observe_us(std::uint64_t microseconds);
  void write(Exposition& out) const;

 private:
  // Upper bounds in microseconds, and how they are printed.
  struct Bound {
    std::uint64_t us;
    std::string_view text;
  };
  static constexpr std::array<Bound, 12> bounds{{{500, "0.0005"},
                                                 {1'000, "0.001"},
                                                 {2'000, "0.002"},
                                                 {5'000, "0.005"},
                                                 {10'000, "0.01"},
                                                 {20'000, "0.02"},
                                                 {50'000, "0.05"},
                                                 {100'000, "0.1"},
                                                 {200'000, "0.2"},
                                                 {500'000, "0.5"},
                                                 {1'000'000, "1"},
                                                 {5'000'000, "5"}}};
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_{0};
};

}  // namespace mikusari::api
