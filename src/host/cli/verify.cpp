// SPDX-License-Identifier: Apache-2.0
// verify: bytes from anybody, and a trust policy; nothing is asked of a node.
#include "cli/saying.hpp"
#include "cli/show.hpp"
#include "proof/checkpoint.hpp"
#include "statement/proposal.hpp"

namespace mikusari::cli {
namespace {

// What every check here starts from.
struct Given {
  platform::Buffer bytes, consistency;
  std::unique_ptr<Memory> memory;
  client::Terms terms() const { return {consistency, {}}; }
};

Result<Given> given(Session& session) {
  Given out;
  TRY(out.bytes, read_file(session, session.arguments().text("FILE")));
  if (session.arguments().has("--consistency")) {
    TRY(out.consistency, read_file(session, session.arguments().text("--consistency")));
  }
  TRY(out.memory, Memory::open(session, session.arguments().text("--state")));
  return out;
}

// That the file is of this form at all.
template <class Form>
Result<void> expect(Session& session, const Given& from, const std::string& what) {
  const auto decoded = cbor::decode<Form>(from.bytes);
  if (decoded) return {};
  return std::unexpected(Error(decoded.error()).with_context(session.arguments().text("FILE") + " is not " + what));
}

template <class Record>
Result<void> check_record(Session& session, const Digest& key) {
  TRY(const auto from, given(session));
  TRY(expect<proof::StateAnswer>(session, from, "an answer about a thing (of `show --out`)"));
  TRY(const auto verified, from.memory->verifier().record(from.bytes, key, from.terms()));
  TRY(from.memory->save(session));
  show_proof(session, verified.anchor);
  session.member("present", verified.value ? "true" : "false");
  if (!verified.value) return fail(Code::not_found, "proven absent from the ledger");
  TRY(const auto record, cbor::decode<Record>(*verified.value));
  session.record("record", json::to_json(record));
  return {};
}

Result<void> check_device(Session& session) {
  TRY(const auto id, thing_option(session, What::device, "ID"));
  return check_record<device::Record>(session, path::device(id));
}
Result<void> check_part(Session& session) {
  TRY(const auto id, thing_option(session, What::part, "ID"));
  return check_record<part::Record>(session, path::part(id));
}
Result<void> check_key(Session& session) {
  TRY(const auto id, kid_named(session, session.arguments().text("ID")));
  return check_record<key::Record>(session, path::key(id));
}
Result<void> check_model(Session& session) {
  TRY(const auto id, thing_option(session, What::model, "ID"));
  return check_record<model::Record>(session, path::model(id));
}
Result<void> check_proposal(Session& session) {
  TRY(const auto id, thing_option(session, What::proposal, "ID"));
  return check_record<proposal::Record>(session, path::proposal(id));
}
Result<void> check_party(Session& session) {
  TRY(const auto memory, Memory::open(session, ""));
  TRY(const auto handle, party_option(session, memory->ledger(), "ID"));
  return check_record<party::Record>(session, path::party(handle));
}

Result<void> check_firmware(Session& session) {
  TRY(const auto model, thing_option(session, What::model, "--model"));
  if (session.arguments().has("--sequence")) {
    TRY(const auto sequence, session.arguments().number("--sequence", 0));
    return check_record<firmware::Record>(session, path::firmware(model, sequence));
  }
  TRY(const auto hash, digest_of(session, session.arguments().text("IMAGE")));
  return check_record<firmware::ImageRecord>(session, path::image(model, hash));
}

// Pages in files, from the first on: they are a part of the list that grows with each of them.
Result<void> check_list(Session& session) {
  TRY(const auto kind, word<list::Kind>("KIND", session.arguments().text("KIND")));
  TRY(const auto from, given(session));
  TRY(expect<proof::ListPage>(session, from, "a page of a list (of `list --out`)"));
  TRY(const auto party, party_option(session, from.memory->ledger(), "--of"));
  TRY(const auto verified, from.memory->verifier().list(from.bytes, party, kind, from.terms()));
  TRY(from.memory->save(session));
  show_proof(session, verified.anchor);
  json::Writer rows;
  rows.begin_array();
  for (const auto entry : verified.entries) {
    json::write(rows, entry);
    session.line(session.with_names(entry.what) + " " + std::string(cbor::name_of(entry.change)));
  }
  session.member("entries", rows.end_array().finish());
  session.number_member("first", verified.first);
  session.number_member("count", verified.count);
  session.line(std::to_string(verified.entries.size()) + std::string(session.in(" of ", " / ")) +
               std::to_string(verified.count));
  return {};
}

Result<void> check_receipt(Session& session) {
  TRY(const auto from, given(session));
  TRY(expect<proof::Receipt>(session, from, "a receipt (of `statement receipt --out`)"));
  TRY(const auto verified, from.memory->verifier().receipt(from.bytes, from.terms()));
  TRY(from.memory->save(session));
  const auto& header = verified.event.statement.header;
  session.text_member("identity", platform::to_hex(verified.event.identity));
  session.text_member("kind", header.claims.sub);
  session.text_member("issuer", header.claims.iss);
  session.number_member("height", verified.height);
  session.text_member("outcome", cbor::name_of(verified.outcome));
  session.member("withheld", verified.event.body ? "false" : "true");
  session.line(std::string(header.claims.sub) + " " + std::string(session.in("by ", "発行者 ")) +
               std::string(header.claims.iss));
  session.line(std::string(session.in("committed in block ", "記録されたブロック ")) + std::to_string(verified.height) +
               ", " + platform::rfc3339(static_cast<std::int64_t>(verified.time_ms)));
  return {};
}

// As CBOR, or as the C2SP note.
Result<void> check_checkpoint(Session& session) {
  TRY(auto from, given(session));
  std::vector<proof::Cosignature> signatures(2 * limits::signers_max + limits::witnesses_max);
  if (as_text(from.bytes).starts_with("mikusari/")) {
    TRY(const auto checkpoint, proof::from_text(as_text(from.bytes), from.memory->verifier().policy(), signatures));
    from.bytes = platform::encode(checkpoint);
  }
  TRY(expect<proof::Checkpoint>(session, from, "a checkpoint (of `ledger checkpoint --out`)"));
  TRY(const auto verified, from.memory->verifier().update(from.bytes, from.terms()));
  TRY(from.memory->save(session));
  session.text_member("ledger", platform::to_hex(verified.ledger));
  session.number_member("size", verified.size);
  session.text_member("root", platform::to_hex(verified.root));
  session.number_member("time", verified.time);
  session.number_member("weight", verified.weight);
  session.number_member("witnesses", verified.witnesses);
  session.line(std::string(session.in("log of ", "ログの葉 ")) + std::to_string(verified.size) + ", " +
               platform::to_hex(verified.root));
  return {};
}

}  // namespace

void add_verify_commands(Commands& to) {
  const Option id{"ID", Form::text, Need::required, "of what was asked", "対象のid"};
  const Option file{"FILE", Form::text, Need::required, "the answer", "回答のファイル"};
  const std::vector<Option> terms = {
      {"--state", Form::text, Need::optional, "what was seen last; moved on when it holds", "前回の状態"},
      {"--consistency", Form::text, Need::optional, "proof that the log continues the one seen last", "継続の証明"}};
  const auto with = [&](std::vector<Option> own) {
    own.insert(own.end(), terms.begin(), terms.end());
    return own;
  };
  to.push_back({"verify device", "A state answer about a device", "機器の回答を検証", with({id, file}), check_device});
  to.push_back({"verify part", "A state answer about a part", "部品の回答を検証", with({id, file}), check_part});
  to.push_back({"verify key", "A state answer about a key", "鍵の回答を検証", with({id, file}), check_key});
  to.push_back({"verify model", "A state answer about a model", "機種の回答を検証", with({id, file}), check_model});
  to.push_back({"verify party", "A state answer about a party", "当事者の回答を検証", with({id, file}), check_party});
  to.push_back(
      {"verify proposal", "A state answer about a proposal", "提案の回答を検証", with({id, file}), check_proposal});
  to.push_back({"verify firmware", "A state answer about a firmware image or release", "ファームウェアの回答を検証",
                with({{"IMAGE", Form::text, Need::required, "the image, or its SHA-256", "イメージまたはハッシュ"},
                      file,
                      {"--model", Form::text, Need::required, "label or id of the model", "機種"},
                      {"--sequence", Form::text, Need::optional, "the answer is about this release", "通し番号"}}),
                check_firmware});
  to.push_back({"verify list", "A page of a list", "一覧のページを検証",
                with({{"KIND",
                       Form::text,
                       Need::required,
                       "of what",
                       "種類",
                       {"keys", "devices", "models", "releases", "parties"}},
                      file,
                      {"--of", Form::text, Need::required, "the party", "当事者"}}),
                check_list});
  to.push_back({"verify receipt", "A receipt", "受理証明（レシート）を検証", with({file}), check_receipt});
  to.push_back(
      {"verify checkpoint", "A checkpoint, CBOR or note", "チェックポイントを検証", with({file}), check_checkpoint});
  for (const auto& command : std::vector<Command>(to)) {
    if (command.path != "passport verify") continue;
    to.push_back({"verify passport", command.en, command.ja, command.options, command.run});
  }
}

}  // namespace mikusari::cli
