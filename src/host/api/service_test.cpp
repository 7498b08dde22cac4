// SPDX-License-Identifier: Apache-2.0
#include "api/service.hpp"

#include <gtest/gtest.h>

#include "api/submit.hpp"
#include "json/parse.hpp"
#include "replica/testing.hpp"

namespace mikusari::api {
namespace {

using ledger::CameraWorld;

// The interface over a replica with a camera's life in it, without a server.
class ServiceTest : public ::testing::Test {
 protected:
  explicit ServiceTest(const ReadingRules& rules = ReadingRules::everything_for_anyone()) {
    replica::live(world_);
    EXPECT_TRUE(node_.open());
    node_.play(world_);
    node_.clock.set(static_cast<std::int64_t>(world_.time_ms()));
    service_.emplace(Environment{.replica = *node_.replica,
                                 .clock = node_.clock,
                                 .log = log_,
                                 .submit = [](platform::Buffer) { return Result<void>(); },
                                 .ready = [] { return true; },
                                 .http = [] { return net::Counters{}; },
                                 .memory_bytes = [] { return std::uint64_t{0}; },
                                 .clock_ahead_ms = [] { return std::int64_t{0}; },
                                 .random = random_,
                                 .node = "checkpoint",
                                 .reading = rules,
                                 .in_flight = {}});
  }
  net::Response ask(net::Request&& request, Entrance entrance = Entrance::everybody) {
    std::optional<net::Response> answer;
    service_->handle(std::move(request),
                     net::Responder::into([&](net::Response&& response) { answer = std::move(response); }), entrance);
    EXPECT_TRUE(answer.has_value());
    return answer ? *std::move(answer) : net::Response();
  }
  net::Response get(const std::string& target, std::string_view accept = "", std::string_view token = "") {
    net::Request request;
    request.target = *net::Target::parse(target);
    if (!accept.empty()) request.headers.add("Accept", accept);
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + std::string(token));
    return ask(std::move(request));
  }
  std::string hex(std::string_view maker, std::string_view name) const {
    return platform::to_hex(world_.id(maker, name));
  }

