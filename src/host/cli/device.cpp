// SPDX-License-Identifier: Apache-2.0
// Family `device`.
#include "statement/device.hpp"

#include "cli/show.hpp"
#include "cli/voice.hpp"

namespace mikusari::cli {
namespace {

// Where the parts' own keys are: the stores of --part-keys, then the home's. Opened when first needed.
class PartKeys {
 public:
  explicit PartKeys(Session& session) : session_(session) {}
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
  std::vector<std::unique_ptr<keys::file::FileKeyStore>> stores_;
};

// A part with a key consents by its signature. One without, or unknown, is named only: the rules judge.
Result<device::Mount> mount_of(Voice& voice, PartKeys& keys, const Id& unit, const Id& part, std::uint64_t n) {
  device::Mount out{part, {}};
  TRY(const auto answer, voice.remote().state(target_of("parts", part), path::part(part)));
  if (!answer->present()) return out;
  TRY(const auto record, cbor::decode<part::Record>(*answer->state.value));
  if (!record.key || voice.session().arguments().has("--no-proof")) return out;
  TRY(const auto signer, keys.find(*record.key));
  std::byte buffer[statement::small_message_bytes_max];
  TRY(const auto message,
      statement::mount_bytes(signer->public_key(), voice.ledger(), voice.kid(), unit, part, n, buffer));
  TRY(out.proof, signer->sign(message));
  return out;
}

Result<void> assemble(Session& session) {
  device::Assemble body;
  TRY(body.type, word<device::UnitType>(
                     "--type", session.arguments().has("--type") ? session.arguments().text("--type") : "device"));
  TRY(body.model, model_named(session, session.arguments().text("--model")));
  body.unit = platform::random<32>(session.machine().random);
  if (session.arguments().has("--id")) {
    TRY(body.unit, session.id("--id"));
  }
  TRY(auto voice, Voice::open(session));
  TRY(const auto n, voice.next_n());
  PartKeys keys(session);
  std::vector<device::Mount> mounts;
  for (const auto& text : session.arguments().list("--part")) {
    TRY(const auto part, platform::bytes_from_hex<32>(text));
    TRY(mounts.emplace_back(), mount_of(voice, keys, body.unit, part, n));
  }
  body.mounts = std::span<const device::Mount>(mounts);
  session.text_member("unit", platform::to_hex(body.unit));
  session.line(std::string(cbor::name_of(body.type)) + " " + platform::to_hex(body.unit));
  const auto encoded = platform::encode(body);
  return voice.say(device::Assemble::kind, std::span(&encoded, 1), n);
}

Result<void> attach(Session& session) {
  TRY(const auto unit, session.id("UNIT"));
  TRY(const auto part, session.id("PART"));
  TRY(auto voice, Voice::open(session));
  TRY(const auto n, voice.next_n());
  PartKeys keys(session);
  device::Attach body{unit, {}, session.arguments().has("--accept-unknown")};
  TRY(body.mount, mount_of(voice, keys, unit, part, n));
  const auto encoded = platform::encode(body);
  return voice.say(device::Attach::kind, std::span(&encoded, 1), n);
}

Result<void> detach(Session& session) {
  TRY(const auto unit, session.id("UNIT"));
  TRY(const auto part, session.id("PART"));
  TRY(auto voice, Voice::open(session));
  return voice.say(device::Detach{unit, part});
}

Result<void> dispute(Session& session) {
  TRY(const auto part, session.id("PART"));
  TRY(auto voice, Voice::open(session));
  return voice.say(device::Dispute{part, session.arguments().has("--withdraw")});
}

Result<void> activate(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  TRY(auto voice, Voice::open(session));
  return voice.say(device::Activate{id});
}

Result<void> retire(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  TRY(auto voice, Voice::open(session));
  TRY(const auto record, device_record(voice.remote(), id));
  return voice.say(device::Retire{id}, record.seq);
}

Result<void> destroy(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  device::Destroy body{id, {}};
  if (session.arguments().has("--evidence")) {
    TRY(body.evidence, session.id("--evidence"));
  }
  TRY(auto voice, Voice::open(session));
  TRY(const auto record, device_record(voice.remote(), id));
  return voice.say(body, record.seq);
}

Result<void> show_device(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  return show_record<device::Record>(session, target_of("devices", id), path::device(id));
}

// An empty list is proven for any name, also for one that no member has.
Result<void> tell_none(Session& session, Remote& remote, const std::string& owner) {
  TRY(remote.record<member::Record>("/v1/members/" + owner, path::member(owner)));
  session.line(std::string(session.in("no devices: ", "機器はありません: ")) + owner);
  return {};
}

Result<void> list(Session& session) {
  const std::string owner = session.arguments().text("--owner");
  if (!is_name(owner)) return fail(Code::invalid, "--owner is the name of a member");
  TRY(auto remote, Remote::open(session));
  TRY(const auto proven, remote.owed("/v1/members/" + owner + "/devices", "application/cbor"));
  const auto verified = remote.verifier().devices(proven.bytes, owner, proven.terms());
  if (!verified) return std::unexpected(refused_answer(verified.error()));
  TRY(remote.save());
  const std::string out = session.arguments().text("--out");
  if (!out.empty()) TRY(write_file(session, out, proven.bytes));
  json::Writer rows;
  rows.begin_array();
  std::uint64_t shown = 0;
  auto entry = verified->entries.begin();
  for (const auto& item : verified->items) {
    const Id id = *entry;
    ++entry;
    if (!item.value) return fail(Code::corrupt, "a listed device has no record");
    TRY(const auto record, cbor::decode<device::Record>(*item.value));
    if (record.owner != owner && !session.arguments().has("--all")) continue;
    ++shown;
    rows.begin_object().member("device", id).key("record");
    json::write(rows, record);
    rows.end_object();
    session.line(platform::to_hex(id) + " " + std::string(cbor::name_of(record.state)) + " " +
                 std::string(record.owner));
  }
  session.member("devices", rows.end_array().finish());
  if (shown == 0) TRY(tell_none(session, remote, owner));
  session.number_member("ever_owned", verified->entries.size());
  show_proof(session, verified->anchor);
  return {};
}

}  // namespace

void add_device_commands(Commands& to) {
  const Option device{"DEVICE", Form::text, Need::required, "id of the device", "機器のid"};
  const Option unit{"UNIT", Form::text, Need::required, "id of the board or device", "基板または機器のid"};
  const Option part{"PART", Form::text, Need::required, "id of the part", "部品のid"};
  const Option keys{"--part-keys", Form::list, Need::optional, "folder of a store with the parts' own keys",
                    "部品の鍵の保管庫"};
  const Option no_proof{"--no-proof", Form::flag, Need::optional, "do not ask the parts' keys to consent",
                        "部品の鍵の署名を付けない"};
  to.push_back({"device assemble", "Make a board or device of parts in one's custody", "部品から基板・機器を組み立てる",
                saying({{"--model", Form::text, Need::required, "VENDOR/NAME or id", "機種"},
                        {"--type", Form::text, Need::optional, "device (else) or board", "device または board"},
                        {"--id", Form::text, Need::optional, "id of the new unit, else random", "新しいid"},
                        {"--part", Form::list, Need::optional, "ids of its parts", "部品のid"},
                        keys,
                        no_proof}),
                assemble});
  to.push_back({"device attach", "Mount one more part", "部品を取り付ける",
                saying({unit,
                        part,
                        {"--accept-unknown", Form::flag, Need::optional,
                         "the owner accepts an unknown or salvaged part", "不明な部品を所有者が認める"},
                        keys,
                        no_proof}),
                attach});
  to.push_back({"device detach", "Take a part out, or withdraw the claim to a disputed one", "部品を外す",
                saying({unit, part}), detach});
  to.push_back(
      {"device dispute", "Say that a mounted part is not what it claims", "部品に異議を唱える",
       saying({part, {"--withdraw", Form::flag, Need::optional, "take one's own dispute back", "異議を取り下げる"}}),
       dispute});
  to.push_back({"device activate", "The device says, with its own key, that it lives", "機器自身の鍵で使用開始",
                saying({device}), activate});
  to.push_back({"device retire", "End a device's life; its keys are revoked at once", "機器を引退させる",
                saying({device}), retire});
  to.push_back(
      {"device destroy", "Record its destruction, with two witnesses", "破壊を証人二名で記録する",
       saying({device, {"--evidence", Form::text, Need::optional, "SHA-256 of the report", "報告書のハッシュ"}}),
       destroy});
  to.push_back({"device show", "A device's record, proven", "機器の記録", {device, out_option()}, show_device});
  to.push_back({"device list",
                "All devices of an owner, proven complete",
                "所有機器の完全な一覧",
                {{"--owner", Form::text, Need::required, "a member", "参加組織"},
                 {"--all", Form::flag, Need::optional, "also those that it once owned", "過去の所有も含む"},
                 out_option()},
                list});
}

}  // namespace mikusari::cli
