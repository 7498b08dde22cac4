// SPDX-License-Identifier: Apache-2.0
#include "cli/vectors.hpp"

#include "json/parse.hpp"

namespace mikusari::cli {
namespace {

struct Suite {
  std::string_view name;
  void (*score)(const json::Value&, const std::string&, Score&);
};
constexpr Suite suites[] = {{"cbor-appendix-a", score_cbor},  {"cose-sign1", score_cose},
                            {"wycheproof-p256", score_p256},  {"wycheproof-ed25519", score_ed25519},
                            {"merkle-rfc6962", score_merkle}, {"cctv-ed25519", score_cctv}};

constexpr json::Limits generous{512 * 1024 * 1024, 64, 64 * 1024 * 1024};
constexpr int folders_deep_max = 16;

Result<void> find_files(platform::Files& files, const std::string& path, const std::string& id, int depth,
                        std::vector<std::pair<std::string, std::string>>& into) {
  TRY(const auto entry, files.entry(path));
  if (entry == platform::Entry::absent)
    return std::unexpected(Error(Code::not_found, "there is no such file or folder").with_context(path));
  if (entry == platform::Entry::file) {
    into.emplace_back(path, id.empty() ? path : id);
    return {};
  }
  if (depth > folders_deep_max)
    return std::unexpected(Error(Code::exhausted, "folders are too deep").with_context(path));
  TRY(const auto names, files.list(path));
  for (const auto& name : names) {
    TRY(find_files(files, platform::join(path, name), id.empty() ? name : id + "/" + name, depth + 1, into));
  }
  return {};
}

void score_file(Session& session, const Suite& suite, const std::string& path, const std::string& id, Score& score) {
  if (!path.ends_with(".json")) return score.skip(id, "not a .json file");
  const auto bytes = read_file(session, path);
  if (!bytes) return score.skip(id, bytes.error().message());
  const auto file = json::parse(with_plain_numbers(as_text(*bytes)), generous);
  if (!file) return score.skip(id, file.error().message());
  suite.score(*file, id, score);
}

std::string list_json(const std::vector<std::string>& texts) {
  json::Writer out;
  out.begin_array();
  for (const auto& each : texts) out.text(each);
  return out.end_array().finish();
}

Result<void> run(Session& session) {
  const std::string name = session.arguments().text("SUITE");
  std::string known;
  for (const auto& suite : suites) {
    known += (known.empty() ? "" : ", ") + std::string(suite.name);
    if (suite.name != name) continue;
    std::vector<std::pair<std::string, std::string>> files;
    TRY(find_files(session.files(), session.arguments().text("FOLDER"), "", 0, files));
    Score score;
    for (const auto& [path, id] : files) score_file(session, suite, path, id, score);
    for (const auto& each : score.skipped) session.line("skipped " + each);
    for (const auto& each : score.failed) session.line("failed " + each);
    session.line(std::to_string(score.passed) + " passed, " + std::to_string(score.failed.size()) + " failed");
    session.number_member("passed", score.passed);
    session.member("failed", list_json(score.failed));
    session.member("skipped", list_json(score.skipped));
    if (!score.failed.empty()) return fail(Code::conflict, "not every case has the expected verdict");
    if (score.passed == 0) return fail(Code::not_found, "no case of this suite in the folder");
    return {};
  }
  return std::unexpected(Error(Code::invalid, "there is no such suite").with_context(name + " (" + known + ")"));
}

bool of_number(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

}  // namespace

std::string with_plain_numbers(std::string_view json) {
  constexpr std::size_t plain_max = 18;
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    if (json[i] == '"') {
      std::size_t end = i + 1;
      while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, json.size());
      out += json.substr(i, end - i);
      i = end;
    } else if ((json[i] >= '0' && json[i] <= '9') || json[i] == '-') {
      std::size_t end = i;
      while (end < json.size() && of_number(json[end])) ++end;
      const auto token = json.substr(i, end - i);
      const bool plain = token.size() <= plain_max && token.find_first_of(".eE") == token.npos;
      out += plain ? std::string(token) : "\"" + std::string(token) + "\"";
      i = end;
    } else {
      out += json[i++];
    }
  }
  return out;
}

std::string text_in(const json::Value& object, std::string_view name) {
  const auto* found = object.find(name);
  if (found == nullptr) return {};
  return std::string(found->text().value_or(""));
}

Result<platform::Buffer> hex_in(const json::Value& object, std::string_view name) {
  const auto* found = object.find(name);
  if (found == nullptr) return fail(Code::invalid, "a member is missing");
  TRY(const auto text, found->text());
  return platform::from_hex(text);
}

void add_vector_commands(Commands& to) {
  to.push_back(
      {"vectors",
       "Judge a folder of test vectors by others",
       "他者の試験データで判定する",
       {{"SUITE", Form::text, Need::required,
         "cbor-appendix-a, cose-sign1, wycheproof-p256, wycheproof-ed25519, merkle-rfc6962 or cctv-ed25519", "種類"},
        {"FOLDER", Form::text, Need::required, "folder, or one file", "フォルダ"}},
       run});
}

}  // namespace mikusari::cli
