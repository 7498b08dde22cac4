// SPDX-License-Identifier: Apache-2.0
// Family `firmware`.
#include "statement/firmware.hpp"

#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

std::string firmware_target(const Id& model, const Digest& image) {
  return target_of("firmware", model) + "/" + platform::to_hex(image);
}

Result<void> release(Session& session) {
  const std::string version = session.arguments().text("--version");
  TRY(const auto image, read_file(session, session.arguments().text("IMAGE")));
  firmware::Release body;
  TRY(body.model, model_named(session, session.arguments().text("--model")));
  body.image = crypto::sha256(image);
  body.size = image.size();
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  body.version = version;
  session.text_member("image", platform::to_hex(body.image));
  session.line("SHA-256 " + platform::to_hex(body.image));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> set_floor(Session& session) {
  firmware::Floor body;
  TRY(body.model, model_named(session, session.arguments().text("--model")));
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

// Released, not recalled, not below the floor, and the sequence that is claimed for it.
Result<void> judge(Session& session, const firmware::Record& record, const model::Record& model,
                   std::uint64_t claimed) {
  session.record("firmware", json::to_json(record));
  session.number_member("floor", model.floor);
  session.number_member("latest", model.latest);
  session.line(std::string(session.in("floor ", "下限 ")) + std::to_string(model.floor) + ", " +
               std::string(session.in("latest ", "最新 ")) + std::to_string(model.latest));
  if (record.state == firmware::State::recalled) return fail(Code::forbidden, "refused: this firmware was recalled");
  if (record.sequence < model.floor)
    return fail(Code::forbidden, "refused: this firmware is below the least allowed sequence");
  if (record.sequence != claimed)
    return fail(Code::conflict, "refused: the image was released under another sequence number");
  session.text_member("verdict", "genuine");
  session.line(std::string(session.in("genuine: released by the vendor's keys as ", "本物: 次の版として公開済み ")) +
               std::string(record.version));
  return {};
}

Result<void> check(Session& session) {
  TRY(const auto image, read_file(session, session.arguments().text("IMAGE")));
  const Digest hash = crypto::sha256(image);
  TRY(const auto model, model_named(session, session.arguments().text("--model")));
  TRY(auto remote, Remote::open(session));
  session.text_member("image", platform::to_hex(hash));
  const auto answer = ask(session, remote, firmware_target(model, hash), path::firmware(model, hash));
  if (!answer) {
    if (answer.error().code() != Code::not_found) return std::unexpected(answer.error());
    session.text_member("verdict", "refused");
    return std::unexpected(
        Error(Code::not_found, "refused: no such image was ever released for this model (proven absent)")
            .with_context("SHA-256 " + platform::to_hex(hash)));
  }
  TRY(const auto record, cbor::decode<firmware::Record>(*(*answer)->state.value));
  TRY(const auto model_record, remote.record<model::Record>(target_of("models", model), path::model(model)));
  TRY(const auto claimed, session.arguments().number("--sequence", record.sequence));
  auto verdict = judge(session, record, model_record, claimed);
  if (!verdict) session.text_member("verdict", "refused");
  return verdict;
}

}  // namespace

void add_firmware_commands(Commands& to) {
  const Option image{"IMAGE", Form::text, Need::required, "file of the image", "イメージファイル"};
  const Option model{"--model", Form::text, Need::required, "VENDOR/NAME or id", "機種"};
  to.push_back({"firmware release", "Release an image by k of the model's n release keys", "n個中k個の鍵で公開する",
                saying({image,
                        model,
                        {"--sequence", Form::text, Need::required, "above every earlier release's", "通し番号"},
                        {"--version", Form::text, Need::required, "name for people", "版名"}}),
                release});
  to.push_back({"firmware floor", "The least sequence that devices may run", "許される最低の通し番号を上げる",
                saying({model, {"--sequence", Form::text, Need::required, "never goes down", "通し番号"}}), set_floor});
  to.push_back({"firmware check",
                "Is this image genuine, and may devices run it?",
                "イメージが本物で使用可か調べる",
                {image,
                 model,
                 {"--sequence", Form::text, Need::optional, "what is claimed for it", "称する通し番号"},
                 out_option()},
                check});
}

}  // namespace mikusari::cli
