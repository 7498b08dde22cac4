// SPDX-License-Identifier: Apache-2.0
// Family `ownership`: each names the record's seq that was seen, proven.
#include "statement/ownership.hpp"

#include "cli/voice.hpp"

namespace mikusari::cli {
namespace {

Result<void> offer(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  const std::string to = session.arguments().text("--to");
  TRY(auto voice, Voice::open(session));
  TRY(const auto record, device_record(voice.remote(), id));
  return voice.say(ownership::Offer{id, to}, record.seq);
}

Result<void> accept(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  TRY(auto voice, Voice::open(session));
  TRY(const auto record, device_record(voice.remote(), id));
  TRY(const auto seq, session.arguments().number("--on", record.seq));
  return voice.say(ownership::Accept{id}, seq);
}

Result<void> cancel(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  TRY(auto voice, Voice::open(session));
  return voice.say(ownership::Cancel{id});
}

}  // namespace

void add_ownership_commands(Commands& to) {
  const Option device{"DEVICE", Form::text, Need::required, "id of the device", "機器のid"};
  to.push_back({"ownership offer", "Offer a device to a member", "機器の譲渡を申し出る",
                saying({device, {"--to", Form::text, Need::required, "the member who may accept", "相手の参加組織"}}),
                offer});
  to.push_back(
      {"ownership accept", "Accept the device as it is now, or as seen at --on", "譲渡を承諾する",
       saying(
           {device, {"--on", Form::text, Need::optional, "seq of the record that you have seen", "確認した記録のseq"}}),
       accept});
  to.push_back({"ownership cancel", "Take an offer back", "申し出を取り消す", saying({device}), cancel});
}

}  // namespace mikusari::cli
