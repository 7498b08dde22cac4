// SPDX-License-Identifier: Apache-2.0
#include "cli/moment.hpp"
#include "cli/proposal.hpp"
#include "encoding/text.hpp"
#include "proof/receipt.hpp"

namespace mikusari::cli {
namespace {

using proposal::Matter;

Result<void> set_member(Voice& voice, Proposed& out, const std::string& path) {
  Session& session = voice.session();
  TRY(out.file, read_file(session, path));
  TRY(const auto request, read_request<MemberRequest>(out.file, path, "member request"));
  if (request.ledger != voice.ledger())
    return std::unexpected(Error(Code::forbidden, "the request is for another ledger").with_context(path));
  if (request.opener != voice.kid())
    return std::unexpected(
        Error(Code::conflict, "the request is for a proposal that another key opens").with_context(path));
  out.content.member = request.member;
  TRY(out.content.member->weight, session.arguments().number("--weight", request.member.weight));
  return {};
}

// One parameter as people write it: NAME=VALUE, of a day's limits NAME.statements=VALUE and so on. Spans of time may
// have units.
Result<void> set_field(std::uint64_t& field, const std::string& name, const std::string& value) {
  if (name.ends_with("_ms")) {
    TRY(field, span_ms(value));
    return {};
  }
  TRY(field, text::from_decimal(value));
  return {};
}

template <class T>
Result<bool> set_named(T& of, const std::string& name, const std::string& value) {
  Result<bool> found = false;
  cbor::for_each_field<T>([&](const auto& field) {
    auto& member = of.*field.member;
    using Member = std::remove_cvref_t<decltype(member)>;
    const std::string own(field.name);
    if (!found || *found) return;
    if constexpr (std::is_same_v<Member, std::uint64_t>) {
      if (own != name) return;
      const auto set = set_field(member, name, value);
      found = set ? Result<bool>(true) : std::unexpected(set.error());
    } else {
      if (name.starts_with(own + ".")) found = set_named(member, name.substr(own.size() + 1), value);
    }
  });
  return found;
}

// The present parameters, with what --set changes. Those below the rules' minimum are refused here already.
Result<void> set_parameters(Voice& voice, Proposed& out) {
  Session& session = voice.session();
  TRY(const auto record, voice.remote().record<LedgerRecord>("/v1/state", path::ledger()));
  Parameters parameters = record.parameters;
  const auto settings = session.arguments().list("--set");
  if (settings.empty()) return fail(Code::invalid, "which parameters? --set NAME=VALUE (`quota show` lists them)");
  for (const auto& setting : settings) {
    const auto mark = setting.find('=');
    if (mark == std::string::npos)
      return std::unexpected(Error(Code::invalid, "is not NAME=VALUE").with_context("--set " + setting));
    auto set = set_named(parameters, setting.substr(0, mark), setting.substr(mark + 1));
    if (!set) return std::unexpected(std::move(set).error().with_context("--set " + setting));
    if (!*set) return std::unexpected(Error(Code::invalid, "is no parameter").with_context("--set " + setting));
  }
  TRY(check(parameters));
  out.content.parameters = parameters;
  return {};
}

Result<void> set_recovery(Session& session, Proposed& out) {
  for (const auto& path : session.arguments().list("--recovery-key")) {
    TRY(const auto bytes, read_file(session, path));
    const auto key = cbor::decode<crypto::PublicKey>(bytes);
    if (!key) return std::unexpected(Error(key.error()).with_context(path + " is not a public key (of `key export`)"));
    out.recovery_keys.push_back(*key);
  }
  if (out.recovery_keys.empty()) return fail(Code::invalid, "which keys? --recovery-key FILE for each");
  out.content.recovery_keys = std::span<const crypto::PublicKey>(out.recovery_keys);
  TRY(out.content.threshold, session.arguments().number("--threshold", out.recovery_keys.size()));
  return {};
}

// Roles and weight stand together: what is not given stays as it is.
Result<void> set_roles(Voice& voice, Proposed& out) {
  Session& session = voice.session();
  const auto& arguments = session.arguments();
  if (!arguments.has("--roles") && !arguments.has("--weight"))
    return fail(Code::invalid, "what shall the member be? --roles or --weight");
  const Handle handle = *out.content.party;
  TRY(const auto record, voice.remote().record<party::Record>(target_of("parties", handle), path::party(handle)));
  for (const auto& each : split(arguments.text("--roles"), ',')) {
    TRY(out.roles.emplace_back(), word<Role>("--roles", each));
  }
  if (!arguments.has("--roles")) {
    for (const auto role : record.roles) out.roles.push_back(role);
  }
  out.content.roles = Roles(std::span<const Role>(out.roles));
  TRY(out.content.weight, arguments.number("--weight", record.weight));
  return {};
}

Result<void> set_withheld(Session& session, Proposed& out, const std::string& about) {
  TRY(out.content.identity, identity_named(session, about));
  TRY(out.content.index, session.arguments().number("--index", 0));
  return {};
}

Result<void> fill(Voice& voice, Proposed& out, const std::string& about) {
  Session& session = voice.session();
  const Matter matter = out.content.matter;
  const bool alone = matter == Matter::parameters || matter == Matter::recovery;
  if (alone != about.empty())
    return std::unexpected(Error(Code::invalid, alone ? "this matter is about nothing: only options go with it"
                                                      : "what is it about? name it behind the matter")
                               .with_context(cbor::name_of(matter)));
  switch (matter) {
    case Matter::admit:
    case Matter::recover: return set_member(voice, out, about);
    case Matter::parameters: return set_parameters(voice, out);
    case Matter::recovery: return set_recovery(session, out);
    case Matter::withhold: return set_withheld(session, out, about);
    case Matter::reject_mount: {
      TRY(out.content.part, thing_named(session, What::part, about));
      return {};
    }
    case Matter::suspend:
    case Matter::resume:
    case Matter::expel:
    case Matter::roles: break;
  }
  TRY(out.content.party, party_named(session, voice.ledger(), about));
  return matter == Matter::roles ? set_roles(voice, out) : Result<void>();
}

}  // namespace

Result<Digest> identity_named(Session& session, const std::string& text) {
  if (const auto digest = platform::bytes_from_hex<32>(text)) return *digest;
  TRY(const auto bytes, read_file(session, text));
  if (const auto submission = statement::parse(bytes)) return submission->identity;
  if (const auto receipt = cbor::decode<proof::Receipt>(bytes)) {
    TRY(const auto event, proof::check_event(receipt->event));
    return event.identity;
  }
  return std::unexpected(Error(Code::invalid, "is no signed statement and no receipt").with_context(text));
}

Result<std::unique_ptr<Proposed>> proposed(Voice& voice, Matter matter, const std::string& about) {
  auto out = std::make_unique<Proposed>();
  out->content.matter = matter;
  TRY(fill(voice, *out, about));
  return out;
}

std::vector<Option> proposal_options() {
  return {{"--reason", Form::text, Need::optional, "for the other members", "理由"},
          {"--label", Form::text, Need::optional, "what this home calls the proposal", "提案のラベル"},
          {"--weight", Form::text, Need::optional, "voting power: admit, roles", "票の重み"},
          {"--roles", Form::text, Need::optional, "all that the member shall have, between commas: roles", "役割"},
          {"--set", Form::list, Need::optional, "NAME=VALUE: parameters", "台帳のパラメータ"},
          {"--index", Form::text, Need::optional, "of the body, else 0: withhold", "本文の番号"},
          {"--recovery-key", Form::list, Need::optional, "file of a public key: recovery", "復旧用の公開鍵"},
          {"--threshold", Form::text, Need::optional, "how many must sign, else all: recovery", "必要な署名数"}};
}

}  // namespace mikusari::cli
