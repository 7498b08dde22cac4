// SPDX-License-Identifier: Apache-2.0
// Submitting over TLS: fates, receipts, duplicates, and every kind of bad input with a refusal of its own.
#include <thread>

#include "cose/sign1.hpp"
#include "node/node_test_support.hpp"
#include "proof/receipt.hpp"

namespace mikusari::node::testing {
namespace {

using ledger::CameraWorld;
using ledger::How;

class SubmittingHttp : public ::testing::Test {
 protected:
  SubmittingHttp() : node_(world_) {
    auto client = node_.client();
    node_.play_history(client);
  }
  part::Register cell(std::string_view name) { return world_.cell_registration(name); }
  Buffer cells(const std::vector<part::Register>& bodies, const How& how = {}) {
    return world_.submission(world_.key("chips"), bodies, how);
  }
  std::string metric(std::string_view name) {
    auto client = node_.client();
    const auto text = get(client, "/metrics").text();
    const auto at = text.find("\n" + std::string(name) + " ");
    if (at == text.npos) return "absent";
    const auto value = at + name.size() + 2;
    return text.substr(value, text.find('\n', value) - value);
  }
  // The problem's detail; the door counts it.
  std::string refused(Buffer submission, int status) {
    auto client = node_.client();
    const auto reply = post(client, std::move(submission));
    EXPECT_EQ(reply.status, status) << reply.text();
    EXPECT_EQ(reply.content_type, "application/problem+json");
    return reply.member("detail");
  }

