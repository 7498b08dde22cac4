// SPDX-License-Identifier: Apache-2.0
#include "passport_page/passport_page.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/hash.hpp"
#include "encoding/utf8.hpp"
#include "passport_page/assets.hpp"
#include "passport_page/qr_code.hpp"
#include "proof/passport.hpp"

namespace mikusari::passport_page {
namespace {

using Value = std::pair<std::string_view, std::string_view>;

// The template with each {{name}} replaced by its value. Values are not looked at again.
std::string filled(std::string_view page, std::span<const Value> values) {
  std::string out;
  for (;;) {
    const std::size_t open = page.find("{{");
    out += page.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = page.find("}}", open);
    ASSERT(close != std::string_view::npos);
    const std::string_view name = page.substr(open + 2, close - open - 2);
    const auto value =
        std::find_if(values.begin(), values.end(), [&](const Value& each) { return each.first == name; });
    ASSERT(value != values.end());
    out += value->second;
    page.remove_prefix(close + 2);
  }
}

std::string hash_source(std::string_view content) { return platform::to_base64(crypto::sha256(as_bytes(content))); }

// Whose passport it is.
struct Whose {
  Id device;
  Digest ledger;
  friend bool operator==(const Whose&, const Whose&) = default;
};

Result<Whose> whose(std::span<const ByteView> pages) {
  std::optional<Whose> out;
  for (const ByteView bytes : pages) {
    TRY(const auto page, cbor::decode<proof::PassportPage>(bytes));
    const Whose its{page.device, page.anchor.checkpoint.ledger};
    if (out && *out != its) return fail(Code::invalid, "the pages are of different devices or ledgers");
    out = its;
  }
  if (!out) return fail(Code::invalid, "there is no page of a passport");
  return *out;
}

// One line of base64 a page.
std::string passport_text(std::span<const ByteView> pages) {
  std::string out;
  for (const ByteView bytes : pages) out += (out.empty() ? "" : "\n") + platform::to_base64(bytes);
  return out;
}

bool is_line(std::string_view name) {
  if (name.empty() || !is_utf8(as_bytes(name))) return false;
  return std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Lines of a handle in hexadecimal, a space and a name, in base64 as a whole.
Result<std::string> contacts_text(std::span<const Contact> contacts) {
  std::string lines;
  for (const auto& contact : contacts) {
    if (!is_line(contact.name)) return fail(Code::invalid, "the name of a contact is no line of text");
    lines += platform::to_hex(contact.party) + " " + contact.name + "\n";
  }
  return platform::to_base64(as_bytes(std::string_view(lines)));
}

}  // namespace

std::string device_link(const Id& device, const Digest& ledger) {
  return "mikusari:device/" + platform::to_hex(device) + "?ledger=" + platform::to_hex(ledger).substr(0, 16);
}

Result<std::string> html_page(std::span<const ByteView> pages, ByteView policy, Language language,
                              std::span<const Contact> contacts) {
  TRY(const Whose its, whose(pages));
  const std::string link = device_link(its.device, its.ledger);
  const bool japanese = language == Language::japanese;
  TRY(const std::string qr, qr_svg(link, japanese ? "この機器のQRコード" : "QR code of this device"));
  TRY(const std::string names, contacts_text(contacts));
  const std::string title =
      (japanese ? "機器履歴証明書 " : "Device passport ") + platform::to_hex(its.device).substr(0, 12);
  const std::string passports = passport_text(pages), policy_text = platform::to_base64(policy);
  const std::string script_hash = hash_source(script()), style_hash = hash_source(style());
  const Value values[] = {{"language", japanese ? "ja" : "en"},
                          {"title", title},
                          {"qr", qr},
                          {"qr_text", link},
                          {"passports", passports},
                          {"policy", policy_text},
                          {"contacts", names},
                          {"script", script()},
                          {"script_hash", script_hash},
                          {"style", style()},
                          {"style_hash", style_hash}};
  return filled(page_template(), values);
}

}  // namespace mikusari::passport_page
