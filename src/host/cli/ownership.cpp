// SPDX-License-Identifier: Apache-2.0
// Family `ownership`: each names the title counter that was seen, proven.
#include "statement/ownership.hpp"

#include "cli/saying.hpp"

namespace mikusari::cli {
namespace {

struct Named {
  thing::Type type{};
  Id id;
};
Result<Named> named(Session& session) {
  const auto otherwise = session.arguments().has("--part") ? What::part : What::device;
  TRY(const auto thing, thing_of_any(session, otherwise, session.arguments().text("THING")));
  if (thing.what != What::part && thing.what != What::device)
    return fail(Code::invalid, "parts and devices have owners, and this is neither");
  return Named{type_of(thing.what), thing.id};
}

Result<void> offer(Session& session) {
  TRY(const auto thing, named(session));
  TRY(auto voice, Voice::open(session));
  TRY(const auto to, party_option(session, voice.ledger(), "--to"));
  TRY(const auto on, on_of(session, voice.remote(), thing.type, thing.id));
  return voice.say(ownership::Offer{thing.type, thing.id, to, on});
}

Result<void> accept(Session& session) {
  TRY(const auto thing, named(session));
  TRY(auto voice, Voice::open(session));
  ownership::Accept body{thing.type, thing.id, 0, {}};
  std::vector<Digest> keep;
  if (voice.remote().is_offline()) {
    TRY(body.on, on_of(session, voice.remote(), thing.type, thing.id));
    TRY(keep, keep_of(session, thing::Record()));
  } else {
    TRY(const auto now, thing_now(voice.remote(), thing.type, thing.id));
    TRY(body.on, session.arguments().number("--on", now.record.title));
    TRY(keep, keep_of(session, now.record));
  }
  body.keep = std::span<const Digest>(keep);
  return voice.say(body);
}

Result<void> cancel(Session& session) {
  TRY(const auto thing, named(session));
  TRY(auto voice, Voice::open(session));
  return voice.say(ownership::Cancel{thing.type, thing.id});
}

Result<void> force(Session& session) {
  TRY(const auto thing, named(session));
  TRY(auto voice, Voice::open(session));
  TRY(const auto to, party_option(session, voice.ledger(), "--to"));
  TRY(const auto on, on_of(session, voice.remote(), thing.type, thing.id));
  return voice.say(ownership::Force{thing.type, thing.id, to, on});
}

}  // namespace

void add_ownership_commands(Commands& to) {
  const Option thing{"THING", Form::text, Need::required, "label or id", "機器または部品"};
  const Option part{"--part", Form::flag, Need::optional, "the id is of a part, not of a device", "機器でなく部品"};
  const Option receiver{"--to", Form::text, Need::required, "the party that may accept it", "相手の当事者"};
  to.push_back({"ownership offer", "Offer a device or part to a party", "譲渡を申し出る",
                saying({thing, receiver, part, on_option()}), offer});
  to.push_back({"ownership accept", "Accept it as it is now, or as seen at --on; all keys but those kept fall silent",
                "譲渡を承諾する", saying({thing, part, on_option(), keep_option()}), accept});
  to.push_back({"ownership cancel", "Take an offer back, or stop a forced hand-over", "申し出を取り消す",
                saying({thing, part}), cancel});
  to.push_back({"ownership force", "The quorum that the owner named lets another party accept after the wait",
                "所有者が定めた複数者による所有者変更", saying({thing, receiver, part, on_option()}), force});
}

}  // namespace mikusari::cli
