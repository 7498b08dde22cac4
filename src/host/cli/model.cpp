// SPDX-License-Identifier: Apache-2.0
// Family `model`: models, their release keys, and what laboratories say of them.
#include "statement/model.hpp"

#include "cli/birth.hpp"
#include "cli/saying.hpp"
#include "cli/show.hpp"

namespace mikusari::cli {
namespace {

Result<std::vector<Digest>> release_keys_of(Session& session) {
  std::vector<Digest> out;
  for (const auto& each : session.arguments().list("--release-key")) {
    TRY(out.emplace_back(), kid_named(session, each));
  }
  return out;
}

Result<void> register_model(Session& session) {
  const std::string name = session.arguments().text("NAME");
  model::Register body;
  body.name = name;
  TRY(body.model_class, word<model::Class>("--class", session.arguments().text("--class")));
  TRY(const auto release_keys, release_keys_of(session));
  body.release_keys = std::span<const Digest>(release_keys);
  TRY(body.release_threshold, session.arguments().number("--release-threshold", release_keys.size()));
  TRY(auto voice, Voice::open(session));
  const std::string label = session.arguments().has("--label") ? session.arguments().text("--label") : name;
  TRY(const auto birth, birth_of(voice, What::model, model::Register::kind, label));
  body.nonce = birth.nonce;
  tell_birth(session, birth, "model");
  return say_birth(voice, birth, body);
}

Result<void> amend(Session& session) {
  model::Amend body;
  TRY(body.model, thing_option(session, What::model, "MODEL"));
  TRY(const auto release_keys, release_keys_of(session));
  body.release_keys = std::span<const Digest>(release_keys);
  TRY(body.release_threshold, session.arguments().number("--release-threshold", release_keys.size()));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> withdraw(Session& session) {
  model::Withdraw body;
  TRY(body.model, thing_option(session, What::model, "MODEL"));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> certify(Session& session) {
  certification::Certify body;
  TRY(body.model, thing_option(session, What::model, "MODEL"));
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  TRY(body.until_ms, until_option(session));
  TRY(body.evidence, digest_option(session, "--evidence"));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> decertify(Session& session) {
  certification::Decertify body;
  TRY(body.model, thing_option(session, What::model, "MODEL"));
  TRY(body.sequence, session.arguments().number("--sequence", 0));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

Result<void> show_model(Session& session) {
  TRY(const auto id, thing_option(session, What::model, "MODEL"));
  return show_record<model::Record>(session, target_of("models", id), path::model(id));
}

Result<void> show_certification(Session& session) {
  TRY(const auto id, thing_option(session, What::model, "MODEL"));
  TRY(const auto sequence, session.arguments().number("--sequence", 0));
  TRY(auto remote, Remote::open(session));
  TRY(const auto laboratory, party_option(session, remote.ledger(), "--laboratory"));
  const std::string target =
      target_of("models", id) + "/certifications/" + std::to_string(sequence) + "/" + platform::to_hex(laboratory);
  return show_record<certification::Record>(session, remote, target, path::certification(id, sequence, laboratory));
}

}  // namespace

void add_model_commands(Commands& to) {
  const Option model{"MODEL", Form::text, Need::required, "label or id of the model", "機種"};
  const Option release_key{"--release-key", Form::list, Need::optional, "name or thumbprint of a release key",
                           "公開用の鍵"};
  const Option threshold{"--release-threshold", Form::text, Need::optional, "how many of them must sign; else all",
                         "必要な署名数"};
  const Option sequence{"--sequence", Form::text, Need::optional, "of the firmware; else all of the model",
                        "ファームウェアの通し番号"};
  const Option until{"--until", Form::text, Need::optional, "ends then: 2027-01-31", "期限"};
  to.push_back({"model register", "Register a model, with the keys that release its firmware", "機種を登録する",
                saying({{"NAME", Form::text, Need::required, "for people; also its label in this home", "機種名"},
                        {"--class",
                         Form::text,
                         Need::required,
                         "what it is",
                         "種別",
                         {"chip", "board", "module", "battery", "device"}},
                        release_key,
                        threshold,
                        {"--label", Form::text, Need::optional, "another label in this home", "ラベル"}}),
                register_model});
  to.push_back({"model amend", "Other release keys take the place of the present ones, who sign it",
                "公開用の鍵を改める", saying({model, release_key, threshold}), amend});
  to.push_back(
      {"model withdraw", "Nothing of this model is born any more", "機種を取り下げる", saying({model}), withdraw});
  to.push_back({"model certify", "A laboratory certifies a model or one of its releases", "適合認証を与える",
                saying({model,
                        sequence,
                        until,
                        {"--evidence", Form::text, Need::optional, "the report: file or SHA-256",
                         "報告書のファイルまたはハッシュ"}}),
                certify});
  to.push_back({"model decertify", "The laboratory takes its certification back", "適合認証を取り消す",
                saying({model, sequence}), decertify});
  to.push_back({"model show", "A model's record, proven", "機種の記録", {model, out_option()}, show_model});
  to.push_back({"model certification",
                "What a laboratory says of a model, proven",
                "適合認証の記録",
                {model,
                 {"--laboratory", Form::text, Need::required, "the party that certifies", "試験所"},
                 sequence,
                 out_option()},
                show_certification});
}

}  // namespace mikusari::cli
