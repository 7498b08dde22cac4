// SPDX-License-Identifier: Apache-2.0
// Family `firmware`.
#include "statement/firmware.hpp"

#include "cli/saying.hpp"
#include "cli/show.hpp"
#include "crypto/hash.hpp"
#include "statement/model.hpp"

namespace mikusari::cli {
namespace {

std::string image_target(const Id& model, const Digest& image) {
  return target_of("models", model) + "/images/" + platform::to_hex(image);
}
std::string release_target(const Id& model, std::uint64_t sequence) {
  return target_of("models", model) + "/firmware/" + std::to_string(sequence);
}

// The hash of nothing is what a reader that failed gives: an empty image is none.
Result<platform::Buffer> read_image(Session& session, const std::string& path) {
  TRY(auto bytes, read_file(session, path));
  if (bytes.empty()) return std::unexpected(Error(Code::invalid, "the image is empty").with_context(path));
  return bytes;
}

Result<std::vector<firmware::Image>> images_of(Session& session) {
  std::vector<firmware::Image> out;
  for (const auto& path : session.arguments().list("IMAGE")) {
    TRY(const auto bytes, read_image(session, path));
    out.push_back({crypto::sha256(bytes), bytes.size()});
    session.line("SHA-256 " + platform::to_hex(out.back().digest) + " " + path);
  }
  json::Writer rows;
  rows.begin_array();
  for (const auto& each : out) json::write(rows, each);
  session.member("images", rows.end_array().finish());
  if (!out.empty()) session.text_member("image", platform::to_hex(out.front().digest));
  return out;
}

Result<void> release(Session& session) {
  const std::string version = session.arguments().text("--version");
  firmware::Release body;
  TRY(body.model, thing_option(session, What::model, "--model"));
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  TRY(const auto images, images_of(session));
  body.version = version;
  body.images = std::span<const firmware::Image>(images);
  TRY(body.manifest, digest_option(session, "--manifest"));
  TRY(body.sbom, digest_option(session, "--sbom"));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> set_floor(Session& session) {
  firmware::Floor body;
  TRY(body.model, thing_option(session, What::model, "--model"));
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> recall(Session& session) {
  firmware::Recall body;
  TRY(body.model, thing_option(session, What::model, "--model"));
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  TRY(body.action, word<firmware::Action>("ACTION", session.arguments().text("ACTION")));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> show_release(Session& session) {
  TRY(const auto model, thing_option(session, What::model, "--model"));
  TRY(const auto sequence, session.arguments().number("--sequence", 0));
  return show_record<firmware::Record>(session, release_target(model, sequence), path::firmware(model, sequence));
}

// Released, neither halted nor recalled, not below the floor, and the sequence that is claimed for it.
Result<void> judge(Session& session, const firmware::Record& record, const model::Record& model,
                   std::uint64_t claimed) {
  session.record("firmware", json::to_json(record));
  session.number_member("floor", model.floor);
  session.number_member("latest", model.latest);
  session.line(std::string(session.in("floor ", "下限 ")) + std::to_string(model.floor) + ", " +
               std::string(session.in("latest ", "最新 ")) + std::to_string(model.latest));
  const auto refused = [&](Code code, std::string_view english, std::string_view japanese) {
    return fail(code, session.in(english, japanese).data());
  };
  if (record.state == firmware::State::recalled)
    return refused(Code::forbidden, "refused: this firmware was recalled", "拒否: このファームウェアはリコール済み");
  if (record.state == firmware::State::halted)
    return refused(Code::forbidden, "refused: this firmware is halted by one of its vendor's keys",
                   "拒否: このファームウェアは公開者の鍵の一つにより停止中");
  if (record.sequence < model.floor)
    return refused(Code::forbidden, "refused: this firmware is below the least allowed sequence",
                   "拒否: このファームウェアは許容される最小の通し番号を下回る");
  if (record.sequence != claimed)
    return refused(Code::conflict, "refused: the image was released under another sequence number",
                   "拒否: このイメージは別の通し番号で公開された");
  session.text_member("verdict", "genuine");
  session.line(
      std::string(session.in("genuine: released by the vendor's keys as number ", "本物: 次の通し番号で公開済み ")) +
      std::to_string(record.sequence));
  return {};
}

Error never_released(const Session& session, const Digest& hash) {
  const auto text = session.in("refused: no such image was ever released for this model (proven absent)",
                               "拒否: このイメージはこの機種に公開されたことがない（不在を証明済み）");
  return Error(Code::not_found, text.data()).with_context("SHA-256 " + platform::to_hex(hash));
}

// Of --model, or of --device: what its record says, unless that is blinded.
Result<Id> model_in_question(Session& session, Remote& remote) {
  if (session.arguments().has("--model")) return thing_option(session, What::model, "--model");
  if (!session.arguments().has("--device"))
    return fail(Code::invalid, "which model's? give --model, or --device that shall run it");
  TRY(const auto device, thing_option(session, What::device, "--device"));
  TRY(const auto now, thing_now(remote, thing::Type::device, device));
  if (!now.record.model || now.record.blinded_class)
    return fail(Code::conflict, "the device does not say its model openly: give --model");
  return *now.record.model;
}

// The image's record names the newest release that holds it; that release's record must hold it.
Result<firmware::Record> release_of(Session& session, Remote& remote, const Id& model, const Digest& image) {
  const auto answer = ask(session, remote, image_target(model, image), path::image(model, image));
  if (!answer && answer.error().code() == Code::not_found) return std::unexpected(never_released(session, image));
  if (!answer) return std::unexpected(answer.error());
  TRY(const auto newest, cbor::decode<firmware::ImageRecord>(*(*answer)->state.value));
  TRY(const auto record,
      remote.record<firmware::Record>(release_target(model, newest.sequence), path::firmware(model, newest.sequence)));
  for (const auto each : record.images) {
    if (each.digest == image) return record;
  }
  return std::unexpected(never_released(session, image));
}

Result<void> check_image(Session& session) {
  TRY(const auto image, read_image(session, session.arguments().text("IMAGE")));
  const Digest hash = crypto::sha256(image);
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  TRY(const auto model, model_in_question(session, remote));
  session.text_member("image", platform::to_hex(hash));
  TRY(const auto record, release_of(session, remote, model, hash));
  TRY(const auto model_record, remote.record<model::Record>(target_of("models", model), path::model(model)));
  TRY(const auto claimed, session.arguments().number("--sequence", record.sequence));
  return judge(session, record, model_record, claimed);
}

Result<void> check(Session& session) {
  auto verdict = check_image(session);
  if (!verdict) session.text_member("verdict", "refused");
  return verdict;
}

}  // namespace

void add_firmware_commands(Commands& to) {
  const Option model{"--model", Form::text, Need::required, "label or id of the model", "機種"};
  const Option sequence{"--sequence", Form::text, Need::required, "number of the release", "通し番号"};
  to.push_back(
      {"firmware release", "Release images by k of the model's n release keys", "n個中k個の鍵で公開する",
       saying({{"IMAGE", Form::list, Need::required, "files of the images, at most 8", "イメージファイル"},
               model,
               {"--sequence", Form::text, Need::required, "above every earlier release's", "通し番号"},
               {"--version", Form::text, Need::required, "name of the version, for people", "版名"},
               {"--manifest", Form::text, Need::optional, "update manifest: file or SHA-256", "更新マニフェスト"},
               {"--sbom", Form::text, Need::optional, "list of its components: file or SHA-256", "構成部品表"}}),
       release});
  to.push_back({"firmware floor", "The least sequence that devices may run", "許される最低の通し番号を上げる",
                saying({model, {"--sequence", Form::text, Need::required, "never goes down", "通し番号"}}), set_floor});
  to.push_back({"firmware recall", "Halt a release with one key; recall or lift with k",
                "公開の停止（一つの鍵）・リコール・解除（k個の鍵）",
                saying({{"ACTION", Form::text, Need::required, "what shall be", "操作", {"halt", "recall", "lift"}},
                        model,
                        sequence}),
                recall});
  to.push_back(
      {"firmware show", "A release's record, proven", "公開の記録", {model, sequence, out_option()}, show_release});
  to.push_back({"firmware check",
                "Tell whether an image is genuine, and whether devices may run it",
                "イメージが本物で使用可か調べる",
                {{"IMAGE", Form::text, Need::required, "file of the image", "イメージファイル"},
                 {"--model", Form::text, Need::optional, "label or id of the model", "機種"},
                 {"--device", Form::text, Need::optional, "or the device that shall run it", "実行する機器"},
                 {"--sequence", Form::text, Need::optional, "what is claimed for it", "称する通し番号"},
                 out_option()},
                check});
}

}  // namespace mikusari::cli
