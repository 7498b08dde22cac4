#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The turns that a straight life does not take: keys that rotate, are vetoed and revoked; parts taken out, disputed and
scrapped; an offer taken back; a suspended member; an encrypted home; a shipment killed in the middle.

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
        """Registered by chips, now in the custody of cameras."""
        run = self.world.run
        made = run("chips", "part", "register", "--model", "chips/" + kind, "--count", str(count), "--lot", lot, *more)
        run("chips", "custody", "ship", "--lot", lot, "--to", "cameras")
        run("cameras", "custody", "receive", "--ids", made["ids"])
        return pathlib.Path(made["ids"]).read_text().split()

    def camera(self, *parts):
        words = ["device", "assemble", "--model", "cameras/camera", "--part-keys", self.world.file("chips")]
        for part in parts:
            words += ["--part", part]
        return self.world.run("cameras", *words)["unit"]

    def with_own_key(self, camera, home):
        run, world = self.world.run, self.world
        run(home, "key", "create", "own")
        run(home, "connect", "--node", world.url, "--pin", world.fingerprint, "--key", "own")
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
        self.assertEqual(self.refused("alice", "key", "veto", taken), "not_entitled")
        run("cameras", "key", "veto", taken)
        self.assertEqual(run("bob", "key", "show", taken)["record"]["reason"], "vetoed")
        run("rotating", "key", "create", "next")
        run("rotating", "key", "rotate", "next")
        self.assertEqual(run("bob", "key", "show", own)["record"]["state"], "active")
        # Revoked is at once and for ever, and by those alone who answer for the key.
        self.assertEqual(self.refused("alice", "key", "revoke", own), "not_entitled")
        run("cameras", "key", "revoke", own, "--reason", "compromised")
        self.assertEqual(self.refused("cameras", "key", "revoke", own, code=CONFLICT), "wrong_state")
        run("rotating", "key", "create", "late")
        self.assertEqual(self.refused("rotating", "key", "rotate", "late"), "key_not_active")
        run("cameras", "key", "veto", "xy", code=INVALID)
        self.assertEqual(self.refused("cameras", "key", "revoke", "00" * 32, code=NOT_FOUND), "not_registered")

    def test_parts_out_and_back(self):
        run = self.world.run
        cells = self.parts("cell", "out", 3)
        camera = self.camera(cells[0])
        run("cameras", "device", "detach", camera, cells[0])
        self.assertEqual(self.state("part", cells[0]), "stock")
        self.assertEqual(self.refused("cameras", "device", "detach", camera, cells[0], code=CONFLICT), "not_mounted_here")
        run("cameras", "device", "attach", camera, cells[0])
        self.assertEqual(self.refused("alice", "device", "attach", camera, cells[1]), "not_entitled")
        # Its maker doubts it; the camera cannot be activated until that is taken back.
        self.with_own_key(camera, "doubted")
        run("chips", "device", "dispute", cells[0])
        self.assertEqual(self.refused("doubted", "device", "activate", camera, code=CONFLICT), "already_disputed")
        self.assertEqual(self.refused("alice", "device", "dispute", cells[0], "--withdraw"), "not_entitled")
        run("chips", "device", "dispute", cells[0], "--withdraw")
        run("doubted", "device", "activate", camera)
        # Mounted parts are not scrapped; scrapped ones are not mounted.
        self.assertEqual(self.refused("cameras", "part", "scrap", cells[0], code=CONFLICT), "wrong_state")
        run("cameras", "part", "scrap", cells[1])
        self.assertEqual(self.state("part", cells[1]), "scrapped")
        self.assertEqual(self.refused("cameras", "device", "attach", camera, cells[1]), "retired_or_destroyed")
        run("cameras", "part", "scrap", code=INVALID)

    def test_offer_taken_back(self):
        run = self.world.run
        camera = self.camera()
        run("cameras", "ownership", "offer", camera, "--to", "alice")
        self.assertEqual(self.refused("alice", "ownership", "cancel", camera), "not_entitled")
        run("cameras", "ownership", "cancel", camera)
        self.assertEqual(self.refused("alice", "ownership", "accept", camera), "not_offered")
        self.assertEqual(run("bob", "device", "show", camera)["record"]["owner"], "cameras")

    def test_suspended_member(self):
        run = self.world.run
        others = []
        for name in ("chips", "cameras", "lab", "notary"):
            others += ["--approve-with", name + "@" + self.world.file(name)]
        self.assertEqual(self.refused("alice", "member", "set-state", "bob", "suspended"), "missing_approvals")
        run("alice", "member", "set-state", "bob", "suspended", *others)
        run("bob", "key", "create", "second")
        self.assertEqual(self.refused("bob", "key", "register", "second"), "signer_not_active")
        run("alice", "member", "set-state", "bob", "active", *others)
        run("bob", "key", "register", "second")
        run("alice", "member", "set-state", "bob", "asleep", code=INVALID)

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
        stored = b"".join(path.read_bytes() for path in pathlib.Path(world.file("sealed")).rglob("*") if path.is_file())
        self.assertNotIn(b"correct horse", stored)
        run("plain", "key", "create", "own")
        run("plain", "key", "create", "other", *right, code=UNAUTHENTICATED)
        # One command with an encrypted store and an open one.
        camera = self.camera()
        run("sealed", "connect", "--node", world.url, "--pin", world.fingerprint, "--key", "own", *right)
        run("cameras", "key", "register", "own@" + world.file("sealed"), "--for", "device:" + camera, code=UNAUTHENTICATED)
        run("cameras", "key", "register", "own@" + world.file("sealed"), "--for", "device:" + camera, *right)
        run("sealed", "device", "activate", camera, code=UNAUTHENTICATED)
        run("sealed", "device", "activate", camera, *right)
        self.assertEqual(self.state("device", camera), "active")

    def test_shipment_killed(self):
        run, world = self.world.run, self.world
        made = run("chips", "part", "register", "--model", "chips/sensor", "--count", "400", "--lot", "way")
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
            self.assertEqual(run("bob", "part", "show", part)["record"]["in_transit_to"], "cameras")
        self.assertEqual(run("cameras", "custody", "receive", "--ids", made["ids"], "--batch", "100")["committed"], 400)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
