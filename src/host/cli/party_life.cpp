// SPDX-License-Identifier: Apache-2.0
// Family `party`: what becomes of parties.
#include "cli/request.hpp"
#include "cli/show.hpp"
#include "cose/key.hpp"

namespace mikusari::cli {
namespace {

Result<void> set_suspended(Session& session, bool suspended) {
  TRY(auto voice, Voice::open(session));
  std::vector<party::Suspend> bodies;
  for (const auto& name : session.arguments().list("PARTY")) {
    TRY(const auto handle, party_named(session, voice.ledger(), name));
    bodies.push_back({handle, suspended});
  }
  return voice.say_all<party::Suspend>(bodies);
}
Result<void> suspend(Session& session) { return set_suspended(session, true); }
Result<void> resume(Session& session) { return set_suspended(session, false); }

Result<void> move(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto registrar, party_option(session, voice.ledger(), "--to"));
  return voice.say(party::Move{registrar});
}

Result<void> close(Session& session) {
  TRY(auto voice, Voice::open(session));
  return voice.say(party::Close{});
}

Result<void> recover(Session& session) {
  TRY(auto voice, Voice::open(session));
  party::Recover body;
  TRY(body.party, party_option(session, voice.ledger(), "PARTY"));
  TRY(const auto record,
      voice.remote().record<party::Record>(target_of("parties", body.party), path::party(body.party)));
  TRY(const auto holder, open_key(session, session.arguments().text("NEWKEY")));
  body.key = holder->public_key();
  TRY(body.possession, possession(*holder, {voice.ledger(), voice.kid(), subject_of_party(body.party),
                                            key::Purpose::wallet, 0, record.commitment}));
  session.text_member("kid", platform::to_hex(cose::thumbprint(body.key)));
  session.line(platform::to_hex(cose::thumbprint(body.key)));
  return voice.say(body);
}

Result<void> amend(Session& session) {
  TRY(auto voice, Voice::open(session));
  party::Amend body;
  std::vector<Handle> quorum;
  if (session.arguments().has("--k")) {
    TRY(body.k, session.arguments().number("--k", 0));
  }
  if (session.arguments().has("--recovery")) {
    TRY(body.recovery, word<party::Recovery>("--recovery", session.arguments().text("--recovery")));
  }
  TRY(body.force, force_option(session, voice.ledger(), quorum));
  if (!body.k && !body.recovery && !body.force)
    return fail(Code::invalid, "nothing to amend: --k, --recovery or --force-quorum");
  return voice.say(body);
}

Result<void> show_party(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto handle, party_option(session, remote.ledger(), "PARTY"));
  session.text_member("handle", platform::to_hex(handle));
  return show_record<party::Record>(session, remote, target_of("parties", handle), path::party(handle));
}

}  // namespace

void add_party_life_commands(Commands& to) {
  const Option party{"PARTY", Form::text, Need::required, "contact, label, member or handle", "当事者"};
  const Option parties{"PARTY", Form::list, Need::required, "contacts, labels, members or handles", "当事者"};
  to.push_back({"party suspend", "The registrar: they receive, register and alarm no more", "当事者を停止する",
                saying({parties}), suspend});
  to.push_back({"party resume", "The registrar: they act again", "当事者の停止を解く", saying({parties}), resume});
  to.push_back({"party move", "Another registrar shall vouch for oneself, with its approval", "当事者登録者を替える",
                saying({{"--to", Form::text, Need::required, "the new registrar", "新しい当事者登録者"}}), move});
  to.push_back(
      {"party close", "End oneself as a party that owns nothing any more", "当事者を閉じる", saying({}), close});
  to.push_back({"party recover", "Bring a party back by a new key: by its standby key, or its registrar",
                "失われた鍵を復旧する",
                saying({party, {"NEWKEY", Form::text, Need::required, "its new key: NAME or NAME@FOLDER", "新しい鍵"}}),
                recover});
  to.push_back({"party amend", "How many of its keys must sign, how they come back, who may force a hand-over",
                "当事者の設定を改める",
                saying(together(
                    {{{"--k", Form::text, Need::optional, "so many keys sign what touches its power", "必要な鍵の数"},
                      {"--recovery",
                       Form::text,
                       Need::optional,
                       "how its keys come back",
                       "鍵の復旧方法",
                       {"none", "standby", "registrar"}}},
                     force_options()})),
                amend});
  to.push_back({"party show", "A party's record, proven", "当事者の記録", {party, out_option()}, show_party});
}

}  // namespace mikusari::cli
