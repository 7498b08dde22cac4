#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The reference by itself: every example of docs/formats/ holds, hand-made tricks do not, and Ed25519's frozen verdicts.

    reference_test.py <source tree>
"""
import copy
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import cbor2

from independent.client import check_continues, read_state
from independent.codec import Refused, decode, uint
from independent.crypto import ED25519, Key
from independent.passport import verify_passport
from independent.policy import read_policy
from independent.statement import verify_submission
from reference import checkpoint_of, verify

ROOT = pathlib.Path(sys.argv[1])
REFERENCE = pathlib.Path(__file__).with_name("reference.py")


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/formats" / page).read_text(), re.S)


def example(page, index=0):
    return bytes.fromhex(blocks(page, "hex")[index].replace("\n", ""))


def id_of(text):
    """Things in the examples are named SHA-256(text)."""
    return hashlib.sha256(text.encode()).hexdigest()


class Examples(unittest.TestCase):
    policy = read_policy(example("policy.md"))

    def test_checkpoint_as_cbor_and_as_note_says_the_same(self):
        of_cbor = checkpoint_of(example("checkpoint.md"), self.policy)
        note = next(block for block in blocks("checkpoint.md", "text") if block.startswith("mikusari/"))
        of_note = checkpoint_of(note.encode(), self.policy)
        self.assertEqual((of_cbor.size, of_cbor.time, of_cbor.text), (4, 1800000002, of_note.text))

    def test_consistency_with_another_root_is_refused(self):
        later = checkpoint_of(example("checkpoint.md"), self.policy)
        earlier = copy.copy(later)
        earlier.size, earlier.root = 2, bytes.fromhex("00" * 32)
        with self.assertRaises(Refused):
            check_continues(earlier, later, example("checkpoint.md", 1))

    def test_client_state(self):
        state = read_state(example("client-state.md"), self.policy)
        self.assertEqual((state.size, state.time), (4, 1800000002))

    def test_receipt_state_list_and_passport(self):
        chip, none = id_of("example chip"), id_of("no such device")
        for what, page, index, name, wanted in (
                ("receipt", "receipt.md", 0, None, "committed in block 2"), ("state", "state-answer.md", 0, "part/" + chip, "present"),
                ("state", "state-answer.md", 1, "device/" + none, "absent"), ("list", "list-answer.md", 0, "acme", "1 devices"),
                ("passport", "passport.md", 0, None, "5 things, 2 events, 2 signatures")):
            self.assertIn(wanted, verify(what, self.policy, example(page, index), name).text)

    def test_statement(self):
        identity = blocks("statement.md", "text")[-1].strip()
        self.assertIn(identity, verify_submission(example("statement.md")))


class Tricks(unittest.TestCase):
    policy = read_policy(example("policy.md"))

    def refused(self, change, why):
        passport = cbor2.loads(example("passport.md"))
        change(passport)
        with self.assertRaisesRegex(Refused, why):
            verify_passport(cbor2.dumps(passport, canonical=True), self.policy)

    def test_an_invented_event_behind_a_negative_index_is_refused(self):
        def invent(passport):
            passport[6].append({**passport[6][-1], 6: 99})
            passport[4][0][4] = [index - len(passport[6]) for index in passport[4][0][4]]
        self.refused(invent, "unsigned")

    def test_an_event_that_nothing_has_is_refused(self):
        self.refused(lambda passport: passport[6].append({**passport[6][-1], 2: 7, 6: 2}), "index|concerns")

    def test_numbers_that_python_takes_for_equal_are_refused(self):
        self.refused(lambda passport: passport.update({1: True}), "version")
        self.refused(lambda passport: passport[6][0].update({2: False}), "unsigned")
        self.refused(lambda passport: passport[6][0].update({2: 0.0}), "float")

    def test_events_and_things_have_one_order(self):
        self.refused(lambda passport: passport[6].reverse(), "statement")
        self.refused(lambda passport: passport[4].append(passport[4][0]), "second device")
        self.refused(lambda passport: passport[4].insert(3, passport[4].pop()), "out of order")
        self.refused(lambda passport: passport[4][0].update({4: passport[4][0][4] * 2}), "as many events")

    def test_a_model_may_not_be_missing(self):
        self.refused(lambda passport: passport[4].pop(), "model")

    def test_a_byte_string_has_one_encoding(self):
        for bad in ("1800", "5f4100ff", "9f00ff", "a2000100", "a201000000", "a201000100", "f97e00", "6180", "f7", "c100", "81" * 17 + "00",
                    "0000"):
            with self.assertRaises(Refused, msg=bad):
                decode(lambda value, where: value, bytes.fromhex(bad), "item")
        self.assertEqual(decode(uint(), bytes.fromhex("1bffffffffffffffff"), "item"), 2**64 - 1)

    def test_the_command_refuses_in_a_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            policy, junk = pathlib.Path(folder) / "policy", pathlib.Path(folder) / "junk"
            policy.write_bytes(example("policy.md"))
            junk.write_bytes(b"\x81" * 100_000)
            for words in (["passport", policy, junk], ["state", policy, "device/zz", junk], ["receipt", policy, junk.with_name("none")],
                          ["checkpoint", junk, junk], ["statement", junk]):
                done = subprocess.run([sys.executable, REFERENCE, *words], capture_output=True, text=True)
                self.assertEqual(done.returncode, 1, words)
                self.assertRegex(done.stderr, r"^refused: [^\n]+\n$")


class Ed25519(unittest.TestCase):
    """The table that fixes the ledger's rule, as data: libsodium's verdicts on the cases of C2SP/CCTV."""
    table = (ROOT / "src/core/crypto/openssl/ed25519_verdicts.inc").read_text()
    points = [(bytes.fromhex(point), flag == "1") for point, flag in re.findall(r'\{"([0-9a-f]{64})", ([01])\}', table)]
    scalars = [bytes.fromhex(scalar) for scalar in re.findall(r'^ +"([0-9a-f]{64})",$', table, re.M)]
    cases = [tuple(map(int, row)) for row in re.findall(r"\{(\d+), (\d+), (\d+), (\d+), (\d+), ([01])\}", table)]

    @staticmethod
    def holds(check, *arguments):
        try:
            check(*arguments)
        except Refused:
            return False
        return True

    def test_signatures(self):
        self.assertGreater(len(self.cases), 400)
        for number, key, r, s, message, accepted in self.cases:
            public = Key(ED25519, {1: 1, -1: 6, -2: self.points[key][0]})
            text = b"ed25519vectors" + (b" %d" % message if message else b"")
            self.assertEqual(self.holds(public.verify, text, self.points[r][0] + self.scalars[s], ""), bool(accepted), number)

    def test_keys(self):
        for encoded, registrable in self.points:
            self.assertEqual(self.holds(Key(ED25519, {1: 1, -1: 6, -2: encoded}).check, ""), registrable, encoded.hex())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