  CameraWorld world_;
  replica::TestReplica node_{world_};
  platform::MemoryLog log_{node_.clock};
  platform::SimulatedRandom random_{5};
  std::optional<Service> service_;
};

std::string member(const net::Response& response, std::string_view name) {
  const auto parsed = json::parse(response.body.as_text());
  const auto* value = parsed ? parsed->find(name) : nullptr;
  return value != nullptr && value->text() ? std::string(*value->text()) : "";
}

TEST_F(ServiceTest, ProvesThatAPassportIsMissing) {
  const std::string device = "/v1/devices/" + hex("cameras", "nothing");
  const auto expected = get(device, "application/cbor");
  ASSERT_EQ(expected.status, 404);
  const auto answer = get(device + "/passport", "application/cbor");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/cbor");
  EXPECT_EQ(answer.body.as_text(), expected.body.as_text());
  EXPECT_TRUE(cbor::decode<proof::StateAnswer>(answer.body.view()).has_value());

  const auto known = get(device + "/passport?known=1", "application/cbor");
  EXPECT_EQ(known.status, 404);
  EXPECT_TRUE(known.headers.find("Mikusari-Consistency"));
}

TEST_F(ServiceTest, NamesTheProofOfAMissingPassportInProblems) {
  const std::string device = "/v1/devices/" + hex("cameras", "nothing");
  const auto expected = get(device, "application/cbor");
  for (const auto& [target, accept] :
       {std::pair{"/passport", ""}, {"/passport", "application/mikusari-passport+cbor"}, {"/passport.html", ""}}) {
    const auto problem = get(device + target, accept);
    EXPECT_EQ(problem.status, 404) << target;
    EXPECT_EQ(problem.headers.find("Content-Type"), "application/problem+json");
    EXPECT_EQ(member(problem, "code"), "not_found");
    EXPECT_NE(member(problem, "detail").find(device), std::string::npos) << member(problem, "detail");
    const auto proof = platform::from_base64(member(problem, "proof"));
    ASSERT_TRUE(proof.has_value()) << target;
    EXPECT_EQ(as_text(ByteView(*proof)), expected.body.as_text());
  }
}

TEST_F(ServiceTest, StillGivesPassports) {
  const std::string device = "/v1/devices/" + hex("cameras", "camera");
  EXPECT_EQ(get(device + "/passport", "").status, 200);
  EXPECT_EQ(get(device + "/passport", "application/cbor").status, 200);
  EXPECT_EQ(get(device + "/passport.html", "").status, 200);
}

TEST_F(ServiceTest, GivesEveryProblemACode) {
  EXPECT_EQ(member(get("/v1/nothing", ""), "code"), "not_found");
  EXPECT_EQ(member(get("/v1/state", "image/png"), "code"), "invalid");  // 406
  EXPECT_EQ(member(get("/v1/parties/UPPER", ""), "code"), "invalid");
}

TEST_F(ServiceTest, AnswersForEveryKindOfRecord) {
  const auto clinic = platform::to_hex(world_.handle("clinic"));
  const auto key = platform::to_hex(world_.key("clinic").kid());
  for (const auto& target :
       {"/v1/parties/" + clinic, "/v1/keys/" + key, "/v1/replay/" + key, "/v1/quotas/" + clinic,
        "/v1/models/" + hex("cameras", "camera"), "/v1/parts/" + hex("chips", "battery"),
        "/v1/devices/" + hex("cameras", "camera"), std::string("/v1/state"), std::string("/v1/ledger"),
        "/v1/parties/" + clinic + "/lists/devices?most=1", "/v1/parties/" + clinic + "/lists/keys"})
    for (const auto* accept : {"", "application/json"}) {
      if (target == "/v1/ledger" && *accept == '\0') continue;
      const auto answer = get(target, accept);
      EXPECT_EQ(answer.status, 200) << target << " " << accept << ": " << answer.body.as_text();
    }
  for (const auto& target :
       {"/v1/models/" + hex("cameras", "camera") + "/firmware/1",
        "/v1/models/" + hex("cameras", "camera") + "/images/" + key,
        "/v1/models/" + hex("cameras", "camera") + "/certifications/0/" + clinic,
        "/v1/roles/" + clinic + "/gate/" + clinic, "/v1/proposals/" + key, "/v1/withheld/" + key + "/0"}) {
    const auto absent = get(target, "application/cbor");
    EXPECT_EQ(absent.status, 404) << target;
    EXPECT_TRUE(cbor::decode<proof::StateAnswer>(absent.body.view()).has_value()) << target;
  }
  EXPECT_EQ(get("/v1/policy/steps/2").status, 404);
  EXPECT_EQ(get("/v1/roles/" + clinic + "/king/" + clinic).status, 400);
  EXPECT_EQ(get("/v1/parties/" + clinic + "/lists/sheep").status, 400);
}

TEST_F(ServiceTest, GivesListsInPages) {
  const std::string list = "/v1/parties/" + platform::to_hex(world_.handle("clinic")) + "/lists/devices";
  const auto whole = json::parse(get(list, "application/json").body.as_text());
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->find("entries")->array()->size(), 2u);
  const auto second = get(list + "?from=1&most=1", "application/cbor");
  const auto page = cbor::decode<proof::ListPage>(second.body.view());
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->range.first, 1u);
  EXPECT_EQ(page->entries.size(), 1u);
  EXPECT_EQ(get(list + "?from=3").status, 400);
  EXPECT_EQ(get(list + "?most=0").status, 400);
  EXPECT_EQ(get(list + "?most=1025").status, 400);
}

TEST_F(ServiceTest, SaysWhetherAPassportHasFurtherPages) {
  const std::string passport = "/v1/devices/" + hex("cameras", "camera") + "/passport";
  EXPECT_EQ(get(passport).headers.find("Mikusari-Pages-More"), "false");
  EXPECT_EQ(get(passport + "?page=1").status, 400);  // of which log?
  EXPECT_EQ(get(passport + "?page=1&size=1").status, 409);
  EXPECT_EQ(get(passport + "?since=99999999999999").status, 200);
}

