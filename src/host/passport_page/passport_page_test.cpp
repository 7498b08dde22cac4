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
  std::string page(Language language = Language::english, std::span<const Contact> contacts = {}) {
    const ByteView pages[] = {passport};
    auto made = html_page(pages, policy, language, contacts);
    EXPECT_TRUE(made.has_value()) << made.error().message();
    return made.value_or("");
  }
  Code refusal(std::span<const ByteView> pages, std::span<const Contact> contacts = {}) {
    const auto made = html_page(pages, policy, Language::english, contacts);
    EXPECT_FALSE(made.has_value());
    return made ? Code::internal : made.error().code();
  }
  Octets passport_of(const Id& device) { return test::PassportMaker(scene.ledger, device).make().encode(); }
  // A model whose name is written to break out of the page.
  Octets passport_with_hostile_name() {
    scene.put_model(hostile, model::Class::device);
    scene.edit_device(scene.camera, [&](device::Record& record) { record.model = scene.model(hostile); });
    scene.ledger.seal();
    return passport_of(scene.camera);
  }

  CameraScene scene;
  Octets policy = scene.ledger.policy(1);
  Octets passport = passport_of(scene.camera);
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

TEST_F(PassportPageTest, HoldsEachPageOfThePassportOnALineOfItsOwn) {
  const std::size_t count = scene.ledger.committed.size();
  const Octets newer = test::PassportMaker(scene.ledger, scene.camera).events(count - 3, count).make().encode();
  const Octets older = test::PassportMaker(scene.ledger, scene.camera).events(0, count - 3).make().encode();
  const ByteView pages[] = {newer, older};
  const auto made = html_page(pages, policy, Language::english);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(occurrences(*made, ">" + platform::to_base64(newer) + "\n" + platform::to_base64(older) + "<"), 1U);
}

TEST_F(PassportPageTest, RefusesPagesOfDifferentDevicesOrLedgers) {
  const Octets other_device = passport_of(scene.second);
  const ByteView devices[] = {passport, other_device};
  EXPECT_EQ(refusal(devices), Code::invalid);
  CameraScene elsewhere("another ledger");
  const Octets other_ledger = test::PassportMaker(elsewhere.ledger, elsewhere.camera).make().encode();
  const ByteView ledgers[] = {passport, other_ledger};
  EXPECT_EQ(refusal(ledgers), Code::invalid);
}

TEST_F(PassportPageTest, PutsContactsInAsDataAndRefusesThoseThatAreNoLine) {
  const Contact contacts[] = {{scene.bob, std::string(hostile)}, {scene.acme(), "花子"}};
  const std::string lines =
      platform::to_hex(scene.bob) + " " + std::string(hostile) + "\n" + platform::to_hex(scene.acme()) + " 花子\n";
  const auto made = page(Language::english, contacts);
  EXPECT_EQ(occurrences(made, ">" + platform::to_base64(as_bytes(std::string_view(lines))) + "<"), 1U);
  EXPECT_EQ(occurrences(made, "<img"), 0U);
  const ByteView pages[] = {passport};
  for (const std::string& name : {std::string(), std::string("two\nlines"), std::string("\xff")}) {
    const Contact bad[] = {{scene.bob, name}};
    EXPECT_EQ(refusal(pages, bad), Code::invalid) << name;
  }
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
  passport = passport_with_hostile_name();
  ASSERT_TRUE(proof::verify_passport(passport, *proof::parse_policy(policy)));
  const auto made = page();
  EXPECT_EQ(occurrences(made, "<img"), 0U);
  EXPECT_EQ(occurrences(made, "onerror"), 0U);
  EXPECT_EQ(occurrences(made, "</script>"), 4U);  // its own
}

TEST_F(PassportPageTest, OpensInTheLanguageThatWasAskedFor) {
  EXPECT_NE(page(Language::english).find("<html lang=\"en\">"), std::string::npos);
  const auto japanese = page(Language::japanese);
  EXPECT_NE(japanese.find("<html lang=\"ja\">"), std::string::npos);
  EXPECT_NE(japanese.find("<title>機器履歴証明書 "), std::string::npos);
}

TEST_F(PassportPageTest, NamesDeviceAndLedgerInItsLink) {
  const std::string link = device_link(scene.camera, scene.ledger.id);
  EXPECT_TRUE(std::regex_match(link, std::regex("mikusari:device/[0-9a-f]{64}\\?ledger=[0-9a-f]{16}"))) << link;
  EXPECT_EQ(occurrences(page(), "<code>" + link + "</code>"), 1U);
}

TEST_F(PassportPageTest, RefusesWhatIsNoPassport) {
  const ByteView nothing[] = {as_bytes("no passport")};
  EXPECT_EQ(refusal(nothing), Code::invalid);
  EXPECT_EQ(refusal({}), Code::invalid);
  passport.pop_back();
  const ByteView cut[] = {passport};
  EXPECT_EQ(refusal(cut), Code::invalid);
}

TEST_F(PassportPageTest, SaysOfAPassportOfANewerProgramThatItIsNewer) {
  const Octets newer = test::with_field(passport, 128), added = test::with_field(passport, 64);
  const ByteView pages[] = {newer}, good[] = {added};
  EXPECT_EQ(refusal(pages), Code::newer);
  EXPECT_TRUE(html_page(good, policy, Language::english).has_value());
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
