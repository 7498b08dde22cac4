// SPDX-License-Identifier: Apache-2.0
// Family `document`: digests of evidence that is kept elsewhere.
#include "statement/document.hpp"

#include "cli/saying.hpp"

namespace mikusari::cli {
namespace {

Result<void> record(Session& session) {
  const std::string content_type = session.arguments().text("--content-type");
  const auto otherwise = session.arguments().has("--part") ? What::part : What::device;
  document::Evidence body;
  TRY(body.type, word_or(session, "--type", document::Type::other));
  TRY(body.digest, digest_of(session, session.arguments().text("FILE")));
  if (!content_type.empty()) body.content_type = content_type;
  if (session.arguments().has("--about")) {
    TRY(const auto about, thing_of_any(session, otherwise, session.arguments().text("--about")));
    body.about_type = type_of(about.what);
    body.about = about.id;
  }
  session.text_member("digest", platform::to_hex(body.digest));
  session.line("SHA-256 " + platform::to_hex(body.digest));
  TRY(auto voice, Voice::open(session));
  return voice.say(body);
}

}  // namespace

void add_document_commands(Commands& to) {
  std::vector<std::string> types;
  for (const auto& entry : names_of(document::Type{})) types.emplace_back(entry.name);
  to.push_back(
      {"document record", "Record the digest of evidence that is kept elsewhere", "証拠文書のハッシュを記録する",
       saying({{"FILE", Form::text, Need::required, "the document, or its SHA-256", "文書またはハッシュ"},
               {"--type", Form::text, Need::optional, "what it is, else other", "種類", types},
               {"--content-type", Form::text, Need::optional, "its media type", "メディアタイプ"},
               {"--about", Form::text, Need::optional, "a thing that one owns, or is", "対象の機器・部品"},
               {"--part", Form::flag, Need::optional, "the id is of a part, not of a device", "機器でなく部品"}}),
       record});
}

}  // namespace mikusari::cli