  CameraWorld world_;
  WorldNode node_;
};

TEST_F(SubmittingHttp, AnswersWithFatesWhoseReceiptsVerify) {
  auto client = node_.client();
  const auto reply = post(client, cells({cell("a"), cell("b"), cell("a")}));
  ASSERT_EQ(reply.status, 200) << reply.text();
  const auto fate = reply.json();
  const auto& bodies = *fate.find("bodies")->array();
  ASSERT_EQ(bodies.size(), 3u);
  EXPECT_EQ(*bodies[0].find("standing")->text(), "committed");
  EXPECT_EQ(*bodies[1].find("outcome")->text(), "done");
  EXPECT_EQ(*bodies[2].find("standing")->text(), "refused");
  EXPECT_EQ(*bodies[2].find("refusal")->text(), "already_registered");
  EXPECT_NE(bodies[2].find("message")->text()->find("is already registered."), std::string_view::npos);
  EXPECT_NE(bodies[2].find("message_ja")->text()->find("登録"), std::string_view::npos);

  const std::string location = reply.header("Location");
  EXPECT_EQ(location, "/v1/statements/" + std::string(*fate.find("identity")->text()));
  EXPECT_EQ(get(client, location).body, reply.body);
  const auto receipt = get(client, location + "/receipts/1");
  ASSERT_EQ(receipt.status, 200) << receipt.text();
  EXPECT_EQ(receipt.content_type, "application/mikusari-receipt+cbor");
  const auto decoded = cbor::decode<proof::Receipt>(receipt.body);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(proof::verify(*decoded, node_.policy()).has_value());
  EXPECT_EQ(get(client, location + "/receipts/2").status, 409);
  EXPECT_EQ(get(client, location + "/receipts/3").status, 404);
  EXPECT_EQ(get(client, location + "/receipts/x").status, 400);
  EXPECT_EQ(metric("mikusari_bodies_refused_by_reason_total{reason=\"already_registered\"}"), "1");
}

TEST_F(SubmittingHttp, GivesBackTheSubmissionAsItWasOrdered) {
  auto client = node_.client();
  const auto submission = cells({cell("a")});
  const auto reply = post(client, submission);
  EXPECT_EQ(get(client, reply.header("Location") + "/submission").body, submission);
  EXPECT_EQ(get(client, "/v1/statements/" + platform::to_hex(world_.id("chips", "x")) + "/submission").status, 404);
  EXPECT_EQ(get(client, "/v1/statements/" + platform::to_hex(world_.id("chips", "x"))).status, 404);
}

TEST_F(SubmittingHttp, AnswersInCborToThoseWhoAsk) {
  auto client = node_.client();
  auto call = net::Call::post("/v1/statements", "application/cbor", cells({cell("a")}), net::Repeat::allowed);
  call.headers.add("Accept", "application/cbor");
  const auto reply = ask(client, call);
  ASSERT_EQ(reply.status, 200) << reply.text();
  cbor::Reader in(reply.body);
  EXPECT_EQ(in.map().value_or(0), 3u);
}

TEST_F(SubmittingHttp, AnswersADuplicateWithItsFate) {
  auto client = node_.client();
  const auto submission = cells({cell("a")});
  const auto first = post(client, submission);
  const auto second = post(client, submission);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(first.header("Mikusari-Duplicate"), "");
  EXPECT_EQ(second.header("Mikusari-Duplicate"), "true");
  EXPECT_EQ(metric("mikusari_submissions_duplicate_total"), "1");
  EXPECT_EQ(metric("mikusari_submissions_total"), std::to_string(world_.history().size() + 1));
}

TEST_F(SubmittingHttp, AnswersADuplicateInFlightWithTheSameFate) {
  std::vector<part::Register> many;
  for (int i = 0; i < 200; ++i) many.push_back(cell("cell " + std::to_string(i)));
  const auto submission = cells(many);
  std::vector<Reply> replies(8);
  std::vector<std::thread> senders;
  for (auto& reply : replies) {
    senders.emplace_back([&] {
      auto client = node_.client();
      reply = post(client, submission);
    });
  }
  for (auto& sender : senders) sender.join();
  for (const auto& reply : replies) {
    EXPECT_EQ(reply.status, 200) << reply.text();
    EXPECT_EQ(reply.body, replies.front().body);
  }
  EXPECT_EQ(metric("mikusari_bodies_committed_total"), std::to_string(world_.history().size() + 200));
  EXPECT_EQ(metric("mikusari_in_flight_submissions"), "0");
}

TEST_F(SubmittingHttp, TakesAStatementWithoutWaiting) {
  auto client = node_.client();
  auto call = net::Call::post("/v1/statements", "application/cbor", cells({cell("a")}), net::Repeat::allowed);
  call.headers.add("Prefer", "respond-async");
  const auto reply = ask(client, call);
  ASSERT_EQ(reply.status, 202) << reply.text();
  const std::string location = reply.header("Location");
  Reply fate = get(client, location);
  while (fate.status == 202) fate = get(client, location);  // published by the engine's own threads
  EXPECT_EQ(fate.status, 200) << fate.text();
}

TEST_F(SubmittingHttp, ChecksWithoutSubmitting) {
  auto client = node_.client();
  const auto submission = cells({cell("a")});
  const auto checked = post(client, submission, "/v1/statements/check");
  EXPECT_EQ(checked.status, 200) << checked.text();
  EXPECT_EQ(get(client, "/v1/parts/" + platform::to_hex(world_.id("chips", "a"))).status, 404);
  EXPECT_EQ(post(client, submission).status, 200);
  EXPECT_EQ(post(client, cells({cell("a")}), "/v1/statements/check").status, 409);
}

// --- bad input ---

TEST_F(SubmittingHttp, RefusesGarbage) {
  EXPECT_EQ(refused(platform::copy(as_bytes("garbage")), 400), "another CBOR type was expected (at byte 0)");
}

TEST_F(SubmittingHttp, RefusesTheTruncated) {
  auto submission = cells({cell("a")});
  submission.resize(submission.size() / 2);
  EXPECT_NE(refused(std::move(submission), 400), "");
}

TEST_F(SubmittingHttp, RefusesTheOversized) {
  auto client = node_.client();
  const auto reply = post(client, Buffer(limits::submission_bytes_max + 1));
  EXPECT_EQ(reply.status, 413);
}

TEST_F(SubmittingHttp, RefusesTheDeep) {
  Buffer deep(100, std::byte{0x81});
  deep.push_back(std::byte{0});
  deep.insert(deep.begin(), std::byte{0x83});
  EXPECT_NE(refused(deep, 413).find("too deep"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesTheNonDeterministic) {
  auto submission = cells({cell("a")});
  submission.insert(submission.begin() + 1, std::byte{3});
  submission[0] = std::byte{0x98};  // the same array of three with a longer head
  EXPECT_NE(refused(std::move(submission), 400).find("not the shortest"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesTheWronglySigned) {
  auto submission = cells({cell("a")});
  const auto parsed = statement::parse(submission);
  ASSERT_TRUE(parsed.has_value());
  const auto last = static_cast<std::size_t>(parsed->sign1.data() + parsed->sign1.size() - submission.data()) - 1;
  submission[last - 40] ^= std::byte{1};
  EXPECT_NE(refused(std::move(submission), 401).find("signature"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesAnUnknownKey) {
  auto& stranger = world_.new_member_key("stranger", "chips");
  EXPECT_NE(refused(world_.submission(stranger, std::vector{cell("a")}), 401).find("key"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesHighS) {
  // n - s of a P-256 signature is as valid as s; the ledger takes the lower.
  auto& key =
      world_.new_key("p256", subject_of_party(world_.handle("chips")), key::Purpose::wallet, crypto::Algorithm::esp256);
  world_.accepted(world_.key("chips"), world_.registration(key, world_.key("chips")));
  auto client = node_.client();
  node_.play_history(client);
  auto submission = world_.submission(key, std::vector{cell("a")});
  const auto parsed = statement::parse(submission);
  ASSERT_TRUE(parsed.has_value());
  const auto signature_at =
      static_cast<std::size_t>(parsed->sign1.data() + parsed->sign1.size() - submission.data()) - 64;
  const auto order = platform::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").value();
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    int digit = std::to_integer<int>(order[i]) - std::to_integer<int>(submission[signature_at + 32 + i]) - borrow;
    borrow = digit < 0 ? 1 : 0;
    submission[signature_at + 32 + i] = static_cast<std::byte>(digit + borrow * 256);
  }
  EXPECT_NE(refused(std::move(submission), 400).find("low-S"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesAnExtraUnprotectedHeader) {
  const auto submission = cells({cell("a")});
  const auto parsed = statement::parse(submission);
  ASSERT_TRUE(parsed.has_value());
  // The empty map stands right behind the protected header's byte string.
  const auto map_at = static_cast<std::size_t>(parsed->statement.protected_bytes.data() +
                                               parsed->statement.protected_bytes.size() - submission.data());
  ASSERT_EQ(submission[map_at], std::byte{0xa0});
  Buffer changed(submission.begin(), submission.begin() + static_cast<std::ptrdiff_t>(map_at));
  platform::append(changed, platform::from_hex("a1187801").value());  // { 120: 1 }
  changed.insert(changed.end(), submission.begin() + static_cast<std::ptrdiff_t>(map_at) + 1, submission.end());
  EXPECT_NE(refused(std::move(changed), 400).find("unprotected header"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesAReplayedCounter) {
  auto client = node_.client();
  const auto n = world_.key("chips").next_n();
  EXPECT_EQ(post(client, cells({cell("a")})).status, 200);
  EXPECT_NE(refused(cells({cell("b")}, {.n = n}), 409).find("counter n"), std::string::npos);
}

TEST_F(SubmittingHttp, RefusesTheExpired) {
  auto client = node_.client();
  const auto reply = post(client, cells({cell("a")}, {.valid_until_ms = 1}));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.member("refusal"), "expired");
}

TEST_F(SubmittingHttp, RefusesAStatementForAnotherLedger) {
  ledger::TestOptions options;
  options.parameters.alarms_day = 5;
  ledger::TestWorld other(options);
  EXPECT_EQ(
      refused(other.submission(other.key("chips"), std::vector{CameraWorld::model("x", thing::Class::chip)}), 400),
      "the statement is for another ledger");
}

TEST_F(SubmittingHttp, RefusesTheWrongRole) {
  auto client = node_.client();
  const auto reply =
      post(client, world_.submission(world_.key("city"), std::vector{CameraWorld::model("x", thing::Class::chip)}));
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.member("refusal"), "missing_role");
  EXPECT_EQ(reply.member("type"), "urn:mikusari:refusal:missing_role");
  EXPECT_NE(reply.member("subject").find(platform::to_hex(world_.handle("city"))), std::string::npos);
  EXPECT_EQ(reply.member("object"), "maker");
  EXPECT_NE(reply.member("detail").find(reply.member("subject")), std::string::npos);
  EXPECT_NE(reply.member("detail_ja").find("maker"), std::string::npos);
}

TEST_F(SubmittingHttp, TellsOfAnAlarmThatItIsOne) {
  auto& sensor_key = world_.key("chips");
  world_.sensor("sensor");
  // The sensor's key again, for another part: a copy.
  auto body = world_.sensor_registration("copy", world_.key("sensor"));
  auto client = node_.client();
  node_.play_history(client);
  auto& copied = world_.key("sensor");
  copied.set_subject(subject_of_part(world_.id("chips", "copy")));
  body.possession = world_.possession(copied, sensor_key);
  const auto reply = post(client, world_.submission(sensor_key, std::vector{body}));
  ASSERT_EQ(reply.status, 200) << reply.text();
  const auto fate = reply.json();
  const auto& bodies = *fate.find("bodies")->array();
  ASSERT_EQ(bodies.size(), 1u);
  EXPECT_EQ(*bodies[0].find("standing")->text(), "committed");
  EXPECT_EQ(*bodies[0].find("outcome")->text(), "alarm");
  EXPECT_EQ(get(client, reply.header("Location")).text(), reply.text());
}

TEST_F(SubmittingHttp, RefusesWhatContradictsTheState) {
  auto client = node_.client();
  EXPECT_EQ(post(client, cells({cell("a")})).status, 200);
  const auto reply = post(client, cells({cell("a")}));
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.member("refusal"), "already_registered");
  EXPECT_EQ(metric("mikusari_door_refused_total{code=\"conflict\",reason=\"already_registered\"}"), "1");
}

TEST_F(SubmittingHttp, RefusesBodiesThatWereNotSignedFor) {
  auto submission = cells({cell("a")});
  const auto parsed = statement::parse(submission);
  ASSERT_TRUE(parsed.has_value());
  const auto body = (*parsed->bodies.begin()).body;
  submission[static_cast<std::size_t>(body.data() - submission.data()) + 10] ^= std::byte{1};
  EXPECT_EQ(refused(std::move(submission), 400), "the bodies are not the ones signed for");
}

TEST_F(SubmittingHttp, RefusesOtherContentTypes) {
  auto client = node_.client();
  auto call = net::Call::post("/v1/statements", "application/json", platform::copy(as_bytes("{}")));
  EXPECT_EQ(ask(client, call).status, 415);
  call.headers.remove("Content-Type");
  EXPECT_EQ(ask(client, call).status, 415);
}

TEST_F(SubmittingHttp, SaysSoWhenADuplicateIsMalformed) {
  auto client = node_.client();
  auto submission = cells({cell("a")});
  EXPECT_EQ(post(client, submission).status, 200);
  submission.push_back(std::byte{0});
  EXPECT_EQ(post(client, submission).status, 400);
}

// Whoever has one body of a statement - with a passport - and the leaves of the others can write it down so. What
// became of the others is not for them.
TEST_F(SubmittingHttp, TellsNoFateToWhoHasOnlySomeOfTheBodies) {
  auto client = node_.client();
  const auto whole = cells({cell("mine"), cell("another's")});
  Buffer buffer(whole.size());
  const auto part = statement::withhold(*statement::parse(whole), 1, buffer);
  ASSERT_TRUE(part.has_value());
  ASSERT_EQ(post(client, whole).status, 200);
  const auto reply = post(client, platform::copy(*part));
  EXPECT_GE(reply.status, 400);
  EXPECT_EQ(reply.member("refusal"), "withheld") << reply.text();
  EXPECT_EQ(post(client, whole).status, 200);
}

}  // namespace
}  // namespace mikusari::node::testing
