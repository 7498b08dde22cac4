// SPDX-License-Identifier: Apache-2.0
// One page of a passport as it is filled: what has been put into it, and how many bytes that will take. What a thing or
// event needs beside it (the units above it, its model, the keys of its signers) goes in with it or not at all. One
// thread.
#pragma once

#include <map>
#include <set>

#include "replica/body_tree.hpp"
#include "replica/device_parts.hpp"

namespace mikusari::replica {

class PassportBuilder {
 public:
  // Both must outlive it. `parts.histories` stand where the page begins, and are taken from as it is filled.
  PassportBuilder(const Reading& reading, DeviceParts& parts) : reading_(reading), parts_(parts) {}

  enum class Fits : std::uint8_t { yes, no };
  // Puts a device or part in, by its index, unless it is there or would take the page over `bytes_max`.
  Result<Fits> add_thing(std::size_t thing, std::size_t bytes_max);
  // Puts the next event of a thing in, and goes on in the thing's history. REQUIRES: it has one, and no thing has a
  // newer one.
  Result<Fits> add_event(std::size_t thing, std::size_t bytes_max);
  // Puts in what helps to read the page and is not needed to verify it, as far as there is room: keys that speak,
  // parties, certificates of premises, firmware. What stands in `shown`, by the keys of records, is passed over; what
  // goes in is added to it.
  Result<void> add_context(std::set<Digest>& shown, std::size_t bytes_max);

  std::size_t things() const { return shown_.size(); }
  std::size_t events() const { return events_.size(); }

  // Encoded proof::PassportPage. `corrupt` when the events that were read are not those of the things' heads.
  Result<platform::Buffer> encode() const;

  // Submissions that are read for one page: a page of small bodies out of large submissions ends here.
  static constexpr std::size_t read_bytes_max = 32 * 1024 * 1024;

 private:
  using Type = proof::ThingType;
  // Sorts as the things of a page do: by type; parts by their index, everything else by its id.
  struct Name {
    Type type{};
    std::size_t index = 0;
    platform::Buffer id;
    friend auto operator<=>(const Name&, const Name&) = default;
  };
  using Names = std::vector<Name>;
  // A body that a record names; the views point into the statement's bytes.
  struct Text {
    StoredStatement statement;
    statement::SaltedBody body;
  };
  struct Shown {
    Digest key;
    proof::Item item;
    std::vector<platform::Buffer> held;  // what the item's views point to
    std::optional<Text> text;
    std::vector<Digest> after;        // of a device or part: behind the page's run
    std::vector<std::size_t> events;  // newest first
    std::size_t bytes = 0;
  };
  struct Statement {
    Place place;
    StoredStatement stored;
    BodyTree bodies;
    Names keys;  // of its signer and of those who approved
  };
  struct Event {
    ThingEvent place;
    std::size_t statement = 0;
    bool withheld = false;
    std::vector<Digest> path;
    Digest leaf_hash;
    std::size_t bytes = 0;
  };
  // What the views of an encoded page point to.
  struct Runs {
    std::vector<merkle::CompactRange> before;
    std::vector<std::vector<std::uint64_t>> events;
  };

  static Name name_of(Type type, ByteView id) { return {type, 0, platform::copy(id)}; }
  Name name_of_thing(std::size_t thing) const;
  // A thing, the units above it and their models.
  Names names_with(std::size_t thing) const;
  // All of them go in, or none. `more_bytes` come with them.
  Result<Fits> add(const Names& names, std::size_t more_bytes, std::size_t bytes_max);
  Result<std::optional<Shown>> show(const Name& name) const;
  Result<std::optional<Text>> text_of(const Name& name, ByteView record) const;

  Result<Statement> read_statement(const Place& place) const;
  Result<Event> make_event(const ThingEvent& place, const Statement& statement) const;

  Names context() const;
  void name_keys(Type of, Names& names) const;
  void name_parties(Type of, Names& names) const;
  void name_roles(Names& names) const;
  void name_firmware(Names& names) const;

  Result<proof::PassportRun> run_of(const Name& name, const Shown& shown, Runs& runs) const;
  proof::PassportEvent encoded(const Event& event) const;

  const Reading& reading_;
  DeviceParts& parts_;
  std::size_t bytes_ = 0, read_bytes_ = 0;
  std::map<Name, Shown> shown_;
  std::vector<Statement> statements_;  // newest first
  std::vector<Event> events_;          // newest first
};

}  // namespace mikusari::replica
