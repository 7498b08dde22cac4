// SPDX-License-Identifier: Apache-2.0
// One run of one command: its arguments, the machine, the home folder, and what it reports. One thread.
//
// The home holds `settings` (node, pin, key, member), `policy.cbor`, `genesis.cbor`, `state` (what was seen last of the
// ledger), `keys/` (the key store), `book/` (contacts, own things, openings: book.hpp), `counters/` (the last n of each
// key), `outbox/` (statements in batches).
#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "json/view.hpp"
#include "keys/file/file_key_store.hpp"
#include "platform/posix/clock.hpp"
#include "platform/posix/file.hpp"
#include "platform/posix/random.hpp"

namespace mikusari::cli {

struct Machine {
  platform::PosixFiles files;
  platform::PosixClock clock;
  platform::PosixRandom random;
};

// The text without what would command a terminal.
std::string printable(std::string_view text);

// Speaks Japanese when that language is asked for, or none is and the environment is Japanese.
bool wants_japanese(std::string_view language, const std::map<std::string, std::string>& environment);

class Session {
 public:
  Session(Arguments arguments, std::map<std::string, std::string> environment, std::ostream& out, std::ostream& err)
      : arguments_(std::move(arguments)), environment_(std::move(environment)), out_(out), err_(err) {}

  const Arguments& arguments() const { return arguments_; }
  Machine& machine() { return machine_; }
  platform::Files& files() { return machine_.files; }
  bool japanese() const;
  bool json() const { return arguments_.has("--json"); }
  std::string_view in(std::string_view english, std::string_view japanese_text) const {
    return japanese() ? japanese_text : english;
  }

  // Folder and files of the home. The folder is made when it is written to.
  std::string home() const;
  std::string home_file(const std::string& name) const { return platform::join(home(), name); }
  // An option, or else what the settings hold; empty when neither does.
  Result<std::string> setting(const std::string& name);
  Result<void> store_setting(const std::string& name, const std::string& value);

  // `invalid`, saying which, when the option was not given.
  Result<std::string> required(const std::string& name) const;
  // 64 hexadecimal digits.
  Result<Digest> digest(const std::string& name) const;

  // What the command found: a line for people, a member for programs. Values of members are JSON.
  void line(std::string text);
  void member(const std::string& name, std::string json_value);
  void text_member(const std::string& name, std::string_view value);
  void number_member(const std::string& name, std::uint64_t value);
  // A declared record: "name: value" lines and one member.
  void record(const std::string& name, const std::string& json_object);
  // For long work, on standard error; nothing with --quiet or --json.
  void progress(std::string_view what, std::uint64_t done, std::uint64_t all);
  void finish(const std::string& command);
  void finish(const std::string& command, const Error& error);
  // What the ledger said when it refused, for programs; empty: nothing.
  void set_refusal(std::string name) { refusal_ = std::move(name); }
  const std::string& refusal() const { return refusal_; }

  // What 64 hexadecimal digits are called here: lines say the name beside them.
  void call(const Bytes<32>& id, std::string name) { called_.try_emplace(platform::to_hex(id), std::move(name)); }
  // The text with "cameras (3fa9...)" in the place of digits that have a name.
  std::string with_names(std::string_view text) const;
  std::string with_names(const Bytes<32>& id) const { return with_names(platform::to_hex(id)); }

  // The key stores that were opened, by their folders: deriving a key from a passphrase takes its time once.
  using Store = std::shared_ptr<keys::file::FileKeyStore>;
  std::map<std::string, Store>& stores() { return stores_; }

  std::ostream& out() { return out_; }
  std::ostream& err() { return err_; }

 private:
  Result<void> load_settings();

  Arguments arguments_;
  std::map<std::string, std::string> environment_;
  std::ostream& out_;
  std::ostream& err_;
  Machine machine_;
  std::optional<std::map<std::string, std::string>> settings_;
  std::vector<std::string> lines_;
  std::vector<std::pair<std::string, std::string>> members_;
  std::string refusal_;
  std::map<std::string, std::string> called_;
  std::map<std::string, Store> stores_;
  std::int64_t progress_ms_ = 0;
};

// What the settings file may hold.
const std::vector<std::string>& setting_names();

// Files in and out, with the path in errors. Folders are made in the home alone: `not_found` elsewhere.
Result<platform::Buffer> read_file(Session& session, const std::string& path);
Result<void> write_file(Session& session, const std::string& path, ByteView bytes);
std::string json_text(std::string_view text);

}  // namespace mikusari::cli