// With the default rules: nothing is for whoever can connect, but the first class.
class RightsOfServiceTest : public ServiceTest {
 protected:
  RightsOfServiceTest() : ServiceTest(ReadingRules()) {}
  net::Response buy(ledger::TestKey& key) {
    mikusari::reading::Request what;
    what.ledger = world_.ledger();
    what.node = "checkpoint";
    what.time_ms = static_cast<std::uint64_t>(node_.clock.now_ms());
    what.nonce.data[0] = std::byte{++nonces_};
    platform::Buffer bytes(mikusari::reading::bytes_max);
    bytes.resize(mikusari::reading::sign(key.signer(), what, bytes)->size());
    net::Request request;
    request.method = net::Method::post;
    request.target = *net::Target::parse("/v1/tokens");
    request.headers.add("Content-Type", mikusari::reading::content_type);
    request.body = std::move(bytes);
    return ask(std::move(request));
  }
  std::string token(std::string_view key) {
    const auto bought = buy(world_.key(key));
    EXPECT_EQ(bought.status, 200) << bought.body.as_text();
    EXPECT_EQ(bought.headers.find("Cache-Control"), "no-store");
    return member(bought, "token");
  }
  unsigned char nonces_ = 0;
};

TEST_F(RightsOfServiceTest, AStrangerGetsOneAnswerWhetherTheThingExistsOrNot) {
  const auto nothing = get("/v1/devices/" + hex("cameras", "nothing"));
  EXPECT_EQ(nothing.status, 404);
  EXPECT_EQ(member(nothing, "title"), "not for this reader");
  const auto clinic = platform::to_hex(world_.handle("clinic"));
  const auto rival = token("lab");
  for (const auto& target :
       {"/v1/devices/" + hex("cameras", "camera"), "/v1/devices/" + hex("cameras", "camera") + "/passport",
        "/v1/devices/" + hex("cameras", "camera") + "/passport.html",
        "/v1/devices/" + hex("cameras", "nothing") + "/passport", "/v1/parts/" + hex("chips", "chip"),
        "/v1/keys/" + platform::to_hex(world_.key("camera").kid()),
        "/v1/replay/" + platform::to_hex(world_.key("camera").kid()), "/v1/parties/" + clinic + "/lists/devices",
        "/v1/quotas/" + clinic, "/v1/statements/" + clinic, "/v1/statements/" + clinic + "/receipts/0"}) {
    for (const auto& as : {std::string(), rival}) {
      const auto answer = get(target, "", as);
      EXPECT_EQ(answer.status, nothing.status) << target;
      EXPECT_EQ(answer.body.as_text(), nothing.body.as_text()) << target;
      EXPECT_EQ(answer.headers.size(), nothing.headers.size()) << target;
    }
  }
}

TEST_F(RightsOfServiceTest, TheFirstClassIsForAnyone) {
  for (const auto* target : {"/v1/checkpoint", "/v1/genesis", "/v1/policy", "/v1/ledger", "/v1/state", "/livez",
                             "/readyz", "/v1/openapi.json", "/v1/consistency?from=1"})
    EXPECT_EQ(get(target, "*/*").status, 200) << target;
  EXPECT_EQ(get("/v1/models/" + hex("cameras", "camera")).status, 200);
  EXPECT_EQ(get("/v1/models/" + hex("cameras", "nothing"), "application/cbor").status, 404);
  EXPECT_EQ(get("/metrics").status, 404);
}

TEST_F(RightsOfServiceTest, WhoItConcernsReadsPrivately) {
  const auto mine = token("clinic");
  for (const auto& target :
       {"/v1/devices/" + hex("cameras", "camera"), "/v1/devices/" + hex("cameras", "camera") + "/passport",
        "/v1/parties/" + platform::to_hex(world_.handle("clinic")) + "/lists/devices", std::string("/metrics")}) {
    const auto answer = get(target, "", mine);
    EXPECT_EQ(answer.status, 200) << target << answer.body.as_text();
    EXPECT_EQ(answer.headers.find("Cache-Control"), "private") << target;
  }
  EXPECT_EQ(get("/v1/devices/" + hex("cameras", "camera"), "", "nonsense").status, 401);
}

