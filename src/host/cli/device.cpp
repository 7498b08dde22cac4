// SPDX-License-Identifier: Apache-2.0
// Family `device`: assembly, and parts that come and go.
#include "statement/device.hpp"

#include "cli/birth.hpp"
#include "cli/saying.hpp"
#include "cli/show.hpp"
#include "statement/model.hpp"

namespace mikusari::cli {
namespace {

// Where the parts' own keys are: the stores of --part-keys, then the home's. Opened when first needed.
class PartKeys {
 public:
  explicit PartKeys(Session& session) : session_(session) {}
  // None when no store has it.
  Result<std::unique_ptr<crypto::Signer>> find(const Digest& kid) {
    if (stores_.empty()) TRY(open());
    for (auto& store : stores_) {
      auto signer = store->open(kid);
      if (signer || signer.error().code() != Code::not_found) return signer;
    }
    return std::unexpected(Error(Code::not_found, "the part's own key is in no store: name its folder with --part-keys")
                               .with_context("key " + platform::to_hex(kid)));
  }

 private:
  Result<void> open() {
    for (const auto& folder : session_.arguments().list("--part-keys")) {
      TRY(stores_.emplace_back(), open_store(session_, folder, Missing::refuse));
    }
    if (session_.files().exists(session_.home_file("keys"))) {
      TRY(stores_.emplace_back(), open_store(session_, "", Missing::refuse));
    }
    return {};
  }
  Session& session_;
  std::vector<Session::Store> stores_;
};

// The wallet keys that a record lists and does not say are frozen, waiting or ended: one of them consents.
std::vector<Digest> consenting(const part::Record& part, std::uint64_t time_ms) {
  std::vector<Digest> out;
  for (const auto entry : part.keys) {
    if (entry.purpose == key::Purpose::wallet && entry.speaks_at(time_ms)) out.push_back(entry.key);
  }
  return out;
}

// A part with a key consents by its signature. One without, or unknown, is named only: the rules judge.
Result<std::optional<crypto::Signature>> consent(Voice& voice, PartKeys& keys, const Id& unit, const Id& part,
                                                 std::uint64_t n) {
  if (voice.session().arguments().has("--no-proof")) return std::nullopt;
  TRY(const auto answer, voice.remote().state(target_of("parts", part), path::part(part)));
  if (!answer->present()) return std::nullopt;
  TRY(const auto record, cbor::decode<part::Record>(*answer->state.value));
  const auto kids = consenting(record, answer->state.anchor.record.time_ms);
  if (kids.empty()) return std::nullopt;
  Result<std::unique_ptr<crypto::Signer>> signer = fail(Code::not_found, "");
  for (const auto& kid : kids) {
    signer = keys.find(kid);
    if (signer || signer.error().code() != Code::not_found) break;
  }
  if (!signer) return std::unexpected(signer.error());
  std::byte buffer[statement::small_message_bytes_max];
  TRY(const auto message,
      statement::mount_bytes((*signer)->public_key(), voice.ledger(), voice.kid(), unit, part, n, buffer));
  TRY(const auto proof, (*signer)->sign(message));
  return proof;
}

Result<void> set_model(Voice& voice, const Birth& birth, device::Assemble& body) {
  Session& session = voice.session();
  TRY(body.model, thing_option(session, What::model, "--model"));
  if (!session.arguments().has("--blind")) return {};
  TRY(const auto model, voice.remote().record<model::Record>(target_of("models", body.model), path::model(body.model)));
  TRY(const auto secret, home_secret(session));
  body.model = names::blinded(blinding_salt(secret, voice.ledger(), birth.id), body.model);
  body.blinded_class = model.model_class;
  return {};
}

Result<std::vector<device::Mount>> mounts_of(Voice& voice, const Id& unit, std::uint64_t n) {
  PartKeys keys(voice.session());
  std::vector<device::Mount> out;
  for (const auto& text : voice.session().arguments().list("--part")) {
    TRY(const auto part, thing_named(voice.session(), What::part, text));
    TRY(const auto proof, consent(voice, keys, unit, part, n));
    out.push_back({part, proof});
  }
  return out;
}

Result<void> assemble(Session& session) {
  device::Assemble body;
  TRY(body.type, word_or(session, "--type", device::UnitType::device));
  TRY(auto voice, Voice::open(session));
  const auto what = body.type == device::UnitType::board ? What::part : What::device;
  TRY(const auto birth, birth_of(voice, what, device::Assemble::kind, session.arguments().text("--label")));
  tell_birth(session, birth, "unit");
  TRY(const bool there, is_there_already(voice, birth));
  if (there) return {};
  body.nonce = birth.nonce;
  TRY(set_model(voice, birth, body));
  TRY(body.commitment, commitment_option(voice, birth.id));
  TRY(body.at, at_of(voice));
  TRY(const auto n, voice.next_n());
  TRY(const auto mounts, mounts_of(voice, birth.id, n));
  body.mounts = std::span<const device::Mount>(mounts);
  const auto encoded = platform::encode(body);
  return born(voice, birth, voice.say(device::Assemble::kind, std::span(&encoded, 1), n));
}

// A unit is a device, or a board: the book knows, or the ledger does not mind.
Result<Id> unit_named(Session& session) {
  TRY(const auto unit, thing_of_any(session, What::device, session.arguments().text("UNIT")));
  return unit.id;
}

// A part that the ledger does not know: it is born under an id of the owner's.
Result<void> attach_unknown(Voice& voice, device::Attach body) {
  Session& session = voice.session();
  const std::string label = session.arguments().text("PART");
  TRY(const auto birth, birth_of(voice, What::part, device::Attach::kind, label));
  tell_birth(session, birth, "part");
  TRY(const bool there, is_there_already(voice, birth));
  if (there) return {};
  body.nonce = birth.nonce;
  body.accept = true;
  return born(voice, birth, voice.say(body));
}

Result<void> attach(Session& session) {
  device::Attach body;
  TRY(body.unit, unit_named(session));
  TRY(auto voice, Voice::open(session));
  TRY(body.at, at_of(voice));
  if (session.arguments().has("--unknown")) return attach_unknown(voice, body);
  TRY(body.part, thing_option(session, What::part, "PART"));
  body.accept = session.arguments().has("--accept");
  TRY(const auto n, voice.next_n());
  PartKeys keys(session);
  auto proof = consent(voice, keys, body.unit, *body.part, n);
  // What the owner accepts as it is needs no word of its key.
  if (!proof && !(body.accept && proof.error().code() == Code::not_found)) return std::unexpected(proof.error());
  if (proof) body.proof = *proof;
  const auto encoded = platform::encode(body);
  return voice.say(device::Attach::kind, std::span(&encoded, 1), n);
}

Result<void> detach(Session& session) {
  device::Detach body;
  TRY(body.unit, unit_named(session));
  TRY(body.part, thing_option(session, What::part, "PART"));
  TRY(auto voice, Voice::open(session));
  TRY(body.at, at_of(voice));
  std::vector<Digest> keep;
  if (session.arguments().has("--keep")) {
    TRY(const auto now, thing_now(voice.remote(), thing::Type::part, body.part));
    TRY(keep, keep_of(session, now.record));
  }
  body.keep = std::span<const Digest>(keep);
  return voice.say(body);
}

Result<void> show_device(Session& session) {
  TRY(const auto id, thing_option(session, What::device, "DEVICE"));
  return show_record<device::Record>(session, target_of("devices", id), path::device(id));
}

}  // namespace

void add_device_commands(Commands& to) {
  const Option device{"DEVICE", Form::text, Need::required, "label or id of the device", "機器"};
  const Option unit{"UNIT", Form::text, Need::required, "label or id of the board or device", "基板または機器"};
  const Option part{"PART", Form::text, Need::required, "label, LOT#N or id of the part", "部品"};
  const Option keys{"--part-keys", Form::list, Need::optional, "folder of a store with the parts' own keys",
                    "部品の鍵の保管庫"};
  const Option no_proof{"--no-proof", Form::flag, Need::optional, "do not ask the parts' keys to consent",
                        "部品の鍵の署名を付けない"};
  const std::vector<Option> unit_options = {
      {"--model", Form::text, Need::required, "label or id of the model", "機種"},
      {"--blind", Form::flag, Need::optional, "the ledger sees the model's class only", "機種を伏せる"},
      {"--type", Form::text, Need::optional, "device (else) or board", "device または board", {"device", "board"}},
      {"--label", Form::text, Need::optional, "what this home calls the new unit", "新しい機器のラベル"},
      {"--part", Form::list, Need::optional, "its parts: labels, LOT#N or ids", "部品"},
      {"--commitment", Form::text, Need::optional,
       "the private record: a file, whose salted hash is said, or that hash", "非公開記録のファイルまたはハッシュ"},
      keys,
      no_proof};
  to.push_back({"device assemble", "Make a board or device of parts that one owns and holds",
                "部品から基板・機器を組み立てる", saying(together({unit_options, at_options()})), assemble});
  to.push_back({"device attach", "Mount one more part", "部品を取り付ける",
                saying(together({{unit,
                                  part,
                                  {"--accept", Form::flag, Need::optional,
                                   "the owner accepts the part as it is: salvaged, or silent", "現状のまま認める"},
                                  {"--unknown", Form::flag, Need::optional,
                                   "the ledger does not know the part: PART is a new label", "台帳にない部品を認める"},
                                  keys,
                                  no_proof},
                                 at_options()})),
                attach});
  to.push_back({"device detach", "Take a part out: the unit's owner then owns and holds it", "部品を外す",
                saying(together({{unit, part, keep_option()}, at_options()})), detach});
  to.push_back({"device show", "A device's record, proven", "機器の記録", {device, out_option()}, show_device});
}

}  // namespace mikusari::cli
