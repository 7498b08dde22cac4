// SPDX-License-Identifier: Apache-2.0
#include "statement/refusal.hpp"

namespace mikusari::statement {
namespace {

using enum Refusal;

constexpr std::array table{
    RefusalText{none, "none", Code::internal, "It was not refused.", "拒否されていません。"},
    RefusalText{malformed_body, "malformed_body", Code::invalid, "The body is not what its kind declares.",
                "本文が種別の定義と一致しません。"},
    RefusalText{expired, "expired", Code::invalid, "The statement was valid only until an earlier time: sign it again.",
                "ステートメントの有効期限が過ぎています。署名し直してください。"},
    RefusalText{stale, "stale", Code::conflict,
                "{s} has changed since the statement was signed: look at it again and sign anew.",
                "署名後に {s} が変わりました。現在状態を確認して署名し直してください。"},
    RefusalText{rolled_back, "rolled_back", Code::conflict,
                "Another body of this all-or-nothing statement was refused.",
                "全件一括のステートメントのうち別の本文が拒否されました。"},
    RefusalText{
        too_many_changes, "too_many_changes", Code::exhausted,
        "The bodies before this one changed as much as one statement may: say it in another.",
        "前の本文までで、一つのステートメントが変更できる量に達しました。別のステートメントで申告してください。"},
    RefusalText{key_not_active, "key_not_active", Code::forbidden,
                "The key {s} is revoked, not yet active, or no longer active.",
                "鍵 {s} は失効済み、有効化前、または期限切れです。"},
    RefusalText{key_not_for_signing, "key_not_for_signing", Code::forbidden,
                "The key {s} is not a wallet key: it cannot be used for this.",
                "鍵 {s} はウォレット鍵ではないため、この用途には使えません。"},
    RefusalText{signer_not_active, "signer_not_active", Code::forbidden,
                "{s}, for whom the key speaks, may not act any more.", "鍵の主体 {s} はもう行為できません。"},
    RefusalText{not_entitled, "not_entitled", Code::forbidden, "{s}: only {o} may say this.",
                "{s}：これを申告できるのは {o} だけです。"},
    RefusalText{missing_role, "missing_role", Code::forbidden, "The member {s} does not have the role {o}.",
                "参加組織 {s} には役割 {o} がありません。"},
    RefusalText{missing_approvals, "missing_approvals", Code::forbidden,
                "{s}: too few valid approvals for this kind of statement.", "{s}：この種別に必要な承認が足りません。"},
    RefusalText{bad_possession, "bad_possession", Code::unauthenticated,
                "The proof that the key {s} is possessed does not hold.", "鍵 {s} の所持証明が検証できません。"},
    RefusalText{bad_mount_proof, "bad_mount_proof", Code::unauthenticated,
                "The signature of the key of the part {s} for this mount is missing or does not hold.",
                "この取付けに対する部品 {s} の鍵の署名がないか、検証できません。"},
    RefusalText{not_registered, "not_registered", Code::not_found, "{s} is not registered on this ledger.",
                "{s} はこの台帳に登録されていません。"},
    RefusalText{already_registered, "already_registered", Code::conflict, "{s} is already registered.",
                "{s} は既に登録されています。"},
    RefusalText{key_taken, "key_taken", Code::conflict, "The key {s} already speaks for something.",
                "鍵 {s} は既に別の主体に使われています。"},
    RefusalText{wrong_state, "wrong_state", Code::conflict, "{s} is not in a state that allows this.",
                "{s} の現在状態ではこれを行えません。"},
    RefusalText{not_in_custody, "not_in_custody", Code::forbidden, "{s} is not in the signer's custody: {o} holds it.",
                "{s} は署名者の保管下にありません。保管者は {o} です。"},
    RefusalText{in_transit, "in_transit", Code::conflict, "{s} is on its way: it must be received first.",
                "{s} は輸送中です。先に受領してください。"},
    RefusalText{wrong_model, "wrong_model", Code::invalid,
                "The model {s} is not of the signer, withdrawn, or of another class.",
                "機種 {s} は署名者のものでないか、取り下げられたか、区分が違います。"},
    RefusalText{already_disputed, "already_disputed", Code::conflict, "{s} is already disputed.",
                "{s} は既に係争中です。"},
    RefusalText{retired_or_destroyed, "retired_or_destroyed", Code::forbidden,
                "{s} is retired, destroyed or scrapped: it never acts again.",
                "{s} は引退・破壊・廃棄済みで、二度と行為できません。"},
    RefusalText{too_many_mounts, "too_many_mounts", Code::exhausted, "{s} cannot hold more parts.",
                "{s} にはこれ以上部品を取り付けられません。"},
    RefusalText{not_mounted_here, "not_mounted_here", Code::conflict, "The part {s} is not mounted in {o}.",
                "部品 {s} は {o} に取り付けられていません。"},
    RefusalText{not_offered, "not_offered", Code::forbidden, "{s} is not offered to the signer.",
                "{s} は署名者に譲渡提示されていません。"},
    RefusalText{not_increasing, "not_increasing", Code::conflict,
                "The number for {s} must grow: an older release or floor cannot come back.",
                "{s} の番号は増加する必要があります。古い版や下限には戻せません。"},
    RefusalText{bad_name, "bad_name", Code::invalid,
                "The name must be 1 to 64 of a-z, 0-9, dot and dash, beginning with a letter or digit.",
                "名前は英小文字・数字・ドット・ハイフンで1～64文字、先頭は英数字です。"},
    RefusalText{bad_threshold, "bad_threshold", Code::invalid,
                "The threshold must be between 1 and the number of different keys.",
                "しきい値は1以上、鍵の数以下でなければなりません。"},
    RefusalText{too_many_claims, "too_many_claims", Code::exhausted,
                "The part {s} is claimed by too many units already.", "部品 {s} を主張する機器が多すぎます。"},
    RefusalText{too_many_keys, "too_many_keys", Code::exhausted, "{s} cannot have more keys.",
                "{s} にはこれ以上鍵を登録できません。"},
    RefusalText{veto_time_over, "veto_time_over", Code::conflict,
                "The successor {s} already speaks: revoke it instead.",
                "後継鍵 {s} は既に有効です。失効させてください。"},
    RefusalText{would_orphan_ledger, "would_orphan_ledger", Code::conflict,
                "Without {s} nobody could change the ledger's members any more.",
                "{s} がなくなると、参加組織を変更できる者がいなくなります。"},
    RefusalText{bad_key, "bad_key", Code::invalid, "The key {s} is no proper public key of its algorithm.",
                "鍵 {s} はそのアルゴリズムの正しい公開鍵ではありません。"},
    RefusalText{bad_weight, "bad_weight", Code::invalid, "The weight of the member {s} is over a million.",
                "参加組織 {s} の議決権が100万を超えています。"},
    RefusalText{too_deep, "too_deep", Code::exhausted,
                "{s} cannot be mounted there: units would stand in each other over too many levels.",
                "{s} はそこに取り付けられません。入れ子の段数が多すぎます。"},
};

}  // namespace

std::span<const RefusalText> refusals() { return table; }

const RefusalText& text_of(Refusal refusal) {
  for (const auto& entry : table) {
    if (entry.value == refusal) return entry;
  }
  return table[0];
}

}  // namespace mikusari::statement
