// SPDX-License-Identifier: Apache-2.0
// All kinds and all records: their numbers and names, and what each declaration takes and refuses.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "statement/submission.hpp"
#include "statement/test_values.hpp"

namespace mikusari {
namespace {

using cbor::Additions;
using test::encoding_of;
using test::Entries;
using test::filled;

template <class T>
std::string verdict(const test::Octets& bytes, Additions additions = Additions::skip) {
  const auto value = cbor::decode<T>(bytes, additions);
  return value ? "accepted" : std::string(name(value.error().code()));
}

// Calls f.operator()<T>(name) for each structure that is signed or proved as a whole.
template <class F>
void for_each_declaration(F&& f) {
  statement::for_each_kind([&]<class Body>() { f.template operator()<Body>(Body::kind.name); });
  test::for_each_record(f);
  f.template operator()<Genesis>("genesis");
  f.template operator()<statement::Payload>("payload");
  f.template operator()<list::Entry>("list entry");
}

template <class M>
constexpr bool may_be_absent = cbor::detail::is_optional<M>::value || cbor::detail::is_sparse<M>::value;

template <class M>
struct is_form : std::false_type {};
template <std::uint64_t N>
struct is_form<cbor::Form<N>> : std::true_type {};

TEST(Kinds, HaveAscendingNumbersAndOneNameEach) {
  std::set<std::string_view> names;
  std::vector<std::uint16_t> numbers;
  statement::for_each_kind([&]<class Body>() {
    const auto& kind = Body::kind;
    numbers.push_back(kind.number);
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_NE(kind.name.find('.'), std::string_view::npos);
    EXPECT_GE(kind.bodies_max, 1);
    EXPECT_LE(kind.bodies_max, limits::bodies_max);
    EXPECT_EQ(statement::find_kind(kind.number), &kind);
  });
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), numbers.size());
  EXPECT_EQ(statement::find_kind(0), nullptr);
  EXPECT_EQ(statement::find_kind(0x0101), nullptr) << "a genesis is no statement";
  EXPECT_EQ(statement::find_kind(0xffff), nullptr);
}

// One family has one number, whatever the name says behind the dot.
TEST(Kinds, OfOneFamilyShareItsNumber) {
  std::map<std::uint16_t, std::string_view> families;
  statement::for_each_kind([&]<class Body>() {
    const auto family = Body::kind.name.substr(0, Body::kind.name.find('.'));
    // Proposals are ledger business: they stand among the ledger's numbers.
    const auto word = family == "proposal" ? "ledger" : family;
    const auto known = families.emplace(Body::kind.number >> 8, word);
    EXPECT_EQ(known.first->second, word) << Body::kind.name;
  });
}

// Whatever ends power must be possible for a suspended party; whatever begins it must not be.
TEST(Kinds, ThatEndPowerAreExits) {
  const std::set<std::string_view> exits{"ledger.incarnation", "key.veto",         "key.revoke",      "key.freeze",
                                         "key.thaw",           "model.withdraw",   "model.decertify", "part.scrap",
                                         "device.suspend",     "device.retire",    "device.destroy",  "custody.refuse",
                                         "custody.recall",     "ownership.cancel", "firmware.floor",  "firmware.recall",
                                         "party.move",         "party.close",      "party.recover",   "role.revoke"};
  const std::set<std::string_view> going_on{"key.rotate", "model.amend", "device.detach", "ownership.offer"};
  const std::set<std::string_view> taking{"custody.receive", "ownership.accept"};
  statement::for_each_kind([&]<class Body>() {
    using statement::Purpose;
    const auto name = Body::kind.name;
    const auto wanted = exits.contains(name)      ? Purpose::exit
                        : going_on.contains(name) ? Purpose::going_on
                        : taking.contains(name)   ? Purpose::taking
                                                  : Purpose::ordinary;
    EXPECT_EQ(Body::kind.purpose, wanted) << name;
  });
}

// Owner, keys, mounts and ends are read off the life tree alone: what moves them must be in it.
TEST(Kinds, ThatMoveNoPowerAreInTheHistoryOnly) {
  const std::set<std::string_view> history{"part.inspect",    "device.alarm",   "device.activate", "custody.ship",
                                           "custody.receive", "custody.refuse", "custody.recall",  "document.record"};
  statement::for_each_kind([&]<class Body>() {
    EXPECT_EQ(Body::kind.gains, history.contains(Body::kind.name) ? statement::Gains::history : statement::Gains::life)
        << Body::kind.name;
  });
}

TEST(Declarations, ReadBackWithEveryFieldSet) {
  for_each_declaration([]<class T>(std::string_view name) {
    const auto bytes = encoding_of(filled<T>());
    const auto value = cbor::decode<T>(bytes, Additions::refuse);
    ASSERT_TRUE(value.has_value()) << name << ": " << value.error().message();
    EXPECT_EQ(test::to_hex(encoding_of(*value)), test::to_hex(bytes)) << name;
  });
}

