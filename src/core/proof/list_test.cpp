// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>
#include <functional>

#include "proof/test_camera.hpp"

namespace mikusari::proof {
namespace {

using test::encoded;
using test::Octets;

constexpr auto devices = list::Kind::devices;
constexpr auto other_entries = "the page has other entries than the ledger's list has there";
constexpr auto not_known = "the list has entries that the ledger does not know";

// acme's list of 13 devices: a tree with subtrees of 8, 4 and 1 leaves.
class ListPageTest : public testing::Test {
 protected:
  ListPageTest() : policy_bytes(scene.ledger.policy(1)), policy(test::need(parse_policy(policy_bytes))) {
    for (int i = 2; i < 13; ++i) {
      const Id id = test::named("device " + std::to_string(i));
      scene.put_device(id, device::State::assembled, scene.acme(), {});
      scene.ledger.append_to_list(scene.acme(), devices, id);
    }
    scene.ledger.seal();
  }

  Digest list_path() const { return path::list(scene.acme(), devices); }
  ListPage page(std::size_t first, std::size_t count) {
    return scene.ledger.list_page(scene.acme(), devices, first, count);
  }
  Result<VerifiedListPage> verdict(const ListPage& page) { return verdict(page, scene.acme()); }
  Result<VerifiedListPage> verdict(const ListPage& page, const Handle& party, list::Kind kind = devices) {
    return read(encoded(page), party, kind);
  }
  Result<VerifiedListPage> read(const Octets& bytes, const Handle& party, list::Kind kind = devices) {
    TRY(const auto read, cbor::decode<ListPage>(scene.ledger.keep(bytes)));
    return verify(read, party, kind, policy);
  }
  std::string refusal(const ListPage& page) {
    const auto verified = verdict(page);
    return verified ? "accepted" : verified.error().text();
  }
  // The page with its entries and items as `change` leaves them.
  ListPage changed(ListPage page, const std::function<void(std::vector<list::Entry>&, std::vector<Item>&)>& change) {
    auto& entries = kept_entries.emplace_back();
    auto& items = kept_items.emplace_back();
    for (const auto entry : page.entries) entries.push_back(entry);
    for (const auto item : page.items) items.push_back(item);
    change(entries, items);
    page.entries = std::span<const list::Entry>(entries);
    page.items = std::span<const Item>(items);
    return page;
  }

  test::CameraScene scene;
  Octets policy_bytes;
  Policy policy;
  std::deque<std::vector<list::Entry>> kept_entries;
  std::deque<std::vector<Item>> kept_items;
};

TEST_F(ListPageTest, HoldsWhereverItBeginsAndEnds) {
  for (std::size_t first = 0; first <= 13; ++first) {
    for (std::size_t end = first; end <= 13; ++end) {
      const auto verified = verdict(page(first, end - first));
      ASSERT_TRUE(verified) << first << " to " << end << ": " << verified.error().message();
      EXPECT_EQ(verified->first, first);
      EXPECT_EQ(verified->count, 13U);
      ASSERT_EQ(verified->entries.size(), end - first);
      std::size_t at = first;
      for (const auto entry : verified->entries) EXPECT_EQ(entry, scene.ledger.lists.at(list_path())[at++]);
    }
  }
}

TEST_F(ListPageTest, FailsWithAnyByteChanged) {
  for (const auto& good : {encoded(page(5, 4)), encoded(page(0, 13))}) {
    ASSERT_TRUE(read(good, scene.acme()));
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const unsigned mask : {0x01U, 0x80U})
        EXPECT_FALSE(read(test::flipped(good, i, mask), scene.acme())) << "byte " << i;
    }
  }
}

TEST_F(ListPageTest, FailsWhenAnEntryIsMissing) {
  for (const std::size_t at : {0U, 1U, 3U}) {
    const auto missing = changed(page(5, 4), [&](auto& entries, auto& items) {
      entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
    });
    EXPECT_FALSE(verdict(missing)) << at;
  }
  // With the proof of a shorter page.
  auto shorter = changed(page(5, 4), [](auto& entries, auto& items) {
    entries.erase(entries.begin() + 1);
    items.erase(items.begin() + 1);
  });
  shorter.range = page(5, 3).range;
  EXPECT_EQ(refusal(shorter), other_entries);
}

