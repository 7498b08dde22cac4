#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A rival member with a full node: what it learns of others by design, and what it must not learn, with numbers.

It has everything that a node's store holds, and the secret of nobody. The persons' own files and the names that the test
gave are used only to judge it. docs/threat-model.md says what was measured.

    rival_test.py MIKUSARI
"""
import hashlib
import hmac
import itertools
import pathlib
import shutil
import sys
import tempfile
import unittest
from collections import Counter

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "conformance"))

from independent.codec import decode  # noqa: E402
from independent.crypto import sha256  # noqa: E402
from independent.forms import PASSPORT_PAGE  # noqa: E402
from independent.names import blinded, issuer_of, key_of, member_handle, party_handle, thing_id  # noqa: E402
from market import CAMERAS, CARELESS, HANDLES, MEMBERS, PERSONS, PHONES, PLACES, PURCHASES, SERIAL, Market  # noqa: E402
from spying import BIRTHS, PARTY, Spy, handle_in, how_telling, item_of, joined, strings_in  # noqa: E402

DEVICE, CHIP = 5, 1
DEVIATIONS_MAX = 5
WRONG_NAMES = [f"{word}-{number}" for word in ("acme", "person", "serial", "factory") for number in range(250)]


def differing_bits(one, two):
    return (int.from_bytes(one, "big") ^ int.from_bytes(two, "big")).bit_count()


class Rival(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.market = market = Market(sys.argv[1], cls.temporary.name)
        market.run("phones", "passport", "get", market.phones[0], "--open", "--out", market.file("opened"))
        market.stop()
        shutil.copytree(market.file("node/store"), market.file("rivals-store"))
        cls.spy = Spy(market.file("rivals-store"))
        cls.names = {member_handle(cls.spy.ledger, name): name for name in [*MEMBERS, *WRONG_NAMES, *PERSONS]}
        cls.openings = cls.spy.openings()
        cls.person_of = {**market.person_of, **{handle: CARELESS for handle in market.careless}}
        # What it might take for a salt or a key: everything that has the length of one, wherever it stands.
        cls.known = {value for row in cls.spy.rows.values() for part in row if part for value in strings_in(item_of(part))}
        for each in cls.spy.statements:
            cls.known |= {each.identity, each.kid} | {body.salt for body in each.bodies}
            cls.known |= set().union(*(strings_in(item_of(body.body)) for body in each.bodies))
        cls.told = []

    @classmethod
    def tearDownClass(cls):
        if cls.market.node.poll() is None:
            cls.market.stop()
        cls.temporary.cleanup()
        print("".join(f"\n  {what}: {much}" for what, much in cls.told))

    def tell(self, what, much):
        self.told.append((what, much))

    def name(self, handle):
        return self.names.get(handle, "a person") if self.spy.record("party", handle) else None

    def secrets(self, length):
        return {value[:length] for value in self.known if len(value) >= length} | {value[-length:] for value in self.known if len(value) >= length}

    # --- by design ---

    def test_members_are_known_by_their_names_and_persons_are_not(self):
        found = {name for handle, name in self.names.items() if self.spy.record("party", handle)}
        self.assertEqual(found, set(MEMBERS))
        for handle in self.person_of:
            self.assertNotIn(handle, self.names)
            self.assertIsNone(self.spy.record("party", handle).name)
        self.tell("names found by guessing", f"{len(found)} of {len(MEMBERS)} members, 0 of {len(self.person_of)} handles of persons")

    def test_volumes_are_known_and_the_names_of_models(self):
        models = {thing_id(handle_in(each.by), body.value.nonce): body.value.name for each, body in self.spy.of("model.register")}
        made = Counter((self.name(maker), models.get(model, "blinded"), kind) for maker, model, kind, _ in self.spy.births())
        self.assertEqual(made, {("chips", "cell-a", None): CAMERAS + 2, ("chips", "blinded", CHIP): PHONES,
                                ("cameras", "camera-x", None): CAMERAS, ("phones", "blinded", DEVICE): PHONES})
        sold = Counter(self.name(handle_in(each.by)) for each, _ in self.spy.of("ownership.accept"))
        self.assertEqual(sold, {"a person": 4 * PURCHASES + 4, "shop": 4, "carrier": 1})
        self.assertTrue(all(time_ms > 0 for *_, time_ms in self.spy.births()))
        self.assertEqual([body.value.version for _, body in self.spy.of("firmware.release")], ["4.2-quiet"])
        self.tell("made, by maker, day and model", f"all {sum(made.values())}; of the {2 * PHONES} blinded ones the class")

    def test_things_are_followed_from_handle_to_handle(self):
        owners = [handle for handle, _ in self.spy.owners(bytes.fromhex(self.market.resold))]
        named = [self.name(handle) for handle in owners]
        self.assertEqual(named[-2:], ["a person", "a person"])
        self.assertEqual([self.person_of[handle] for handle in owners[-2:]], ["ann", "ben"])
        self.assertTrue(set(named[:-2]) <= set(MEMBERS))
        registrars = Counter(self.name(self.spy.record("party", handle).registrar) for handle in self.person_of)
        self.assertEqual(registrars, {"shop": 4 * HANDLES + 1, "clinic": 1})
        self.tell("owners of a resold device", " -> ".join(named))
        self.tell("registrar of each handle", f"all {len(self.person_of)}")

    def test_places_are_pseudonyms_that_members_use_again(self):
        places = {}
        for each in self.spy.statements:
            for body in each.bodies:
                if getattr(body.value, "at", None):
                    places.setdefault(body.value.at.place, []).append(handle_in(each.by))
        used = Counter(self.name(handle) for place in places.values() for handle in set(place))
        self.assertEqual(used, {"cameras": 1, "carrier": 1, "a person": 3 + 2})
        for handles in places.values():
            of_persons = {self.person_of[handle] for handle in handles if handle in self.person_of}
            self.assertTrue(len(set(handles)) == 1 or of_persons == {CARELESS})
        guesses = {hmac.digest(key, tag + self.spy.ledger + name, "sha256") for key in self.secrets(32) for tag in (b"", b"mikusari/place/1")
                   for name in map(str.encode, PLACES.values())}
        guesses |= {sha256(tag, self.spy.ledger, name.encode()) for tag in (b"", b"mikusari/place/1") for name in PLACES.values()}
        self.assertFalse(guesses & set(places))
        self.tell("places", f"0 of {len(places)} by name; a member's is the same one each time, a person's another under each handle")

    # --- not at all ---

    def test_no_private_text_stands_anywhere(self):
        everything = b"".join(self.spy.files.values())
        for text in [*PERSONS.values(), "Zoe Ruhl", SERIAL, *PLACES.values(), "own-0000", "one-of-a-kind"]:
            for form in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode(), hashlib.sha256(text.encode()).digest()):
                self.assertNotIn(form, everything, text)
        for text in ("camera-x", "gauge-b", "phone-mini", "4.2-quiet", "text/plain", *MEMBERS):
            self.assertIn(text.encode(), everything, text)
        self.tell("texts that are read", "names of members, models and versions, reasons, media types; none of persons, places, serial numbers")

    def test_no_commitment_is_opened(self):
        """By everything that could be a salt, and all the right names; with the right salt it opens."""
        commitments = {body.value.commitment for _, _, body in self.openings.values()}
        self.assertEqual(len(commitments), len(self.openings))
        for salt, who in itertools.product(self.secrets(32) | {b""}, PERSONS.values()):
            self.assertNotIn(sha256(b"mikusari/who/1", salt, who.encode()), commitments)
            self.assertNotIn(sha256(salt, who.encode()), commitments)
        for person, who in PERSONS.items():
            request = item_of(pathlib.Path(self.market.file(person + ".request")).read_bytes())
            self.assertTrue(all(sha256(b"mikusari/who/1", salt, who.encode()) in commitments for salt in request[7]))
        part = self.spy.record("part", bytes.fromhex(self.market.numbered["part"])).commitment
        guesses = [sha256(tag, salt, SERIAL.encode()) for salt in self.secrets(32) | {b""} for tag in (b"", b"mikusari/private/1")]
        self.assertNotIn(part, guesses)
        self.assertEqual(part, sha256(b"mikusari/private/1", bytes.fromhex(self.market.numbered["commitment_salt"]), SERIAL.encode()))
        self.tell("commitments opened", f"0 of {len(commitments) + 1}, with the right words and {len(self.secrets(32)):,} values for a salt")

    def test_no_blinded_model_is_opened(self):
        models = [thing_id(handle_in(each.by), body.value.nonce) for each, body in self.spy.of("model.register")]
        hidden = {body.value.model for _, body in self.spy.of(*BIRTHS) if body.value.blinded_class}
        self.assertEqual(len(hidden), 2 * PHONES, "one value for each thing")
        opened = {blinded(salt, model) for salt, model in itertools.product(self.secrets(16), models)}
        self.assertFalse(opened & hidden)
        page = decode(PASSPORT_PAGE, pathlib.Path(self.market.file("opened")).read_bytes(), "passport")
        openings = [each.opening for each in page.things if each.opening]
        self.assertTrue(openings and all(blinded(each.salt, each.model) in hidden for each in openings))
        self.assertEqual(len({blinded(each.salt, model) for each in openings for model in models} & hidden), len(openings), "no other thing's")
        choices = Counter((self.name(handle_in(each.by)), body.value.class_) for each, body in self.spy.of("model.register"))
        self.assertEqual((choices["chips", CHIP], choices["phones", DEVICE]), (2, 2))
        self.tell("blinded models opened", f"0 of {len(hidden)}, with {len(self.secrets(16)):,} salts; each is one of the 2 of its maker and class")

    def test_nothing_is_used_twice(self):
        salts = [body.salt for each in self.spy.statements for body in each.bodies]
        nonces = [body.value.nonce for _, body in self.spy.of("part.register", "device.assemble", "model.register", "party.open")]
        halves = [each.signature[:32] for each in self.spy.statements]
        possessions = [body.value.possession[:32] for _, body in self.spy.of("party.open")]
        for values in (salts, nonces, halves, possessions):
            self.assertEqual(len(set(values)), len(values))
        subjects = {}
        for each in self.spy.statements:
            subjects.setdefault(each.kid, set()).add(each.by)
        self.assertEqual({len(each) for each in subjects.values()}, {1}, "a key speaks for one")
        firsts = [body.value.key.thumbprint() for _, _, body in self.openings.values()]
        self.assertEqual(len(set(firsts)), len(self.openings))
        for handle in self.openings:
            said = [each.n for each in self.spy.statements if each.by == issuer_of(PARTY, handle)]
            self.assertEqual(said, list(range(1, len(said) + 1)), "the counter is the key's own, not the home's")
        self.tell("salts, nonces, keys, signatures used twice", f"0 of {len(salts)}, {len(nonces)}, {len(firsts)}, {len(halves)}")

    def test_no_value_joins_two_handles_of_one_person(self):
        values = {handle: self.spy.values_of(handle) for handle in self.openings}
        self.assertEqual(set(values), set(self.person_of))
        found = joined(values, self.person_of)
        # It has eyes: who is opened alone, and says one place under two handles, is seen to be one.
        careless = {value for value, handles in found.items() if handles == set(self.market.careless)}
        opening = self.openings[self.market.careless[0]][0].identity
        person, number = self.market.mistaken
        self.assertFalse([each for each in self.spy.statements if each.by == issuer_of(PARTY, self.market.handles[person][number])])
        self.assertLessEqual({opening, self.market.careless_place}, careless)
        self.assertEqual(self.market.warned["requests"], 1)
        others = {value: handles for value, handles in found.items() if value not in careless}
        self.assertEqual(others, {})
        together = Counter(statement.identity for statement, _, _ in self.openings.values())
        self.assertEqual(sorted(together.values()), [2, 4 * HANDLES])
        self.tell("values that join two handles of one person", f"0 of {len(set().union(*values.values())):,}; {len(careless)} for who was careless")

    def test_likeness_of_handles_is_chance(self):
        opened = list(self.market.person_of)
        body = {handle: self.openings[handle][2] for handle in opened}
        place = {handle: self.openings[handle][1] for handle in opened}
        asked = {handle: number for number, handle in enumerate(itertools.chain.from_iterable(self.market.handles.values()))}
        parts = {"handle": lambda handle: handle, "key": lambda handle: body[handle].value.key.thumbprint(), "salt": lambda handle: body[handle].salt,
                 "nonce": lambda handle: body[handle].value.nonce, "commitment": lambda handle: body[handle].value.commitment,
                 "possession": lambda handle: body[handle].value.possession}
        measures = {f"bits of the {name}": (opened, lambda one, two, part=part: differing_bits(part(one), part(two))) for name, part in parts.items()}
        measures["place in the opening"] = (opened, lambda one, two: abs(place[one] - place[two]))
        measures["size of the opening"] = (opened, lambda one, two: abs(len(body[one].body) - len(body[two].body)))
        first = {}
        for each in self.spy.statements:
            first.setdefault(handle_in(each.by), each)
        buyers = [self.market.handles[person][number] for person, number, _ in self.market.bought]
        measures["time of the purchase"] = (buyers, lambda one, two: abs(first[one].height - first[two].height))
        measures["size of the acceptance"] = (buyers, lambda one, two: abs(len(first[one].bytes) - len(first[two].bytes)))
        worst = 0
        for name, (handles, distance) in measures.items():
            chance, deviations = how_telling(distance, handles, self.person_of, name)
            self.assertLess(abs(deviations), DEVIATIONS_MAX, f"{name}: {chance:.2f}")
            worst = max(worst, abs(chance - 0.5))
        # It would have seen the order of the requests.
        chance, deviations = how_telling(lambda one, two: abs(asked[one] - asked[two]), opened, self.person_of, "asked")
        self.assertGreater(deviations, DEVIATIONS_MAX)
        self.tell("likeness of two handles of one person", f"{len(measures)} measures, at most {worst:.2f} from 1/2; the order of the requests would be "
                  f"{chance:.2f}, {deviations:.0f} deviations away")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
