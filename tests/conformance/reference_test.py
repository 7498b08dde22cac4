#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The reference against docs/formats/: its tables are the pages' rules, every example holds; and Ed25519's frozen verdicts.

    reference_test.py <source tree>
"""
import copy
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from independent.bodies import BY_NAME, KINDS
from independent.client import check_continues, read_state
from independent.codec import Newer, Refused, decode, encode
from independent.crypto import ED25519_KEY, Key, sha256
from independent.forms import ENTRY
from independent.genesis import GENESIS, verify_genesis
from independent.names import blinded, member_handle, party_handle, thing_id
from independent.policy import read_policy, step
from independent.records import LIST_RECORD, RECORDS
from independent.statement import read_submission, verify_submission
from reference import checkpoint_of, verify

ROOT = pathlib.Path(sys.argv[1])
REFERENCE = pathlib.Path(__file__).with_name("reference.py")


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/formats" / page).read_text(), re.S)


def example(page, index=0):
    return bytes.fromhex(blocks(page, "hex")[index].replace("\n", ""))


def rules(page):
    """What the page's CDDL says, by name, without the names of fields and of values."""
    text = re.sub(r";[^\n]*", "", "\n".join(blocks(page, "cddl")))
    found = re.findall(r"^([a-z-]+) = (\{.*?\n?\})$", text, re.S | re.M)
    return {name: plain(rule) for name, rule in found}


def plain(rule):
    rule = re.sub(r"[a-z_0-9]+: (\d+)", r"\1", rule)
    return re.sub(r"\s+", " ", rule).replace("{ ", "{").replace(", }", ",}").replace(" }", "}")


class Tables(unittest.TestCase):
    def test_records_are_those_of_the_page(self):
        page = rules("records.md")
        for family, form in RECORDS.items():
            if family != "policy":  # which has a page of its own
                self.assertEqual(form.cddl, page[family + "-record"], family)
        self.assertEqual(ENTRY.cddl, page["list-entry"])

    def test_bodies_are_those_of_the_page(self):
        page = rules("bodies.md")
        names = {kind.name.replace(".", "-").replace("_", "-"): kind for kind in KINDS}
        self.assertEqual(set(names), set(page))
        for name, kind in names.items():
            self.assertEqual(kind.body.cddl, page[name], name)

    def test_kinds_have_the_numbers_of_the_page(self):
        rows = re.findall(r"^([0-9a-f]{4})  (\S+)", blocks("bodies.md", "text")[0], re.M)
        self.assertEqual({kind.name: kind.number for kind in KINDS}, {name: int(number, 16) for number, name in rows})

    def test_the_genesis_is_that_of_the_page(self):
        self.assertEqual(GENESIS.cddl, rules("genesis.md")["genesis"])


class Examples(unittest.TestCase):
    policy = read_policy(example("policy.md"))
    acme = member_handle(policy.ledger, "acme")
    chip = thing_id(acme, sha256(b"example chip"))

    def test_checkpoint_as_cbor_and_as_note_says_the_same(self):
        of_cbor = checkpoint_of(example("checkpoint.md"), self.policy)
        note = next(block for block in blocks("checkpoint.md", "text") if block.startswith("mikusari/"))
        of_note = checkpoint_of(note.encode(), self.policy)
        self.assertEqual((of_cbor.size, of_cbor.witnesses, of_cbor.text), (7, 1, of_note.text))

    def test_consistency_with_another_root_is_refused(self):
        later = checkpoint_of(example("checkpoint.md"), self.policy)
        earlier = copy.copy(later)
        earlier.size, earlier.root = 5, bytes(32)
        with self.assertRaises(Refused):
            check_continues(earlier, later, example("checkpoint.md", 1))

    def test_client_state(self):
        state = read_state(example("client-state.md"), self.policy)
        self.assertEqual(state.size, 7)

    def test_step(self):
        after, body = step(self.policy, example("policy.md", 1))
        self.assertEqual((after.epoch, after.signers[0].name, body.size, body.lost_size), (2, "log.new", 7, 10))

    def test_receipt_state_list_and_passport(self):
        absent = "device/" + sha256(b"no such device").hex()
        for what, page, index, name, wanted in (
                ("receipt", "receipt.md", 0, None, "device.assemble committed"),
                ("state", "state-answer.md", 0, "part/" + self.chip.hex(), "present"), ("state", "state-answer.md", 1, absent, "absent"),
                ("list", "list-answer.md", 0, f"list/{self.acme.hex()}/devices", "1 devices, complete"),
                ("passport", "passport.md", 0, None, "5 things, 2 events, complete")):
            self.assertIn(wanted, verify(what, self.policy, [example(page, index)], name).text)

    def test_a_withheld_receipt_is_the_same_event(self):
        texts = [verify("receipt", self.policy, [example("receipt.md", index)]).text for index in (0, 1)]
        self.assertEqual(texts[0] + ", its text withheld", texts[1])

    def test_statement_and_the_same_withheld(self):
        whole, withheld = (verify_submission(example("statement.md", index)) for index in (0, 1))
        self.assertEqual(whole.said.identity, withheld.said.identity)
        self.assertIn(blocks("statement.md", "text")[0].strip(), whole.text)
        body = decode(BY_NAME[whole.said.header.claims.sub].body, whole.bodies[0].body, "body")
        self.assertIsNotNone(body.nonce)

    def test_genesis(self):
        self.assertEqual(verify_genesis(example("genesis.md")).ledger.hex(), blocks("genesis.md", "text")[0].strip())

    def test_names(self):
        ledger, nonce, thumbprint, salt = (bytes([byte]) * length for byte, length in ((1, 32), (2, 32), (3, 32), (4, 16)))
        acme = member_handle(ledger, "acme")
        party = party_handle(ledger, acme, thumbprint, nonce)
        model = thing_id(acme, nonce)
        found = [acme, party, model, thing_id(party, nonce), blinded(salt, model)]
        self.assertEqual([name.hex() for name in found], re.findall(r"[0-9a-f]{64}", blocks("names.md", "text")[0]))


