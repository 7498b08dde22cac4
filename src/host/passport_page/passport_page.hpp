// SPDX-License-Identifier: Apache-2.0
// A device passport as one HTML page for people, which verifies itself in the browser, offline
// (docs/formats/passport-page.md).
//
// The page holds the pages of the passport and a trust policy as they are, with the verifier of web/passport. It loads
// nothing: its content security policy names the hashes of its one script and one style and allows no connection.
// Nothing that the passport says is put into its markup here; the script puts it in as text.
#pragma once

#include <span>
#include <string>

#include "platform/bytes.hpp"
#include "statement/subject.hpp"

namespace mikusari::passport_page {

// The language that the page opens in; it holds both.
enum class Language : std::uint8_t { english, japanese };

// What whoever makes the page calls a party. Nothing proves it, and the page says so.
struct Contact {
  Handle party;
  std::string name;
};

// The whole page in UTF-8, of one or several pages (proof::PassportPage) of one device's passport, in any order. They
// are not verified: that is for the page, which also says whether they are complete. Errors: `invalid` when there is
// none, when one is no page of a passport, when they are of different devices or ledgers, or when a contact's name is
// no line of text; `newer` when a newer program made them. Any thread.
Result<std::string> html_page(std::span<const ByteView> pages, ByteView policy, Language language,
                              std::span<const Contact> contacts = {});

// What the page's QR code holds: "mikusari:device/<id>?ledger=<first 16 digits of the ledger id>", in hexadecimal.
std::string device_link(const Id& device, const Digest& ledger);

}  // namespace mikusari::passport_page
