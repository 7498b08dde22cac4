// SPDX-License-Identifier: Apache-2.0
#include "node/config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "node/credential.hpp"
#include "platform/posix/file.hpp"
#include "platform/simulated/disk.hpp"

namespace mikusari::node {
namespace {

std::string error_of(std::string_view text) {
  const auto config = parse_config(text, "node.toml");
  return config ? "" : config.error().message();
}

TEST(Config, ReadsBackWhatItWrites) {
  Config config;
  config.port = 9000;
  config.address = "::1";
  config.unlock = "passphrase_file";
  config.unlock_from = "a \"quoted\" \\ path";
  config.checkpoint_keys = {"one", "two"};
  config.store = "a \"b\" \\ c\n\x01\x7f é";
  const auto read = parse_config(to_toml(config), "node.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(to_toml(*read), to_toml(config));
  EXPECT_EQ(read->unlock_from, config.unlock_from);
}

TEST(Config, TakesDefaultsForWhatIsNotSaid) {
  const auto config = parse_config("[http]\nport = 1\n", "node.toml");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->port, 1u);
  EXPECT_EQ(config->address, "127.0.0.1");
  EXPECT_TRUE(parse_config("", "node.toml").has_value());
}

TEST(Config, NamesAnUnknownKeyItsLineAndTheNearest) {
  EXPECT_EQ(error_of("[http]\naddress = \"::1\"\nprot = 1\n"),
            "node.toml, line 3: \"http.prot\"; did you mean \"http.port\"?: there is no such setting");
}

TEST(Config, FindsAKeyThatStandsInTheWrongSection) {
  EXPECT_NE(error_of("[ledger]\nport = 1\n").find("did you mean \"http.port\"?"), std::string::npos);
  EXPECT_NE(error_of("port = 1\n").find("line 1: \"port\"; did you mean \"http.port\"?"), std::string::npos);
}

TEST(Config, NamesAnUnknownSection) {
  EXPECT_NE(error_of("[legder]\nstore = \"x\"\n").find("line 1: \"legder\"; did you mean \"ledger\"?"),
            std::string::npos);
  const auto far = error_of("[completely_different]\n");
  EXPECT_EQ(far.find("did you mean"), std::string::npos);
  EXPECT_NE(far.find("there is no such setting"), std::string::npos);
}

TEST(Config, RefusesOtherTypes) {
  EXPECT_NE(
      error_of("[http]\nport = \"8440\"\n").find("node.toml, line 2: http.port wants a whole number from 0 to 65535"),
      std::string::npos);
  EXPECT_NE(error_of("[http]\naddress = 1\n").find("http.address wants an IP address in quotes"), std::string::npos);
  EXPECT_NE(error_of("[http]\nport = 1.5\n").find("http.port wants"), std::string::npos);
  EXPECT_NE(error_of("[http]\nport = true\n").find("http.port wants"), std::string::npos);
  EXPECT_NE(error_of("[keys]\ncheckpoint = \"one\"\n").find("keys.checkpoint wants a list of texts"),
            std::string::npos);
  EXPECT_NE(error_of("[keys]\ncheckpoint = [1]\n").find("keys.checkpoint wants a list of texts"), std::string::npos);
  EXPECT_NE(error_of("[keys]\ncheckpoint = false\n").find("keys.checkpoint wants a list of texts"), std::string::npos);
  EXPECT_NE(error_of("http = 3\n").find("write [http]"), std::string::npos);
}

TEST(Config, RefusesValuesOutOfBounds) {
  EXPECT_NE(error_of("[http]\nport = 65536\n").find("http.port wants"), std::string::npos);
  EXPECT_NE(error_of("[http]\nport = -1\n").find("http.port wants"), std::string::npos);
  EXPECT_NE(error_of("[ledger]\ncheckpoint_beat_s = 0\n").find("from 1 to 1800"), std::string::npos);
  EXPECT_NE(error_of("[http]\ntransport = \"quic\"\n").find("one of \"tls\", \"plain\""), std::string::npos);
}

TEST(Config, ReadsEndpoints) {
  EXPECT_EQ(parse_endpoint("127.0.0.1:8441")->port, 8441u);
  EXPECT_EQ(parse_endpoint("[::1]:0")->address, "::1");
  for (const auto* wrong : {"", "8441", "127.0.0.1", "::1:8441", "[127.0.0.1]:1", "localhost:1", "127.0.0.1:65536",
                            "127.0.0.1:", "127.0.0.1:-1"})
    EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
  EXPECT_EQ(error_of("[operations]\nlisten = \"\"\n"), "");
  EXPECT_NE(error_of("[operations]\nlisten = \"8441\"\n").find("an IP address and a port in quotes"),
            std::string::npos);
}

TEST(Config, SaysWhoMayRead) {
  const auto config = parse_config("[reading]\nthings = \"members\"\nall = \"anyone\"\n", "node.toml");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->reading_things, "members");
  EXPECT_EQ(config->reading_checkpoints, "anyone");
  EXPECT_EQ(config->reading_lists, "concerned");
  EXPECT_NE(error_of("[reading]\nlists = \"nobody\"\n").find("one of \"anyone\", \"members\", \"concerned\""),
            std::string::npos);
}

TEST(Parameters, AreReadFromAFile) {
  const auto read = parse_parameters(
      "[parameters]\nveto_ms = 172800000\nmember_day = { statements = 7, bytes = 65536, refused = 1 }\n", "p.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message();
  Parameters wanted;
  wanted.veto_ms = 2 * day_ms;
  wanted.member_day = {7, 65536, 1};
  EXPECT_EQ(*read, wanted);
  EXPECT_EQ(*parse_parameters("", "p.toml"), Parameters{});
}

TEST(Parameters, SayWhatIsWrong) {
  const auto error = [](std::string_view text) {
    const auto read = parse_parameters(text, "p.toml");
    return read ? "" : read.error().message();
  };
  EXPECT_NE(error("[parameters]\nveto_m = 1\n").find("p.toml, line 2: \"veto_m\"; did you mean \"veto_ms\"?"),
            std::string::npos);
  EXPECT_NE(error("[parameters]\nveto_ms = 1\n").find("veto_ms is less than a day"), std::string::npos);
  EXPECT_NE(error("[parameters]\nveto_ms = -1\n").find("a whole number"), std::string::npos);
  EXPECT_NE(error("[parameters]\nmember_day = 3\n").find("a table is wanted"), std::string::npos);
  EXPECT_NE(error("[parameters.member_day]\nrefuse = 1\n").find("did you mean \"refused\"?"), std::string::npos);
  EXPECT_NE(error("[http]\nport = 1\n").find("[parameters]"), std::string::npos);
  EXPECT_NE(error("parameters = 1\n").find("[parameters]"), std::string::npos);
}

TEST(Config, RefusesWhatIsNotToml) {
  EXPECT_TRUE(error_of("[http\nport = 1").starts_with("node.toml, line 1: ")) << error_of("[http\nport = 1");
  for (const auto* key : {"é = 1", "ⅰ = 1", "\xcc\x9a@", "Ж.б = 1", "\xef\xbc\x88"})
    EXPECT_TRUE(error_of(key).starts_with("node.toml, line 1: ")) << error_of(key);
  EXPECT_TRUE(error_of("[[[").starts_with("node.toml, line 1: ")) << error_of("[[[");
  EXPECT_NE(error_of("[http]\nport = 1\nport = 2\n"), "");
}

TEST(Config, DefaultsAreWithinTheirBounds) {
  Config config;
  for (const auto& setting : settings()) {
    if (const auto* number = std::get_if<std::uint64_t Config::*>(&setting.target)) {
      EXPECT_TRUE(assign(config, setting, config.*(*number)).has_value()) << setting.key;
    } else if (const auto* word = std::get_if<std::string Config::*>(&setting.target)) {
      EXPECT_TRUE(assign(config, setting, std::string(config.*(*word))).has_value()) << setting.key;
    }
  }
}

TEST(Config, TakesPathsRelativeToItsFile) {
  platform::SimulatedDisk disk;
  disk.replace("/etc/mikusari/node.toml", as_bytes("[ledger]\nstore = \"s\"\ngenesis = \"/g\"\n"));
  const auto config = read_config(disk, "/etc/mikusari/node.toml");
  ASSERT_TRUE(config.has_value()) << config.error().message();
  EXPECT_EQ(config->path(config->store), "/etc/mikusari/s");
  EXPECT_EQ(config->path(config->genesis), "/g");
  EXPECT_EQ(read_config(disk, "/nowhere.toml").error().code(), Code::not_found);
}

// The reference says of every setting its default and its form: it is the table that stands in the documentation.
TEST(Config, IsDocumented) {
  const char* source = std::getenv("MIKUSARI_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "MIKUSARI_SOURCE does not say where the tree is";
  platform::PosixFiles files;
  const auto page = platform::read_whole(files, std::string(source) + "/docs/reference/configuration.md", 1 << 20);
  ASSERT_TRUE(page.has_value()) << page.error().message();
  EXPECT_NE(as_text(*page).find(to_toml(Config{})), std::string_view::npos)
      << "docs/reference/configuration.md must hold this text:\n"
      << to_toml(Config{});
}

TEST(Nearest, FindsSlipsAndNothingElse) {
  const std::vector<std::string> words = {"http.port", "http.address", "log.level"};
  EXPECT_EQ(nearest("http.adress", words), "http.address");
  EXPECT_EQ(nearest("log.levle", words), "log.level");
  EXPECT_EQ(nearest("entirely.other", words), "");
}

TEST(Credential, ComesFromWhereTheSettingsSay) {
  platform::SimulatedDisk disk;
  disk.replace("/node/words", as_bytes("open sesame\n"));
  disk.replace("/node/empty", as_bytes("\n"));
  disk.replace("/node/short.key", as_bytes("short"));
  Config config;
  config.directory = "/node";
  EXPECT_TRUE(credential_of(disk, config).has_value());
  config.unlock = "passphrase_file";
  EXPECT_EQ(credential_of(disk, config).error().code(), Code::invalid);  // unlock_from is empty
  config.unlock_from = "words";
  EXPECT_TRUE(credential_of(disk, config).has_value());
  config.unlock_from = "empty";
  EXPECT_EQ(credential_of(disk, config).error().code(), Code::invalid);
  config.unlock_from = "absent";
  EXPECT_EQ(credential_of(disk, config).error().code(), Code::not_found);
  config.unlock = "key_file";
  config.unlock_from = "short.key";
  EXPECT_EQ(credential_of(disk, config).error().code(), Code::invalid);
  config.unlock = "passphrase_env";
  config.unlock_from = "MIKUSARI_NO_SUCH_VARIABLE";
  EXPECT_EQ(credential_of(disk, config).error().code(), Code::not_found);
}

}  // namespace
}  // namespace mikusari::node
