// SPDX-License-Identifier: Apache-2.0
// Family `model`.
#include "statement/model.hpp"

#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "cose/key.hpp"

namespace mikusari::cli {
namespace {

// A thumbprint, or a key of ours by its name.
Result<Digest> kid_named(Session& session, const std::string& text) {
  if (const auto kid = platform::bytes_from_hex<32>(text)) return *kid;
  TRY(const auto signer, open_key(session, text));
  return cose::thumbprint(signer->public_key());
}

Result<void> register_model(Session& session) {
  const std::string name = session.arguments().text("NAME");
  model::Register body;
  body.name = name;
  TRY(body.model_class, word<model::Class>("--class", session.arguments().text("--class")));
  std::vector<Digest> release_keys;
  for (const auto& each : session.arguments().list("--release-key")) {
    TRY(release_keys.emplace_back(), kid_named(session, each));
  }
  body.release_keys = std::span<const Digest>(release_keys);
  TRY(body.release_threshold, session.arguments().number("--release-threshold", release_keys.size()));
  TRY(auto voice, Voice::open(session));
  const auto id = platform::to_hex(model::model_id(voice.name(), name));
  session.text_member("model", id);
  session.line(std::string(session.in("model ", "機種 ")) + id);
  return voice.say(body);
}

Result<void> show_model(Session& session) {
  TRY(const auto id, model_named(session, session.arguments().text("MODEL")));
  return show_record<model::Record>(session, target_of("models", id), path::model(id));
}

}  // namespace

void add_model_commands(Commands& to) {
  to.push_back({"model register", "Register a model, with the keys that release its firmware", "機種を登録する",
                saying({{"NAME", Form::text, Need::required, "unique among the vendor's models", "機種名"},
                        {"--class", Form::text, Need::required, "chip, board, module, battery or device", "種別"},
                        {"--release-key", Form::list, Need::optional, "thumbprint, or name of a key", "公開用の鍵"},
                        {"--release-threshold", Form::text, Need::optional, "how many of them must sign; else all",
                         "必要な署名数"}}),
                register_model});
  to.push_back({"model show",
                "A model's record, proven",
                "機種の記録",
                {{"MODEL", Form::text, Need::required, "VENDOR/NAME or id", "VENDOR/NAME または id"}, out_option()},
                show_model});
}

}  // namespace mikusari::cli
