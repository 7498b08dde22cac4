// SPDX-License-Identifier: Apache-2.0
// What a node answers about a camera's life, over TLS, verified as a stranger would.
#include "node/node_test_support.hpp"
#include "proof/passport.hpp"
#include "statement/path.hpp"
#include "statement/replay.hpp"

namespace mikusari::node::testing {
namespace {

using ledger::CameraWorld;

class ReadingHttp : public ::testing::Test {
 protected:
  ReadingHttp() : node_(prepared(world_)) {
    auto client = node_.client();
    node_.play_history(client);
  }
  static CameraWorld& prepared(CameraWorld& world) {
    const Id board = world.board("board", {world.sensor("sensor"), world.cell("cell")});
    world.camera("camera", {board}, "city");
    return world;
  }

  Result<proof::VerifiedState> verified(const Reply& reply, const Digest& key) {
    TRY(const auto answer, cbor::decode<proof::StateAnswer>(reply.body));
    return proof::verify(answer, key, node_.policy());
  }
  // CBOR is the default, and proves the record that the world foretells; JSON shows it and holds the same proof.
  void expect_record(const std::string& target, const Digest& key) {
    auto client = node_.client();
    const auto reply = get(client, target);
    ASSERT_EQ(reply.status, 200) << target;
    EXPECT_EQ(reply.content_type, "application/cbor");
    const auto state = verified(reply, key);
    ASSERT_TRUE(state.has_value()) << target << ": " << state.error().message();
    ASSERT_TRUE(state->value.has_value()) << target;
    // Heads differ: the world's blocks have other times.
    EXPECT_EQ(state->value->size(), world_.state().value(key)->size()) << target;

    const auto json = get(client, target, "application/json");
    ASSERT_EQ(json.status, 200) << json.text();
    ASSERT_NE(json.json().find("record"), nullptr);
    const auto proof = platform::from_base64(json.member("proof"));
    ASSERT_TRUE(proof.has_value());
    EXPECT_EQ(*proof, reply.body);
  }
  void expect_absent(const std::string& target, const Digest& key) {
    auto client = node_.client();
    const auto reply = get(client, target, "application/cbor");
    EXPECT_EQ(reply.status, 404) << target;
    const auto state = verified(reply, key);
    ASSERT_TRUE(state.has_value()) << target << ": " << state.error().message();
    EXPECT_FALSE(state->value.has_value()) << target;
    const auto json = get(client, target, "application/json");
    EXPECT_EQ(json.status, 404);
    EXPECT_EQ(json.content_type, "application/problem+json");
    EXPECT_EQ(platform::from_base64(json.member("proof")).value_or(Buffer()), reply.body);
  }
  static std::string hex(const Digest& id) { return platform::to_hex(id); }

  Id camera() const { return world_.id("cameras", "camera"); }

