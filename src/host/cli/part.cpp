// SPDX-License-Identifier: Apache-2.0
// Family `part`: birth of one or of a lot, inspection, scrap.
#include "statement/part.hpp"

#include "cli/batches.hpp"
#include "cli/birth.hpp"
#include "cli/saying.hpp"
#include "cli/show.hpp"
#include "statement/model.hpp"

namespace mikusari::cli {
namespace {

constexpr std::uint64_t count_max = 1'000'000;

// The model as the body says it: by its id, or blinded with its class in clear.
struct ModelSaid {
  Id model;
  std::optional<thing::Class> blinded_class;
};

// What all parts of one command have in common.
struct Making {
  Voice& voice;
  Session::Store store;  // null: parts without keys
  Id model;
  std::optional<thing::Class> blinded_class;
  Bytes<32> secret;
  crypto::Algorithm algorithm;
  std::optional<key::Level> level;
  std::optional<thing::At> at;

  ModelSaid model_of(const Id& part) const {
    if (!blinded_class) return {model, std::nullopt};
    return {names::blinded(blinding_salt(secret, voice.ledger(), part), model), blinded_class};
  }
};

Result<Making> making_of(Voice& voice) {
  Session& session = voice.session();
  Making out{voice, nullptr, {}, {}, {}, crypto::Algorithm::ed25519, {}, {}};
  TRY(out.model, thing_option(session, What::model, "--model"));
  TRY(out.algorithm, algorithm_named(session.arguments().text("--algorithm")));
  TRY(out.at, at_of(voice));
  TRY(out.secret, home_secret(session));
  if (session.arguments().has("--blind")) {
    TRY(const auto model, voice.remote().record<model::Record>(target_of("models", out.model), path::model(out.model)));
    out.blinded_class = model.model_class;
  }
  if (session.arguments().has("--level")) {
    TRY(out.level, word<key::Level>("--level", session.arguments().text("--level")));
  }
  return out;
}

Result<part::Register> registration(const Making& making, const names::Nonce& nonce, const Id& part) {
  part::Register body;
  body.nonce = nonce;
  const auto model = making.model_of(part);
  body.model = model.model;
  body.blinded_class = model.blinded_class;
  body.at = making.at;
  return body;
}

Result<void> add_key(const Making& making, part::Register& body, const Id& part, crypto::Signer& holder,
                     const keys::KeyInfo& info) {
  body.key = holder.public_key();
  body.level = making.level.value_or(level_of(info));
  TRY(body.possession, possession(holder, {making.voice.ledger(), making.voice.kid(), subject_of_part(part),
                                           key::Purpose::wallet, 0, body.commitment}));
  return {};
}

// The keys of a batch have names of their own, so that a batch that was cut off meets its keys again.
Result<std::vector<platform::Buffer>> births(const Making& making, const std::string& lot, std::uint64_t batch,
                                             std::uint64_t first, std::uint64_t count) {
  std::vector<keys::KeyInfo> infos;
  if (making.store) {
    TRY(infos,
        making.store->create_many(lot + ".b" + std::to_string(batch), count, making.algorithm, keys::Purpose::wallet));
  }
  TRY(const auto party, making.voice.party());
  std::vector<platform::Buffer> out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto nonce = birth_nonce(making.secret, making.voice.ledger(), part::Register::kind.name,
                                   lot + "#" + std::to_string(first + i + 1));
    const Id part = names::id(party, nonce);
    TRY(auto body, registration(making, nonce, part));
    if (!infos.empty()) {
      TRY(const auto signer, making.store->open(infos[i].thumbprint));
      TRY(add_key(making, body, part, *signer, infos[i]));
    }
    out.push_back(platform::encode(body));
  }
  return out;
}

Result<void> write_ids(Voice& voice, const Batches& work, const std::string& lot) {
  Session& session = voice.session();
  TRY(const auto party, voice.party());
  std::string text;
  TRY(for_each_body(session, work, [&](ByteView body) -> Result<void> {
    TRY(const auto decoded, cbor::decode<part::Register>(body));
    text += platform::to_hex(names::id(party, decoded.nonce)) + "\n";
    return {};
  }));
  const std::string own = lot_ids_path(session, lot);
  TRY(write_file(session, own, as_bytes(text)));
  const std::string wanted = session.arguments().text("--ids-out");
  if (!wanted.empty()) TRY(write_file(session, wanted, as_bytes(text)));
  session.text_member("ids", wanted.empty() ? own : wanted);
  session.line(std::string(session.in("ids: ", "id一覧: ")) + (wanted.empty() ? own : wanted));
  return {};
}

std::string about_lot(const Making& making, std::uint64_t count, std::uint64_t each) {
  std::string out =
      "part.register " + platform::to_hex(making.model) + " " + std::to_string(count) + " " + std::to_string(each);
  if (making.store) out += " keys " + std::string(crypto::name(making.algorithm));
  if (making.blinded_class) out += " blind";
  return out + " by " + platform::to_hex(making.voice.kid());
}

Result<void> register_lot(Voice& voice) {
  Session& session = voice.session();
  const auto& arguments = session.arguments();
  TRY(const auto count, arguments.number("--count", 1));
  TRY(const auto each, arguments.number("--batch", limits::bodies_max));
  if (count == 0 || count > count_max) return fail(Code::invalid, "--count is 1 to 1,000,000");
  if (each == 0 || each > limits::bodies_max) return fail(Code::invalid, "--batch is 1 to 4,096");
  const std::string name = arguments.text("--lot");
  if (!keys::check_name(name))
    return std::unexpected(
        Error(Code::invalid,
              "a lot's name is 1 to 64 of a-z, 0-9, '.', '_' and '-', and begins with a letter or a digit")
            .with_context("--lot " + name));
  TRY(auto making, making_of(voice));
  if (arguments.has("--with-keys")) {
    TRY(making.store, open_store(session, "", Missing::make));
  }
  Batches work;
  work.folder = platform::join(session.home_file("outbox"), name);
  work.about = about_lot(making, count, each);
  work.what = name;
  work.total = count;
  work.each = each;
  work.kind = &part::Register::kind;
  work.bodies = [&](std::uint64_t batch, std::uint64_t first, std::uint64_t bodies) {
    return births(making, name, batch, first, bodies);
  };
  TRY(const auto tally, say_batches(voice, work));
  if (tally.all_committed()) TRY(write_ids(voice, work, name));
  return tally.verdict();
}

Result<void> register_one(Voice& voice) {
  Session& session = voice.session();
  TRY(const auto making, making_of(voice));
  TRY(const auto birth, birth_of(voice, What::part, part::Register::kind, session.arguments().text("--label")));
  TRY(auto body, registration(making, birth.nonce, birth.id));
  TRY(body.commitment, commitment_option(voice, birth.id));
  const std::string key = session.arguments().text("--part-key");
  if (!key.empty()) {
    TRY(const auto held, open_held(session, key));
    TRY(add_key(making, body, birth.id, *held.signer, held.info));
  }
  tell_birth(session, birth, "part");
  return say_birth(voice, birth, body);
}

Result<void> register_parts(Session& session) {
  const bool is_lot = session.arguments().has("--lot");
  if (!is_lot && (session.arguments().has("--count") || session.arguments().has("--with-keys")))
    return fail(Code::invalid, "--count and --with-keys need --lot NAME, by which an interrupted run goes on");
  TRY(auto voice, Voice::open(session));
  return is_lot ? register_lot(voice) : register_one(voice);
}

Result<void> inspect(Session& session) {
  TRY(const auto things, things_named(session, session.arguments().has("--device") ? What::device : What::part));
  TRY(const auto finding, word<part::Finding>("FINDING", session.arguments().text("FINDING")));
  TRY(const auto evidence, digest_option(session, "--evidence"));
  TRY(auto voice, Voice::open(session));
  TRY(const auto at, at_of(voice));
  std::vector<part::Inspect> bodies;
  for (const auto& each : things) bodies.push_back({type_of(each.what), each.id, finding, evidence, at});
  return voice.say_all<part::Inspect>(bodies);
}

Result<void> scrap(Session& session) {
  TRY(const auto things, things_named(session, What::part));
  if (things.size() > limits::bodies_max)
    return fail(Code::exhausted, "at most 4,096 parts at a time: use --count and --skip");
  TRY(auto voice, Voice::open(session));
  std::vector<part::Scrap> bodies;
  for (const auto& each : things) {
    TRY(const auto on, on_of(session, voice.remote(), thing::Type::part, each.id));
    bodies.push_back({each.id, on});
  }
  return voice.say_all<part::Scrap>(bodies);
}

Result<void> show_part(Session& session) {
  TRY(const auto id, thing_option(session, What::part, "PART"));
  return show_record<part::Record>(session, target_of("parts", id), path::part(id));
}

std::vector<Option> register_options() {
  return {
      {"--model", Form::text, Need::required, "label or id of the model", "機種"},
      {"--blind", Form::flag, Need::optional, "the ledger sees the model's class only", "機種を伏せる"},
      {"--label", Form::text, Need::optional, "what this home calls the one part", "部品のラベル"},
      {"--part-key", Form::text, Need::optional, "the one part's own key: NAME or NAME@FOLDER", "部品自身の鍵"},
      {"--commitment", Form::text, Need::optional,
       "the private record: a file, whose salted hash is said, or that hash", "非公開記録のファイルまたはハッシュ"},
      {"--lot", Form::text, Need::optional, "name of the lot", "ロット名"},
      {"--count", Form::text, Need::optional, "parts in the lot", "個数"},
      {"--batch", Form::text, Need::optional, "parts under one signature, at most 4096", "一署名あたりの個数"},
      {"--with-keys", Form::flag, Need::optional, "each part gets a key, in the home's store", "部品ごとに鍵を作る"},
      {"--algorithm", Form::text, Need::optional, "of the parts' keys: ed25519 or es256", "鍵の方式"},
      {"--level",
       Form::text,
       Need::optional,
       "where the parts' keys are, else what the store knows",
       "鍵の保護レベル",
       {"file", "process", "guest", "hardware"}},
      {"--ids-out", Form::text, Need::optional, "write the lot's ids here too", "id一覧の書き出し先"}};
}

}  // namespace

void add_part_commands(Commands& to) {
  const Option finding{"FINDING",        Form::text, Need::required,
                       "what was found", "検査結果", {"passed", "failed", "repaired", "observed"}};
  to.push_back({"part register", "Register a part, or a lot of them that an interrupted run continues",
                "部品を登録する（一括は中断後に再開できる）", saying(together({register_options(), at_options()})),
                register_parts});
  to.push_back({"part inspect", "Say what an inspection found", "検査結果を記録する",
                saying(together({{finding},
                                 thing_options(),
                                 {{"--device", Form::flag, Need::optional, "the ids are of devices, not of parts",
                                   "部品でなく機器"},
                                  {"--evidence", Form::text, Need::optional, "the report: file or SHA-256",
                                   "報告書のファイルまたはハッシュ"}},
                                 at_options()})),
                inspect});
  to.push_back({"part scrap", "Parts never act again", "部品を廃棄する",
                saying(together({thing_options(), {on_option()}})), scrap});
  to.push_back({"part show",
                "A part's record, proven",
                "部品の記録",
                {{"PART", Form::text, Need::required, "label, LOT#N or id of the part", "部品"}, out_option()},
                show_part});
}

}  // namespace mikusari::cli
