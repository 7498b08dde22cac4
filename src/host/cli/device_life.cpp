// SPDX-License-Identifier: Apache-2.0
// Family `device`: its life and end.
#include "cli/saying.hpp"
#include "cli/show.hpp"

namespace mikusari::cli {
namespace {

Result<void> activate(Session& session) {
  device::Activate body;
  TRY(body.device, thing_option(session, What::device, "DEVICE"));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

// Statements about many devices that name nothing but them.
template <statement::Body Body>
Result<void> say_of_each(Session& session) {
  std::vector<Body> bodies;
  for (const auto& text : session.arguments().list("DEVICE")) {
    TRY(const auto id, thing_named(session, What::device, text));
    bodies.push_back(Body{id});
  }
  TRY(auto voice, Voice::open(session));
  return voice.say_all<Body>(bodies);
}

Result<void> retire(Session& session) {
  std::vector<Id> ids;
  for (const auto& text : session.arguments().list("DEVICE")) {
    TRY(ids.emplace_back(), thing_named(session, What::device, text));
  }
  TRY(auto voice, Voice::open(session));
  std::vector<device::Retire> bodies;
  for (const auto& id : ids) {
    TRY(const auto on, on_of(session, voice.remote(), thing::Type::device, id));
    bodies.push_back({id, on});
  }
  return voice.say_all<device::Retire>(bodies);
}

Result<void> destroy(Session& session) {
  device::Destroy body;
  TRY(body.device, thing_option(session, What::device, "DEVICE"));
  TRY(body.evidence, digest_option(session, "--evidence"));
  TRY(auto voice, Voice::open(session));
  TRY(body.on, on_of(session, voice.remote(), thing::Type::device, body.device));
  return voice.say(body);
}

Result<void> alarm(Session& session) {
  const auto otherwise = session.arguments().has("--part") ? What::part : What::device;
  TRY(const auto about, thing_of_any(session, otherwise, session.arguments().text("THING")));
  device::Alarm body;
  body.type = type_of(about.what);
  body.thing = about.id;
  TRY(body.cause, word<device::Cause>("CAUSE", session.arguments().text("CAUSE")));
  if (session.arguments().has("--about")) {
    TRY(const auto other, thing_of_any(session, What::device, session.arguments().text("--about")));
    body.about = other.id;
  }
  TRY(body.evidence, digest_option(session, "--evidence"));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

}  // namespace

void add_device_life_commands(Commands& to) {
  const Option device{"DEVICE", Form::text, Need::required, "label or id of the device", "機器"};
  const Option devices{"DEVICE", Form::list, Need::required, "labels or ids of devices", "機器"};
  const Option evidence{"--evidence", Form::text, Need::optional, "the report: file or SHA-256",
                        "報告書のファイルまたはハッシュ"};
  to.push_back({"device activate", "The device says, with its own key, that it lives", "機器自身の鍵で使用開始",
                saying({device}), activate});
  to.push_back({"device suspend", "Gates refuse the devices until they are resumed", "機器を一時停止する",
                saying({devices}), say_of_each<device::Suspend>});
  to.push_back({"device resume", "Gates admit the devices again", "機器の停止を解く", saying({devices}),
                say_of_each<device::Resume>});
  to.push_back({"device retire", "End devices' lives; their keys fall silent at once", "機器の運用を終える",
                saying({devices, on_option()}), retire});
  to.push_back({"device destroy", "Record its destruction, with two witnesses", "破壊処分を立会人二名で記録する",
                saying({device, evidence, on_option()}), destroy});
  to.push_back(
      {"device alarm", "Say that a device or part was copied, opened, set back, or misbehaves",
       "機器・部品の警報を記録する",
       saying({{"THING", Form::text, Need::required, "label or id", "機器または部品"},
               {"CAUSE",
                Form::text,
                Need::required,
                "why",
                "理由",
                {"copied", "opened", "set_back", "misbehaving", "other"}},
               {"--part", Form::flag, Need::optional, "the id is of a part, not of a device", "機器でなく部品"},
               {"--about", Form::text, Need::optional, "the other thing that it is about", "相手の機器・部品"},
               evidence}),
       alarm});
}

}  // namespace mikusari::cli
