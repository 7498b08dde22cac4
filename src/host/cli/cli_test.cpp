// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/exit.hpp"
#include "cli/main.hpp"
#include "cli/parser.hpp"
#include "cli/test_home.hpp"
#include "cli/vectors.hpp"
#include "json/parse.hpp"

namespace mikusari::cli {
namespace {

namespace fs = std::filesystem;

using test::run;
using test::Said;

std::string folder_of_vectors() {
  if (const char* named = std::getenv("MIKUSARI_VECTORS"); named != nullptr && *named != '\0') return named;
  const char* source = std::getenv("MIKUSARI_SOURCE");
  return std::string(source == nullptr ? "." : source) + "/../shared/vectors";
}

Score score_of(void (*score)(const json::Value&, const std::string&, Score&), const std::string& text) {
  Score out;
  const auto file = json::parse(with_plain_numbers(text));
  EXPECT_TRUE(file.has_value()) << text;
  if (file) score(*file, "case", out);
  return out;
}

TEST(Commands, HaveUniquePathsAndWordsInBothLanguages) {
  std::set<std::string> seen;
  for (const auto& command : commands()) {
    EXPECT_TRUE(seen.insert(command.path).second) << command.path;
    EXPECT_FALSE(command.en.empty() || command.ja.empty()) << command.path;
    for (const auto& option : command.options)
      EXPECT_FALSE(option.en.empty() || option.ja.empty()) << command.path << option.name;
  }
  for (const auto& group : groups()) EXPECT_FALSE(run({group.name, "--help"}).out.empty()) << group.name;
}

TEST(Commands, EachShowItsHelp) {
  for (const auto& command : commands()) {
    std::vector<std::string> words;
    std::istringstream in(command.path);
    for (std::string word; in >> word;) words.push_back(word);
    words.push_back("--help");
    const auto said = run(words);
    EXPECT_EQ(said.code, exit_done) << command.path;
    EXPECT_NE(said.out.find(command.en), std::string::npos) << command.path;
  }
}

TEST(Parser, SuggestsTheNearestGroupCommandAndOption) {
  EXPECT_NE(run({"prat", "show"}).err.find("mikusari part"), std::string::npos);
  EXPECT_NE(run({"part", "regsiter"}).err.find("mikusari part register"), std::string::npos);
  EXPECT_NE(run({"part", "register", "--modle", "x"}).err.find("--model"), std::string::npos);
  EXPECT_EQ(run({"prat"}).code, exit_usage);
  EXPECT_EQ(run({"zzzzzzzzz"}).err.find("Did you mean"), std::string::npos);
}

TEST(Parser, TakesGlobalOptionsAnywhere) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--lang", "ja", "part", "show", "ab"},
                                                {"part", "--lang", "ja", "show", "ab"},
                                                {"part", "show", "ab", "--lang", "ja"}}) {
    const auto parsed = parse_words(words, false);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
    const auto& found = std::get<Parsed>(*parsed);
    EXPECT_EQ(found.command->path, "part show");
    EXPECT_EQ(found.arguments.text("--lang"), "ja");
    EXPECT_EQ(found.arguments.text("PART"), "ab");
  }
}

TEST(Session, LeavesNothingThatCommandsATerminal) {
  EXPECT_EQ(printable("a\x1b]0;x\x07"
                      "b\x7f\xc2\x9b"
                      "c\td\n"),
            "a ]0;x b  c\td\n");
  EXPECT_EQ(printable("カメラ é"), "カメラ é");
  // Nor what turns the words around it about, or is no text.
  EXPECT_EQ(printable("a\u202eb\u2066c\ufeffd\u061ce"), "a b c d e");
  EXPECT_EQ(printable("a\x9b[2Jb\xc2"), "a [2Jb ");
}

TEST(Parser, RefusesALanguageThatItDoesNotSpeak) {
  const auto said = run({"--lang", "fr", "part", "show", "ab"});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_NE(said.err.find("{en,ja}"), std::string::npos) << said.err;
}

TEST(Parser, RefusesAnOptionThatIsMissing) { EXPECT_EQ(run({"part", "register"}).code, exit_usage); }

TEST(Parser, RefusesAnEmptyValueThatIsNotExpresslyAllowed) {
  const std::vector<std::vector<std::string>> wrong = {
      {"device", "retire", "camera", "--out", ""},  {"device", "retire", ""},
      {"device", "retire", "camera", "--key", ""},  {"key", "create", "own", "--passphrase-file", ""},
      {"key", "register", "own", "--for", ""},      {"connect", "--policy", ""},
      {"verify", "receipt", "file", "--state", ""}, {"device", "assemble", "--model", "m", "--part", "a", "--part", ""},
  };
  for (const auto& words : wrong) {
    const auto said = run(words);
    EXPECT_EQ(said.code, exit_usage) << words[1];
    EXPECT_NE(said.err.find("its value is empty"), std::string::npos) << said.err;
  }
  EXPECT_TRUE(parse_words({"settings", "--key", ""}, false).has_value()) << "it forgets";
  EXPECT_TRUE(parse_words({"node", "init", "n", "--founder", "a", "--operations", ""}, false).has_value());
}

