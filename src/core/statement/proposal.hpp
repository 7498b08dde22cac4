// SPDX-License-Identifier: Apache-2.0
// Family `proposal`: what members decide together, over days. A member opens a matter, others vote with a reason and
// may vote again; each vote counts anew by the weights of the moment; the deciding one carries the matter out.
#pragma once

#include "statement/ledger.hpp"

namespace mikusari::proposal {

enum class Matter : std::uint8_t {
  admit = 1,         // two thirds
  suspend = 2,       // two thirds
  resume = 3,        // two thirds
  expel = 4,         // three quarters, without the member concerned
  parameters = 5,    // more than half
  withhold = 6,      // more than half
  reject_mount = 7,  // more than half
  recovery = 8,      // three quarters: other recovery keys
  roles = 9,         // two thirds: other roles and weight of a member
  recover = 10,      // three quarters, without the member concerned: another key for a member that lost its own
};
constexpr auto names_of(Matter) {
  using enum Matter;
  return std::array{cbor::Name{admit, "admit"},
                    cbor::Name{suspend, "suspend"},
                    cbor::Name{resume, "resume"},
                    cbor::Name{expel, "expel"},
                    cbor::Name{parameters, "parameters"},
                    cbor::Name{withhold, "withhold"},
                    cbor::Name{reject_mount, "reject_mount"},
                    cbor::Name{recovery, "recovery"},
                    cbor::Name{roles, "roles"},
                    cbor::Name{recover, "recover"}};
}

enum class State : std::uint8_t {
  open = 1,
  adopted = 2,   // decided and carried out
  rejected = 3,  // it can no longer reach its share
  voided = 4,    // decided, and the rules refused it then
};
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{open, "open"}, cbor::Name{adopted, "adopted"}, cbor::Name{rejected, "rejected"},
                    cbor::Name{voided, "voided"}};
}

using Voters = cbor::List<Handle, limits::votes_max>;

// What is to be decided; which fields stand with which matter, the rule says.
struct Content {
  Matter matter{};
  std::optional<NewMember> member;       // admit; recover: with one key
  std::optional<Handle> party;           // suspend, resume, expel, roles
  std::optional<Parameters> parameters;  // parameters: all of them
  std::optional<Digest> identity;        // withhold: the statement
  std::optional<std::uint64_t> index;    // withhold: which of its bodies
  std::optional<Id> part;                // reject_mount
  std::optional<RecoveryKeys> recovery_keys;
  std::optional<std::uint64_t> threshold;  // recovery
  std::optional<Roles> roles;
  std::optional<std::uint64_t> weight;  // roles
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "matter", &Content::matter},
                 cbor::Field{2, "member", &Content::member, "to be admitted, or whose key comes back"},
                 cbor::Field{3, "party", &Content::party, "the member that it is about"},
                 cbor::Field{4, "parameters", &Content::parameters, "all of them"},
                 cbor::Field{5, "identity", &Content::identity, "of the statement whose body is to be withheld"},
                 cbor::Field{6, "index", &Content::index, "of that body"},
                 cbor::Field{7, "part", &Content::part, "whose mount is to end"},
                 cbor::Field{8, "recovery_keys", &Content::recovery_keys, "the new ones"},
                 cbor::Field{9, "threshold", &Content::threshold, "how many of them must sign"},
                 cbor::Field{10, "roles", &Content::roles, "the member's from now on"},
                 cbor::Field{11, "weight", &Content::weight, "the member's from now on"}};
};

// The state's entry of a proposal: path proposal/<id>. Whether it has lapsed, time tells.
struct Record : Head {
  State state{};
  Handle by;
  Content content;
  std::uint64_t until_ms = 0;  // it lapses then
  Voters yes, no;
  Digest text;  // leaf of the body that opened it
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "by", &Record::by, "who opened it"},
                 cbor::Field{10, "content", &Record::content},
                 cbor::Field{11, "until_ms", &Record::until_ms, "it lapses then"},
                 cbor::Field{12, "yes", &Record::yes, "members"}, cbor::Field{13, "no", &Record::no, "members"},
                 cbor::Field{14, "text", &Record::text, "leaf of the body that opened it"}});
};

// By a member with weight; it counts as its yes. The id follows from the member and the nonce (names.hpp).
struct Open {
  Bytes<32> nonce;
  Content content;
  std::optional<std::string_view> reason;
  static constexpr statement::Kind kind{0x0110, "proposal.open", statement::Signers::own_keys, 1,
                                        statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "nonce", &Open::nonce, "random"}, cbor::Field{2, "content", &Open::content},
                 cbor::Field{3, "reason", &Open::reason, "for the other members, at most 1,024 bytes"}};
};

enum class Choice : std::uint8_t { yes = 1, no = 2 };
constexpr auto names_of(Choice) { return std::array{cbor::Name{Choice::yes, "yes"}, cbor::Name{Choice::no, "no"}}; }

struct Vote {
  Id proposal;
  Choice choice{};
  std::optional<std::string_view> reason;
  static constexpr statement::Kind kind{0x0111, "proposal.vote", statement::Signers::own_keys, 1,
                                        statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "proposal", &Vote::proposal, "which proposal"}, cbor::Field{2, "choice", &Vote::choice},
                 cbor::Field{3, "reason", &Vote::reason, "for the other members, at most 1,024 bytes"}};
};

// A body whose text is withheld by vote: path withheld/<identity><index>.
struct Withheld {
  Form form;
  std::uint64_t height = 0;  // of the block that decided it
  Id proposal;
  static constexpr auto fields = std::tuple{cbor::Field{1, "form", &Withheld::form},
                                            cbor::Field{2, "height", &Withheld::height, "of the block that decided it"},
                                            cbor::Field{3, "proposal", &Withheld::proposal, "that said so"}};
};

}  // namespace mikusari::proposal
