// SPDX-License-Identifier: Apache-2.0
#include "api/telling.hpp"

#include "platform/bytes.hpp"

namespace mikusari::api {
namespace {

struct Named {
  std::string_view word;
  Id id;
};

// "part 3fa9...": how rules call what is on the ledger.
std::optional<Named> read_name(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto id = platform::bytes_from_hex<32>(text.substr(space + 1));
  if (!id) return std::nullopt;
  return Named{text.substr(0, space), *id};
}

std::optional<About> about_of(const Named& named) {
  if (named.word == "part" || named.word == "device" || named.word == "unit")
    return About{About::What::thing, named.id};
  if (named.word == "party") return About{About::What::party, named.id};
  if (named.word == "key") return About{About::What::key, named.id};
  if (named.word == "model") return About{About::What::nameable, named.id};
  return std::nullopt;
}

}  // namespace

replica::Rejection Telling::told(replica::Rejection rejection) {
  if (!may_know(rejection.subject, rejection.object)) rejection.object.clear();
  return rejection;
}

replica::Fate Telling::told(replica::Fate fate) {
  for (auto& body : fate.bodies) {
    if (!may_know(body.subject, body.object)) body.object.clear();
  }
  return fate;
}

bool Telling::may_know(const std::string& subject, const std::string& object) {
  if (things_ == Readers::anyone || !read_name(object)) return true;
  const auto named = read_name(subject);
  if (!named) return true;
  const auto before = known_.find(subject);
  if (before != known_.end()) return before->second;
  const auto about = known_.size() < looks_max ? about_of(*named) : std::nullopt;
  return known_[subject] = about && concerns(*about);
}

bool Telling::concerns(const About& about) {
  if (!reader_) {
    const auto known = signer_ ? judge_.known(*signer_) : Result<std::optional<Judge::Known>>(std::nullopt);
    reader_.emplace(known && *known ? std::optional((*known)->reader) : std::nullopt);
  }
  if (!*reader_) return false;
  if (things_ == Readers::members && (*reader_)->is_member && (*reader_)->speaks) return true;
  const auto concerned = judge_.concerns(**reader_, about);
  return concerned && *concerned;
}

}  // namespace mikusari::api
