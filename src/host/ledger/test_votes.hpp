// SPDX-License-Identifier: Apache-2.0
// For tests: what the members of a TestWorld decide together.
#pragma once

#include "ledger/testing.hpp"

namespace mikusari::ledger {

inline proposal::Content about_member(proposal::Matter matter, const Handle& member) {
  proposal::Content out;
  out.matter = matter;
  out.party = member;
  return out;
}
inline proposal::Content about_parameters(const Parameters& parameters) {
  proposal::Content out;
  out.matter = proposal::Matter::parameters;
  out.parameters = parameters;
  return out;
}
inline proposal::Content about_roles(const Handle& member, const Roles& roles, std::uint64_t weight) {
  auto out = about_member(proposal::Matter::roles, member);
  out.roles = roles;
  out.weight = weight;
  return out;
}
inline proposal::Content about_mount(const Id& part) {
  proposal::Content out;
  out.matter = proposal::Matter::reject_mount;
  out.part = part;
  return out;
}
inline proposal::Content about_body(const Digest& identity, std::uint64_t index) {
  proposal::Content out;
  out.matter = proposal::Matter::withhold;
  out.identity = identity;
  out.index = index;
  return out;
}

// The id is world.id(member, name).
inline BodyFate open_matter(TestWorld& world, std::string_view member, std::string_view name,
                            const proposal::Content& content, const How& how = {}) {
  return world.say(world.key(member), proposal::Open{TestWorld::nonce(name), content, {}}, how);
}
inline BodyFate vote(TestWorld& world, std::string_view member, const Id& proposal,
                     proposal::Choice choice = proposal::Choice::yes) {
  return world.say(world.key(member), proposal::Vote{proposal, choice, {}});
}
// Opened by the first of the members, then voted for by the others in their order. The fate of the last statement.
inline BodyFate decide(TestWorld& world, const proposal::Content& content, const std::vector<std::string>& members) {
  const auto name = "matter " + std::to_string(world.next_block().height);
  auto fate = open_matter(world, members.front(), name, content);
  const Id proposal = world.id(members.front(), name);
  for (std::size_t i = 1; i < members.size(); ++i) fate = vote(world, members[i], proposal);
  return fate;
}

}  // namespace mikusari::ledger