TEST_F(ListPageTest, FailsWhenAnEntryIsAddedOrMovedOrChanged) {
  const auto ghost = scene.ledger.lists.at(list_path())[12];
  const auto item = scene.ledger.item(path::device(ghost.what));
  const auto add = [&](auto& entries, auto& items) {
    entries.insert(entries.begin() + 1, ghost);
    items.insert(items.begin() + 1, item);
  };
  EXPECT_FALSE(verdict(changed(page(5, 4), add)));
  auto longer = changed(page(5, 4), add);
  longer.range = page(5, 5).range;
  EXPECT_EQ(refusal(longer), other_entries);
  EXPECT_EQ(refusal(changed(page(5, 4),
                            [](auto& entries, auto& items) {
                              std::swap(entries[0], entries[1]);
                              std::swap(items[0], items[1]);
                            })),
            other_entries);
  for (const auto& change :
       std::vector<std::function<void(list::Entry&)>>{[](list::Entry& entry) { ++entry.height; },
                                                      [](list::Entry& entry) { entry.change = list::Change::ended; }}) {
    EXPECT_EQ(refusal(changed(page(5, 4), [&](auto& entries, auto&) { change(entries[2]); })), other_entries);
  }
}

TEST_F(ListPageTest, StandsWhereItSays) {
  auto moved = page(5, 4);
  moved.range = page(4, 4).range;
  EXPECT_EQ(refusal(moved), other_entries);
  moved = page(4, 4);
  moved.range.first = 0;
  EXPECT_NE(refusal(moved), "accepted");
  // An empty page anywhere says nothing but how long the list is; a whole one as empty does not pass.
  auto hidden = page(0, 13);
  hidden.entries = {};
  hidden.items = {};
  EXPECT_NE(refusal(hidden), "accepted");
}

// Numbers that no tree has must not stop the program.
TEST_F(ListPageTest, WithNumbersThatNoTreeHasIsInvalid) {
  const std::vector<Digest> digests(64, test::named("made up"));
  for (const std::uint64_t first : {std::uint64_t{1} << 61U, std::uint64_t{1} << 62U, std::uint64_t{1} << 63U,
                                    (std::uint64_t{1} << 62U) - 1, ~std::uint64_t{0}}) {
    auto bad = page(5, 4);
    bad.range.first = first;
    const auto ones = static_cast<std::size_t>(std::popcount(first));
    bad.range.before = std::span<const Digest>(digests).first(ones);
    const auto verified = verdict(bad);
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code(), Code::invalid);
  }
  auto bad = page(5, 4);
  bad.range.after = std::span<const Digest>(digests);
  EXPECT_EQ(verdict(bad).error().code(), Code::invalid);
  bad.range.after = {};
  EXPECT_EQ(verdict(bad).error().code(), Code::invalid);
}

TEST_F(ListPageTest, ShowsEachEntrysOwnRecord) {
  EXPECT_EQ(refusal(changed(page(5, 4), [](auto&, auto& items) { items.pop_back(); })),
            "there is not one record for each entry of the list");
  EXPECT_EQ(refusal(changed(page(5, 4), [](auto&, auto& items) { items.push_back(items[0]); })),
            "there is not one record for each entry of the list");
  EXPECT_EQ(refusal(changed(page(5, 4), [](auto&, auto& items) { items[1] = items[0]; })),
            "the record is not what the ledger's state has there");
  EXPECT_NE(refusal(changed(page(5, 4), [](auto&, auto& items) { items[1].value.reset(); })), "accepted");
}

TEST_F(ListPageTest, ShowsNoEntryAsAbsent) {
  scene.ledger.append_to_list(scene.acme(), devices, test::named("never registered"));
  scene.ledger.seal();
  EXPECT_EQ(refusal(page(10, 4)), "an entry of the list is shown as absent");
}

