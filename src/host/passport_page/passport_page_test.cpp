// SPDX-License-Identifier: Apache-2.0
#include "passport_page/passport_page.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "passport_page/assets.hpp"
#include "passport_page/qr_code.hpp"
#include "proof/test_camera.hpp"

namespace mikusari::passport_page {
namespace {

using test::CameraScene;
using test::Octets;

constexpr std::string_view hostile = "1.0</script><img src=x onerror=alert(1)>";

class PassportPageTest : public ::testing::Test {
 protected:
  std::string page(Language language = Language::english) {
    auto made = html_page(passport, policy, language);
    EXPECT_TRUE(made.has_value()) << made.error().message();
    return made.value_or("");
  }
  // A release whose version is written to break out of the page.
  Octets passport_with_hostile_firmware() {
    const Digest image = test::named("hostile image");
    firmware::Record record;
    record.state = firmware::State::released;
    record.model = CameraScene::model("cam");
    record.image = image;
    record.sequence = 8;
    record.version = hostile;
    const Digest path = path::firmware(record.model, image);
    scene.ledger.put(path, record);
    scene.ledger.seal();
    Octets id(record.model.view().begin(), record.model.view().end());
    id.insert(id.end(), image.view().begin(), image.view().end());
    return test::PassportMaker(scene.ledger, CameraScene::camera)
        .with(proof::ThingType::firmware, id, path)
        .make()
        .encode();
  }

  CameraScene scene;
  Octets policy = scene.ledger.policy(1);
  Octets passport = test::PassportMaker(scene.ledger, CameraScene::camera).make().encode();
};

std::size_t occurrences(std::string_view page, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = page.find(wanted); at != std::string_view::npos; at = page.find(wanted, at + 1)) ++count;
  return count;
}

TEST_F(PassportPageTest, HoldsThePassportAndThePolicyAsTheyAre) {
  const auto made = page();
  EXPECT_EQ(occurrences(made, ">" + platform::to_base64(passport) + "<"), 1U);
  EXPECT_EQ(occurrences(made, ">" + platform::to_base64(policy) + "<"), 1U);
  EXPECT_EQ(made.find("{{"), std::string::npos);
}

TEST_F(PassportPageTest, NamesNoOtherPlaceAndLoadsNothing) {
  const auto made = page();
  for (const std::string_view word :
       {"http:", "https:", "src=", "href=", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket", "import("}) {
    EXPECT_EQ(occurrences(made, word), 0U) << word;
  }
  EXPECT_NE(made.find("default-src 'none'"), std::string::npos);
}

TEST_F(PassportPageTest, AllowsExactlyItsOwnScriptAndStyle) {
  const auto made = page();
  const auto hash = [](std::string_view content) {
    return "'sha256-" + platform::to_base64(crypto::sha256(as_bytes(content))) + "'";
  };
  EXPECT_NE(made.find("script-src " + hash(script())), std::string::npos);
  EXPECT_NE(made.find("style-src " + hash(style())), std::string::npos);
  EXPECT_NE(made.find("<script>" + std::string(script()) + "</script>"), std::string::npos);
  EXPECT_NE(made.find("<style>" + std::string(style()) + "</style>"), std::string::npos);
  EXPECT_EQ(occurrences(made, "unsafe-"), 0U);
}

TEST_F(PassportPageTest, ScriptsCannotEndTheirOwnElement) {
  for (const std::string_view end : {"</script", "<!--", "<script"}) EXPECT_EQ(occurrences(script(), end), 0U) << end;
  EXPECT_EQ(occurrences(style(), "</style"), 0U);
}

TEST_F(PassportPageTest, KeepsHostileTextOutOfItsMarkup) {
  passport = passport_with_hostile_firmware();
  ASSERT_TRUE(proof::verify_passport(passport, *proof::parse_policy(policy)));
  const auto made = page();
  EXPECT_EQ(occurrences(made, "<img"), 0U);
  EXPECT_EQ(occurrences(made, "onerror"), 0U);
  EXPECT_EQ(occurrences(made, "</script>"), 3U);  // its own
}

TEST_F(PassportPageTest, OpensInTheLanguageThatWasAskedFor) {
  EXPECT_NE(page(Language::english).find("<html lang=\"en\">"), std::string::npos);
  const auto japanese = page(Language::japanese);
  EXPECT_NE(japanese.find("<html lang=\"ja\">"), std::string::npos);
  EXPECT_NE(japanese.find("<title>機器履歴証明書 "), std::string::npos);
}

TEST_F(PassportPageTest, NamesDeviceAndLedgerInItsLink) {
  const std::string link = device_link(CameraScene::camera, scene.ledger.id);
  EXPECT_TRUE(std::regex_match(link, std::regex("mikusari:device/[0-9a-f]{64}\\?ledger=[0-9a-f]{16}"))) << link;
  EXPECT_EQ(occurrences(page(), "<code>" + link + "</code>"), 1U);
}

TEST_F(PassportPageTest, RefusesWhatIsNoPassport) {
  EXPECT_EQ(html_page(as_bytes("no passport"), policy, Language::english).error().code(), Code::invalid);
  passport.pop_back();
  EXPECT_EQ(html_page(passport, policy, Language::english).error().code(), Code::invalid);
}

TEST(QrCode, IsASquareWithAQuietZoneOfFour) {
  const auto svg = qr_svg("mikusari", "label");
  ASSERT_TRUE(svg);
  EXPECT_NE(svg->find("viewBox=\"0 0 29 29\""), std::string::npos);  // version 1: 21 modules
  EXPECT_NE(svg->find("M4 4h7v1h-7z"), std::string::npos);           // the finder pattern's upper edge
}

TEST(QrCode, RefusesWhatDoesNotFit) {
  EXPECT_EQ(qr_svg(std::string(4000, 'x'), "label").error().code(), Code::exhausted);
}

}  // namespace
}  // namespace mikusari::passport_page
