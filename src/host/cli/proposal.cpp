// SPDX-License-Identifier: Apache-2.0
// Family `proposal`: what members decide together.
#include "cli/proposal.hpp"

#include "cli/birth.hpp"
#include "cli/show.hpp"

namespace mikusari::cli {
namespace {

using proposal::Matter;

// Matters as people write them.
Result<Matter> matter_named(std::string text) {
  for (auto& c : text) c = c == '-' ? '_' : c;
  return word<Matter>("MATTER", text);
}

Result<void> say_proposal(Voice& voice, Matter matter, const std::string& about) {
  Session& session = voice.session();
  TRY(const auto what, proposed(voice, matter, about));
  const std::string reason = session.arguments().text("--reason");
  TRY(const auto birth, birth_of(voice, What::proposal, proposal::Open::kind, session.arguments().text("--label")));
  proposal::Open body;
  body.nonce = birth.nonce;
  body.content = what->content;
  if (!reason.empty()) body.reason = reason;
  tell_birth(session, birth, "proposal");
  return say_birth(voice, birth, body);
}

Result<void> open(Session& session) {
  TRY(const auto matter, matter_named(session.arguments().text("MATTER")));
  TRY(auto voice, Voice::open(session));
  return say_proposal(voice, matter, session.arguments().text("ABOUT"));
}

Result<void> withhold(Session& session) {
  TRY(auto voice, Voice::open(session));
  return say_proposal(voice, Matter::withhold, session.arguments().text("STATEMENT"));
}

struct Listed {
  Id id;
  std::unique_ptr<Answer> answer;  // whose views the record is
  proposal::Record record;
};

// Those that the members' records name: all that were open when each member opened its last, and it.
Result<std::vector<Listed>> listed(Session& session, Remote& remote) {
  TRY(auto members, founders(session, remote));
  for (const auto& each : session.arguments().list("MEMBER")) members.push_back(each);
  std::vector<Listed> out;
  for (const auto& name : members) {
    const auto handle = names::member(remote.ledger(), name);
    TRY(const auto party, remote.record<party::Record>(target_of("parties", handle), path::party(handle)));
    for (const auto id : party.proposals) {
      Listed each{id, nullptr, {}};
      TRY(each.answer, remote.state(target_of("proposals", id), path::proposal(id)));
      if (!each.answer->present()) continue;
      TRY(each.record, cbor::decode<proposal::Record>(*each.answer->state.value));
      out.push_back(std::move(each));
    }
  }
  return out;
}

// A label, an id, or the first digits of the id of a proposal that a member's record names.
Result<Id> proposal_named(Session& session, Remote& remote, const std::string& text) {
  auto own = thing_named(session, What::proposal, text);
  if (own) return own;
  constexpr std::size_t digits_least = 4;
  if (own.error().code() != Code::not_found || text.size() < digits_least) return own;
  TRY(const auto all, listed(session, remote));
  std::optional<Id> found;
  for (const auto& each : all) {
    if (!platform::to_hex(each.id).starts_with(text)) continue;
    if (found) return std::unexpected(Error(Code::conflict, "these digits begin several proposals").with_context(text));
    found = each.id;
  }
  return found ? Result<Id>(*found) : own;
}

Result<void> vote(Session& session) {
  const std::string reason = session.arguments().text("--reason");
  proposal::Vote body;
  TRY(body.choice, word<proposal::Choice>("CHOICE", session.arguments().text("CHOICE")));
  TRY(auto voice, Voice::open(session));
  TRY(body.proposal, proposal_named(session, voice.remote(), session.arguments().text("PROPOSAL")));
  if (!reason.empty()) body.reason = reason;
  session.text_member("proposal", platform::to_hex(body.proposal));
  return voice.say(body);
}

Result<void> show_proposal(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto id, proposal_named(session, remote, session.arguments().text("PROPOSAL")));
  session.text_member("proposal", platform::to_hex(id));
  return show_record<proposal::Record>(session, remote, target_of("proposals", id), path::proposal(id));
}

Result<void> list(Session& session) {
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  TRY(const auto all, listed(session, remote));
  json::Writer rows;
  rows.begin_array();
  for (const auto& each : all) {
    const bool lapsed =
        each.record.state == proposal::State::open && each.record.until_ms <= each.answer->state.anchor.record.time_ms;
    rows.begin_object().member("proposal", each.id).member("lapsed", lapsed).key("record");
    json::write(rows, each.record);
    rows.end_object();
    session.line(session.with_names(each.id) + " " + std::string(cbor::name_of(each.record.content.matter)) + " " +
                 std::string(lapsed ? session.in("lapsed", "失効") : cbor::name_of(each.record.state)) + " " +
                 std::to_string(each.record.yes.size()) + ":" + std::to_string(each.record.no.size()));
  }
  session.member("proposals", rows.end_array().finish());
  return {};
}

}  // namespace

void add_proposal_commands(Commands& to) {
  const Option matter{"MATTER",
                      Form::text,
                      Need::required,
                      "what is to be decided",
                      "議題",
                      {"admit", "suspend", "resume", "expel", "parameters", "withhold", "reject-mount", "recovery",
                       "roles", "recover"}};
  const Option about{
      "ABOUT", Form::text, Need::optional,
      "admit, recover: the request file; withhold: the statement; reject-mount: the part; else the member", "対象"};
  const Option proposal{"PROPOSAL", Form::text, Need::required, "label, first digits, or id", "提案"};
  const Option reason{"--reason", Form::text, Need::optional, "for the other members", "理由"};
  to.push_back({"proposal open", "Propose a matter; it counts as one's yes", "議題を提案する",
                saying(together({{matter, about}, proposal_options()})), open});
  to.push_back({"proposal withhold", "Propose to withhold the text of a body", "本文の非開示を提案する",
                saying({{"STATEMENT", Form::text, Need::required, "identity, or file of the submission or receipt",
                         "署名付き申告（ステートメント）"},
                        {"--index", Form::text, Need::optional, "of the body, else 0", "本文の番号"},
                        reason,
                        {"--label", Form::text, Need::optional, "what this home calls the proposal", "ラベル"}}),
                withhold});
  to.push_back({"proposal vote", "Vote, or vote again; the deciding vote carries the matter out", "投票する",
                saying({proposal, {"CHOICE", Form::text, Need::required, "yes or no", "賛否", {"yes", "no"}}, reason}),
                vote});
  to.push_back({"proposal show", "A proposal's record, proven", "提案の記録", {proposal, out_option()}, show_proposal});
  to.push_back({"proposal list",
                "Proposals of the founding members and those named, proven",
                "提案の一覧",
                {{"MEMBER", Form::list, Need::optional, "further members", "追加の参加組織"}},
                list});
}

}  // namespace mikusari::cli