  CameraWorld world_;
  WorldNode node_;
};

TEST_F(ReadingHttp, ProvesRecordsOfEveryFamily) {
  expect_record("/v1/parties/" + hex(world_.handle("city")), path::party(world_.handle("city")));
  expect_record("/v1/keys/" + hex(world_.key("camera").kid()), path::key(world_.key("camera").kid()));
  expect_record("/v1/replay/" + hex(world_.key("chips").kid()), path::replay(world_.key("chips").kid()));
  expect_record("/v1/quotas/" + hex(world_.handle("chips")), path::quota(world_.handle("chips")));
  expect_record("/v1/state", path::ledger());
  expect_record("/v1/models/" + hex(world_.camera_model()), path::model(world_.camera_model()));
  expect_record("/v1/parts/" + hex(world_.id("chips", "cell")), path::part(world_.id("chips", "cell")));
  expect_record("/v1/devices/" + hex(camera()), path::device(camera()));
}

TEST_F(ReadingHttp, ProvesFirmware) {
  const firmware::Image image{crypto::sha256(as_bytes("image")), 4096};
  firmware::Release release;
  release.model = world_.camera_model();
  release.sequence = 1;
  release.version = "1.0";
  release.images = {std::span(&image, 1)};
  world_.accepted(world_.key("release-1"), release, {.approvers = {&world_.key("release-2")}});
  auto client = node_.client();
  node_.play_history(client);
  const std::string model = "/v1/models/" + hex(world_.camera_model());
  expect_record(model + "/firmware/1", path::firmware(world_.camera_model(), 1));
  expect_record(model + "/images/" + hex(image.digest), path::image(world_.camera_model(), image.digest));
}

TEST_F(ReadingHttp, ProvesAbsence) {
  const Id nothing = world_.id("cameras", "nothing");
  expect_absent("/v1/parties/" + hex(nothing), path::party(nothing));
  expect_absent("/v1/keys/" + hex(nothing), path::key(nothing));
  expect_absent("/v1/replay/" + hex(nothing), path::replay(nothing));
  expect_absent("/v1/quotas/" + hex(nothing), path::quota(nothing));
  expect_absent("/v1/models/" + hex(nothing), path::model(nothing));
  expect_absent("/v1/models/" + hex(nothing) + "/firmware/3", path::firmware(nothing, 3));
  expect_absent("/v1/parts/" + hex(nothing), path::part(nothing));
  expect_absent("/v1/devices/" + hex(nothing), path::device(nothing));
  expect_absent("/v1/roles/" + hex(nothing) + "/gate/" + hex(nothing), path::role(nothing, Role::gate, nothing));
}

TEST_F(ReadingHttp, ShowsTheRecordInJson) {
  auto client = node_.client();
  const auto json = get(client, "/v1/devices/" + hex(camera()), "application/json").json();
  const auto* record = json.find("record");
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(*record->find("owner")->text(), hex(world_.handle("city")));
  EXPECT_EQ(*record->find("maker")->text(), hex(world_.handle("cameras")));
  EXPECT_EQ(*record->find("state")->text(), "assembled");
  EXPECT_EQ(record->find("children")->array()->size(), 1u);
  EXPECT_GT(*json.find("height")->uint(), 0u);
}

TEST_F(ReadingHttp, ListsTheDevicesOfAPartyWithCompleteness) {
  auto client = node_.client();
  const std::string lists = "/v1/parties/" + hex(world_.handle("city")) + "/lists/";
  const auto reply = get(client, lists + "devices");
  ASSERT_EQ(reply.status, 200) << reply.text();
  const auto page = cbor::decode<proof::ListPage>(reply.body);
  ASSERT_TRUE(page.has_value());
  const auto list = proof::verify(*page, world_.handle("city"), list::Kind::devices, node_.policy());
  ASSERT_TRUE(list.has_value()) << list.error().message();
  ASSERT_EQ(list->count, 1u);
  EXPECT_EQ((*list->entries.begin()).what, camera());

  const auto json = get(client, lists + "devices", "application/json").json();
  ASSERT_EQ(json.find("entries")->array()->size(), 1u);

  const auto none = get(client, lists + "models");
  ASSERT_EQ(none.status, 200);
  const auto empty = cbor::decode<proof::ListPage>(none.body);
  ASSERT_TRUE(empty.has_value());
  const auto verified_empty = proof::verify(*empty, world_.handle("city"), list::Kind::models, node_.policy());
  ASSERT_TRUE(verified_empty.has_value());
  EXPECT_EQ(verified_empty->count, 0u);
}

TEST_F(ReadingHttp, GivesAPassportThatVerifies) {
  auto client = node_.client();
  const auto reply = get(client, "/v1/devices/" + hex(camera()) + "/passport");
  ASSERT_EQ(reply.status, 200) << reply.text();
  EXPECT_EQ(reply.content_type, "application/mikusari-passport+cbor");
  EXPECT_EQ(reply.header("Mikusari-Pages-More"), "false");
  const auto page = cbor::decode<proof::PassportPage>(reply.body);
  ASSERT_TRUE(page.has_value());
  const auto passport = proof::verify(*page, node_.policy());
  ASSERT_TRUE(passport.has_value()) << passport.error().message();
  EXPECT_GE(passport->events, 5u);
  EXPECT_TRUE(passport->complete);
  EXPECT_EQ(get(client, "/v1/devices/" + hex(world_.id("cameras", "none")) + "/passport").status, 404);
}

TEST_F(ReadingHttp, GivesAPassportAsAPageInBothLanguages) {
  auto client = node_.client();
  const auto target = "/v1/devices/" + hex(camera()) + "/passport.html";
  const auto english = get(client, target);
  ASSERT_EQ(english.status, 200) << english.text();
  EXPECT_EQ(english.content_type, "text/html; charset=utf-8");
  EXPECT_NE(english.text().find("<html lang=\"en\">"), std::string::npos);
  EXPECT_NE(get(client, target + "?lang=ja").text().find("<html lang=\"ja\">"), std::string::npos);
  EXPECT_EQ(get(client, target + "?lang=fr").status, 400);
  EXPECT_EQ(get(client, "/v1/devices/" + hex(world_.id("cameras", "none")) + "/passport.html").status, 404);
}

TEST_F(ReadingHttp, GivesCheckpointsInThreeForms) {
  auto client = node_.client();
  const auto note = get(client, "/v1/checkpoint");
  EXPECT_TRUE(note.content_type.starts_with("text/plain"));
  EXPECT_TRUE(note.text().starts_with("mikusari/" + hex(world_.ledger()) + "\n")) << note.text();
  std::vector<proof::Cosignature> signatures(16);
  const auto policy = node_.policy();
  const auto read = proof::from_text(note.text(), policy, signatures);
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_TRUE(proof::verify(*read, policy).has_value());

  const auto cbor = get(client, "/v1/checkpoint", "application/cbor");
  const auto checkpoint = cbor::decode<proof::Checkpoint>(cbor.body);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_TRUE(proof::verify(*checkpoint, policy).has_value());
  EXPECT_EQ(*get(client, "/v1/checkpoint", "application/json").json().find("size")->uint(), checkpoint->size);
}

TEST_F(ReadingHttp, ProvesThatTheLogOnlyGrows) {
  auto client = node_.client();
  const auto before = get(client, "/v1/checkpoint", "application/cbor");
  const auto old_checkpoint = cbor::decode<proof::Checkpoint>(before.body);
  ASSERT_TRUE(old_checkpoint.has_value());
  world_.accepted(world_.key("chips"), CameraWorld::model("more", thing::Class::chip));
  node_.play_history(client);

  const auto update = get(client, "/v1/update?from=" + std::to_string(old_checkpoint->size));
  ASSERT_EQ(update.status, 200) << update.text();
  cbor::Reader in(update.body);
  ASSERT_EQ(in.array().value_or(0), 2u);
  const auto newer = cbor::read<proof::Checkpoint>(in);
  const auto consistency = cbor::read<proof::Consistency>(in);
  ASSERT_TRUE(newer.has_value() && consistency.has_value() && in.end().has_value());
  EXPECT_GT(newer->size, old_checkpoint->size);
  EXPECT_TRUE(proof::check_consistency(*consistency, old_checkpoint->root, newer->root).has_value());

  const auto alone = get(client, "/v1/consistency?from=" + std::to_string(old_checkpoint->size));
  EXPECT_EQ(alone.body, platform::encode(*consistency));
  EXPECT_EQ(get(client, "/v1/consistency").status, 400);
  EXPECT_EQ(get(client, "/v1/consistency?from=x").status, 400);
  EXPECT_EQ(get(client, "/v1/consistency?from=0").status, 400);
  EXPECT_EQ(get(client, "/v1/consistency?from=1000000").status, 400);

  // One request for a client that knows the older checkpoint.
  const auto answer =
      get(client, "/v1/parties/" + hex(world_.handle("city")) + "?known=" + std::to_string(old_checkpoint->size));
  const auto header = platform::from_base64(answer.header("Mikusari-Consistency"));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(*header, platform::encode(*consistency));
}

TEST_F(ReadingHttp, ServesTilesWhoseHashesGiveTheRoot) {
  auto client = node_.client();
  const auto checkpoint =
      cbor::decode<proof::Checkpoint>(get(client, "/v1/checkpoint", "application/cbor").body).value();
  ASSERT_LT(checkpoint.size, 256u);
  const auto tile = get(client, "/v1/tile/0/000.p/" + std::to_string(checkpoint.size));
  ASSERT_EQ(tile.status, 200) << tile.text();
  ASSERT_EQ(tile.body.size(), checkpoint.size * 32);
  merkle::CompactRange range;
  for (std::size_t i = 0; i < checkpoint.size; ++i) range.append(Digest::copy(ByteView(tile.body).subspan(i * 32, 32)));
  EXPECT_EQ(range.root(), checkpoint.root);
  EXPECT_NE(tile.header("Cache-Control").find("immutable"), std::string::npos);
  EXPECT_EQ(get(client, "/v1/tile/0/000").status, 404);
  EXPECT_EQ(get(client, "/v1/tile/0/x000/000").status, 404);
}

TEST_F(ReadingHttp, GivesGenesisAndPolicy) {
  auto client = node_.client();
  const auto genesis = get(client, "/v1/genesis");
  EXPECT_EQ(genesis.body, world_.genesis());
  EXPECT_EQ(get(client, "/v1/genesis", "application/json").json().find("members")->array()->size(), 6u);
  const auto policy = get(client, "/v1/policy");
  EXPECT_EQ(policy.body, *node_.node().replica().policy());
  EXPECT_EQ(get(client, "/v1/policy", "application/json").member("ledger"), hex(world_.ledger()));

  auto call = net::Call::get("/v1/genesis");
  call.headers.add("If-None-Match", genesis.header("ETag"));
  const auto unchanged = ask(client, call);
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_TRUE(unchanged.body.empty());
}

TEST_F(ReadingHttp, TellsApartWhatCannotBeAnswered) {
  auto client = node_.client();
  EXPECT_EQ(get(client, "/v1/parts/xyz").status, 400);
  EXPECT_EQ(get(client, "/v1/parties/UPPER").status, 400);
  EXPECT_EQ(get(client, "/v1/nothing").status, 404);
  EXPECT_EQ(get(client, "/v1/parties/").status, 404);
  EXPECT_EQ(get(client, "/v1/state", "image/png").status, 406);
  auto call = net::Call::get("/v1/state");
  call.method = net::Method::delete_;
  const auto refused = ask(client, call);
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD");
  call.method = net::Method::head;
  const auto head = ask(client, call);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
}

TEST_F(ReadingHttp, CountsWhatItDoes) {
  auto client = node_.client();
  EXPECT_EQ(get(client, "/livez").text(), "alive\n");
  EXPECT_EQ(get(client, "/readyz").text(), "ready\n");
  const auto metrics = get(client, "/metrics").text();
  const auto submissions = std::to_string(world_.history().size());
  EXPECT_NE(metrics.find("mikusari_submissions_total " + submissions + "\n"), std::string::npos) << metrics;
  EXPECT_NE(
      metrics.find("mikusari_http_responses_total{route=\"submitStatement\",class=\"2xx\"} " + submissions + "\n"),
      std::string::npos);
  EXPECT_NE(metrics.find("mikusari_flush_seconds_count"), std::string::npos);
  EXPECT_NE(metrics.find("mikusari_in_flight_submissions 0\n"), std::string::npos);
  EXPECT_EQ(metrics.find("process_resident_memory_bytes 0\n"), std::string::npos);
}

}  // namespace
}  // namespace mikusari::node::testing
