// SPDX-License-Identifier: Apache-2.0
// Family `part`: birth of one or of a lot, scrap.
#include "statement/part.hpp"

#include "cli/batches.hpp"
#include "cli/show.hpp"
#include "cose/key.hpp"

namespace mikusari::cli {
namespace {

constexpr std::uint64_t count_max = 1'000'000;

struct Lot {
  Voice& voice;
  keys::file::FileKeyStore* store;  // null: parts without keys
  std::string name;
  Id model;
  crypto::Algorithm algorithm;
};

Result<platform::Buffer> birth(const Lot& lot, const keys::KeyInfo* info) {
  part::Register body;
  body.part = platform::random<32>(lot.voice.session().machine().random);
  body.model = lot.model;
  if (info != nullptr) {
    TRY(const auto signer, lot.store->open(info->thumbprint));
    body.key = info->public_key;
    TRY(body.possession, possession(*signer, lot.voice.ledger(), lot.voice.kid(), {SubjectType::part, body.part}));
  }
  return platform::encode(body);
}

// The keys of a batch have names of their own, so that a batch that was cut off meets its keys again.
Result<std::vector<platform::Buffer>> births(const Lot& lot, std::uint64_t batch, std::uint64_t count) {
  std::vector<keys::KeyInfo> infos;
  if (lot.store != nullptr) {
    TRY(infos,
        lot.store->create_many(lot.name + ".b" + std::to_string(batch), count, lot.algorithm, keys::Purpose::wallet));
  }
  std::vector<platform::Buffer> out;
  for (std::uint64_t i = 0; i < count; ++i) {
    TRY(out.emplace_back(), birth(lot, infos.empty() ? nullptr : &infos[i]));
  }
  return out;
}

Result<void> write_ids(Session& session, const Batches& work, const std::string& lot) {
  std::string text;
  TRY(for_each_body(session, work, [&](ByteView body) -> Result<void> {
    TRY(const auto decoded, cbor::decode<part::Register>(body));
    text += platform::to_hex(decoded.part) + "\n";
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

Result<void> register_lot(Session& session, const Id& model) {
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
  TRY(const auto algorithm, algorithm_named(arguments.text("--algorithm")));
  TRY(auto voice, Voice::open(session));
  std::unique_ptr<keys::file::FileKeyStore> store;
  if (arguments.has("--with-keys")) {
    TRY(store, open_store(session, "", Missing::make));
  }
  const Lot lot{voice, store.get(), name, model, algorithm};
  Batches work;
  work.folder = platform::join(session.home_file("outbox"), name);
  work.about = "part.register " + platform::to_hex(model) + " " + std::to_string(count) + " " + std::to_string(each) +
               (store ? " keys " + std::string(crypto::name(algorithm)) : "") + " by " + platform::to_hex(voice.kid());
  work.what = name;
  work.total = count;
  work.each = each;
  work.kind = &part::Register::kind;
  work.bodies = [&](std::uint64_t batch, std::uint64_t, std::uint64_t bodies) { return births(lot, batch, bodies); };
  const auto said = say_batches(voice, work);
  if (said) TRY(write_ids(session, work, name));
  return said;
}

Result<void> register_one(Session& session, const Id& model) {
  TRY(auto voice, Voice::open(session));
  part::Register body;
  body.model = model;
  body.part = platform::random<32>(session.machine().random);
  if (session.arguments().has("--id")) {
    TRY(body.part, session.id("--id"));
  }
  const std::string key = session.arguments().text("--part-key");
  if (!key.empty()) {
    TRY(const auto holder, open_key(session, key));
    body.key = holder->public_key();
    TRY(body.possession, possession(*holder, voice.ledger(), voice.kid(), {SubjectType::part, body.part}));
  }
  if (session.arguments().has("--commitment")) {
    TRY(body.commitment, session.id("--commitment"));
  }
  session.text_member("part", platform::to_hex(body.part));
  session.line(std::string(session.in("part ", "部品 ")) + platform::to_hex(body.part));
  return voice.say(body);
}

Result<void> register_parts(Session& session) {
  TRY(const auto model, model_named(session, session.arguments().text("--model")));
  if (session.arguments().has("--lot")) return register_lot(session, model);
  if (session.arguments().has("--count") || session.arguments().has("--with-keys")) {
    return fail(Code::invalid, "--count and --with-keys need --lot NAME, by which an interrupted run goes on");
  }
  return register_one(session, model);
}

Result<void> scrap(Session& session) {
  TRY(const auto things, things_named(session));
  if (things.size() > limits::bodies_max)
    return fail(Code::exhausted, "at most 4,096 parts at a time: use --count and --skip");
  TRY(auto voice, Voice::open(session));
  std::vector<platform::Buffer> bodies;
  for (const auto& id : things) bodies.push_back(platform::encode(part::Scrap{id}));
  TRY(const auto n, voice.next_n());
  return voice.say(part::Scrap::kind, bodies, n);
}

Result<void> show_part(Session& session) {
  TRY(const auto id, session.id("PART"));
  return show_record<part::Record>(session, target_of("parts", id), path::part(id));
}

}  // namespace

void add_part_commands(Commands& to) {
  to.push_back(
      {"part register", "Register a part, or a lot of them that an interrupted run continues",
       "部品を登録する（一括は中断後に再開できる）",
       saying(
           {{"--model", Form::text, Need::required, "VENDOR/NAME or id", "機種"},
            {"--id", Form::text, Need::optional, "blinded id of one part, else random", "部品のid"},
            {"--part-key", Form::text, Need::optional, "the one part's own key: NAME or NAME@FOLDER", "部品自身の鍵"},
            {"--commitment", Form::text, Need::optional, "salted hash of the private record", "非公開記録のハッシュ"},
            {"--lot", Form::text, Need::optional, "name of the lot", "ロット名"},
            {"--count", Form::text, Need::optional, "parts in the lot", "個数"},
            {"--batch", Form::text, Need::optional, "parts under one signature, at most 4096", "一署名あたりの個数"},
            {"--with-keys", Form::flag, Need::optional, "each part gets a key, in the home's store",
             "部品ごとに鍵を作る"},
            {"--algorithm", Form::text, Need::optional, "of the parts' keys: ed25519 or es256", "鍵の方式"},
            {"--ids-out", Form::text, Need::optional, "write the lot's ids here too", "id一覧の書き出し先"}}),
       register_parts});
  to.push_back({"part scrap", "Parts never act again", "部品を廃棄する",
                saying({{"THING", Form::list, Need::optional, "ids", "id"},
                        {"--ids", Form::text, Need::optional, "file of ids", "idのファイル"},
                        {"--lot", Form::text, Need::optional, "a lot registered from this home", "ロット名"},
                        {"--count", Form::text, Need::optional, "only so many of them", "個数"},
                        {"--skip", Form::text, Need::optional, "after so many", "飛ばす個数"}}),
                scrap});
  to.push_back({"part show",
                "A part's record, proven",
                "部品の記録",
                {{"PART", Form::text, Need::required, "id of the part", "部品のid"}, out_option()},
                show_part});
}

}  // namespace mikusari::cli
