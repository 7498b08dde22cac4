// SPDX-License-Identifier: Apache-2.0
// Saying something: who signs, with which counter, what is sent, and what became of it. One thread.
#pragma once

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
  // The key of --key or of the settings. Errors: `not_found` when the ledger does not know it.
  static Result<Voice> open(Session& session);

  Remote& remote() { return remote_; }
  Session& session() { return *session_; }
  const Digest& kid() const { return kid_; }
  const Digest& ledger() const { return remote_.ledger(); }
  Subject subject() const { return {subject_type_, subject_id_}; }
  std::string name() const { return std::string(as_text(subject_id_)); }  // of a member

  // A counter that this key has never used: above the ledger's and above our own note, which is durable when this
  // returns.
  Result<std::uint64_t> next_n();

  // A whole submission, with the approvals of --approve-with.
  Result<platform::Buffer> submission(const statement::Kind& kind, std::span<const platform::Buffer> bodies,
                                      std::uint64_t n, std::optional<std::uint64_t> on = {});
  // Into the file of --out, or to the node; reports the fate.
  Result<void> say(const statement::Kind& kind, std::span<const platform::Buffer> bodies, std::uint64_t n,
                   std::optional<std::uint64_t> on = {});

  template <statement::Body Body>
  Result<void> say(const Body& body, std::optional<std::uint64_t> on = {}) {
    TRY(const std::uint64_t n, next_n());
    const platform::Buffer encoded = platform::encode(body);
    return say(Body::kind, std::span(&encoded, 1), n, on);
  }

 private:
  Voice(Session& session, Remote remote, std::unique_ptr<crypto::Signer> signer)
      : session_(&session), remote_(std::move(remote)), signer_(std::move(signer)) {}

  Session* session_;
  Remote remote_;
  std::unique_ptr<crypto::Signer> signer_;
  Digest kid_;
  SubjectType subject_type_{};
  platform::Buffer subject_id_;
};

// The role in which approvals of a kind are given.
statement::ApprovalRole role_of(const statement::Kind& kind);
Result<platform::Buffer> approved(Session& session, ByteView submission, const std::string& key);

// Sends, and proves what became of it. Errors: `conflict` and so on, with the sentence, when the door refuses; those of
// settle().
Result<std::unique_ptr<Settled>> send(Session& session, Remote& remote, ByteView submission);
// Lines and members; the error of the first refused body.
Result<void> report(Session& session, const Fate& fate);

// The proof of possession that `holder` gives to `registrar`.
Result<crypto::Signature> possession(crypto::Signer& holder, const Digest& ledger, const Digest& registrar,
                                     const Subject& subject);

// --out and --approve-with, for every command that says something.
std::vector<Option> saying(std::vector<Option> own);
// The proven record of a device.
Result<device::Record> device_record(Remote& remote, const Id& id);

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
// Words between commas.
std::vector<std::string> split(const std::string& text, char mark);

}  // namespace mikusari::cli