TEST_F(ListPageTest, OfOnePartyOrKindIsNotAnothers) {
  EXPECT_FALSE(verdict(page(0, 13), scene.bob));
  EXPECT_FALSE(verdict(page(0, 13), scene.acme(), list::Kind::keys));
}

TEST_F(ListPageTest, ThatIsAbsentHasNoEntryAndNothingElse) {
  auto absent = scene.ledger.list_page(scene.bob, list::Kind::models, 0, 0);
  const auto verified = verdict(absent, scene.bob, list::Kind::models);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->count, 0U);
  EXPECT_EQ(verified->entries.size(), 0U);
  const auto refusal_of = [&](const ListPage& page) {
    const auto refused = verdict(page, scene.bob, list::Kind::models);
    return refused ? std::string("accepted") : refused.error().text();
  };
  const auto others = page(5, 4);
  auto invented = absent;
  invented.entries = others.entries;
  invented.items = others.items;
  EXPECT_EQ(refusal_of(invented), not_known);
  invented = absent;
  invented.range = others.range;
  EXPECT_EQ(refusal_of(invented), not_known);
  invented.range.first = 0;
  EXPECT_EQ(refusal_of(invented), not_known);
  // And what is there cannot be shown as absent.
  auto hidden = absent;
  hidden.list = page(0, 0).list;
  hidden.list.value.reset();
  EXPECT_FALSE(verdict(hidden));
}

TEST_F(ListPageTest, ThatIsEmptyIsProvedEmpty) {
  scene.ledger.put(path::list(scene.bob, list::Kind::keys), list::Record{});
  scene.ledger.seal();
  const auto empty = scene.ledger.list_page(scene.bob, list::Kind::keys, 0, 0);
  const auto verified = verdict(empty, scene.bob, list::Kind::keys);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->count, 0U);
  auto invented = empty;
  invented.entries = page(0, 1).entries;
  invented.items = page(0, 1).items;
  EXPECT_FALSE(verdict(invented, scene.bob, list::Kind::keys));
}

// Every kind of list points at the records of its things.
TEST_F(ListPageTest, OfEachKindShowsItsThings) {
  auto& ledger = scene.ledger;
  const Digest kid = test::kid(scene.acme_key), firmware = path::firmware(scene.model("cam"), 7);
  const std::vector<std::pair<list::Kind, Digest>> entries{{list::Kind::keys, kid},
                                                           {list::Kind::models, scene.model("cam")},
                                                           {list::Kind::releases, firmware},
                                                           {list::Kind::parties, scene.bob}};
  for (const auto& [kind, what] : entries) ledger.append_to_list(scene.acme(), kind, what);
  ledger.seal();
  const Digest paths[] = {path::key(kid), path::model(scene.model("cam")), firmware, path::party(scene.bob)};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto verified =
        verdict(ledger.list_page(scene.acme(), entries[i].first, 0, 1), scene.acme(), entries[i].first);
    ASSERT_TRUE(verified) << verified.error().message();
    EXPECT_TRUE(equal(*(*verified->items.begin()).value, *ledger.state.find(paths[i])));
  }
}

TEST_F(ListPageTest, OfANewerProgramIsNewer) {
  const Octets good = encoded(page(5, 4));
  EXPECT_TRUE(read(test::with_field(good, 64), scene.acme()));
  EXPECT_EQ(read(test::with_field(good, 128), scene.acme()).error().code(), Code::newer);
  Octets newer = good;
  newer[2] = std::byte{3};  // a map of six, key 1, form
  EXPECT_EQ(read(newer, scene.acme()).error().code(), Code::newer);
  // A leaf is hashed as it is known here: what it has more is newer, and never passed over.
  const auto entry = encoded(scene.ledger.lists.at(list_path())[0]);
  EXPECT_EQ(cbor::decode<list::Entry>(test::with_field(entry, 64)).error().code(), Code::newer);
}

}  // namespace
}  // namespace mikusari::proof
