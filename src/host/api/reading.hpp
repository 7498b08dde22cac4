// SPDX-License-Identifier: Apache-2.0
// Who may read what (docs/reference/api.md). What is on the ledger is not for whoever can connect: the
// settings say of each class of routes whether anyone reads it, every member, or those whom it concerns.
//
// A key that the ledger knows buys a token for an hour with one signed request (statement/reading.hpp). Values; and the
// interface behind which the ledger is asked what a key may see.
#pragma once

#include <optional>

#include "crypto/signature.hpp"
#include "statement/role.hpp"

namespace mikusari::api {

// What a route reads.
enum class Reads : std::uint8_t {
  open,         // nothing of the ledger
  checkpoints,  // genesis, policy, checkpoints, and that the log only grows
  things,       // records and passports
  lists,        // lists, used counters, quotas
  statements,   // statements, fates, receipts
  operations,   // metrics
};

enum class Readers : std::uint8_t { anyone, members, concerned };

struct ReadingRules {
  Readers checkpoints = Readers::anyone;
  Readers things = Readers::concerned;
  Readers lists = Readers::concerned;
  Readers statements = Readers::concerned;
  Readers operations = Readers::concerned;

  static ReadingRules everything_for_anyone() {
    return {Readers::anyone, Readers::anyone, Readers::anyone, Readers::anyone, Readers::anyone};
  }
  Readers of(Reads what) const {
    switch (what) {
      case Reads::open: return Readers::anyone;
      case Reads::checkpoints: return checkpoints;
      case Reads::things: return things;
      case Reads::lists: return lists;
      case Reads::statements: return statements;
      case Reads::operations: return operations;
    }
    return Readers::concerned;
  }
};

// What a request is about, as far as it matters for whom that concerns.
struct About {
  enum class What : std::uint8_t {
    nameable,   // for whoever can name it: models, firmware, images, certifications, what is withheld
    members,    // for members: proposals, the ledger's own quota
    party,      // by its handle
    key,        // by its thumbprint
    thing,      // the record of a part or device, by its id
    life,       // a device's passport
    role,       // a grant: `id` is to whom
    replay,     // of a key, by its thumbprint
    quota,      // of a registrar, by its handle
    list,       // of a party, by its handle
    statement,  // by its identity
  };
  What what{};
  Id id{};
  Role role{};  // of a grant
  Id scope{};   // of a grant
};

// A key that the ledger knows, as one who asks.
struct Reader {
  Digest key;
  Subject subject;
  bool speaks = false;     // else it once spoke for a part or device, and may read that one's record
  bool is_member = false;  // of a member that acts
  Handle patron;           // the member that answers for it
};

// What the published ledger says of who asks. Any thread.
class Judge {
 public:
  virtual ~Judge() = default;

  // Another number when the published ledger is another.
  virtual std::uint64_t version() const = 0;

  struct Known {
    Reader reader;
    crypto::PublicKey key;
  };
  // A wallet or authentication key that may read something now. None for any other.
  virtual Result<std::optional<Known>> known(const Digest& key) const = 0;

  // Does it concern the reader? A refusal costs the same, whether what it is about exists or not.
  virtual Result<bool> concerns(const Reader& reader, const About& about) const = 0;
};

}  // namespace mikusari::api
