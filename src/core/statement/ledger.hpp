// SPDX-License-Identifier: Apache-2.0
// Family `ledger`: genesis, parameters, who signs checkpoints, and how a lost node comes back. A ledger's id is the
// SHA-256 of its encoded genesis.
#pragma once

#include <array>

#include "statement/party.hpp"

namespace mikusari {

// Who signs checkpoints: a name with one key an algorithm. Either key carries the signer's weight, once.
struct CheckpointSigner {
  std::string_view name;
  cbor::List<crypto::PublicKey, 2> keys;
  std::uint64_t weight = 0;
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "name", &CheckpointSigner::name, "key name in signature lines"},
                 cbor::Field{2, "keys", &CheckpointSigner::keys, "Ed25519, P-256, or both"},
                 cbor::Field{3, "weight", &CheckpointSigner::weight, "voting power"}};
};
using CheckpointSigners = cbor::List<CheckpointSigner, limits::signers_max>;

// Who only watches: cosigns checkpoints that continue what it has seen (C2SP tlog-witness).
struct LogWitness {
  std::string_view name;
  crypto::PublicKey key;
  static constexpr bool closed = true;
  static constexpr auto fields = std::tuple{cbor::Field{1, "name", &LogWitness::name, "key name in signature lines"},
                                            cbor::Field{2, "key", &LogWitness::key, "Ed25519"}};
};
using LogWitnesses = cbor::List<LogWitness, limits::witnesses_max>;
using RecoveryKeys = cbor::List<crypto::PublicKey, limits::recovery_keys_max>;

// Short names of keys in signature lines, C2SP signed-note: SHA-256(name || 0x0A || signature type || key)[:4]. P-256
// keys enter as 0x04 || x || y.
using KeyId = Bytes<4>;
KeyId key_id(std::string_view name, const crypto::PublicKey& key);

constexpr std::uint64_t weight_max = 1'000'000;        // of one member or checkpoint signer
constexpr std::uint64_t ledger_rows_max = 1ULL << 27;  // that a program can hold
constexpr std::uint64_t day_ms = 24ULL * 3600 * 1000;

// A limit of what one key says on one day. Over it a statement is discarded.
struct DayLimit {
  std::uint64_t statements = 0, bytes = 0, refused = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "statements", &DayLimit::statements}, cbor::Field{2, "bytes", &DayLimit::bytes},
                 cbor::Field{3, "refused", &DayLimit::refused, "bodies"}};
  friend bool operator==(const DayLimit&, const DayLimit&) = default;
};

