// SPDX-License-Identifier: Apache-2.0
#include "node/config.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <limits>

#include "encoding/text.hpp"

namespace mikusari::node {
namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  return out;
}

Result<void> wrong(const Setting& setting) {
  return std::unexpected(
      Error(Code::invalid, "wrong value")
          .with_context(std::string(setting.section) + "." + std::string(setting.key) + " wants " + form_of(setting)));
}

// IPv6 addresses may have a zone, "fe80::1%eth0".
bool is_ip_address(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));
  in6_addr parsed;
  return inet_pton(AF_INET, address.c_str(), &parsed) == 1 || inet_pton(AF_INET6, address.c_str(), &parsed) == 1;
}

bool is_endpoint_or_none(std::string_view text) { return text.empty() || parse_endpoint(text).has_value(); }

// Levenshtein's distance.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string quoted(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string value_text(const Config& config, const Setting& setting) {
  if (const auto* number = std::get_if<std::uint64_t Config::*>(&setting.target))
    return std::to_string(config.*(*number));
  if (const auto* word = std::get_if<std::string Config::*>(&setting.target)) return quoted(config.*(*word));
  std::string out = "[";
  for (const auto& word : config.*std::get<std::vector<std::string> Config::*>(setting.target)) {
    out += (out.size() > 1 ? ", " : "") + quoted(word);
  }
  return out + "]";
}

}  // namespace