// Between its publication and the last who is told of it, a statement is both.
TEST_F(RightsOfServiceTest, WhatIsPublishedIsNotForAnyoneThoughItIsStillInFlight) {
  const auto identity = statement::parse(world_.history().back().submissions.front())->identity;
  const std::string statement = "/v1/statements/" + platform::to_hex(identity);
  const auto on_its_way = world_.id("nobody", "on its way");
  for (const auto& each : {identity, on_its_way}) {
    ASSERT_EQ(service_->in_flight().begin(each, 1, 0, [](const InFlight::Fate&) {}), InFlight::Turn::first);
  }
  for (const auto* what : {"", "/submission", "/receipts/0"}) {
    const auto answer = get(statement + what);
    EXPECT_EQ(answer.status, 404) << what;
    EXPECT_EQ(member(answer, "title"), "not for this reader") << what;
  }
  EXPECT_EQ(get("/v1/statements/" + platform::to_hex(on_its_way)).status, 202);
}

TEST_F(RightsOfServiceTest, AKeyThatTheLedgerDoesNotKnowBuysNothing) {
  EXPECT_EQ(buy(world_.new_member_key("unregistered", "clinic")).status, 401);
}

TEST_F(RightsOfServiceTest, ATokenEndsWithItsKey) {
  const auto old = token("camera");
  EXPECT_EQ(get("/v1/devices/" + hex("cameras", "camera"), "", old).status, 200) << "it spoke for the camera once";
  const auto mine = token("second camera");
  const std::string row = "/v1/devices/" + hex("cameras", "second camera");
  EXPECT_EQ(get(row + "/passport", "", mine).status, 200);
  const Id second = world_.id("cameras", "second camera");
  world_.hand_over(thing::Type::device, second, "clinic", "lab");
  node_.play(world_);
  EXPECT_EQ(get(row + "/passport", "", mine).status, 404);
  EXPECT_EQ(get(row, "", mine).status, 200);
  EXPECT_EQ(get(row, "", token("clinic")).status, 404);
  EXPECT_EQ(get(row, "", token("lab")).status, 200);
}

TEST_F(RightsOfServiceTest, TheOperationsEntranceHasHealthAndMetricsAlone) {
  const auto at_operations = [&](std::string_view target) {
    net::Request request;
    request.target = *net::Target::parse(target);
    return ask(std::move(request), Entrance::operations).status;
  };
  for (const auto* target : {"/livez", "/readyz", "/metrics"}) EXPECT_EQ(at_operations(target), 200) << target;
  for (const auto* target : {"/v1/checkpoint", "/v1/genesis", "/v1/openapi.json", "/v1/state"})
    EXPECT_EQ(at_operations(target), 404) << target;
}

// What can never succeed must not say "try again".
TEST_F(ServiceTest, DoesNotInviteToAskAgainForWhatNeverFits) {
  net::Request request;
  const Exchange exchange(std::move(request), net::Responder::into([](net::Response&&) {}), service_->metrics());
  const auto answer = service_->problem(Error(Code::exhausted, "the list is too long"), exchange);
  EXPECT_EQ(answer.status, 413);
  EXPECT_FALSE(answer.headers.find("Retry-After"));
  EXPECT_EQ(member(answer, "code"), "exhausted");
}

TEST(Refusals, OfLimitsAreNoQueues) {
  std::size_t limits = 0;
  for (const auto& text : statement::refusals()) {
    if (text.value == statement::Refusal::none) continue;
    const auto answer = refusal_response({text.value, "device 1", "key 2"}, std::nullopt);
    EXPECT_NE(answer.status, 429) << text.name;
    EXPECT_FALSE(answer.headers.find("Retry-After")) << text.name;
    EXPECT_EQ(member(answer, "title"), text.name);
    if (text.code != Code::exhausted) continue;
    ++limits;
    EXPECT_EQ(answer.status, 409) << text.name;
    EXPECT_EQ(member(answer, "code"), "exhausted");
  }
  EXPECT_GE(limits, 4u);
}

TEST(Refusals, OfTheFormSayThatItNeverFits) {
  const auto answer = refusal_response(Error(Code::exhausted, "a body is over 64 KiB"), std::nullopt);
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(member(answer, "title"), "Content Too Large");
  EXPECT_FALSE(answer.headers.find("Retry-After"));
}

}  // namespace
}  // namespace mikusari::api