// What members may change by vote. No vote lowers a wait or a reserve below the rules' minimum (check()); what waits
// already keeps its time.
struct Parameters {
  std::uint64_t veto_ms = 7 * day_ms;       // a key that replaces or joins others waits so long
  std::uint64_t recovery_ms = 30 * day_ms;  // a key that a registrar or a vote brings back waits so long
  std::uint64_t force_ms = 90 * day_ms;     // least wait of a forced hand-over
  DayLimit member_day{65'536, 4ULL << 30, 4'096};
  DayLimit party_day{1'024, 4ULL << 20, 64};
  DayLimit thing_day{256, 1ULL << 20, 64};
  std::uint64_t reserve_statements = 64;  // a key's exits a day, beside the above
  std::uint64_t reserve_bytes = 64 * 1024;
  std::uint64_t ledger_rows = 1ULL << 26;
  std::uint64_t registrar_rows = 1ULL << 24;
  std::uint64_t reserve_rows_part = 16;          // one part in so many of the rows above is for exits
  std::uint64_t openings_day = 65'536;           // parties that one registrar opens a day
  std::uint64_t refused_steps = 4'096;           // that the refused bodies of one statement may cost
  std::uint64_t statement_growth = 16ULL << 20;  // bytes of records that one statement may change
  std::uint64_t block_growth = 32ULL << 20;
  std::uint64_t alarms_day = 8;  // of one thing
  std::uint64_t proposal_lapse_ms = 30 * day_ms;
  std::uint64_t sequence_step = 1'024;  // by which a release's number grows at most
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "veto_ms", &Parameters::veto_ms, "a key that replaces or joins others waits so long"},
      cbor::Field{2, "recovery_ms", &Parameters::recovery_ms, "a key that is brought back waits so long"},
      cbor::Field{3, "force_ms", &Parameters::force_ms, "least wait of a forced hand-over"},
      cbor::Field{4, "member_day", &Parameters::member_day, "what a member's key may say in a day"},
      cbor::Field{5, "party_day", &Parameters::party_day, "what another party's key may"},
      cbor::Field{6, "thing_day", &Parameters::thing_day, "what a thing's key may"},
      cbor::Field{7, "reserve_statements", &Parameters::reserve_statements, "exits of a key in a day, beside those"},
      cbor::Field{8, "reserve_bytes", &Parameters::reserve_bytes, "and their bytes"},
      cbor::Field{9, "ledger_rows", &Parameters::ledger_rows, "of the state"},
      cbor::Field{10, "registrar_rows", &Parameters::registrar_rows, "made by one registrar and its parties"},
      cbor::Field{11, "reserve_rows_part", &Parameters::reserve_rows_part, "one in so many rows is for exits"},
      cbor::Field{12, "openings_day", &Parameters::openings_day, "parties that one registrar opens in a day"},
      cbor::Field{13, "refused_steps", &Parameters::refused_steps, "that a statement's refused bodies may cost"},
      cbor::Field{14, "statement_growth", &Parameters::statement_growth, "bytes that one statement may change"},
      cbor::Field{15, "block_growth", &Parameters::block_growth, "bytes that one block may change"},
      cbor::Field{16, "alarms_day", &Parameters::alarms_day, "alarms of one thing in a day"},
      cbor::Field{17, "proposal_lapse_ms", &Parameters::proposal_lapse_ms, "a proposal is open so long"},
      cbor::Field{18, "sequence_step", &Parameters::sequence_step, "by which a release's number grows at most"}};
  friend bool operator==(const Parameters&, const Parameters&) = default;
};

// `invalid`, naming the parameter, when one is below the rules' minimum or above what the program can hold.
Result<void> check(const Parameters& parameters);

// What rules need to know of the ledger as a whole: path ledger/state.
struct LedgerRecord {
  Form form;
  Parameters parameters;
  std::uint64_t total_weight = 0;   // of members that are not expelled or closed
  std::uint64_t voting_weight = 0;  // of those that are active and have a wallet key
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "form", &LedgerRecord::form}, cbor::Field{2, "parameters", &LedgerRecord::parameters},
      cbor::Field{3, "total_weight", &LedgerRecord::total_weight, "of members that are not expelled or closed"},
      cbor::Field{4, "voting_weight", &LedgerRecord::voting_weight, "of those that can vote"}};
};

// A key that comes with a member. `possession` is over the genesis' nonce in place of a ledger id and registrar zero;
// of a member that is admitted, over the ledger and the key that opens the proposal.
struct MemberKey {
  crypto::PublicKey key;
  key::Purpose purpose{};
  key::Level level{};
  key::Activation activation{};
  crypto::Signature possession;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &MemberKey::key, "COSE_Key"}, cbor::Field{2, "purpose", &MemberKey::purpose},
                 cbor::Field{3, "level", &MemberKey::level, "where the private key is"},
                 cbor::Field{4, "activation", &MemberKey::activation, "what its holder must show before it signs"},
                 cbor::Field{5, "possession", &MemberKey::possession, "proof that the member holds it"}};
};
using MemberKeys = cbor::List<MemberKey, limits::keys_of_party_max>;

