#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A registrar that wants to hold, rob or link the person that it has opened, against a real node.

It writes its statements by hand, so that it says what no command offers, and it reads the whole store.

    registrar_test.py MIKUSARI
"""
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "conformance"))

from independent.codec import encode  # noqa: E402
from independent.crypto import sha256  # noqa: E402
from independent.names import issuer_of, member_handle  # noqa: E402
from ledger import Body, Ledger  # noqa: E402
from life import DEVICE_SUBJECT, KINDS, PARTY_SUBJECT, WALLET_KEY  # noqa: E402
from spying import PARTY, Spy, item_of, joined  # noqa: E402
from wallet import Wallet  # noqa: E402
from world import CONFLICT, FORBIDDEN, INVALID, NONCE, NOT_FOUND, UNAUTHENTICATED, World  # noqa: E402

FOUNDERS = {"cameras": ("maker", []), "city": ("registrar", []), "clinic": ("registrar", []), "bob": ("", []), "lab": ("witness", []),
            "notary": ("witness", [])}
MORE_KINDS = {"revoke": (0x0204, "key.revoke"), "freeze": (0x0205, "key.freeze"), "veto": (0x0203, "key.veto"), "retire": (0x0509, "device.retire"),
              "suspend device": (0x0507, "device.suspend"), "refuse": (0x0603, "custody.refuse"), "cancel": (0x0703, "ownership.cancel"),
              "force": (0x0704, "ownership.force"), "suspend": (0x0B02, "party.suspend"), "move": (0x0B03, "party.move"),
              "close": (0x0B04, "party.close"), "recover": (0x0B05, "party.recover"), "amend": (0x0B06, "party.amend")}
REFUSED = (INVALID, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT)
DEVICE, RECOVERED_BY_REGISTRAR = 2, 3


class WithHand(World):
    """city's key is in this program's hand."""

    def make_founder(self, name, release_keys):
        super().make_founder(name, release_keys)
        if name != "city":
            return
        self.wallet, nonce = Wallet("the city's"), bytes.fromhex(NONCE)
        proof = self.wallet.possession(nonce, bytes(32), [PARTY_SUBJECT, member_handle(nonce, name)], WALLET_KEY)
        pathlib.Path(self.file(name + ".keys")).write_bytes(encode([{1: self.wallet.cose, 2: WALLET_KEY, 3: 1, 4: 1, 5: proof}]))


class Registrar(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.world = world = WithHand(sys.argv[1], cls.temporary.name, founders=FOUNDERS)
        cls.pen = Ledger(bytes.fromhex(world.run("bob", "ledger", "info")["ledger"]), 0, None)
        cls.city = member_handle(cls.pen.id, "city")
        world.run("cameras", "model", "register", "camera", "--class", "device")

    @classmethod
    def tearDownClass(cls):
        if cls.world.node.poll() is None:
            cls.world.stop()
        cls.temporary.cleanup()

    def say(self, kind, *bodies, issuer=None, wallet=None, refused=None, **more):
        """By the registrar's hand: what the node answers."""
        said = self.pen.say(wallet or self.world.wallet, issuer or issuer_of(PARTY, self.city), {**KINDS, **MORE_KINDS}[kind],
                            [Body(body) for body in bodies], **more)
        path = pathlib.Path(self.world.file("by hand"))
        path.write_bytes(said.submission)
        words = self.world.words("bob", "statement", "submit", str(path))
        done = self.world.plain(*words[1:])
        answer = json.loads(done.stdout)
        self.assertEqual(done.returncode == 0, refused is None, f"{kind}: {done.stdout}{done.stderr}")
        if refused:
            self.assertIn(done.returncode, REFUSED)
            self.assertEqual(answer["error"].get("refusal", answer["error"]["message"]), refused, f"{kind}: {done.stdout}")
        return answer

    def record(self, group, thing):
        return self.world.run("bob", group, "show", thing)["record"]

    def person(self, home, label, registrar, key, *more, count=2):
        """A request for parties. Returns their handles and what the request asks to open."""
        run, world = self.world.run, self.world
        if not (world.folder / home).exists():
            run(home, "key", "create", "unused")
            world.connect(home)
        out, rows = world.file(label + ".request"), pathlib.Path(world.file(label + ".handles"))
        run(home, "party", "request", label, "--registrar", registrar, "--registrar-key", key, "--count", str(count), "--who", "Ann, who lives here",
            "--handles-out", str(rows), "--out", out, *more)
        return rows.read_text().split(), item_of(pathlib.Path(out).read_bytes())[5]

    def bought(self, home, key, handle):
        run = self.world.run
        camera = run("cameras", "device", "assemble", "--model", "camera")["unit"]
        run("cameras", "ownership", "offer", camera, "--to", handle)
        run(home, "ownership", "accept", camera, "--key", key)
        return camera

    def test_1_neither_holds_nor_robs(self):
        run, world = self.world.run, self.world
        (handle, other), openings = self.person("ann", "own", "city", world.wallet.kid.hex())
        # Who asked that no registrar bring back its keys is not opened as if it had.
        self.say("party", {**openings[0], 5: RECOVERED_BY_REGISTRAR}, refused="bad_possession")
        self.say("party", *openings)
        cameras = [self.bought("ann", "own-000000", handle) for _ in range(3)]

        def mine(*words, **more):
            return run("ann", *words, "--key", "own-000000", **more)
        before = [self.record("party", handle), *(self.record("device", camera) for camera in cameras)]
        self.robs(handle, openings, cameras[0])
        self.assertEqual([self.record("party", handle), *(self.record("device", camera) for camera in cameras)], before)

        # Suspended, by design, it receives nothing; what it has is sold, taken back and ended all the same.
        self.say("suspend", {1: bytes.fromhex(handle), 2: True})
        extra = run("cameras", "device", "assemble", "--model", "camera")["unit"]
        self.assertEqual(run("cameras", "ownership", "offer", extra, "--to", handle, code=FORBIDDEN)["error"]["refusal"], "suspended")
        mine("ownership", "offer", cameras[0], "--to", "bob")
        run("bob", "ownership", "accept", cameras[0])
        mine("custody", "recall", cameras[1], "--device")
        mine("device", "retire", cameras[2])
        mine("device", "destroy", cameras[2], "--approve-with", "lab@" + world.file("lab"), "--approve-with", "notary@" + world.file("notary"))
        self.assertEqual(self.record("device", cameras[0])["owner"], world.handle("bob"))

        # It leaves: the registrar is not asked, and its approval is of no use in the place of the new one's.
        self.assertEqual(mine("party", "move", "--to", "clinic", code=FORBIDDEN)["error"]["refusal"], "missing_approvals")
        mine("party", "move", "--to", "clinic", "--approve-with", "clinic@" + world.file("clinic"))
        for suspended in (True, False):
            self.say("suspend", {1: bytes.fromhex(handle), 2: suspended}, refused="not_entitled")
        self.assertEqual(self.record("party", handle)["state"], "active")
        run("cameras", "ownership", "offer", extra, "--to", handle)
        mine("ownership", "accept", extra)
        self.assertEqual(self.record("party", other)["registrar"], self.city.hex(), "the other one stays where it is")

    def robs(self, handle, openings, camera):
        party, thing, record = bytes.fromhex(handle), bytes.fromhex(camera), self.record("device", camera)
        on, thief, mine = record["title"], Wallet("thief"), bytes.fromhex(self.record("party", handle)["keys"][0]["key"])
        said, wallet, city = self.say, self.world.wallet, self.city
        for subject, tenure, why in (([PARTY_SUBJECT, party], 0, "not_entitled"), ([DEVICE_SUBJECT, thing], record["tenure"], "not_owned")):
            proof = thief.possession(self.pen.id, wallet.kid, subject, WALLET_KEY, tenure)
            said("key", {1: thief.cose, 2: WALLET_KEY, 3: dict(enumerate(subject, 1)), 4: proof, 5: 1, 6: 1}, refused=why)
        for kind, body, why in (("revoke", {1: mine, 2: 1}, "not_owned"), ("freeze", {1: mine}, "not_entitled"), ("veto", {1: mine}, "veto_time_over")):
            said(kind, body, refused=why)
        commitment = bytes.fromhex(self.record("party", handle)["commitment"])
        proof = thief.possession(self.pen.id, wallet.kid, [PARTY_SUBJECT, party], WALLET_KEY, 0, commitment)
        said("recover", {1: party, 2: thief.cose, 3: proof}, refused="not_recoverable")

        for kind, body, why in (
                ("offer", {1: DEVICE, 2: thing, 3: city, 4: on}, "not_owned"), ("accept", {1: DEVICE, 2: thing, 3: on, 4: []}, "not_offered"),
                ("cancel", {1: DEVICE, 2: thing}, "not_owned"), ("force", {1: DEVICE, 2: thing, 3: city, 4: on}, "not_entitled"),
                ("ship", {1: DEVICE, 2: thing, 3: city, 4: on}, "not_in_custody"), ("ship", {1: DEVICE, 2: thing, 3: city}, "not_in_custody"),
                ("receive", {1: DEVICE, 2: thing, 4: []}, "wrong_state"), ("refuse", {1: DEVICE, 2: thing}, "wrong_state"),
                ("recall", {1: DEVICE, 2: thing}, "not_owned"), ("retire", {1: thing, 2: on}, "not_owned"),
                ("suspend device", {1: thing}, "not_owned"), ("alarm", {1: DEVICE, 2: thing, 3: 5}, "not_entitled"), ("close", {}, "not_entitled")):
            said(kind, body, refused=why)
        # In the person's name, with the registrar's key; and with the person's key, which it does not have.
        for kind, body in (("close", {}), ("move", {1: city}), ("offer", {1: DEVICE, 2: thing, 3: city, 4: on})):
            said(kind, body, issuer=issuer_of(PARTY, party), refused="the claim iss is not whom the key speaks for: the node refuses")
        # Vouched for twice: the same opening, and another party for the same key.
        said("party", openings[0], refused="already_registered")
        said("party", {**openings[0], 1: sha256(b"another nonce")}, refused="bad_possession")

    def test_2_waits_and_is_vetoed(self):
        """The person let it bring back lost keys; it begins that without being asked."""
        world = self.world
        (handle, _), openings = self.person("eve", "trusting", "city", world.wallet.kid.hex(), "--recovery", "registrar")
        self.say("party", *openings)
        camera = self.bought("eve", "trusting-000000", handle)
        robber, party = Wallet("robber"), bytes.fromhex(handle)
        commitment = bytes.fromhex(self.record("party", handle)["commitment"])
        proof = robber.possession(self.pen.id, world.wallet.kid, [PARTY_SUBJECT, party], WALLET_KEY, 0, commitment)
        self.say("recover", {1: party, 2: robber.cose, 3: proof})
        offer = {1: DEVICE, 2: bytes.fromhex(camera), 3: self.city, 4: self.record("device", camera)["title"]}
        self.say("offer", offer, issuer=issuer_of(PARTY, party), wallet=robber, refused="key_not_active")
        self.assertEqual(self.record("party", handle)["recovering"], robber.kid.hex(), "everybody sees it coming")
        self.say("suspend", {1: party, 2: True})
        world.run("eve", "key", "veto", robber.kid.hex(), "--key", "trusting-000000")
        self.assertEqual(self.record("key", robber.kid.hex())["reason"], "vetoed")
        again = Wallet("again")
        proof = again.possession(self.pen.id, world.wallet.kid, [PARTY_SUBJECT, party], WALLET_KEY, 0, commitment)
        self.say("recover", {1: party, 2: again.cose, 3: proof}, refused="not_recoverable")
        world.run("eve", "ownership", "offer", camera, "--to", "bob", "--key", "trusting-000000")

    def test_3_does_not_find_who_has_gone_elsewhere(self):
        """The same person's next party, under another registrar: nothing on the ledger stands with both."""
        world, run = self.world, self.world.run
        old, openings = self.person("fay", "old", "city", world.wallet.kid.hex())
        self.say("party", *openings)
        self.bought("fay", "old-000000", old[0])
        clinics = next(key["kid"] for key in run("clinic", "key", "list")["keys"] if key["name"] == "clinic")
        new, _ = self.person("fay", "new", "clinic", clinics)
        run("clinic", "party", "open", world.file("new.request"))
        self.bought("fay", "new-000000", new[0])
        other, _ = self.person("gil", "others", "clinic", clinics)
        run("clinic", "party", "open", world.file("others.request"))
        self.bought("gil", "others-000000", other[0])
        world.stop()
        spy = Spy(world.file("node/store"))
        person_of = {bytes.fromhex(handle): person for person, handles in (("fay", [old[0], new[0]]), ("gil", [other[0]])) for handle in handles}
        self.assertEqual(joined({handle: spy.values_of(handle) for handle in person_of}, person_of), {})
        audited = run("bob", "ledger", "audit", "--store", world.file("node/store"), "--signer-memory", world.file("node/signer/memory"))
        self.assertGreater(audited["signatures"], 30)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
