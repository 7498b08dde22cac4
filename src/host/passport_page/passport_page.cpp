// SPDX-License-Identifier: Apache-2.0
#include "passport_page/passport_page.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "crypto/hash.hpp"
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

}  // namespace

std::string device_link(const Id& device, const Digest& ledger) {
  return "mikusari:device/" + platform::to_hex(device) + "?ledger=" + platform::to_hex(ledger).substr(0, 16);
}

Result<std::string> html_page(ByteView bytes, ByteView policy, Language language) {
  TRY(const auto passport, cbor::decode<proof::Passport>(bytes));
  const std::string link = device_link(passport.device, passport.anchor.checkpoint.ledger);
  const bool japanese = language == Language::japanese;
  TRY(const std::string qr, qr_svg(link, japanese ? "この機器のQRコード" : "QR code of this device"));
  const std::string title =
      (japanese ? "機器履歴証明書 " : "Device passport ") + platform::to_hex(passport.device).substr(0, 12);
  const std::string passport_text = platform::to_base64(bytes), policy_text = platform::to_base64(policy);
  const std::string script_hash = hash_source(script()), style_hash = hash_source(style());
  const Value values[] = {{"language", japanese ? "ja" : "en"},
                          {"title", title},
                          {"qr", qr},
                          {"qr_text", link},
                          {"passport", passport_text},
                          {"policy", policy_text},
                          {"script", script()},
                          {"script_hash", script_hash},
                          {"style", style()},
                          {"style_hash", style_hash}};
  return filled(page_template(), values);
}

}  // namespace mikusari::passport_page