struct NewMember {
  std::string_view name;
  std::uint64_t weight = 0;
  std::uint64_t k = 1;
  Roles roles;
  MemberKeys keys;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "name", &NewMember::name, "lower-case letters, digits, dots and dashes, at most 64"},
                 cbor::Field{2, "weight", &NewMember::weight, "voting power"},
                 cbor::Field{3, "k", &NewMember::k, "how many of its keys must sign what touches its power"},
                 cbor::Field{4, "roles", &NewMember::roles, "what the member may do"},
                 cbor::Field{5, "keys", &NewMember::keys, "of which one is a wallet key"}};
};

struct Genesis {
  Form form;
  std::uint64_t rules = 1;    // version of the rules
  Bytes<32> nonce;            // two ledgers never have the same id
  std::uint64_t time_ms = 0;  // Unix time in milliseconds
  cbor::List<NewMember, limits::members_max> members;
  CheckpointSigners checkpoint_signers;
  std::uint64_t checkpoint_threshold = 0;  // a checkpoint needs signers of at least this weight
  RecoveryKeys recovery_keys;
  std::uint64_t recovery_threshold = 0;
  Parameters parameters;
  LogWitnesses witnesses;
  std::uint64_t witness_threshold = 0;

  static constexpr bool closed = true;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "form", &Genesis::form},
      cbor::Field{2, "rules", &Genesis::rules, "version of the rules"},
      cbor::Field{3, "nonce", &Genesis::nonce},
      cbor::Field{4, "time_ms", &Genesis::time_ms, "Unix time in milliseconds"},
      cbor::Field{5, "members", &Genesis::members},
      cbor::Field{6, "checkpoint_signers", &Genesis::checkpoint_signers},
      cbor::Field{7, "checkpoint_threshold", &Genesis::checkpoint_threshold, "least weight under a checkpoint"},
      cbor::Field{8, "recovery_keys", &Genesis::recovery_keys, "kept offline"},
      cbor::Field{9, "recovery_threshold", &Genesis::recovery_threshold},
      cbor::Field{10, "parameters", &Genesis::parameters},
      cbor::Field{11, "witnesses", &Genesis::witnesses, "of the log"},
      cbor::Field{12, "witness_threshold", &Genesis::witness_threshold, "how many of them under a checkpoint"}};
};

constexpr std::uint64_t rules_version = 1;

// A name that may stand in paths, logs and signature lines: 1 to 64 of a-z 0-9 . -, beginning with a letter or digit.
bool is_name(std::string_view name);

// `invalid` unless the genesis can found a ledger: names, weights and thresholds make sense, no key stands twice, every
// member's key has signed for it. `newer` for rules that this program does not know.
Result<void> check(const Genesis& genesis);
// The names, keys, weights and thresholds of checkpoint signers and witnesses fit each other.
Result<void> check_signers(const CheckpointSigners& signers, std::uint64_t threshold);
Result<void> check_witnesses(const LogWitnesses& witnesses, std::uint64_t threshold);

namespace incarnation {

// By the recovery role, k of its keys: other signers stand for the ledger from the next block on. It is how a node goes
// on whose store or signer's memory is lost. The statement is itself the step from one trust policy to the next
// (proof/policy.hpp). `size` and `root` are the log that the new signers continue; `lost_size`, above it, a log that
// was signed and is lost.
struct Begin {
  std::uint64_t epoch = 0;  // the present one and one more
  CheckpointSigners signers;
  std::uint64_t threshold = 0;
  std::uint64_t size = 0;
  Digest root;
  std::optional<std::uint64_t> lost_size;
  static constexpr statement::Kind kind{0x0102, "ledger.incarnation",   statement::Signers::recovery,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "epoch", &Begin::epoch, "the present one and one more"},
                 cbor::Field{2, "signers", &Begin::signers, "who signs checkpoints from now on"},
                 cbor::Field{3, "threshold", &Begin::threshold, "least weight under a checkpoint"},
                 cbor::Field{4, "size", &Begin::size, "leaves in the log that they continue"},
                 cbor::Field{5, "root", &Begin::root, "and its root"},
                 cbor::Field{6, "lost_size", &Begin::lost_size, "leaves of a log that was signed and is lost"}};
};

}  // namespace incarnation
}  // namespace mikusari
