// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include "encoding/text.hpp"

namespace mikusari::cli {

const std::vector<Group>& groups() {
  static const std::vector<Group> table = {
      {"key", "Keys: make them, register, rotate and revoke them", "鍵の作成・登録・交代・失効"},
      {"member", "Members of the ledger", "台帳の参加組織"},
      {"model", "Models of parts and devices", "部品と機器の機種"},
      {"part", "Parts: birth, alone or by the thousand, and scrap", "部品の誕生（一括も）と廃棄"},
      {"custody", "Who holds a thing: ship and receive", "保管者: 発送と受領"},
      {"device", "Devices: assembly, life and end", "機器の組立・使用・終わり"},
      {"ownership", "Whose a device is: offer, accept, cancel", "所有者: 申し出・承諾・取消"},
      {"firmware", "Firmware: release, floor, check an image", "ファームウェア: 公開・下限・検査"},
      {"ledger", "The ledger itself: checkpoint, policy, audit", "台帳: チェックポイント・信頼ポリシー・監査"},
      {"passport", "Device passports: get, verify, show", "機器履歴証明書（パスポート）: 取得・検証・表示"},
      {"verify", "Verify files offline", "ファイルをオフラインで検証"},
      {"statement", "Statements in files: show, approve, submit", "署名付き申告（ステートメント）: 表示・承認・提出"},
      {"node", "The daemon: init and run", "ノード: 初期化と実行"}};
  return table;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> table = [] {
    Commands out;
    for (const auto add : {add_general_commands, add_key_commands, add_member_commands, add_model_commands,
                           add_part_commands, add_custody_commands, add_device_commands, add_ownership_commands,
                           add_firmware_commands, add_ledger_commands, add_audit_commands, add_passport_commands,
                           add_verify_commands, add_statement_commands, add_node_commands, add_vector_commands}) {
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
      {"--member", Form::text, Need::optional, "the member that the key speaks for, where models are named",
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
