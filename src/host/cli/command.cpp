// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include "encoding/text.hpp"

namespace mikusari::cli {

const std::vector<Group>& groups() {
  static const std::vector<Group> table = {
      {"contact", "Names for others, so that nobody types a handle", "連絡先: 相手の呼び名"},
      {"thing", "Labels for things, so that nobody types an id", "物のラベル"},
      {"party", "Parties: who owns, holds, makes or is offered something", "当事者: 登録・停止・移転・復旧"},
      {"member", "Members of the ledger", "台帳の参加組織"},
      {"role", "What one party lets another do", "役割を与える・取り消す"},
      {"key", "Keys: make them, register, rotate, freeze and revoke them", "鍵の作成・登録・更新・凍結・失効"},
      {"model", "Models of parts and devices, and their certification", "部品と機器の機種・適合認証"},
      {"part", "Parts: birth, alone or by the thousand, inspection, scrap", "部品の誕生（一括も）・検査・廃棄"},
      {"device", "Devices: assembly, life and end", "機器の組立・使用・終わり"},
      {"custody", "Who holds a thing: ship, receive, refuse, recall", "保管責任: 発送・受領・拒否・取り戻し"},
      {"ownership", "Whose a thing is: offer, accept, cancel, force", "所有者: 申し出・承諾・取消・強制"},
      {"firmware", "Firmware: release, floor, recall, check an image", "ファームウェア: 公開・下限・リコール・検査"},
      {"document", "Digests of evidence that is kept elsewhere", "証拠文書のハッシュ"},
      {"proposal", "What members decide together", "提案と投票"},
      {"quota", "What has been used of the ledger's limits", "利用枠"},
      {"recovery", "Keys that bring a lost ledger back", "復旧鍵: 作成・秘密分散・署名"},
      {"policy", "The trust policy, and its steps", "信頼ポリシー"},
      {"ledger", "The ledger itself: checkpoint, genesis, audit", "台帳: チェックポイント・創設記録・監査"},
      {"passport", "Device passports: get, open, verify, show", "機器履歴証明書（パスポート）: 取得・開示・検証・表示"},
      {"verify", "Verify files offline", "ファイルをオフラインで検証"},
      {"statement", "Statements in files: show, approve, submit", "署名付き申告（ステートメント）: 表示・承認・提出"},
      {"node", "The daemon: init and run", "ノード: 初期化と実行"}};
  return table;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> table = [] {
    Commands out;
    for (const auto add :
         {add_general_commands,       add_contact_commands,  add_thing_commands,     add_party_commands,
          add_party_life_commands,    add_member_commands,   add_role_commands,      add_key_commands,
          add_key_ledger_commands,    add_model_commands,    add_part_commands,      add_device_commands,
          add_device_life_commands,   add_custody_commands,  add_ownership_commands, add_firmware_commands,
          add_document_commands,      add_proposal_commands, add_list_commands,      add_quota_commands,
          add_recovery_commands,      add_policy_commands,   add_ledger_commands,    add_audit_commands,
          add_passport_commands,      add_verify_commands,   add_statement_commands, add_node_commands,
          add_node_recovery_commands, add_vector_commands}) {
      add(out);
    }
    return out;
  }();
  return table;
}

const std::vector<Option>& global_options() {
  static const std::vector<Option> table = {
      {"--home", Form::text, Need::optional, "folder of keys and settings (else $MIKUSARI_HOME, ~/.mikusari)",
       "鍵と設定のフォルダ"},
      {"--node", Form::text, Need::optional, "address of the node, https://host:port", "ノードのアドレス"},
      {"--pin", Form::text, Need::optional, "SHA-256 fingerprint of the node's certificate", "ノード証明書の指紋"},
      {"--policy", Form::text, Need::optional, "trust policy (else the one that `connect` stored)",
       "信頼ポリシーのファイル"},
      {"--key", Form::text, Need::optional, "who signs: NAME in the home, or NAME@FOLDER",
       "署名する鍵: NAME または NAME@FOLDER"},
      {"--member", Form::text, Need::optional, "the member that the key speaks for: for --offline and `list`",
       "鍵が代表する参加組織"},
      {"--passphrase-file", Form::text, Need::optional, "file whose first line opens the key store",
       "鍵を開く合言葉のファイル"},
      {"--lang", Form::text, Need::optional, "en or ja", "言語: en または ja", {"en", "ja"}},
      {"--json", Form::flag, Need::optional, "one JSON object for programs", "プログラム用のJSON"},
      {"--quiet", Form::flag, Need::optional, "no progress", "経過を表示しない"},
      {"--version", Form::flag, Need::optional, "name and version of this program", "版を表示"}};
  return table;
}

Result<std::uint64_t> Arguments::number(const std::string& name, std::uint64_t otherwise) const {
  if (!has(name)) return otherwise;
  const auto value = text::from_decimal(text(name));
  if (!value) return std::unexpected(Error(Code::invalid, "a whole number is wanted").with_context(name));
  return *value;
}

}  // namespace mikusari::cli