class Versions(unittest.TestCase):
    """The table of versions.md, as a reader says it."""
    scrap = {1: bytes(32), 2: 5}

    def made(self, row):
        scrap = BY_NAME["part.scrap"].body
        if match := re.fullmatch(r"with a field (\d+)", row):
            return scrap, encode({**self.scrap, int(match[1]): 0})
        if match := re.fullmatch(r"part.inspect with finding (\d)", row):
            return BY_NAME["part.inspect"].body, encode({1: 1, 2: bytes(32), 3: int(match[1])})
        if match := re.fullmatch(r"a list's record of form (\d)", row):
            return LIST_RECORD, encode({1: int(match[1]), 2: {1: 0, 2: sha256()}})
        if match := re.fullmatch(r"a genesis with a field (\d+)", row):
            return GENESIS, with_field(example("genesis.md"), int(match[1]))
        return scrap, encode(self.scrap if row == "part.scrap as it is" else {1: bytes(32)})

    def test_each_row(self):
        rows = re.findall(r"^(\S.*?)  +(taken|invalid|newer) ", blocks("versions.md", "text")[0], re.M)
        self.assertGreater(len(rows), 12)
        for row, wanted in rows:
            self.assertEqual(self.verdict(*self.made(row)), wanted, row)

    @staticmethod
    def verdict(form, data):
        try:
            decode(form, data, "example")
        except Newer:
            return "newer"
        except Refused:
            return "invalid"
        return "taken"


def with_field(data, number):
    """The map of fewer than 23 fields with one more behind them."""
    return bytes([data[0] + 1]) + data[1:] + encode(number) + b"\x00"


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, content):
        path = pathlib.Path(self.folder.name) / name
        path.write_bytes(content)
        return path

    def run_it(self, *words):
        return subprocess.run([sys.executable, REFERENCE, *words], capture_output=True, text=True)

    def test_it_refuses_in_a_sentence(self):
        policy, junk = self.file("policy", example("policy.md")), self.file("junk", b"\x81" * 100_000)
        for words in (["passport", policy, junk], ["state", policy, "device/zz", junk], ["receipt", policy, junk.with_name("none")],
                      ["checkpoint", junk, junk], ["statement", junk], ["genesis", junk], ["step", policy, junk],
                      ["list", policy, "list/zz/keys", junk]):
            done = self.run_it(*words)
            self.assertEqual(done.returncode, 1, words)
            self.assertRegex(done.stderr, r"^refused: [^\n]+\n$")

    def test_it_tells_what_is_newer(self):
        policy = self.file("policy", example("policy.md"))
        done = self.run_it("genesis", self.file("genesis", with_field(example("genesis.md"), 64)))
        self.assertEqual((done.returncode, done.stderr[:7]), (20, "newer: "))
        later = example("receipt.md").replace(b"\xa5\x01\x02", b"\xa5\x01\x03", 1)
        self.assertEqual(self.run_it("receipt", policy, self.file("receipt", later)).returncode, 20)

    def test_it_verifies(self):
        policy, passport = self.file("policy", example("policy.md")), self.file("passport", example("passport.md"))
        done = self.run_it("passport", policy, passport, "--state", self.file("state", example("client-state.md")))
        self.assertEqual((done.returncode, done.stdout[:10]), (0, "verified: "), done.stderr)
        said, _, _ = read_submission(example("statement.md"))
        self.assertIn(said.identity.hex(), self.run_it("statement", self.file("statement", example("statement.md"))).stdout)


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
            public = Key(ED25519_KEY + self.points[key][0])
            text = b"ed25519vectors" + (b" %d" % message if message else b"")
            self.assertEqual(self.holds(public.verify, text, self.points[r][0] + self.scalars[s], ""), bool(accepted), number)

    def test_keys(self):
        for encoded, registrable in self.points:
            self.assertEqual(self.holds(Key(ED25519_KEY + encoded).check, ""), registrable, encoded.hex())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
