// SPDX-License-Identifier: Apache-2.0
// A statement's fate (statement/fate.hpp) as the interface tells it: JSON for people, deterministic CBOR for programs.
#pragma once

#include <deque>
#include <string>

#include "replica/answers.hpp"
#include "statement/fate.hpp"

namespace mikusari::api {

using statement::BodyFate;
using statement::Fate;
using statement::Standing;

// A Fate with the memory that it views. Not movable.
class FateView {
 public:
  explicit FateView(const replica::Fate& from);
  explicit FateView(replica::Fate&&) = delete;  // it views
  FateView(const FateView&) = delete;
  FateView& operator=(const FateView&) = delete;
  const Fate& fate() const { return fate_; }

 private:
  std::vector<BodyFate> bodies_;
  std::deque<std::string> sentences_;
  Fate fate_;
};

// The sentence with subject and object in their places.
std::string sentence(std::string_view pattern, std::string_view subject, std::string_view object);

}  // namespace mikusari::api
