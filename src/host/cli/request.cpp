// SPDX-License-Identifier: Apache-2.0
#include "cli/request.hpp"

#include "cli/birth.hpp"
#include "cli/hmac.hpp"
#include "cli/moment.hpp"
#include "cose/key.hpp"

namespace mikusari::cli {
namespace {

Bytes<32> who_salt(const Bytes<32>& secret, const Digest& ledger, std::string_view label) {
  return hmac_sha256(secret, {as_bytes("mikusari/who-salt/1"), ledger, as_bytes(label)});
}

// A key that signs for somebody already would join that one and the new party for everybody to see: its registration is
// an alarm that names both.
Result<void> check_unused(Session& session, const std::string& label, const Held& held) {
  TRY(const auto book, Book::read(session));
  if (book.party(label) != nullptr) return {};  // the request is repeated
  TRY(const auto own, session.setting("key"));
  const auto counter = platform::join(session.home_file("counters"), platform::to_hex(held.info.thumbprint));
  if (own != label && !session.files().exists(counter)) return {};
  return std::unexpected(
      Error(Code::conflict, "is a key of this home that signs already: choose another label").with_context(label));
}

// One key has the label's name, many have it with numbers. Keys that are there already are met again.
Result<std::vector<keys::KeyInfo>> keys_for(Session& session, const std::string& label, std::uint64_t count) {
  TRY(const auto algorithm, algorithm_named(session.arguments().text("--algorithm")));
  TRY(const auto store, open_store(session, "", Missing::make));
  if (count > 1) return store->create_many(label, count, algorithm, keys::Purpose::wallet);
  const auto made = store->create(label, algorithm, keys::Purpose::wallet);
  if (made) return std::vector{*made};
  if (made.error().code() != Code::conflict) return std::unexpected(made.error());
  TRY(const auto held, open_held(session, label));
  TRY(check_unused(session, label, held));
  return std::vector{held.info};
}

// What all openings of one command say alike.
struct Common {
  party::Recovery recovery{};
  std::optional<Held> standby;
  std::optional<party::Force> force;
};
Result<Common> common_of(Session& session, const Digest& ledger, std::vector<Handle>& quorum) {
  Common out;
  TRY(out.recovery, word_or(session, "--recovery", party::Recovery::none));
  TRY(out.force, force_option(session, ledger, quorum));
  const bool wants_standby = out.recovery == party::Recovery::standby;
  if (wants_standby != session.arguments().has("--standby"))
    return fail(Code::invalid, "--recovery standby and --standby KEY stand together");
  if (wants_standby) {
    TRY(out.standby, open_held(session, session.arguments().text("--standby")));
  }
  return out;
}

Result<party::Open> opening_of(const Openings& what, const Common& common, const OwnParty& own,
                               const names::Nonce& nonce, crypto::Signer& holder) {
  party::Open out;
  out.nonce = nonce;
  out.key = holder.public_key();
  out.recovery = common.recovery;
  out.force = common.force;
  if (!what.who.empty()) out.commitment = commitment_to(own.salt, what.who);
  if (common.standby) out.standby = common.standby->signer->public_key();
  const auto asked = party::asked(out);
  const auto subject = subject_of_party(own.handle);
  TRY(out.possession, possession(holder, {what.ledger, what.registrar_key, subject, key::Purpose::wallet, 0, asked}));
  if (!common.standby) return out;
  TRY(out.standby_possession,
      possession(*common.standby->signer, {what.ledger, what.registrar_key, subject, key::Purpose::standby, 0, asked}));
  return out;
}

}  // namespace

Result<std::unique_ptr<MadeOpenings>> make_openings(const Openings& what) {
  Session& session = what.session;
  TRY(keys::check_name(what.label));
  if (what.count == 0 || what.count > limits::bodies_max) return fail(Code::invalid, "--count is 1 to 4,096");
  if (session.arguments().text("--recovery") == "standby" && what.count > 1)
    return fail(Code::invalid, "a standby key brings one party back: open such parties one at a time");
  auto out = std::make_unique<MadeOpenings>();
  TRY(const auto common, common_of(session, what.ledger, out->quorum));
  TRY(const auto infos, keys_for(session, what.label, what.count));
  TRY(const auto store, open_store(session, "", Missing::refuse));
  TRY(const auto secret, home_secret(session));
  for (const auto& info : infos) {
    const auto nonce = birth_nonce(secret, what.ledger, party::Open::kind.name, info.name);
    OwnParty own{info.name,
                 names::party(what.ledger, what.registrar, info.thumbprint, nonce),
                 what.registrar,
                 info.thumbprint,
                 who_salt(secret, what.ledger, info.name),
                 what.who,
                 true};
    TRY(const auto holder, store->open(info.thumbprint));
    TRY(out->openings.emplace_back(), opening_of(what, common, own, nonce, *holder));
    out->parties.push_back(std::move(own));
  }
  return out;
}

std::vector<Option> opening_options() {
  return together(
      {{{"--count", Form::text, Need::optional, "so many at once, at most 4096; else one", "個数"},
        {"--who", Form::text, Need::optional, "who it is: the ledger sees a salted hash of it", "本人の表示"},
        {"--recovery",
         Form::text,
         Need::optional,
         "how its keys come back, else not at all",
         "鍵を失ったときの復旧",
         {"none", "standby", "registrar"}},
        {"--standby", Form::text, Need::optional, "the key that brings them back: NAME or NAME@FOLDER", "待機鍵"},
        {"--algorithm", Form::text, Need::optional, "of the keys: ed25519 or es256", "鍵の方式"}},
       force_options()});
}

Result<std::optional<party::Force>> force_option(Session& session, const Digest& ledger, std::vector<Handle>& quorum) {
  const auto& arguments = session.arguments();
  if (!arguments.has("--force-quorum")) {
    if (arguments.has("--force-threshold") || arguments.has("--force-wait"))
      return fail(Code::invalid, "--force-threshold and --force-wait stand with --force-quorum");
    return std::nullopt;
  }
  for (const auto& name : arguments.list("--force-quorum")) {
    TRY(quorum.emplace_back(), party_named(session, ledger, name));
  }
  party::Force out;
  out.quorum = std::span<const Handle>(quorum);
  TRY(out.threshold, arguments.number("--force-threshold", quorum.size()));
  out.wait_ms = Parameters().force_ms;
  if (arguments.has("--force-wait")) {
    TRY(out.wait_ms, span_ms(arguments.text("--force-wait")));
  }
  return out;
}

std::vector<Option> force_options() {
  return {{"--force-quorum", Form::list, Need::optional, "parties that together may force a hand-over",
           "所有者変更を強制できる当事者"},
          {"--force-threshold", Form::text, Need::optional, "how many of them, else all", "必要な人数"},
          {"--force-wait", Form::text, Need::optional, "and after which wait, else 90d", "待機期間"}};
}

Result<Digest> kid_of_other(Session& session, const Digest& ledger, const std::string& text) {
  if (const auto kid = platform::bytes_from_hex<32>(text)) return *kid;
  TRY(const auto book, Book::read(session));
  const auto contact = book.contacts.find(text);
  if (contact != book.contacts.end() && contact->second.kid) return *contact->second.kid;
  TRY(const auto file, session.files().entry(text));
  if (file == platform::Entry::file) {
    TRY(const auto bytes, read_file(session, text));
    const auto key = cbor::decode<crypto::PublicKey>(bytes);
    if (key) return cose::thumbprint(*key);
    return std::unexpected(Error(key.error()).with_context(text + " is not a public key (of `key export`)"));
  }
  TRY(const auto handle, party_named(session, ledger, text));
  TRY(auto remote, Remote::open(session));
  TRY(const auto record, remote.record<party::Record>(target_of("parties", handle), path::party(handle)));
  std::vector<Digest> wallets;
  for (const auto entry : record.keys) {
    if (entry.purpose == key::Purpose::wallet && !entry.frozen && entry.until_ms.is_zero())
      wallets.push_back(entry.key);
  }
  if (wallets.size() == 1) return wallets.front();
  return std::unexpected(
      Error(Code::conflict, "has not one key: ask which it will sign with (`contact card`)").with_context(text));
}

Result<void> check_opening(const Digest& ledger, const Handle& registrar, const Digest& registrar_key,
                           const party::Open& opening) {
  const Handle handle = names::party(ledger, registrar, cose::thumbprint(opening.key), opening.nonce);
  std::byte buffer[statement::small_message_bytes_max];
  const statement::Possession what{ledger, registrar_key,        subject_of_party(handle), key::Purpose::wallet,
                                   0,      party::asked(opening)};
  TRY(const auto message, statement::possession_bytes(opening.key, what, buffer));
  if (crypto::verify(opening.key, message, opening.possession)) return {};
  return fail(Code::unauthenticated, "the holder of the key has not signed for this opening");
}

}  // namespace mikusari::cli
