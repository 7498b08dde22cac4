// SPDX-License-Identifier: Apache-2.0
// A device passport as one HTML page for people, which verifies itself in the browser, offline
// (docs/formats/passport-page.md).
//
// The page holds the passport and a trust policy as they are, with the verifier of web/passport. It loads nothing: its
// content security policy names the hashes of its one script and one style and allows no connection. Nothing that the
// passport says is put into its markup here; the script puts it in as text.
#pragma once

#include "platform/bytes.hpp"

namespace mikusari::passport_page {

// The language that the page opens in; it holds both.
enum class Language : std::uint8_t { english, japanese };

// The whole page in UTF-8. The passport is not verified: that is for the page. Errors: `invalid` when the bytes are no
// passport, since the QR code names its device and ledger. Any thread.
Result<std::string> html_page(ByteView passport, ByteView policy, Language language);

// What the page's QR code holds: "mikusari:device/<id>?ledger=<first 16 digits of the ledger id>", in hexadecimal.
std::string device_link(const Id& device, const Digest& ledger);

}  // namespace mikusari::passport_page
