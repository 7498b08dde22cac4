// SPDX-License-Identifier: Apache-2.0
// Saying something: who signs, with which counter, what is sent, and what became of it. One thread.
#pragma once

#include "cli/named.hpp"
#include "cli/settled.hpp"
#include "cli/store.hpp"
#include "platform/encode.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"
#include "statement/replay.hpp"

namespace mikusari::cli {

// A key that the ledger knows, open for signing.
class Voice {
 public:
  // The key of --key or of the settings. Errors: `not_found` when the ledger does not know it. With --offline the home
  // says whom the key speaks for: the party that it was opened with, or the member of the settings.
  static Result<Voice> open(Session& session);

  Remote& remote() { return remote_; }
  Session& session() { return *session_; }
  const Digest& kid() const { return kid_; }
  const Digest& ledger() const { return remote_.ledger(); }
  const Subject& subject() const { return subject_; }
  // `forbidden` when the key speaks for a part or device.
  Result<Handle> party() const;

  // A counter that this key has never used: above the ledger's and above our own note, which is durable when this
  // returns. With --offline above our note, which may be too low for a key that is used elsewhere, too.
  Result<std::uint64_t> next_n();

  // A whole submission, with the approvals of --approve-with. `exhausted` when it is over the ledger's limit.
  Result<platform::Buffer> submission(const statement::Kind& kind, std::span<const platform::Buffer> bodies,
                                      std::uint64_t n);
  // Into the file of --out, or to the node; reports the fate.
  Result<void> say(const statement::Kind& kind, std::span<const platform::Buffer> bodies, std::uint64_t n);

  template <statement::Body Body>
  Result<void> say(const Body& body) {
    TRY(const std::uint64_t n, next_n());
    const platform::Buffer encoded = platform::encode(body);
    return say(Body::kind, std::span(&encoded, 1), n);
  }
  template <statement::Body Body>
  Result<void> say_all(std::span<const Body> bodies) {
    std::vector<platform::Buffer> encoded;
    for (const auto& each : bodies) encoded.push_back(platform::encode(each));
    TRY(const std::uint64_t n, next_n());
    return say(Body::kind, encoded, n);
  }

 private:
  Voice(Session& session, Remote remote, std::unique_ptr<crypto::Signer> signer)
      : session_(&session), remote_(std::move(remote)), signer_(std::move(signer)) {}

  Session* session_;
  Remote remote_;
  std::unique_ptr<crypto::Signer> signer_;
  Digest kid_;
  Subject subject_;
};

// The submission with one more approval, in the role that its kind takes. `conflict` when the key has approved already,
// `invalid` when the kind takes none.
Result<platform::Buffer> approved(Session& session, ByteView submission, const std::string& key);

// Sends, and proves what became of it. Errors: `conflict` and so on, with the sentence, when the door refuses; those of
// settle().
Result<std::unique_ptr<Settled>> send(Session& session, Remote& remote, ByteView submission);

// What became of the bodies of statements. A body that committed as an alarm, or as a vote without effect, is proven,
// and did not do what was asked: it is told as an error of the whole.
class Tally {
 public:
  // `meant`: the outcome that was asked for, which is no error.
  explicit Tally(Session& session, statement::Outcome meant = statement::Outcome::done)
      : session_(&session), meant_(meant) {}
  // Lines for what is not done, the first ten of them.
  void add(const Fate& fate);
  // Members and a line with the counts.
  void tell() const;
  bool all_committed() const { return refused_ == 0; }
  // `conflict` for an alarm or void vote; the refusal's code with its sentence.
  Result<void> verdict() const;

 private:
  void add_committed(const Fate& fate, const BodyFate& body);
  void add_refused(const BodyFate& body);

  Session* session_;
  statement::Outcome meant_;
  std::uint64_t committed_ = 0, alarms_ = 0, voided_ = 0, refused_ = 0, shown_ = 0;
  std::string refusals_, alarm_rows_;  // JSON
  std::optional<Error> first_;
};

// Lines and members of one statement, and its verdict.
Result<void> report(Session& session, const Fate& fate, statement::Outcome meant = statement::Outcome::done);
// The outcome that whoever makes such a statement wants: `alarm` of a device.alarm.
statement::Outcome meant_by(ByteView submission);

// --out, --approve-with and --offline, for every command that says something.
std::vector<Option> saying(std::vector<Option> own);

// A word among the names of an enumeration.
template <cbor::NamedEnum E>
Result<E> word(const std::string& option, const std::string& text) {
  std::string all;
  for (const auto& entry : names_of(E{})) {
    if (entry.name == text) return entry.value;
    all += (all.empty() ? "" : ", ") + std::string(entry.name);
  }
  return std::unexpected(
      Error(Code::invalid, "is none of the words that are known").with_context(option + " (" + all + ")"));
}
// The option's word; `otherwise` when it was not given.
template <cbor::NamedEnum E>
Result<E> word_or(const Session& session, const std::string& option, E otherwise) {
  if (!session.arguments().has(option)) return otherwise;
  return word<E>(option, session.arguments().text(option));
}
// Words between commas.
std::vector<std::string> split(const std::string& text, char mark);

}  // namespace mikusari::cli
