// SPDX-License-Identifier: Apache-2.0
#include "api/fate.hpp"

namespace mikusari::api {

std::string sentence(std::string_view pattern, std::string_view subject, std::string_view object) {
  std::string out;
  while (!pattern.empty()) {
    if (pattern.starts_with("{s}") || pattern.starts_with("{o}")) {
      const auto word = pattern[1] == 's' ? subject : object;
      out += word.empty() ? "?" : word;
      pattern.remove_prefix(3);
    } else {
      out += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return out;
}

FateView::FateView(const replica::Fate& from) {
  bodies_.reserve(from.bodies.size());
  for (std::size_t i = 0; i < from.bodies.size(); ++i) {
    const auto& body = from.bodies[i];
    BodyFate out;
    out.index = i;
    out.standing = body.accepted() ? Standing::committed : Standing::refused;
    // An alarm names what it is about, as a refusal does.
    if (!body.subject.empty()) out.subject = body.subject;
    if (!body.object.empty()) out.object = body.object;
    if (body.accepted()) {
      out.outcome = body.outcome;
    } else {
      const auto& text = statement::text_of(body.refusal);
      out.refusal = body.refusal;
      out.message = sentences_.emplace_back(sentence(text.english, body.subject, body.object));
      out.message_ja = sentences_.emplace_back(sentence(text.japanese, body.subject, body.object));
    }
    bodies_.push_back(out);
  }
  fate_ = {from.identity, from.height, {std::span<const BodyFate>(bodies_)}};
}

}  // namespace mikusari::api
