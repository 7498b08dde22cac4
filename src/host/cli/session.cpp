// SPDX-License-Identifier: Apache-2.0
#include "cli/session.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "cli/parser.hpp"
#include "encoding/utf8.hpp"
#include "json/parse.hpp"

namespace mikusari::cli {
namespace {

constexpr std::size_t file_bytes_max = 512 * 1024 * 1024;
constexpr std::int64_t progress_every_ms = 1000;
constexpr std::string_view update_en = "made by a newer program: update this one";
constexpr std::string_view update_ja = "新しいプログラムが作成しました。このプログラムを更新してください";

std::string shown(const Session& session, const json::Value& value) {
  if (const auto text = value.text()) return session.with_names(*text);
  if (const auto* array = value.array()) {
    std::string out;
    for (const auto& each : *array) out += (out.empty() ? "" : ", ") + shown(session, each);
    return out.empty() ? "-" : out;
  }
  if (const auto* object = value.object()) {
    std::string out;
    for (const auto& [name, each] : *object) out += (out.empty() ? "" : " ") + name + "=" + shown(session, each);
    return out;
  }
  return json::to_json(value);
}

// Whether a path is the folder or lies below it, as the words stand.
bool is_within(const std::string& folder, const std::string& path) {
  std::error_code failed;
  const auto above = std::filesystem::absolute(folder, failed).lexically_normal() / "";
  const auto below = std::filesystem::absolute(path, failed).lexically_normal() / "";
  return !failed && below.string().starts_with(above.string());
}

// One row of the settings.
struct Setting {
  std::string name, value;
};
Result<Setting> setting_of(std::string_view row) {
  const auto mark = row.find(" = ");
  if (mark == row.npos) return std::unexpected(Error(Code::invalid, "is not `name = value`").with_context(row));
  Setting out{std::string(row.substr(0, mark)), std::string(row.substr(mark + 3))};
  const auto& known = setting_names();
  if (std::find(known.begin(), known.end(), out.name) != known.end()) return out;
  const std::string near = nearest_word(out.name, known);
  return std::unexpected(
      Error(Code::invalid, "there is no such setting")
          .with_context("\"" + out.name + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?")));
}

}  // namespace

const std::vector<std::string>& setting_names() {
  static const std::vector<std::string> names = {"node", "pin", "key", "member"};
  return names;
}

std::string json_text(std::string_view text) {
  json::Writer out;
  out.text(text);
  return out.finish();
}

bool wants_japanese(std::string_view language, const std::map<std::string, std::string>& environment) {
  for (const char* name : {"LC_ALL", "LANG"}) {
    if (const auto found = environment.find(name); language.empty() && found != environment.end())
      language = found->second;
  }
  return language.starts_with("ja");
}

bool Session::japanese() const { return wants_japanese(arguments_.text("--lang"), environment_); }

std::string Session::home() const {
  if (arguments_.has("--home")) return arguments_.text("--home");
  const auto own = environment_.find("MIKUSARI_HOME");
  if (own != environment_.end() && !own->second.empty()) return own->second;
  return platform::join(environment_.at("HOME"), ".mikusari");
}

Result<void> Session::load_settings() {
  if (settings_) return {};
  std::map<std::string, std::string> read;
  const std::string path = home_file("settings");
  if (files().exists(path)) {
    TRY(const auto bytes, read_file(*this, path));
    std::string_view rest = as_text(bytes);
    while (!rest.empty()) {
      const std::string_view row = rest.substr(0, rest.find('\n'));
      rest = row.size() == rest.size() ? std::string_view() : rest.substr(row.size() + 1);
      if (row.empty()) continue;
      auto one = setting_of(row);
      if (!one) return std::unexpected(std::move(one).error().with_context(path));
      read[one->name] = one->value;
    }
  }
  settings_ = std::move(read);
  return {};
}

Result<std::string> Session::setting(const std::string& name) {
  if (arguments_.has("--" + name)) return arguments_.text("--" + name);
  TRY(load_settings());
  const auto found = settings_->find(name);
  return found == settings_->end() ? std::string() : found->second;
}

Result<void> Session::store_setting(const std::string& name, const std::string& value) {
  TRY(load_settings());
  (*settings_)[name] = value;
  std::string text;
  for (const auto& [each, of] : *settings_) text += each + " = " + of + "\n";
  return write_file(*this, home_file("settings"), as_bytes(text));
}

Result<std::string> Session::required(const std::string& name) const {
  if (!arguments_.has(name)) return std::unexpected(Error(Code::invalid, "is needed here").with_context(name));
  return arguments_.text(name);
}

Result<Digest> Session::digest(const std::string& name) const {
  TRY(const std::string text, required(name));
  const auto digest = platform::bytes_from_hex<32>(text);
  if (!digest)
    return std::unexpected(Error(Code::invalid, "64 hexadecimal digits are wanted").with_context(name + " " + text));
  return *digest;
}

std::string Session::with_names(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(" :,\"[]{}"));
    const auto found = called_.find(std::string(word));
    out += found == called_.end() ? std::string(word) : found->second + " (" + std::string(word) + ")";
    text = text.substr(word.size());
    if (text.empty()) break;
    out += text.front();
    text = text.substr(1);
  }
  return out;
}

void Session::line(std::string text) { lines_.push_back(std::move(text)); }
void Session::member(const std::string& name, std::string json_value) {
  members_.emplace_back(name, std::move(json_value));
}
void Session::text_member(const std::string& name, std::string_view value) { member(name, json_text(value)); }
void Session::number_member(const std::string& name, std::uint64_t value) {
  json::Writer out;
  out.number(value);
  member(name, out.finish());
}

void Session::record(const std::string& name, const std::string& json_object) {
  member(name, json_object);
  const auto parsed = json::parse(json_object);
  if (!parsed || parsed->object() == nullptr) return;
  for (const auto& [each, value] : *parsed->object()) line("  " + each + ": " + shown(*this, value));
}

void Session::progress(std::string_view what, std::uint64_t done, std::uint64_t all) {
  if (json() || arguments_.has("--quiet") || all == 0) return;
  const std::int64_t now = machine_.clock.steady_ms();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (done < all && now - progress_ms_ < (terminal ? progress_every_ms / 10 : progress_every_ms)) return;
  progress_ms_ = now;
  const std::string count = std::to_string(done) + "/" + std::to_string(all);
  if (!terminal) {
    err_ << what << " " << count << std::endl;
    return;
  }
  constexpr std::uint64_t width = 30;
  const std::uint64_t filled = width * done / all;
  err_ << "\r" << what << " [" << std::string(filled, '#') << std::string(width - filled, ' ') << "] " << count
       << (done == all ? "\n" : "") << std::flush;
}

namespace {

// Whether it commands a terminal (C0, DEL, C1), or hides or reorders what stands around it.
bool is_commanding(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  switch (character.size()) {
    case 1: return byte(0) == 0x7f || (byte(0) < 0x20 && byte(0) != '\n' && byte(0) != '\t');
    case 2: return (byte(0) == 0xc2 && byte(1) < 0xa0) || character == "\u061c";
    case 3:
      return (character >= "\u200b" && character <= "\u200f") || (character >= "\u2028" && character <= "\u202e") ||
             (character >= "\u2060" && character <= "\u206f") || character == "\ufeff";
    default: return false;
  }
}

// Length of the character at the front of `text`, 0 when the bytes are none.
std::size_t character_at_front(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_utf8(as_bytes(text.substr(0, length)))) return length;
  }
  return 0;
}

}  // namespace

