// SPDX-License-Identifier: Apache-2.0
// A node, believed in nothing: each answer is verified with the home's trust policy and continues what was seen before.
// One thread. Records and their views live as long as the Answer that they came in.
#pragma once

#include "cli/session.hpp"
#include "client/verifier.hpp"
#include "net/client.hpp"
#include "statement/thing.hpp"

namespace mikusari::cli {

// Without policy: only the connection.
Result<net::Client> connect(Session& session);

// A problem (RFC 9457) as an Error; a refusal's name goes to the session.
Error error_of(Session& session, const net::Response& response);

// Why a node's answer is refused. What is malformed proves nothing: `unauthenticated`, too.
Error refused_answer(const Error& error);

// A state answer's bytes and what they prove. Not movable: verified views point into the bytes.
struct Answer {
  platform::Buffer bytes;
  proof::VerifiedState state;
  bool present() const { return state.value.has_value(); }
  std::uint64_t height() const { return state.anchor.record.height; }
};

// The home's client state: verifier and file. Also for offline use.
class Memory {
 public:
  // The policy of --policy, or of the home; the state of `state_path` when there is one. `corrupt` for a state that was
  // lost or damaged: to go on without it would be to forget what was seen.
  static Result<std::unique_ptr<Memory>> open(Session& session, const std::string& state_path);
  client::Verifier& verifier() { return *verifier_; }
  const Digest& ledger() const { return verifier_->policy().ledger; }
  ByteView policy() const { return policy_; }
  Result<void> save(Session& session) const;

 private:
  platform::Buffer policy_;
  std::string path_;
  std::optional<client::Verifier> verifier_;
};

class Remote {
 public:
  // With --offline no node is asked: whatever needs one is `unavailable`.
  static Result<Remote> open(Session& session);
  bool is_offline() const { return !client_.has_value(); }

  client::Verifier& verifier() { return memory_->verifier(); }
  const Digest& ledger() const { return memory_->ledger(); }
  ByteView policy() const { return memory_->policy(); }

  // Any answer below 400, or the problem as an error.
  Result<net::Response> get(const std::string& target, std::string_view accept);
  Result<net::Response> post(const std::string& target, std::string_view type, platform::Buffer body,
                             std::string_view accept);

  // A proven record, present or absent. `unauthenticated` when the node denies it without proof.
  Result<std::unique_ptr<Answer>> state(const std::string& target, const Digest& key);
  // The same, `not_found` when absent, decoded.
  template <class Record>
  Result<Record> record(const std::string& target, const Digest& key) {
    TRY(auto answer, state(target, key));
    if (!answer->present()) {
      return std::unexpected(Error(Code::not_found, "proven absent from the ledger").with_context(target.substr(4)));
    }
    kept_.push_back(std::move(answer));
    return cbor::decode<Record>(*kept_.back()->state.value);
  }
  // Proven answers of other forms: bytes, the consistency proof that came along; verify, then save().
  struct Proven {
    platform::Buffer bytes, consistency;
    bool absence = false;  // a state answer instead of what was asked for: see opened()
    bool more = false;     // there are further pages
    client::Terms terms() const { return {consistency, {}}; }
  };
  // What the node may lack without proof, such as a receipt, and what it may not.
  Result<Proven> proven(const std::string& target, std::string_view accept);
  Result<Proven> owed(const std::string& target, std::string_view accept);
  // A state answer that came as such.
  Result<std::unique_ptr<Answer>> opened(Proven proven, const Digest& key);
  Result<void> save() { return memory_->save(*session_); }

 private:
  Remote(Session& session, std::unique_ptr<Memory> memory, std::optional<net::Client> client)
      : session_(&session), memory_(std::move(memory)), client_(std::move(client)) {}
  // Buys the right to read when the node asks for it, once a call.
  Result<net::Response> call(const net::Call& call);

  Session* session_;
  std::unique_ptr<Memory> memory_;
  std::optional<net::Client> client_;
  std::string token_;  // empty: none was bought
  std::vector<std::unique_ptr<Answer>> kept_;
};

// "/v1/parts/<hex>" and the like.
std::string target_of(std::string_view family, const Bytes<32>& id);

// The proven record of a part or device, as far as both have one.
struct ThingNow {
  thing::Record record;
  bool is_mounted = false;
};
Result<ThingNow> thing_now(Remote& remote, thing::Type type, const Id& id);
std::string target_of(thing::Type type, const Id& id);
Digest path_of(thing::Type type, const Id& id);

}  // namespace mikusari::cli