TEST(Parser, WithoutAnyHomeFolderSaysSo) {
  std::ostringstream out, err;
  EXPECT_EQ(cli::main({"key", "create", "own"}, {{"HOME", ""}}, out, err), exit_usage);
  EXPECT_NE(err.str().find("give --home"), std::string::npos) << err.str();
  EXPECT_FALSE(fs::exists(".mikusari"));
}

TEST(Parser, CollectsWhatIsRepeated) {
  const auto parsed = parse_words({"device", "assemble", "--model", "m", "--part", "a", "--part", "b", "c"}, false);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_EQ(std::get<Parsed>(*parsed).arguments.list("--part"), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Errors, SayWhatToDoNextAndGiveTheirClass) {
  const auto said = run({"part", "show", std::string(64, '0')});
  EXPECT_EQ(said.code, exit_code(Code::not_found));
  EXPECT_NE(said.err.find("mikusari connect"), std::string::npos) << said.err;
  EXPECT_EQ(run({"part", "show", "12"}).code, exit_code(Code::not_found));
}

TEST(Errors, AreOneObjectForPrograms) {
  const auto said = run({"part", "show", "12", "--json"});
  const auto parsed = json::parse(said.out);
  ASSERT_TRUE(parsed.has_value()) << said.out;
  EXPECT_EQ(*parsed->find("command")->text(), "part show");
  EXPECT_EQ(*parsed->find("error")->find("code")->text(), "not_found");
}

TEST(Reference, NamesEveryCommandAndIsTheDocumentedOne) {
  const auto page = reference_page();
  for (const auto& command : commands()) EXPECT_NE(page.find("mikusari " + command.path), std::string::npos);
  const char* source = std::getenv("MIKUSARI_SOURCE");
  std::ifstream in(std::string(source == nullptr ? "." : source) + "/docs/reference/cli.md");
  const std::string document((std::istreambuf_iterator<char>(in)), {});
  EXPECT_NE(document.find(page), std::string::npos) << "docs/reference/cli.md: put in what `mikusari reference` prints";
}

TEST(Errors, OfWordsAreOneObjectForProgramsToo) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--json", "nod"}, {"part", "shw", "--json"}, {"--json", "part", "show"}}) {
    const auto said = run(words);
    EXPECT_EQ(said.code, exit_usage);
    EXPECT_EQ(said.err, "");
    const auto parsed = json::parse(said.out);
    ASSERT_TRUE(parsed.has_value()) << said.out;
    EXPECT_EQ(*parsed->find("error")->find("code")->text(), "invalid");
  }
}

TEST(Texts, StandUnderTextForPrograms) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"man"}, {"reference"}, {"completion", "bash"}, {"part", "--help"}, {"--version"}}) {
    auto for_programs = words;
    for_programs.push_back("--json");
    const auto parsed = json::parse(run(for_programs).out);
    ASSERT_TRUE(parsed.has_value()) << words.front();
    const auto text = std::string(*parsed->find("text")->text());
    const auto plain = run(words).out;
    EXPECT_TRUE(plain == text || plain == text + "\n") << words.front();
  }
}

TEST(Texts, NameProgramAndVersion) {
  EXPECT_TRUE(run({"--version"}).out.starts_with("mikusari 0.")) << run({"--version"}).out;
  EXPECT_EQ(run({"part", "show", "--version"}).out, run({"--version"}).out);
}

TEST(Texts, ShowTheWholeWayToACommand) {
  const auto said = run({"custody", "ship", "--help"}).out;
  EXPECT_NE(said.find("mikusari custody ship [OPTIONS] [THING…]"), std::string::npos) << said;
  EXPECT_NE(said.find("--home"), std::string::npos) << said;
}

// A home of its own with a file in it.
Said run_in_home(const std::string& file, const std::string& content, std::vector<std::string> words) {
  const std::string home = testing::TempDir() + "cli-home";
  fs::remove_all(home);
  fs::create_directories(home);
  std::ofstream(home + "/" + file) << content;
  words.push_back("--home");
  words.push_back(home);
  return run(words);
}

TEST(Settings, AreRefusedBeforeTheyAreStored) {
  for (const auto& [option, value] :
       {std::pair{"--pin", "zz"}, {"--node", "garbage"}, {"--member", "A B"}, {"--key", "none"}}) {
    const auto said = run_in_home("settings", "member = acme\n", {"settings", "--member", "other", option, value});
    EXPECT_NE(said.code, exit_done) << option;
    std::ifstream in(testing::TempDir() + "cli-home/settings");
    EXPECT_EQ(std::string((std::istreambuf_iterator<char>(in)), {}), "member = acme\n") << option;
  }
}

