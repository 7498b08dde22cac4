// SPDX-License-Identifier: Apache-2.0
#include "cli/policy.hpp"

#include "cli/remote.hpp"
#include "crypto/hash.hpp"
#include "platform/encode.hpp"
#include "proof/policy.hpp"

namespace mikusari::cli {
namespace {

// What the home holds of its policy and of what it has seen.
struct Held {
  platform::Buffer policy, state;
};

std::string policy_path(const Session& session) { return session.home_file("policy.cbor"); }
std::string state_path(const Session& session) { return session.home_file("state"); }

Result<Held> held(Session& session) {
  Held out;
  TRY(out.policy, read_file(session, policy_path(session)));
  if (session.files().exists(state_path(session))) {
    TRY(out.state, read_file(session, state_path(session)));
  }
  return out;
}

// One step. The policy is written last: between the two the old one meets a state of a later epoch and says so, and the
// step is taken again.
Result<std::uint64_t> take_step(Session& session, ByteView submission) {
  TRY(const auto before, held(session));
  TRY(auto verifier, client::Verifier::open(before.policy, before.state));
  platform::Buffer buffer(before.policy.size() + submission.size());
  TRY(const auto after, verifier.step(submission, buffer));
  TRY(write_file(session, state_path(session), platform::encode(verifier.state())));
  TRY(write_file(session, policy_path(session), after.policy));
  session.line(std::string(session.in("trust policy of epoch ", "信頼ポリシー、エポック ")) +
               std::to_string(after.epoch));
  if (after.lost > 0)
    session.line(std::to_string(after.lost) +
                 std::string(session.in(" leaves of the log that this home had seen are LOST",
                                        " 件のログの葉が失われました（この控えが見たもの）")));
  session.number_member("epoch", after.epoch);
  session.number_member("lost", after.lost);
  return after.epoch;
}

Result<void> step_of_file(Session& session, const std::string& path) {
  TRY(const auto bytes, read_file(session, path));
  const auto done = take_step(session, bytes);
  if (!done) return std::unexpected(done.error().with_context(path));
  return {};
}

}  // namespace

Result<void> follow_policy(Session& session) {
  TRY(auto remote, Remote::open(session));
  std::uint64_t epoch = remote.verifier().policy().epoch, taken = 0;
  for (;; ++taken) {
    const auto response = remote.get("/v1/policy/steps/" + std::to_string(epoch + 1), "application/cbor");
    if (!response && response.error().code() == Code::not_found) break;
    if (!response) return std::unexpected(response.error());
    TRY(epoch, take_step(session, response->body.view()));
  }
  session.set_refusal("");
  session.number_member("steps", taken);
  if (taken == 0)
    session.line(std::string(session.in("the node has no step to a later policy; epoch ",
                                        "ノードには、より新しい信頼ポリシーへの移行がありません。エポック ")) +
                 std::to_string(epoch));
  return {};
}

namespace {

Result<void> step(Session& session) {
  const std::string path = session.arguments().text("FILE");
  return path.empty() ? follow_policy(session) : step_of_file(session, path);
}

Result<void> show(Session& session) {
  TRY(const auto memory, Memory::open(session, ""));
  session.record("policy", json::to_json(memory->verifier().policy()));
  session.text_member("sha256", platform::to_hex(crypto::sha256(memory->policy())));
  session.line("SHA-256 " + platform::to_hex(crypto::sha256(memory->policy())));
  return {};
}

}  // namespace

void add_policy_commands(Commands& to) {
  to.push_back({"policy show", "The trust policy that this home follows", "この控えの信頼ポリシー", {}, show});
  to.push_back(
      {"policy step",
       "Follow the ledger to its next trust policy, by the recovery keys' signatures",
       "次の信頼ポリシーへ移る",
       {{"FILE", Form::text, Need::optional, "a step in a file; else all that the node knows", "移行のファイル"}},
       step});
}

}  // namespace mikusari::cli
