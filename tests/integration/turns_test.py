#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The turns that a straight life does not take: keys that rotate, are vetoed, frozen and revoked; parts taken out, put in
again and scrapped; an offer taken back; a suspended member; premises whose certificate ends; an encrypted home; readers
whom nothing concerns; a shipment killed in the middle.

    turns_test.py MIKUSARI
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from world import CONFLICT, FORBIDDEN, INVALID, NOT_FOUND, UNAUTHENTICATED, World

MIKUSARI = sys.argv[1]


class Turns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.world = World(MIKUSARI, cls.temporary.name)
        run = cls.world.run
        run("chips", "model", "register", "sensor", "--class", "chip")
        run("chips", "model", "register", "cell", "--class", "battery")
        run("cameras", "model", "register", "camera", "--class", "device")

    @classmethod
    def tearDownClass(cls):
        if cls.world.node.poll() is None:
            cls.world.stop()
        cls.temporary.cleanup()

    def refused(self, home, *words, code=FORBIDDEN):
        return self.world.run(home, *words, code=code)["error"]["refusal"]

    def state(self, group, thing):
        return self.world.run("bob", group, "show", thing)["record"]["state"]

    def parts(self, kind, lot, count, *more):
        """Registered by chips, now owned and held by cameras."""
        run = self.world.run
        made = run("chips", "part", "register", "--model", kind, "--count", str(count), "--lot", lot, *more)
        run("chips", "custody", "ship", "--lot", lot, "--to", "cameras", "--with-title")
        run("cameras", "custody", "receive", "--ids", made["ids"])
        return pathlib.Path(made["ids"]).read_text().split()

    def camera(self, *parts):
        words = ["device", "assemble", "--model", "camera", "--part-keys", self.world.file("chips")]
        for part in parts:
            words += ["--part", part]
        return self.world.run("cameras", *words)["unit"]

    def with_own_key(self, camera, home):
        run, world = self.world.run, self.world
        run(home, "key", "create", "own")
        world.connect(home, "--key", "own")
        run("cameras", "key", "register", "own@" + world.file(home), "--for", "device:" + camera)
        return next(key["kid"] for key in run(home, "key", "list")["keys"] if key["name"] == "own")

    def test_keys(self):
        run = self.world.run
        camera = self.camera()
        own = self.with_own_key(camera, "rotating")
        run("rotating", "device", "activate", camera)
        # A successor waits; its owner stops it; the old key goes on, and may name another.
        run("rotating", "key", "create", "thief")
        taken = run("rotating", "key", "rotate", "thief")["kid"]
        self.assertEqual(self.refused("rotating", "key", "rotate", "thief", code=CONFLICT), "wrong_state")
        self.assertEqual(self.refused("alice", "key", "veto", taken), "not_owned")
        run("cameras", "key", "veto", taken)
        self.assertEqual(run("bob", "key", "show", taken)["record"]["reason"], "vetoed")
        run("rotating", "key", "create", "next")
        run("rotating", "key", "rotate", "next")
        self.assertEqual(run("bob", "key", "show", own)["record"]["state"], "active")
        # Revoked is at once and for ever, and by those alone who answer for the key.
        self.assertEqual(self.refused("alice", "key", "revoke", own), "not_owned")
        run("cameras", "key", "revoke", own, "--reason", "compromised")
        self.refused("cameras", "key", "revoke", own, code=CONFLICT)
        run("rotating", "key", "create", "late")
        run("rotating", "key", "rotate", "late", code=FORBIDDEN)
        run("cameras", "key", "veto", "xy", code=NOT_FOUND)
        self.assertEqual(self.refused("cameras", "key", "revoke", "00" * 32, code=NOT_FOUND), "not_registered")

    def test_members_keys_guard_each_other(self):
        run = self.world.run
        run("alice", "key", "create", "second")
        second = run("alice", "key", "register", "second", "--activation", "pin")["kid"]
        shown = run("bob", "key", "show", second)["record"]
        self.assertEqual((shown["level"], shown["activation"]), ("file", "pin"))
        # It waits, and so says nothing yet; the first one can stop it, and every key that ever came is in the list.
        run("alice", "proposal", "list", "--key", "second")
        run("alice", "ownership", "cancel", "00" * 32, "--key", "second", code=FORBIDDEN)
        run("alice", "key", "veto", second[:12])
        listed = run("bob", "list", "keys", "--of", "alice")["entries"]
        self.assertEqual({entry["what"] for entry in listed} & {second}, {second})
        # A key of one party registered for another is an alarm on both, and gives nothing.
        run("bob", "key", "create", "stolen")
        run("bob", "key", "register", "stolen")
        copied = run("alice", "key", "register", "stolen@" + self.world.file("bob"), code=CONFLICT)
        self.assertEqual(copied["alarms"], 1)

    def test_parts_out_and_back(self):
        run = self.world.run
        cells = self.parts("cell", "out", 3)
        camera = self.camera(cells[0])
        run("cameras", "device", "detach", camera, cells[0])
        self.assertEqual(self.state("part", cells[0]), "stock")
        self.assertEqual(self.refused("cameras", "device", "detach", camera, cells[0], code=CONFLICT), "not_mounted_here")
        run("cameras", "device", "attach", camera, cells[0])
        run("alice", "device", "attach", camera, cells[1], code=FORBIDDEN)
        # What the ledger does not know is born under an id of the owner's, once.
        known = run("cameras", "device", "attach", camera, "found-in-a-drawer", "--unknown")["part"]
        self.assertTrue(run("cameras", "device", "attach", camera, "found-in-a-drawer", "--unknown")["there_already"])
        self.assertTrue(run("bob", "part", "show", known)["record"]["accepted"])
        # Mounted parts are not scrapped; scrapped ones are not mounted.
        run("cameras", "part", "scrap", cells[0], code=CONFLICT)
        run("cameras", "part", "scrap", cells[1])
        self.assertEqual(self.state("part", cells[1]), "scrapped")
        self.assertEqual(self.refused("cameras", "device", "attach", camera, cells[1]), "retired_or_destroyed")
        run("cameras", "part", "scrap", code=INVALID)
        run("cameras", "device", "suspend", camera)
        self.assertEqual(self.state("device", camera), "suspended")
        run("cameras", "device", "resume", camera)
        run("cameras", "device", "alarm", camera, "opened")
        self.assertEqual(run("bob", "device", "show", camera)["record"]["alarms"], 1)

    def test_offer_taken_back(self):
        run = self.world.run
        camera = self.camera()
        run("cameras", "ownership", "offer", camera, "--to", "alice")
        self.refused("alice", "ownership", "cancel", camera)
        run("cameras", "ownership", "cancel", camera)
        self.assertEqual(self.refused("alice", "ownership", "accept", camera), "not_offered")
        self.assertEqual(run("bob", "device", "show", camera)["record"]["maker"], self.world.handle("cameras"))
        # What was seen before the offer is stale.
        run("cameras", "ownership", "offer", camera, "--to", "alice")
        self.assertEqual(self.refused("alice", "ownership", "accept", camera, "--on", "1", code=CONFLICT), "stale")

    def test_suspended_member(self):
        run = self.world.run
        opened = run("alice", "proposal", "open", "suspend", "notary")["proposal"]
        for name in ("chips", "cameras", "lab", "city"):
            run(name, "proposal", "vote", opened, "yes", "--reason", "does not answer")
        self.assertEqual(run("bob", "member", "show", "notary")["record"]["state"], "suspended")
        run("notary", "key", "create", "second")
        self.refused("notary", "key", "register", "second")
        opened = run("alice", "proposal", "open", "resume", "notary")["proposal"]
        for name in ("chips", "cameras", "lab", "city"):
            run(name, "proposal", "vote", opened, "yes")
        run("notary", "key", "register", "second")
        run("alice", "proposal", "open", "sleep", "notary", code=2)

    def test_parameters_and_withheld_bodies(self):
        run, file = self.world.run, self.world.file
        before = run("bob", "quota", "show")["ledger_state"]["parameters"]
        run("alice", "proposal", "open", "parameters", "--set", "veto_ms=1s", code=INVALID)
        run("alice", "proposal", "open", "parameters", "--set", "nothing=1", code=INVALID)
        opened = run("alice", "proposal", "open", "parameters", "--set", "openings_day=77", "--set", "party_day.refused=65")["proposal"]
        for name in ("chips", "cameras", "lab"):
            run(name, "proposal", "vote", opened, "yes")
        after = run("bob", "quota", "show")["ledger_state"]["parameters"]
        self.assertEqual((after["openings_day"], after["party_day"]["refused"]), (77, 65))
        self.assertEqual(after["veto_ms"], before["veto_ms"])
        # A document whose text may not stay: its leaf stands in its place, and everything still holds.
        camera = self.camera()
        pathlib.Path(file("paper")).write_text("who lives there")
        said = run("cameras", "document", "record", file("paper"), "--type", "incident", "--about", camera)["identity"]
        opened = run("alice", "proposal", "withhold", said, "--reason", "names a person")["proposal"]
        for name in ("chips", "cameras", "lab"):
            run(name, "proposal", "vote", opened, "yes")
        run("bob", "statement", "fetch", said, "--out", file("fetched"))
        self.assertEqual(run("bob", "statement", "show", file("fetched"))["withheld"], 1)
        got = run("bob", "passport", "get", camera, "--out", file("withheld"))
        self.assertEqual((got["withheld"], got["complete"]), (1, True))
        self.assertIn("text withheld", self.world.plain("passport", "show", file("withheld"), "--home", file("bob")).stdout)

    def test_premises(self):
        run, file = self.world.run, self.world.file
        card = file("line.card")
        cells = self.parts("cell", "premises", 2)
        run("cameras", "part", "inspect", "passed", cells[0], "--place", "line-3")
        run("cameras", "thing", "card", "line-3", "--out", card)
        run("city", "thing", "name", "cameras-line", card)
        run("city", "role", "grant", "premises", "--to", "cameras", "--place", "cameras-line")
        run("cameras", "part", "inspect", "passed", cells[0], "--place", "line-3")
        camera = run("cameras", "device", "assemble", "--model", "camera", "--part", cells[0], "--place", "line-3")["unit"]
        run("bob", "passport", "get", camera, "--out", file("certified"))
        standings = {row.get("premises") for row in run("bob", "passport", "show", file("certified"))["timeline"]}
        self.assertLessEqual({"certified", "uncertified"}, standings)
        run("city", "role", "revoke", "premises", "--to", "cameras", "--place", "cameras-line")
        run("bob", "passport", "get", camera, "--out", file("lapsed"))
        shown = run("bob", "passport", "show", file("lapsed"))["timeline"]
        self.assertIn("lapsed", {row.get("premises") for row in shown})
        self.assertIn("LAPSED", self.world.plain("passport", "show", file("lapsed"), "--home", file("bob")).stdout)

    def test_blinded_models(self):
        """The ledger sees the class; who made the thing opens its model, and nobody else can."""
        run, file = self.world.run, self.world.file
        made = run("chips", "part", "register", "--model", "cell", "--blind", "--label", "secret-cell")["part"]
        shown = run("bob", "part", "show", made)["record"]
        self.assertEqual(shown["blinded_class"], "battery")
        run("chips", "custody", "ship", "secret-cell", "--to", "cameras", "--with-title")
        run("cameras", "custody", "receive", made)
        camera = self.camera(made)
        self.assertEqual(run("bob", "passport", "get", camera, "--out", file("blind"))["unproved_models"], 1)
        self.assertEqual(run("chips", "passport", "get", camera, "--open", "--out", file("opened"))["unproved_models"], 0)
        self.assertEqual(run("nobody", "passport", "verify", file("opened"), "--policy", file("node/policy.cbor"))["unproved_models"], 0)
        run("cameras", "passport", "open", file("blind"), "--out", file("still-blind"))
        self.assertEqual(run("bob", "passport", "verify", file("still-blind"))["unproved_models"], 1)

    def test_encrypted_home(self):
        run, world = self.world.run, self.world
        for name, text in (("right", "correct horse\n"), ("wrong", "battery staple\n")):
            pathlib.Path(world.file(name)).write_text(text)
        right, wrong = ["--passphrase-file", world.file("right")], ["--passphrase-file", world.file("wrong")]
        made = run("sealed", "key", "create", "own", *right)
        self.assertEqual(made["protection"], "encrypted_file")
        run("sealed", "key", "create", "other", *wrong, code=UNAUTHENTICATED)
        run("sealed", "key", "create", "other", code=UNAUTHENTICATED)
        run("sealed", "key", "create", "other", "--passphrase-file", world.file("none"), code=NOT_FOUND)
        run("plain", "key", "create", "own")
        run("plain", "key", "create", "other", *right, code=UNAUTHENTICATED)
        # One command with an encrypted store and an open one.
        camera = self.camera()
        world.connect("sealed", "--key", "own", *right)
        run("cameras", "key", "register", "own@" + world.file("sealed"), "--for", "device:" + camera, code=UNAUTHENTICATED)
        run("cameras", "key", "register", "own@" + world.file("sealed"), "--for", "device:" + camera, *right)
        run("sealed", "device", "activate", camera, code=UNAUTHENTICATED)
        run("sealed", "device", "activate", camera, *right)
        self.assertEqual(self.state("device", camera), "active")
        # What it calls others is sealed too.
        run("sealed", "contact", "add", "quietcustomer", self.world.handle("alice"), code=UNAUTHENTICATED)
        run("sealed", "contact", "add", "quietcustomer", self.world.handle("alice"), *right)
        run("sealed", "contact", "list", code=UNAUTHENTICATED)
        self.assertEqual(len(run("sealed", "contact", "list", *right)["contacts"]), 1)
        stored = b"".join(path.read_bytes() for path in pathlib.Path(world.file("sealed")).rglob("*") if path.is_file())
        for secret in (b"correct horse", b"quietcustomer", bytes.fromhex(self.world.handle("alice"))):
            self.assertNotIn(secret, stored)

    def test_shipment_killed(self):
        run, world = self.world.run, self.world
        made = run("chips", "part", "register", "--model", "sensor", "--count", "400", "--lot", "way")
        ship = ["custody", "ship", "--lot", "way", "--to", "cameras", "--batch", "20"]
        outbox = world.folder / "chips/outbox"
        for wanted in (2, 9, 15):
            process = subprocess.Popen(world.words("chips", *ship), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env={"HOME": str(world.folder)})
            while process.poll() is None and len(list(outbox.glob("custody*/*.submission"))) < wanted:
                os.sched_yield()
            process.kill()
            process.wait()
        done = run("chips", *ship)
        self.assertEqual((done["committed"], done["refused"]), (400, 0))
        self.assertLess(done["sent_now"], 400)
        ids = pathlib.Path(made["ids"]).read_text().split()
        for part in (ids[0], ids[199], ids[399]):
            self.assertEqual(run("bob", "part", "show", part)["record"]["shipped_to"], self.world.handle("cameras"))
        self.assertEqual(run("cameras", "custody", "receive", "--ids", made["ids"], "--batch", "100")["committed"], 400)


class Readers(unittest.TestCase):
    """Where a node answers those concerned only, the command's own key buys the right to read, and a stranger gets nothing."""

    def test_only_those_concerned_read(self):
        with tempfile.TemporaryDirectory() as folder:
            world = World(MIKUSARI, folder, "--name", "node")
            try:
                run = world.run
                run("cameras", "model", "register", "camera", "--class", "device")
                camera = run("cameras", "device", "assemble", "--model", "camera", "--label", "front")["unit"]
                run("cameras", "device", "show", "front")
                run("cameras", "passport", "get", "front", "--out", world.file("passport"))
                world.connect("stranger")
                for words in (["device", "show", camera], ["device", "show", "00" * 32], ["passport", "get", camera, "--out", world.file("x")],
                              ["list", "devices", "--of", "cameras"]):
                    run("stranger", *words, code=FORBIDDEN)
                    run("bob", *words, code=FORBIDDEN)
                run("stranger", "ledger", "info")
                # Handed over, it needs nobody's leave.
                run("stranger", "passport", "verify", world.file("passport"))
            finally:
                world.stop()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