TEST(Settings, NameAnUnknownOneAndTheNearest) {
  const auto said = run_in_home("settings", "nood = https://127.0.0.1:1\n", {"settings"});
  EXPECT_EQ(said.code, exit_code(Code::invalid));
  EXPECT_NE(said.err.find("did you mean \"node\""), std::string::npos) << said.err;
}

TEST(Files, OfAnotherTypeAreNamedWithWhatWasExpected) {
  const auto said = run_in_home("text", "hello", {"statement", "show", testing::TempDir() + "cli-home/text"});
  EXPECT_EQ(said.code, exit_code(Code::invalid));
  EXPECT_NE(said.err.find("cli-home/text is not a signed statement"), std::string::npos) << said.err;
}

TEST(Files, AreNotWrittenIntoFoldersThatAreNotThere) {
  const std::string folder = testing::TempDir() + "cli-nowhere";
  fs::remove_all(folder);
  run_in_home("x", "", {"key", "create", "own"});
  const auto said = run({"key", "export", "own", "--out", folder + "/a/b", "--home", testing::TempDir() + "cli-home"});
  EXPECT_EQ(said.code, exit_code(Code::not_found)) << said.err;
  EXPECT_FALSE(fs::exists(folder));
  const auto inside = run({"key", "export", "own", "--out", testing::TempDir() + "cli-home/a/b", "--home",
                           testing::TempDir() + "cli-home"});
  EXPECT_EQ(inside.code, exit_done) << inside.err;
}

struct SuiteCase {
  const char* suite;
  const char* folder;
};
class Suites : public testing::TestWithParam<SuiteCase> {};
TEST_P(Suites, PassWithTheVectorsOfOthers) {
  const std::string folder = folder_of_vectors() + "/" + GetParam().folder;
  if (!fs::exists(folder)) GTEST_SKIP() << "no vectors in " << folder;
  const auto said = run({"vectors", GetParam().suite, folder});
  EXPECT_EQ(said.code, exit_done) << said.out;
  EXPECT_TRUE(said.out.ends_with(" passed, 0 failed\n"))
      << said.out.substr(said.out.size() < 200 ? 0 : said.out.size() - 200);
}
INSTANTIATE_TEST_SUITE_P(
    All, Suites,
    testing::Values(SuiteCase{"cbor-appendix-a", "cbor-appendix-a"}, SuiteCase{"cose-sign1", "cose-wg-examples"},
                    SuiteCase{"wycheproof-p256", "wycheproof"}, SuiteCase{"wycheproof-ed25519", "wycheproof"},
                    SuiteCase{"merkle-rfc6962", "merkle-rfc6962"}, SuiteCase{"cctv-ed25519", "cctv-ed25519"}));

TEST(CborVectors, FailWhenTheFileSaysSomethingElse) {
  EXPECT_EQ(score_of(score_cbor, R"([{"cbor":"GGQ=","hex":"1864","roundtrip":true,"decoded":100}])").passed, 1U);
  EXPECT_EQ(score_of(score_cbor, R"([{"hex":"1864","roundtrip":true,"decoded":101}])").failed.size(), 1U);
  EXPECT_EQ(score_of(score_cbor, R"([{"cbor":"GGU=","hex":"1864","roundtrip":true,"decoded":100}])").failed.size(), 1U);
  EXPECT_EQ(score_of(score_cbor, R"([{"hex":"18","roundtrip":true,"decoded":100}])").failed.size(), 1U);
  EXPECT_EQ(score_of(score_cbor, R"([{"hex":"00","roundtrip":false,"decoded":0}])").failed.size(), 1U);
}

TEST(CborVectors, HoldOutsideOfTheProfileToo) {
  EXPECT_EQ(
      score_of(score_cbor, R"([{"hex":"1800","roundtrip":false,"decoded":0},{"hex":"fb3ff199999999999a","decoded":1.1},
    {"hex":"a2026162016161","roundtrip":false,"diagnostic":"{2: \"b\", 1: \"a\"}"},{"hex":"c249010000000000000000","decoded":18446744073709551616}])")
          .passed,
      4U);
}

TEST(MerkleVectors, FailWhenTheVerdictIsAnother) {
  const std::string root = "\"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\"";
  const std::string common =
      R"({"leafIdx":0,"treeSize":1,"root":)" + root + R"(,"leafHash":)" + root + R"(,"proof":null,"wantErr":)";
  EXPECT_EQ(score_of(score_merkle, common + "false}").passed, 1U);
  EXPECT_EQ(score_of(score_merkle, common + "true}").failed.size(), 1U);
  EXPECT_EQ(score_of(score_merkle, R"({"other":1})").skipped.size(), 1U);
}

}  // namespace
}  // namespace mikusari::cli