std::span<const Setting> settings() {
  // `concerned`: owner, custodian, maker and so on of what is asked for; `members`: every member's keys.
  static const std::vector<std::string_view> readers = {"anyone", "members", "concerned"};
  using C = Config;
  static const std::vector<Setting> table = {
      {"ledger", "genesis", &C::genesis, "file of the genesis, which is the ledger's identity"},
      {"ledger", "store", &C::store, "directory of the chain file, the one durable truth, and what is rebuilt from it"},
      {"ledger", "signer_memory", &C::signer_memory,
       "file that remembers what was signed last; outside of the store and of every backup"},
      {"ledger", "signer_name", &C::signer_name, "this node's name among the genesis' checkpoint signers"},
      {"ledger", "checkpoint_beat_s", &C::checkpoint_beat_s, "seconds between checkpoints when nothing happens", 1,
       1'800},
      {"ledger", "segment_bytes", &C::segment_bytes, "size at which a file of the chain is closed and the next begun",
       mib, 64 * gib},
      {"ledger", "queue_bytes", &C::queue_bytes, "bytes of submissions taken and not yet published; over it is 429",
       mib, 16 * gib},
      {"ledger", "queue_submissions", &C::queue_submissions, "the same in number", 1, 10'000'000},
      {"ledger", "block_bytes", &C::block_bytes, "bytes of submissions in one block, at most", mib, 16 * mib},
      {"keys", "directory", &C::keys_directory, "key store with the checkpoint keys"},
      {"keys",
       "unlock",
       &C::unlock,
       "what opens the key store; none: only the permissions of its files protect it",
       0,
       0,
       {"none", "passphrase_file", "passphrase_env", "key_file"}},
      {"keys", "unlock_from", &C::unlock_from, "path of that file, or name of that environment variable"},
      {"keys", "checkpoint", &C::checkpoint_keys, "names of the checkpoint keys, one an algorithm"},
      {"http", "address", &C::address, "IP address to listen on", 0, 0, {}, &is_ip_address, "an IP address in quotes"},
      {"http", "port", &C::port, "TCP port; 0: the kernel chooses one", 0, 65'535},
      {"http", "transport", &C::transport, "plain only behind something that speaks TLS", 0, 0, {"tls", "plain"}},
      {"http", "certificate", &C::certificate, "PEM, leaf first"},
      {"http", "key", &C::certificate_key, "PEM (PKCS#8) of the certificate's key"},
      {"http", "io_threads", &C::io_threads, "threads that read and write sockets", 1, 64},
      {"http", "worker_threads", &C::worker_threads, "threads that answer what is neither of the two below", 1, 256},
      {"http", "statement_threads", &C::statement_threads,
       "threads that take statements: signatures are verified there", 1, 256},
      {"http", "long_read_threads", &C::long_read_threads,
       "threads that wait for passports and lists: one passport is made at a time, for all who ask for it", 1, 256},
      {"http", "long_read_queue", &C::long_read_queue, "questions for passports and lists that wait; over it is 429", 1,
       65'536},
      {"http", "connections", &C::connections,
       "connections open at a time; when all are, the address that has most of them loses one", 1, 1'000'000},
      {"http", "handshakes", &C::handshakes, "TLS handshakes under way at a time, shared out likewise", 1, 1'000'000},
      {"http", "inbound_bytes", &C::inbound_bytes,
       "memory for requests that have not wholly arrived, shared out likewise; over it is 429", 16 * mib, 16 * gib},
      {"http", "outbound_bytes", &C::outbound_bytes,
       "memory for answers that clients have not taken, shared out likewise; over it is 503", 16 * mib, 64 * gib},
      {"http", "header_timeout_ms", &C::header_timeout_ms, "for the TLS handshake and a request's header", 100,
       600'000},
      {"http", "body_timeout_ms", &C::body_timeout_ms, "for a request's body", 100, 600'000},
      {"http", "idle_timeout_ms", &C::idle_timeout_ms, "between requests of a connection", 100, 3'600'000},
      {"http", "write_timeout_ms", &C::write_timeout_ms, "without the peer taking a byte of an answer", 100, 600'000},
      {"http", "stop_patience_s", &C::stop_patience_s, "how long running requests may finish when the node stops", 0,
       600},
      {"operations",
       "listen",
       &C::operations_listen,
       "address and port for metrics and health, plain HTTP and without reading rights; empty: none",
       0,
       0,
       {},
       &is_endpoint_or_none,
       "an IP address and a port in quotes, \"127.0.0.1:8441\""},
      {"reading",
       "all",
       &C::reading_all,
       "anyone: everybody reads everything, whatever stands below; for demonstrations",
       0,
       0,
       {"as_written", "anyone"}},
      {"reading", "checkpoints", &C::reading_checkpoints, "who reads checkpoints, consistency, tiles and policies", 0,
       0, readers},
      {"reading", "things", &C::reading_things, "who reads things, parties, keys and passports", 0, 0, readers},
      {"reading", "lists", &C::reading_lists, "who reads lists, used counters and quotas", 0, 0, readers},
      {"reading", "statements", &C::reading_statements, "who reads statements, fates and receipts", 0, 0, readers},
      {"reading", "operations", &C::reading_operations, "who reads metrics on the node's main port", 0, 0, readers},
      {"reading", "tokens", &C::tokens, "tokens for reading that are good at a time", 1, 10'000'000},
      {"log", "level", &C::log_level, "least level that is written", 0, 0, {"debug", "info", "warning", "error"}},
      {"log", "file", &C::log_file, "JSON lines are appended to it; empty: standard error"},
      {"machine", "threads", &C::threads, "threads for hashing and the state tree; 0: one a processor", 0, 256},
  };
  return table;
}

std::string form_of(const Setting& setting) {
  if (std::holds_alternative<std::uint64_t Config::*>(setting.target)) {
    return "a whole number from " + std::to_string(setting.least) + " to " + std::to_string(setting.most);
  }
  if (std::holds_alternative<std::vector<std::string> Config::*>(setting.target))
    return "a list of texts, [\"a\", \"b\"]";
  if (setting.fits != nullptr) return std::string(setting.form);
  return setting.choices.empty() ? std::string("a text in quotes") : "one of " + joined(setting.choices);
}

Result<void> assign(Config& config, const Setting& setting, std::uint64_t value) {
  const auto* target = std::get_if<std::uint64_t Config::*>(&setting.target);
  if (target == nullptr || value < setting.least || value > setting.most) return wrong(setting);
  config.*(*target) = value;
  return {};
}

Result<void> assign(Config& config, const Setting& setting, std::string value) {
  const auto* target = std::get_if<std::string Config::*>(&setting.target);
  if (target == nullptr) return wrong(setting);
  if (!setting.choices.empty() && std::ranges::find(setting.choices, value) == setting.choices.end())
    return wrong(setting);
  if (setting.fits != nullptr && !setting.fits(value)) return wrong(setting);
  config.*(*target) = std::move(value);
  return {};
}

Result<void> assign(Config& config, const Setting& setting, std::vector<std::string> value) {
  const auto* target = std::get_if<std::vector<std::string> Config::*>(&setting.target);
  if (target == nullptr) return wrong(setting);
  config.*(*target) = std::move(value);
  return {};
}

Result<void> check(const Config& config) {
  Config checked;
  for (const auto& setting : settings()) {
    TRY(std::visit([&](auto target) { return assign(checked, setting, config.*target); }, setting.target));
  }
  return {};
}

std::string nearest(std::string_view wrong_word, std::span<const std::string> words) {
  std::string best;
  std::size_t fewest = std::max<std::size_t>(2, wrong_word.size() / 3) + 1;
  for (const auto& word : words) {
    const std::size_t count = edits(wrong_word, word);
    if (count >= fewest) continue;
    fewest = count;
    best = word;
  }
  return best;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return fail(Code::invalid, "an address and a port are wanted, \"127.0.0.1:8441\"");
  std::string_view address = text.substr(0, colon);
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (bracketed != (address.find(':') != std::string_view::npos) || !is_ip_address(address))
    return fail(Code::invalid, "this is not an IP address");
  const auto port = text::from_decimal(text.substr(colon + 1));
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return fail(Code::invalid, "this is not a port");
  return Endpoint{std::string(address), static_cast<std::uint16_t>(*port)};
}

std::string Config::path(const std::string& setting) const {
  return setting.starts_with('/') ? setting : platform::join(directory, setting);
}

std::string to_toml(const Config& config) {
  std::string out = "# Settings of this node. An unknown key is an error. Paths are relative to this file.\n";
  std::string_view section;
  for (const auto& setting : settings()) {
    if (setting.section != section) out += "\n[" + std::string(setting.section) + "]\n";
    section = setting.section;
    out += "# " + std::string(setting.help) + " (" + form_of(setting) + ")\n";
    out += std::string(setting.key) + " = " + value_text(config, setting) + "\n";
  }
  return out;
}

Result<Config> read_config(platform::Files& files, const std::string& path) {
  TRY(const auto bytes, platform::read_whole(files, path, mib));
  TRY(Config out, parse_config(as_text(bytes), path));
  out.directory = platform::parent(path);
  return out;
}

}  // namespace mikusari::node
