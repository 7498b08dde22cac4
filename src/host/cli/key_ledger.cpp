// SPDX-License-Identifier: Apache-2.0
// Family `key`: what the ledger is told of keys.
#include "cli/saying.hpp"
#include "cli/show.hpp"
#include "cose/key.hpp"
#include "statement/party.hpp"

namespace mikusari::cli {
namespace {

// Whom a new key shall speak for, with what its proof of possession binds of that.
struct For {
  Subject subject;
  std::uint64_t tenure = 0;
  std::optional<Digest> commitment;
};

Result<For> for_party(Remote& remote, const Handle& handle) {
  For out{subject_of_party(handle), 0, {}};
  if (remote.is_offline()) return out;
  TRY(const auto record, remote.record<party::Record>(target_of("parties", handle), path::party(handle)));
  out.commitment = record.commitment;
  return out;
}

Result<For> for_thing(Remote& remote, thing::Type type, const Id& id) {
  For out{type == thing::Type::part ? subject_of_part(id) : subject_of_device(id), 0, {}};
  TRY(const auto now, thing_now(remote, type, id));
  out.tenure = now.record.tenure;
  out.commitment = now.record.commitment;
  return out;
}

// "device:THING", "part:THING", "party:PARTY", or a thing that the book knows; the signer's own subject when empty.
Result<For> named_for(Voice& voice, const std::string& text) {
  Session& session = voice.session();
  const auto& own = voice.subject();
  if (text.empty()) {
    if (own.type == SubjectType::party) return for_party(voice.remote(), own.id);
    return for_thing(voice.remote(), own.type == SubjectType::part ? thing::Type::part : thing::Type::device, own.id);
  }
  const auto colon = text.find(':');
  if (colon == std::string::npos) {
    TRY(const auto thing, thing_of_any(session, What::device, text));
    if (thing.what != What::part && thing.what != What::device)
      return std::unexpected(Error(Code::invalid, "no key speaks for this").with_context("--for " + text));
    return for_thing(voice.remote(), type_of(thing.what), thing.id);
  }
  TRY(const auto type, word<SubjectType>("--for", text.substr(0, colon)));
  const std::string name = text.substr(colon + 1);
  if (type == SubjectType::party) {
    TRY(const auto handle, party_named(session, voice.ledger(), name));
    return for_party(voice.remote(), handle);
  }
  const bool is_part = type == SubjectType::part;
  TRY(const auto id, thing_named(session, is_part ? What::part : What::device, name));
  return for_thing(voice.remote(), is_part ? thing::Type::part : thing::Type::device, id);
}

Result<void> register_key(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto held, open_held(session, session.arguments().text("NEWKEY")));
  TRY(const auto named, named_for(voice, session.arguments().text("--for")));
  key::Register body;
  body.key = held.signer->public_key();
  body.subject = named.subject;
  TRY(body.purpose, word_or(session, "--purpose", purpose_of(held.info)));
  TRY(body.level, level_option(session, held.info));
  TRY(body.activation, activation_option(session));
  TRY(body.evidence, digest_option(session, "--evidence"));
  TRY(body.possession, possession(*held.signer, {voice.ledger(), voice.kid(), body.subject, body.purpose, named.tenure,
                                                 named.commitment}));
  session.text_member("kid", platform::to_hex(cose::thumbprint(body.key)));
  session.line(platform::to_hex(cose::thumbprint(body.key)));
  return voice.say(body);
}

Result<void> rotate(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto held, open_held(session, session.arguments().text("NEWKEY")));
  TRY(const auto own, named_for(voice, ""));
  key::Purpose purpose = key::Purpose::wallet;
  if (!voice.remote().is_offline()) {
    TRY(const auto record, voice.remote().record<key::Record>(target_of("keys", voice.kid()), path::key(voice.kid())));
    purpose = record.purpose;
  }
  key::Rotate body;
  body.key = held.signer->public_key();
  TRY(body.possession,
      possession(*held.signer, {voice.ledger(), voice.kid(), own.subject, purpose, own.tenure, own.commitment}));
  session.text_member("kid", platform::to_hex(cose::thumbprint(body.key)));
  session.line(platform::to_hex(cose::thumbprint(body.key)));
  return voice.say(body);
}

// A key by its name, thumbprint, or the first digits of one that the speaking party lists.
Result<Digest> kid_of(Voice& voice) {
  Session& session = voice.session();
  const std::string text = session.arguments().text("KEY");
  const bool short_digits = text.size() < 64 && !voice.remote().is_offline();
  if (!short_digits || voice.subject().type != SubjectType::party) return kid_named(session, text);
  const auto handle = voice.subject().id;
  TRY(const auto record, voice.remote().record<party::Record>(target_of("parties", handle), path::party(handle)));
  std::vector<key::Entry> entries;
  for (const auto entry : record.keys) entries.push_back(entry);
  return kid_among(session, entries, text);
}

template <statement::Body Body>
Result<void> say_of_key(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto kid, kid_of(voice));
  return voice.say(Body{kid});
}

Result<void> revoke(Session& session) {
  TRY(const auto reason, word_or(session, "--reason", key::Reason::unspecified));
  TRY(auto voice, Voice::open(session));
  TRY(const auto kid, kid_of(voice));
  return voice.say(key::Revoke{kid, reason});
}

Result<void> show_key(Session& session) {
  TRY(const auto kid, kid_named(session, session.arguments().text("KEY")));
  return show_record<key::Record>(session, target_of("keys", kid), path::key(kid));
}

}  // namespace

void add_key_ledger_commands(Commands& to) {
  const Option newkey{"NEWKEY", Form::text, Need::required, "the new key: NAME or NAME@FOLDER", "新しい鍵"};
  const Option key{"KEY", Form::text, Need::required, "its name, thumbprint, or the first digits of that", "鍵"};
  to.push_back({"key show", "A key's record, proven", "鍵の記録", {key, out_option()}, show_key});
  to.push_back({"key register", "Register a key for oneself, a part or a device", "鍵を登録する",
                saying(together(
                    {{newkey,
                      {"--for", Form::text, Need::optional,
                       "device:THING, part:THING, party:PARTY or a label; else the signer's own subject", "誰の鍵か"},
                      {"--purpose",
                       Form::text,
                       Need::optional,
                       "what it is for, else as it was made",
                       "用途",
                       {"wallet", "authentication", "identity", "attestation", "release", "issuing", "line", "standby",
                        "revoking", "packer"}}},
                     level_options(),
                     {{"--evidence", Form::text, Need::optional, "evidence for its level: file or SHA-256",
                       "保護レベルの証拠"}}})),
                register_key});
  to.push_back({"key rotate", "Let a successor take over when the veto time has passed", "鍵を更新する",
                saying({newkey}), rotate});
  to.push_back(
      {"key veto", "Stop a key before it speaks", "待機中の鍵を差し止める", saying({key}), say_of_key<key::Veto>});
  to.push_back({"key freeze", "Silence a key of one's party until others thaw or revoke it", "鍵を凍結する",
                saying({key}), say_of_key<key::Freeze>});
  to.push_back({"key thaw", "Let a frozen key speak again, with other keys; the one that froze it is frozen",
                "凍結を解く", saying({key}), say_of_key<key::Thaw>});
  to.push_back({"key revoke", "Revoke a key, at once and for ever", "鍵を失効させる",
                saying({key,
                        {"--reason",
                         Form::text,
                         Need::optional,
                         "why",
                         "理由",
                         {"unspecified", "compromised", "superseded", "end_of_life", "vetoed"}}}),
                revoke});
}

}  // namespace mikusari::cli