// Words of others go to a terminal without what commands it, and without bytes that are no characters.
std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_at_front(text);
    const auto character = text.substr(0, length);
    if (length == 0 || is_commanding(character)) {
      out += ' ';
    } else {
      out += character;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

void Session::finish(const std::string& command) {
  if (json()) {
    out_ << "{\"command\":" << json_text(command);
    for (const auto& [name, value] : members_) out_ << "," << json_text(name) << ":" << value;
    out_ << "}\n";
  } else {
    for (const auto& each : lines_) out_ << printable(each) << "\n";
  }
  out_.flush();
}

void Session::finish(const std::string& command, const Error& error) {
  std::string message = error.message();
  // A refusal is a whole sentence already; its name stands apart.
  if (const std::string tail = ": " + refusal_; !refusal_.empty() && message.ends_with(tail))
    message.resize(message.size() - tail.size());
  if (error.code() == Code::newer) message += ": " + std::string(in(update_en, update_ja));
  if (json()) {
    std::string text = "{\"code\":" + json_text(name(error.code())) + ",\"message\":" + json_text(message);
    if (!refusal_.empty()) text += ",\"refusal\":" + json_text(refusal_);
    member("error", text + "}");
    return finish(command);
  }
  finish(command);
  err_ << "mikusari: " << printable(message) << std::endl;
}

Result<platform::Buffer> read_file(Session& session, const std::string& path) {
  return platform::read_whole(session.files(), path, file_bytes_max);
}

Result<void> write_file(Session& session, const std::string& path, ByteView bytes) {
  const std::string folder = platform::parent(path);
  TRY(const auto entry, session.files().entry(folder));
  if (entry == platform::Entry::absent) {
    if (!is_within(session.home(), folder))
      return std::unexpected(Error(Code::not_found, "there is no such folder: make it first").with_context(folder));
    TRY(session.files().make_directory(folder));
  }
  return platform::write_atomically(session.files(), path, bytes);
}

}  // namespace mikusari::cli
