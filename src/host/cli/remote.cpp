// SPDX-License-Identifier: Apache-2.0
#include "cli/remote.hpp"

#include "json/parse.hpp"
#include "net/problem.hpp"
#include "net/tls.hpp"
#include "platform/encode.hpp"
#include "statement/model.hpp"

namespace mikusari::cli {
namespace {

constexpr std::string_view cbor_type = "application/cbor";
constexpr std::size_t response_bytes_max = 64 * 1024 * 1024;

std::string member_text(const json::Value& problem, std::string_view name) {
  const auto* found = problem.find(name);
  const auto text = found == nullptr ? Result<std::string_view>("") : found->text();
  return std::string(text.value_or(""));
}

}  // namespace

Result<net::Client> connect(Session& session) {
  TRY(const std::string url, session.setting("node"));
  if (url.empty()) {
    return fail(Code::invalid,
                "which node? `mikusari connect --node https://HOST:PORT --pin FINGERPRINT --policy FILE` remembers it");
  }
  net::ClientOptions options;
  options.answer_timeout_ms = 120'000;
  options.response.body_bytes_max = response_bytes_max;
  TRY(const std::string pin, session.setting("pin"));
  if (!pin.empty()) {
    TRY(const auto fingerprint, net::parse_fingerprint(pin));
    options.trust = net::Trust::pinned(fingerprint);
  }
  auto client = net::Client::connect(url, options, session.machine().clock);
  if (client) return client;
  const char* next =
      client.error().code() == Code::unavailable
          ? "no node answers: `mikusari node run FOLDER` starts one"
          : "this is not the node that --pin names: compare the fingerprint that the node showed when it started";
  return std::unexpected(std::move(client).error().with_context(next));
}

Error error_of(Session& session, const net::Response& response) {
  const Code code = net::code_of(response.status);
  const auto problem = json::parse(response.body.as_text());
  if (!problem) return Error(code, "the node's answer").with_context("HTTP status " + std::to_string(response.status));
  std::string detail = session.japanese() ? member_text(*problem, "detail_ja") : "";
  if (detail.empty()) detail = member_text(*problem, "detail");
  const std::string refusal = member_text(*problem, "refusal");
  session.set_refusal(refusal);
  for (const auto& text : statement::refusals()) {
    if (!refusal.empty() && text.name == refusal) return Error(text.code, text.name.data()).with_context(detail);
  }
  return Error(code, "the node refuses").with_context(detail);
}

Result<std::unique_ptr<Memory>> Memory::open(Session& session, const std::string& state_path) {
  auto out = std::make_unique<Memory>();
  const std::string given = session.arguments().text("--policy");
  const std::string policy_path = given.empty() ? session.home_file("policy.cbor") : given;
  if (!session.files().exists(policy_path)) {
    return std::unexpected(
        Error(Code::not_found, "no trust policy: give --policy FILE, or let `mikusari connect` store one")
            .with_context(policy_path));
  }
  TRY(out->policy_, read_file(session, policy_path));
  out->path_ = state_path;
  platform::Buffer state;
  if (!state_path.empty() && session.files().exists(state_path)) {
    TRY(state, read_file(session, state_path));
  }
  auto verifier = client::Verifier::open(out->policy_, state);
  if (!verifier) return std::unexpected(std::move(verifier).error().with_context(policy_path));
  out->verifier_ = *verifier;
  return out;
}

Result<void> Memory::save(Session& session) const {
  if (path_.empty()) return {};
  return write_file(session, path_, platform::encode(verifier_->state()));
}

Result<Remote> Remote::open(Session& session) {
  TRY(auto memory, Memory::open(session, session.home_file("state")));
  TRY(auto client, connect(session));
  return Remote(session, std::move(memory), std::move(client));
}

Result<net::Response> Remote::call(const net::Call& call) {
  auto response = client_.request(call);
  if (!response) return std::unexpected(std::move(response).error().with_context("asking the node"));
  return response;
}

Result<net::Response> Remote::get(const std::string& target, std::string_view accept) {
  auto call = net::Call::get(target);
  call.headers.add("Accept", accept);
  TRY(auto response, this->call(call));
  if (response.status >= 400) return std::unexpected(error_of(*session_, response));
  return response;
}

Result<net::Response> Remote::post(const std::string& target, std::string_view type, platform::Buffer body,
                                   std::string_view accept) {
  auto call = net::Call::post(target, type, std::move(body), net::Repeat::allowed);
  call.headers.add("Accept", accept);
  TRY(auto response, this->call(call));
  if (response.status >= 400) return std::unexpected(error_of(*session_, response));
  return response;
}

// 404 with a CBOR body is a proof of absence, and an answer. A node that does not know our size shows less than it
// showed before; then the answer is asked for alone, and the verifier says what it thinks of it.
Result<net::Response> Remote::ask_proven(const std::string& target, std::string_view accept, Proven& into) {
  const std::uint64_t known = verifier().state().size;
  auto call = net::Call::get(known == 0 ? target : target + "?known=" + std::to_string(known));
  call.headers.add("Accept", accept);
  TRY(auto response, this->call(call));
  if (response.status == 400 && known != 0) {
    call.target = target;
    TRY(response, this->call(call));
  }
  const auto type = response.headers.find("Content-Type");
  const bool absence = response.status == 404 && type && type->starts_with(cbor_type);
  if (response.status >= 400 && !absence) return std::unexpected(error_of(*session_, response));
  if (const auto header = response.headers.find("Mikusari-Consistency")) {
    TRY(into.consistency, platform::from_base64(*header));
  }
  into.bytes = platform::copy(response.body.view());
  return response;
}

Result<std::unique_ptr<Answer>> Remote::state(const std::string& target, const Digest& key) {
  Proven proven;
  TRY(ask_proven(target, cbor_type, proven));
  auto answer = std::make_unique<Answer>();
  answer->bytes = std::move(proven.bytes);
  auto verified = verifier().record(answer->bytes, key, {proven.consistency, {}});
  if (!verified) {
    return std::unexpected(std::move(verified).error().with_context("the node's answer is refused"));
  }
  answer->state = *verified;
  TRY(save());
  return answer;
}

Result<Remote::Proven> Remote::proven(const std::string& target, std::string_view accept) {
  Proven out;
  TRY(ask_proven(target, accept, out));
  return out;
}

std::string target_of(std::string_view family, const Bytes<32>& id) {
  return "/v1/" + std::string(family) + "/" + platform::to_hex(id);
}

Result<Id> model_named(Session& session, const std::string& text) {
  if (const auto id = platform::bytes_from_hex<32>(text)) return *id;
  const auto slash = text.find('/');
  if (slash != std::string::npos) return model::model_id(text.substr(0, slash), text.substr(slash + 1));
  TRY(const std::string member, session.setting("member"));
  if (member.empty())
    return std::unexpected(
        Error(Code::invalid, "say VENDOR/NAME, or whose model it is with --member").with_context(text));
  return model::model_id(member, text);
}

}  // namespace mikusari::cli
