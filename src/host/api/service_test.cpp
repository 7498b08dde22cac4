// SPDX-License-Identifier: Apache-2.0
#include "api/service.hpp"

#include <gtest/gtest.h>

#include "api/submit.hpp"
#include "json/parse.hpp"
#include "replica/testing.hpp"

namespace mikusari::api {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;

// The interface over a replica with a camera's life in it, without a server.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    replica::live(world_);
    EXPECT_TRUE(node_.open());
    node_.play(world_);
    service_.emplace(Environment{.replica = *node_.replica,
                                 .clock = node_.clock,
                                 .log = log_,
                                 .submit = [](platform::Buffer) { return Result<void>(); },
                                 .ready = [] { return true; },
                                 .http = [] { return net::Counters{}; },
                                 .memory_bytes = [] { return std::uint64_t{0}; },
                                 .in_flight = {}});
  }
  net::Response get(const std::string& target, std::string_view accept) {
    std::optional<net::Response> answer;
    net::Request request;
    request.target = *net::Target::parse(target);
    if (!accept.empty()) request.headers.add("Accept", accept);
    service_->handle(std::move(request),
                     net::Responder::into([&](net::Response&& response) { answer = std::move(response); }));
    EXPECT_TRUE(answer.has_value());
    return answer ? *std::move(answer) : net::Response();
  }

  CameraWorld world_;
  replica::TestReplica node_{world_};
  platform::MemoryLog log_{node_.clock};
  std::optional<Service> service_;
};

std::string member(const net::Response& response, std::string_view name) {
  const auto parsed = json::parse(response.body.as_text());
  const auto* value = parsed ? parsed->find(name) : nullptr;
  return value != nullptr && value->text() ? std::string(*value->text()) : "";
}

TEST_F(ServiceTest, ProvesThatAPassportIsMissing) {
  const std::string device = "/v1/devices/" + platform::to_hex(TestWorld::id("nothing"));
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
  const std::string device = "/v1/devices/" + platform::to_hex(TestWorld::id("nothing"));
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
  const std::string device = "/v1/devices/" + platform::to_hex(TestWorld::id("camera"));
  EXPECT_EQ(get(device + "/passport", "").status, 200);
  EXPECT_EQ(get(device + "/passport", "application/cbor").status, 200);
  EXPECT_EQ(get(device + "/passport.html", "").status, 200);
}

TEST_F(ServiceTest, GivesEveryProblemACode) {
  EXPECT_EQ(member(get("/v1/nothing", ""), "code"), "not_found");
  EXPECT_EQ(member(get("/v1/members/lab", "image/png"), "code"), "invalid");  // 406
  EXPECT_EQ(member(get("/v1/members/UPPER", ""), "code"), "invalid");
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
