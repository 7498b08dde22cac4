// SPDX-License-Identifier: Apache-2.0
// Family `role`: what one party lets another do.
#include "statement/role.hpp"

#include "cli/saying.hpp"
#include "cli/show.hpp"

namespace mikusari::cli {
namespace {

// A thing, or premises and tools by a name of this home; none: all that is the grantor's.
Result<std::optional<Id>> scope_of(Session& session, const Digest& ledger) {
  const auto& arguments = session.arguments();
  if (arguments.has("--place")) {
    TRY(const auto place, place_named(session, ledger, arguments.text("--place")));
    return place;
  }
  if (!arguments.has("--scope")) return std::nullopt;
  TRY(const auto thing, thing_of_any(session, What::device, arguments.text("--scope")));
  return thing.id;
}

Result<void> grant(Session& session) {
  role::Grant body;
  TRY(body.role, word<Role>("ROLE", session.arguments().text("ROLE")));
  TRY(body.until_ms, until_option(session));
  TRY(auto voice, Voice::open(session));
  TRY(body.to, party_option(session, voice.ledger(), "--to"));
  TRY(body.scope, scope_of(session, voice.ledger()));
  return voice.say(body);
}

Result<void> revoke(Session& session) {
  role::Revoke body;
  TRY(body.role, word<Role>("ROLE", session.arguments().text("ROLE")));
  TRY(auto voice, Voice::open(session));
  TRY(body.to, party_option(session, voice.ledger(), "--to"));
  TRY(body.scope, scope_of(session, voice.ledger()));
  return voice.say(body);
}

Result<void> show_role(Session& session) {
  TRY(const auto role, word<Role>("ROLE", session.arguments().text("ROLE")));
  TRY(auto remote, Remote::open(session));
  TRY(const auto to, party_option(session, remote.ledger(), "--to"));
  TRY(auto scope, scope_of(session, remote.ledger()));
  if (!scope) {
    TRY(scope, party_option(session, remote.ledger(), "--from"));
  }
  const std::string target =
      target_of("roles", to) + "/" + std::string(cbor::name_of(role)) + "/" + platform::to_hex(*scope);
  return show_record<role::Record>(session, remote, target, path::role(to, role, *scope));
}

}  // namespace

void add_role_commands(Commands& to) {
  const Option role{"ROLE",         Form::text,
                    Need::required, "what it lets the other do",
                    "役割",         {"premises", "gate", "hold", "inspector"}};
  const Option receiver{"--to", Form::text, Need::required, "the party", "相手の当事者"};
  const Option scope{"--scope", Form::text, Need::optional, "a thing; none: all that is the grantor's",
                     "対象の機器・部品"};
  const Option place{"--place", Form::text, Need::optional, "premises or a tool, by name, card or id", "事業所・工具"};
  to.push_back(
      {"role grant", "Let another party do something", "役割を与える",
       saying({role, receiver, scope, place, {"--until", Form::text, Need::optional, "ends then: 2027-01-31", "期限"}}),
       grant});
  to.push_back({"role revoke", "Take it back", "役割を取り消す", saying({role, receiver, scope, place}), revoke});
  to.push_back({"role show",
                "A grant's record, proven",
                "役割の記録",
                {role,
                 receiver,
                 scope,
                 place,
                 {"--from", Form::text, Need::optional, "the grantor, where no scope is given", "与えた当事者"},
                 out_option()},
                show_role});
}

}  // namespace mikusari::cli
