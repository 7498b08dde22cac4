// SPDX-License-Identifier: Apache-2.0
#include "cli/remote.hpp"

#include "cli/reading_token.hpp"
#include "json/parse.hpp"
#include "net/problem.hpp"
#include "net/tls.hpp"
#include "platform/encode.hpp"
#include "statement/device.hpp"
#include "statement/path.hpp"

namespace mikusari::cli {
namespace {

constexpr std::string_view cbor_type = "application/cbor";
constexpr std::size_t response_bytes_max = 64 * 1024 * 1024;

std::string member_text(const json::Value& problem, std::string_view name) {
  const auto* found = problem.find(name);
  const auto text = found == nullptr ? Result<std::string_view>("") : found->text();
  return std::string(text.value_or(""));
}

// What to do about it. An address that is wrong says so itself.
Error not_connected(Error error, const std::string& pin) {
  if (error.code() == Code::unavailable)
    return std::move(error).with_context("no node answers: `mikusari node run FOLDER` starts one");
  if (error.code() != Code::unauthenticated) return error;
  return std::move(error).with_context(
      pin.empty()
          ? "this system does not know the node's certificate: give --pin with the fingerprint that the node showed "
            "when "
            "it started"
          : "this is not the node that --pin names: compare the fingerprint that the node showed when it started");
}

// An answer that is no problem: its beginning, as text for people.
std::string first_words(std::string_view body) {
  constexpr std::size_t shown_max = 200;
  std::string out;
  for (const char c : body.substr(0, shown_max)) out += c >= ' ' && c < 0x7f ? c : ' ';
  while (out.ends_with(' ')) out.pop_back();
  return out;
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
  return std::unexpected(not_connected(std::move(client).error(), pin));
}

Error error_of(Session& session, const net::Response& response) {
  const Code code = net::code_of(response.status);
  const auto problem = json::parse(response.body.as_text());
  if (!problem || problem->object() == nullptr) {
    const std::string said = first_words(response.body.as_text());
    return Error(code, "the node's answer")
        .with_context((said.empty() ? "" : said + ": ") + "HTTP status " + std::to_string(response.status));
  }
  std::string detail = session.japanese() ? member_text(*problem, "detail_ja") : "";
  if (detail.empty()) detail = member_text(*problem, "detail");
  if (asks_for_token(response)) {
    return Error(Code::forbidden, "the node answers this to those concerned: ask with a key of theirs, --key NAME")
        .with_context(detail);
  }
  const std::string refusal = member_text(*problem, "refusal");
  session.set_refusal(refusal);
  for (const auto& text : statement::refusals()) {
    if (!refusal.empty() && text.name == refusal) return Error(text.code, text.name.data()).with_context(detail);
  }
  return Error(code, "the node refuses").with_context(detail);
}

Error refused_answer(const Error& error) {
  if (error.text() == proof::later_policy)
    return Error(Code::conflict, error.text()).with_context("`mikusari policy step` follows it");
  const Code code = error.code() == Code::invalid ? Code::unauthenticated : error.code();
  return Error(code, error.text(), error.offset()).with_context("the node's answer is refused");
}

namespace {

// Nothing when there is no such file: then this is the first use.
Result<platform::Buffer> remembered(Session& session, const std::string& path) {
  if (path.empty()) return platform::Buffer();
  TRY(const auto entry, session.files().entry(path));
  if (entry == platform::Entry::absent) return platform::Buffer();
  TRY(auto state, read_file(session, path));
  if (!state.empty()) return state;
  return std::unexpected(
      Error(Code::corrupt,
            "is empty, and should say what was seen last: restore it; to remove it is to trust the next node anew")
          .with_context(path));
}

}  // namespace

Result<std::unique_ptr<Memory>> Memory::open(Session& session, const std::string& state_path) {
  auto out = std::make_unique<Memory>();
  const std::string given = session.arguments().text("--policy");
  const std::string policy_path = given.empty() ? session.home_file("policy.cbor") : given;
  TRY(const auto entry, session.files().entry(policy_path));
  if (entry == platform::Entry::absent) {
    return std::unexpected(
        Error(Code::not_found, "no trust policy: give --policy FILE, or let `mikusari connect` store one")
            .with_context(policy_path));
  }
  TRY(out->policy_, read_file(session, policy_path));
  if (const auto parsed = proof::parse_policy(out->policy_); !parsed)
    return std::unexpected(Error(parsed.error()).with_context(policy_path + " is not a trust policy"));
  out->path_ = state_path;
  TRY(const auto state, remembered(session, state_path));
  auto verifier = client::Verifier::open(out->policy_, state);
  if (!verifier) return std::unexpected(std::move(verifier).error().with_context(state_path));
  out->verifier_ = *verifier;
  return out;
}

Result<void> Memory::save(Session& session) const {
  if (path_.empty()) return {};
  return write_file(session, path_, platform::encode(verifier_->state()));
}

Result<Remote> Remote::open(Session& session) {
  TRY(auto memory, Memory::open(session, session.home_file("state")));
  if (session.arguments().has("--offline")) return Remote(session, std::move(memory), std::nullopt);
  TRY(auto client, connect(session));
  return Remote(session, std::move(memory), std::move(client));
}

Result<net::Response> Remote::call(const net::Call& call) {
  if (!client_) return fail(Code::unavailable, "this asks the node, and --offline forbids it");
  const auto ask = [&]() -> Result<net::Response> {
    auto with_token = call;
    if (!token_.empty()) with_token.headers.add("Authorization", "Bearer " + token_);
    auto response = client_->request(with_token);
    if (response) return response;
    return std::unexpected(std::move(response).error().with_context("asking the node"));
  };
  TRY(auto response, ask());
  if (!asks_for_token(response)) return response;
  TRY(auto token, buy_token(*session_, *client_, verifier().policy()));
  if (!token) return response;
  token_ = *std::move(token);
  return ask();
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
Result<Remote::Proven> Remote::proven(const std::string& target, std::string_view accept) {
  const std::uint64_t known = verifier().state().size;
  const char* mark = target.find('?') == std::string::npos ? "?" : "&";
  auto call = net::Call::get(known == 0 ? target : target + mark + "known=" + std::to_string(known));
  call.headers.add("Accept", accept);
  TRY(auto response, this->call(call));
  if (response.status == 400 && known != 0) {
    call.target = target;
    TRY(response, this->call(call));
  }
  Proven out;
  const auto type = response.headers.find("Content-Type");
  out.absence = response.status == 404 && type && type->starts_with(cbor_type);
  if (response.status >= 400 && !out.absence) return std::unexpected(error_of(*session_, response));
  if (const auto header = response.headers.find("Mikusari-Consistency")) {
    auto consistency = platform::from_base64(*header);
    if (!consistency) return std::unexpected(refused_answer(consistency.error()));
    out.consistency = *std::move(consistency);
  }
  out.more = response.headers.find("Mikusari-Pages-More") == "true";
  out.bytes = platform::copy(response.body.view());
  return out;
}

Result<Remote::Proven> Remote::owed(const std::string& target, std::string_view accept) {
  auto out = proven(target, accept);
  if (out || out.error().code() != Code::not_found) return out;
  session_->set_refusal("");
  return std::unexpected(
      Error(Code::unauthenticated, "the node denies it without proof").with_context(out.error().message()));
}

Result<std::unique_ptr<Answer>> Remote::opened(Proven proven, const Digest& key) {
  auto answer = std::make_unique<Answer>();
  answer->bytes = std::move(proven.bytes);
  const auto verified = verifier().record(answer->bytes, key, {proven.consistency, {}});
  if (!verified) return std::unexpected(refused_answer(verified.error()));
  answer->state = *verified;
  TRY(save());
  return answer;
}

Result<std::unique_ptr<Answer>> Remote::state(const std::string& target, const Digest& key) {
  TRY(auto proven, owed(target, cbor_type));
  return opened(std::move(proven), key);
}

std::string target_of(std::string_view family, const Bytes<32>& id) {
  return "/v1/" + std::string(family) + "/" + platform::to_hex(id);
}

std::string target_of(thing::Type type, const Id& id) {
  return target_of(type == thing::Type::part ? "parts" : "devices", id);
}
Digest path_of(thing::Type type, const Id& id) { return type == thing::Type::part ? path::part(id) : path::device(id); }

Result<ThingNow> thing_now(Remote& remote, thing::Type type, const Id& id) {
  if (type == thing::Type::device) {
    TRY(const auto record, remote.record<device::Record>(target_of(type, id), path_of(type, id)));
    return ThingNow{record, false};
  }
  TRY(const auto record, remote.record<part::Record>(target_of(type, id), path_of(type, id)));
  return ThingNow{record, record.parent.has_value()};
}

}  // namespace mikusari::cli
