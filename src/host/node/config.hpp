// SPDX-License-Identifier: Apache-2.0
// The node's settings (docs/reference/configuration.md): one table says name, form, bounds and meaning of each, and
// reading, checking, writing and the documentation follow from it. Values; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "platform/file.hpp"
#include "statement/ledger.hpp"

namespace mikusari::node {

// Paths are relative to the directory of the configuration file.
struct Config {
  std::string directory;  // where the file stands; no setting

  std::string genesis = "genesis.cbor";
  std::string store = "store";
  std::string signer_memory = "signer/memory";
  std::string signer_name = "node";
  std::uint64_t checkpoint_beat_s = 60;
  std::uint64_t segment_bytes = 256 * 1024 * 1024;
  std::uint64_t queue_bytes = 64 * 1024 * 1024;
  std::uint64_t queue_submissions = 100'000;
  std::uint64_t block_bytes = 8 * 1024 * 1024;

  std::string keys_directory = "keys";
  std::string unlock = "none";
  std::string unlock_from;
  std::vector<std::string> checkpoint_keys = {"checkpoint-ed25519", "checkpoint-p256"};

  std::string address = "127.0.0.1";
  std::uint64_t port = 8440;
  std::string transport = "tls";
  std::string certificate = "tls/certificate.pem";
  std::string certificate_key = "tls/key.pem";
  std::uint64_t io_threads = 1;
  std::uint64_t worker_threads = 2;
  std::uint64_t statement_threads = 2;
  std::uint64_t long_read_threads = 8;
  std::uint64_t long_read_queue = 256;
  std::uint64_t connections = 1024;
  std::uint64_t handshakes = 512;
  std::uint64_t inbound_bytes = 64 * 1024 * 1024;
  std::uint64_t outbound_bytes = 256 * 1024 * 1024;
  std::uint64_t header_timeout_ms = 10'000;
  std::uint64_t body_timeout_ms = 30'000;
  std::uint64_t idle_timeout_ms = 60'000;
  std::uint64_t write_timeout_ms = 30'000;
  std::uint64_t stop_patience_s = 10;

  std::string operations_listen = "127.0.0.1:8441";

  std::string reading_all = "as_written";
  std::string reading_checkpoints = "anyone";
  std::string reading_things = "concerned";
  std::string reading_lists = "concerned";
  std::string reading_statements = "concerned";
  std::string reading_operations = "concerned";
  std::uint64_t tokens = 65'536;

  std::string log_level = "info";
  std::string log_file;

  std::uint64_t threads = 0;

  // Files that have no setting: the ledger's newest time beside the signer's memory, the operator's word on the clock,
  // and the incarnation that an interrupted or finished recovery has left for the next start.
  std::string clock_memory_path() const { return path(signer_memory) + ".clock"; }
  std::string clock_confirmation_path() const { return path("clock.confirmed"); }
  std::string incarnation_path() const { return path("incarnation.cbor"); }
  // The path of a file that a setting names.
  std::string path(const std::string& setting) const;
};

struct Setting {
  using Target = std::variant<std::string Config::*, std::uint64_t Config::*, std::vector<std::string> Config::*>;
  std::string_view section, key;
  Target target;
  std::string_view help;
  std::uint64_t least = 0, most = 0;         // of a number
  std::vector<std::string_view> choices{};   // of a word; empty: any text
  bool (*fits)(std::string_view) = nullptr;  // of a text that is an address
  std::string_view form{};                   // of a text that `fits`, in words
};
std::span<const Setting> settings();

// `name` says in errors where the text is from. Errors: `invalid`, naming the line: TOML that is none, an unknown
// section or key (with the nearest right one), a value of another type or out of bounds.
Result<Config> parse_config(std::string_view text, const std::string& name);
// The same from a file; relative paths are taken from its directory.
Result<Config> read_config(platform::Files& files, const std::string& path);

// A file with every setting and what it means, that parse_config() reads back as the same.
std::string to_toml(const Config& config);

// `invalid`, naming the setting, when a value is out of its bounds: for a Config that was not read from a file.
Result<void> check(const Config& config);

// Checks a value against its setting and puts it into `config`. Errors: `invalid` with the form that is wanted.
Result<void> assign(Config& config, const Setting& setting, std::uint64_t value);
Result<void> assign(Config& config, const Setting& setting, std::string value);
Result<void> assign(Config& config, const Setting& setting, std::vector<std::string> value);
// An IP address and a port: "127.0.0.1:8441", "[::1]:8441". `invalid` for anything else.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};
Result<Endpoint> parse_endpoint(std::string_view text);

// A TOML file of [parameters] for a new ledger; what it leaves out is as by default. Errors as parse_config(), and
// `invalid` for what the rules do not allow.
Result<Parameters> parse_parameters(std::string_view text, const std::string& name);

// "a whole number from 1 to 64".
std::string form_of(const Setting& setting);

// Of the words, the one that is the fewest edits away, when that is few enough for a slip of the hand; else empty.
std::string nearest(std::string_view wrong, std::span<const std::string> words);

}  // namespace mikusari::node
