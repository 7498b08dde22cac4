// SPDX-License-Identifier: Apache-2.0
#include "cli/store.hpp"

namespace mikusari::cli {
namespace {

using keys::file::Credential;
using keys::file::FileKeyStore;

Result<Credential> credential_of(Session& session) {
  const std::string path = session.arguments().text("--passphrase-file");
  if (path.empty()) return Credential::unprotected();
  TRY(auto bytes, read_file(session, path));
  auto secret = platform::Secret::copy(keys::file::passphrase_line(bytes));
  platform::wipe(bytes);
  return Credential::passphrase(std::move(secret));
}

}  // namespace

namespace {

Result<std::unique_ptr<FileKeyStore>> opened(Session& session, const std::string& path, Missing missing) {
  // A folder that may not be looked into is not an empty one.
  TRY(const auto there, session.files().entry(platform::join(path, "store")));
  Machine& machine = session.machine();
  const keys::file::Machine for_keys{machine.files, machine.random, machine.clock};
  TRY(const auto credential, credential_of(session));
  if (missing == Missing::make && there == platform::Entry::absent) {
    TRY(session.files().make_directory(path));
    return FileKeyStore::create(for_keys, path, credential);
  }
  auto store = FileKeyStore::open(for_keys, path, credential);
  if (store) return store;
  const bool has_passphrase = session.arguments().has("--passphrase-file");
  if (store.error().code() == Code::not_found) {
    return std::unexpected(
        std::move(store).error().with_context("there are no keys here yet: `mikusari key create NAME` makes one"));
  }
  if (store.error().code() != Code::unauthenticated) return store;
  if (!has_passphrase)
    return std::unexpected(std::move(store).error().with_context("these keys are encrypted: --passphrase-file FILE"));
  // Of several stores that a command reads, one may be encrypted and another not; what is made must be as was asked.
  if (missing == Missing::make) return store;
  if (auto plain = FileKeyStore::open(for_keys, path, Credential::unprotected())) return plain;
  return store;
}

// As it was asked for: a store that is to be written to with a passphrase must have that passphrase.
std::string cached_as(const std::string& path, Missing missing) {
  return path + (missing == Missing::make ? "\nmake" : "");
}

}  // namespace

Result<Session::Store> open_store(Session& session, const std::string& folder, Missing missing) {
  std::string path = folder.empty() ? session.home_file("keys") : folder;
  if (!folder.empty()) {
    TRY(const auto keys, session.files().entry(platform::join(folder, "keys")));
    if (keys != platform::Entry::absent) path = platform::join(folder, "keys");
  }
  auto& known = session.stores()[cached_as(path, missing)];
  if (!known) {
    TRY(auto store, opened(session, path, missing));
    known = std::move(store);
  }
  return known;
}

Result<Held> open_held(Session& session, const std::string& reference) {
  const auto at = reference.find('@');
  const std::string name = reference.substr(0, at);
  const std::string folder = at == std::string::npos ? "" : reference.substr(at + 1);
  TRY(const auto store, open_store(session, folder, Missing::refuse));
  auto signer = store->open(std::string_view(name));
  if (!signer) {
    return std::unexpected(
        std::move(signer).error().with_context("key " + reference + " (`mikusari key list` shows what there is)"));
  }
  TRY(const auto infos, store->list());
  for (const auto& info : infos) {
    if (info.name == name) return Held{*std::move(signer), info};
  }
  return std::unexpected(Error(Code::not_found, "there is no such key").with_context("key " + reference));
}

Result<std::unique_ptr<crypto::Signer>> open_key(Session& session, const std::string& reference) {
  TRY(auto held, open_held(session, reference));
  return std::move(held.signer);
}

Result<crypto::Algorithm> algorithm_named(const std::string& name) {
  if (name.empty() || name == "ed25519") return crypto::Algorithm::ed25519;
  if (name == "es256" || name == "p256") return crypto::Algorithm::esp256;
  return fail(Code::invalid, "--algorithm is ed25519 or es256");
}

}  // namespace mikusari::cli