TEST(Declarations, NeedEveryFieldThatIsNotOptional) {
  for_each_declaration([]<class T>(std::string_view name) {
    const T value = filled<T>();
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(value.*field.member)>;
      const auto without = Entries(value).erase(field.key).bytes();
      EXPECT_EQ(verdict<T>(without), may_be_absent<Member> ? "accepted" : "invalid") << name << "." << field.name;
    });
  });
}

TEST(Declarations, LeaveOutWhatIsZero) {
  for_each_declaration([]<class T>(std::string_view name) {
    const T value = filled<T>();
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(value.*field.member)>;
      if constexpr (cbor::detail::is_sparse<Member>::value) {
        constexpr bool flag = std::is_same_v<Member, cbor::Sparse<bool>>;
        const auto zero = flag ? test::Tree{false} : test::Tree{test::Tree::Integer{false, 0}};
        EXPECT_EQ(verdict<T>(Entries(value).put(field.key, zero).bytes()), "invalid") << name << "." << field.name;
      }
    });
  });
}

TEST(Declarations, CallLaterFormsAndValuesNewer) {
  for_each_declaration([]<class T>(std::string_view name) {
    const T value = filled<T>();
    cbor::for_each_field<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(value.*field.member)>;
      if constexpr (is_form<Member>::value) {
        EXPECT_EQ(verdict<T>(Entries(value).put(field.key, 3).bytes()), "newer") << name;
        EXPECT_EQ(verdict<T>(Entries(value).put(field.key, 1).bytes()), "invalid") << name;
      } else if constexpr (cbor::NamedEnum<Member>) {
        EXPECT_EQ(verdict<T>(Entries(value).put(field.key, 200).bytes()), "newer") << name << "." << field.name;
      }
    });
  });
}

TEST(Declarations, TakeAdditionsAsTheirRuleSays) {
  for_each_declaration([]<class T>(std::string_view name) {
    constexpr bool closed = requires { T::closed; };
    const T value = filled<T>();
    for (const std::uint64_t key : {0ULL, 63ULL, 64ULL, 127ULL, 128ULL, 70'000ULL}) {
      const auto more = Entries(value).put(key, 0).bytes();
      const bool newer = closed || key >= 128;
      EXPECT_EQ(verdict<T>(more, Additions::refuse), newer ? "newer" : "invalid") << name << " " << key;
      EXPECT_EQ(verdict<T>(more), newer ? "newer" : key < 64 ? "invalid" : "accepted") << name << " " << key;
    }
  });
}

TEST(Declarations, ThatDecideTrustAreClosed) {
  EXPECT_TRUE(statement::Payload::closed && statement::ProtectedHeader::closed && statement::Claims::closed);
  EXPECT_TRUE(Genesis::closed && CheckpointSigner::closed && LogWitness::closed && incarnation::Begin::closed);
}

// A thing's record shares its fields with the other kind of thing, number by number.
TEST(Records, OfPartsAndDevicesNumberTheirFieldsAlike) {
  std::map<std::uint32_t, std::string_view> parts;
  cbor::for_each_field<part::Record>([&](const auto& field) { parts[field.key] = field.name; });
  cbor::for_each_field<device::Record>(
      [&](const auto& field) { EXPECT_EQ(parts[field.key], field.name) << field.key; });
}

TEST(Records, FitTheirLimitAtTheirLargest) {
  device::Record device = filled<device::Record>();
  const std::vector<Id> children(limits::mounts_max, filled<Id>());
  const std::vector<key::Entry> keys(limits::keys_of_party_max, filled<key::Entry>());
  device.children = std::span<const Id>(children);
  device.keys = std::span(keys).first(limits::keys_of_thing_max);
  EXPECT_LE(encoding_of(device).size(), limits::record_bytes_max);
  party::Record party = filled<party::Record>();
  party.keys = std::span<const key::Entry>(keys);
  EXPECT_LE(encoding_of(party).size(), limits::record_bytes_max);
  firmware::Record release = filled<firmware::Record>();
  const std::vector<firmware::Image> images(limits::images_max, filled<firmware::Image>());
  release.images = std::span<const firmware::Image>(images);
  EXPECT_LE(encoding_of(release).size(), limits::record_bytes_max);
  proposal::Record proposal = filled<proposal::Record>();
  const std::vector<Handle> voters(limits::votes_max, filled<Handle>());
  proposal.yes = std::span<const Handle>(voters);
  proposal.no = {};
  const auto member_keys = std::vector<MemberKey>(limits::keys_of_party_max, filled<MemberKey>());
  proposal.content.member->keys = std::span<const MemberKey>(member_keys);
  EXPECT_LE(encoding_of(proposal).size(), limits::record_bytes_max);
}

}  // namespace
}  // namespace mikusari
