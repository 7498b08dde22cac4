// SPDX-License-Identifier: Apache-2.0
// What became of the bodies of statements, for people and programs.
#include "cli/voice.hpp"
#include "statement/device.hpp"

namespace mikusari::cli {
namespace {

constexpr std::uint64_t shown_max = 10;

void append_row(std::string& rows, const std::string& row) { rows += (rows.empty() ? "" : ",") + row; }

// The refusal's sentence. The node sends it; without, there is our own.
std::string sentence_of(const Session& session, const BodyFate& body) {
  const auto said = session.japanese() ? body.message_ja : body.message;
  return session.with_names(std::string(said.value_or("")));
}

}  // namespace

void Tally::add(const Fate& fate) {
  for (const auto& body : fate.bodies) {
    if (body.standing == Standing::committed)
      add_committed(fate, body);
    else
      add_refused(body);
  }
}

// That it was an alarm is proven by the receipts; which things it names, the node says, and their records count it.
void Tally::add_committed(const Fate& fate, const BodyFate& body) {
  ++committed_;
  if (body.outcome == statement::Outcome::done) return;
  const bool alarm = body.outcome == statement::Outcome::alarm;
  alarms_ += alarm ? 1 : 0;
  voided_ += alarm ? 0 : 1;
  const std::string one(body.subject.value_or("?")), other(body.object.value_or("?"));
  std::string text = std::to_string(body.index) + ": ";
  if (meant_ == statement::Outcome::alarm)
    text += session_->in("ALARM: ", "警報: ");
  else
    text += alarm ? session_->in("ALARM: turned up twice: ", "警報: 二重に出現: ")
                  : session_->in("decided, and refused by the rules: ", "可決後、規則により却下: ");
  text += session_->with_names(one);
  if (!other.empty()) text += std::string(session_->in(" and ", " と ")) + session_->with_names(other);
  if (++shown_ <= shown_max) session_->line(text);
  json::Writer row;
  row.begin_object().member("identity", fate.identity).member("index", body.index);
  row.member("outcome", cbor::name_of(*body.outcome)).member("subject", one).member("object", other).end_object();
  append_row(alarm_rows_, row.finish());
  if (first_ || body.outcome == meant_) return;
  const auto what = alarm ? session_->in("recorded as an alarm, and nothing else happened",
                                         "警報として記録された。ほかには何も変わっていない")
                          : session_->in("the vote is recorded, and its matter has failed",
                                         "投票は記録されたが、議案は成立しなかった");
  first_ = Error(Code::conflict, what.data()).with_context(text);
}

void Tally::add_refused(const BodyFate& body) {
  ++refused_;
  const std::string sentence = sentence_of(*session_, body);
  if (++shown_ <= shown_max) session_->line(std::to_string(body.index) + ": " + sentence);
  append_row(refusals_, json::to_json(body));
  const auto& text = statement::text_of(body.refusal.value_or(statement::Refusal::none));
  if (first_) return;
  session_->set_refusal(std::string(text.name));
  first_ = Error(text.code, text.name.data()).with_context(sentence);
}

void Tally::tell() const {
  session_->number_member("committed", committed_);
  session_->number_member("alarms", alarms_);
  session_->number_member("voided", voided_);
  session_->number_member("refused", refused_);
  session_->member("named", "[" + alarm_rows_ + "]");
  session_->member("refusals", "[" + refusals_ + "]");
  std::string text =
      std::to_string(committed_) + std::string(session_->in(" committed, proven", " 件を記録（証明済み）"));
  if (alarms_ > 0) text += std::string(session_->in(", of them alarms: ", "、うち警報: ")) + std::to_string(alarms_);
  if (voided_ > 0)
    text += std::string(session_->in(", of them without effect: ", "、うち無効: ")) + std::to_string(voided_);
  if (refused_ > 0)
    text += ", " + std::to_string(refused_) +
            std::string(session_->in(" refused, says the node", " 件を拒否（ノードの申告）"));
  session_->line(text);
}

Result<void> Tally::verdict() const {
  if (first_) return std::unexpected(*first_);
  return {};
}

statement::Outcome meant_by(ByteView submission) {
  const auto parsed = statement::parse(submission);
  const bool alarm = parsed && parsed->statement.payload.kind == device::Alarm::kind.number;
  return alarm ? statement::Outcome::alarm : statement::Outcome::done;
}

Result<void> report(Session& session, const Fate& fate, statement::Outcome meant) {
  Tally tally(session, meant);
  tally.add(fate);
  session.text_member("identity", platform::to_hex(fate.identity));
  session.number_member("height", fate.height);
  session.line(std::string(session.in("statement ", "署名付き申告（ステートメント） ")) +
               platform::to_hex(fate.identity));
  session.line(std::string(session.in("block ", "ブロック ")) + std::to_string(fate.height));
  tally.tell();
  return tally.verdict();
}

}  // namespace mikusari::cli
