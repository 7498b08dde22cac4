#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A camera's life by the command line alone: a real node, real files, real kills; refused tricks; offline verification.

    cli_test.py MIKUSARI REFERENCE_PY
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import unittest

from world import CONFLICT, FORBIDDEN, INVALID, NOT_FOUND, UNAUTHENTICATED, USAGE, World

MIKUSARI, REFERENCE = sys.argv[1:3]
NEWER = 20  # of both programs


def numbers_in(data, start=0):
    """Where numbers of one byte stand in CBOR, also in byte strings that hold CBOR. Changed, a number may be one that a newer
    program writes: of a form, of a field, of an enumeration. Nothing else that is changed may."""
    out, at = set(), 0
    while at < len(data):
        major, info = data[at] >> 5, data[at] & 31
        if info > 27 or at + 1 + (1 << info - 24 if info > 23 else 0) > len(data):
            return set()  # no CBOR
        length = 1 << info - 24 if info > 23 else 0
        argument = int.from_bytes(data[at + 1:at + 1 + length], "big") if length else info
        out |= {start + at} if major < 2 and not length else set()
        at += 1 + length
        if major in (2, 3):
            if at + argument > len(data):
                return set()
            if major == 2 and argument and data[at] >> 5 in (4, 5, 6):
                out |= numbers_in(data[at:at + argument], start + at)
            at += argument
    return out


class Cli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.world = World(MIKUSARI, cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        if cls.world.node.poll() is None:
            cls.world.stop()
        cls.temporary.cleanup()

    def test_1_life(self):
        run, file = self.world.run, self.world.file
        # Models: chips, batteries, cameras with three release keys of which two sign. A repeated birth is the same.
        run("chips", "model", "register", "sensor", "--class", "chip")
        cell = run("chips", "model", "register", "cell", "--class", "battery")["model"]
        again = run("chips", "model", "register", "cell", "--class", "battery")
        self.assertEqual((again["model"], again["there_already"]), (cell, True))
        run("cameras", "model", "register", "camera", "--class", "device", "--release-threshold", "2", "--release-key", "r1",
            "--release-key", "r2", "--release-key", "r3")
        self.world.share("cameras", "camera", "bob")
        sensors, cells = self.births()
        self.custody(sensors, cells)

        # Assembly, with the sensors' own consent, and activation with the camera's own key.
        made = run("cameras", "device", "assemble", "--model", "camera", "--label", "front", "--part", sensors[0], "--part", cells[0],
                   "--part-keys", str(self.world.folder / "chips"))
        camera = made["unit"]
        self.assertTrue(run("cameras", "device", "assemble", "--model", "camera", "--label", "front")["there_already"])
        run("cameras", "device", "assemble", "--model", "camera", "--part", sensors[1], code=NOT_FOUND)
        refused = run("cameras", "device", "assemble", "--model", "camera", "--part", sensors[1], "--no-proof", code=UNAUTHENTICATED)
        self.assertEqual(refused["error"]["refusal"], "bad_mount_proof")
        run("camera", "key", "create", "own")
        self.world.connect("camera", "--key", "own")
        run("cameras", "key", "register", "own@" + str(self.world.folder / "camera"), "--for", "device:front")
        run("camera", "device", "activate", camera)
        self.assertEqual(run("alice", "device", "show", camera, "--out", file("device.cbor"))["record"]["state"], "active")
        self.firmware(camera)

        # A battery in two cameras: the first mount stands, the second is an alarm that names both.
        twin = self.twins(sensors, cells)

        # Sold to alice, then to bob; the seller's command afterwards is refused.
        self.world.share("cameras", "front", "alice", "bob")
        for seller, buyer in (("cameras", "alice"), ("alice", "bob")):
            run(seller, "ownership", "offer", "front", "--to", buyer)
            run(buyer, "ownership", "accept", "front", "--keep", "all")
            self.assertEqual(len(run(buyer, "device", "list", "--owner", buyer)["devices"]), 1)
        run("alice", "ownership", "offer", "front", "--to", "alice", code=FORBIDDEN)
        self.assertEqual(run("bob", "device", "list", "--owner", "alice")["devices"], [])
        self.assertEqual(run("bob", "list", "devices", "--of", "alice")["count"], 1)

        self.offline(camera, made["identity"])
        self.approvals_elsewhere(twin)
        self.admission()
        self.person(camera)

    def births(self):
        """Birth in bulk, killed in the middle at three places, then finished: none lost, none twice."""
        run, file = self.world.run, self.world.file
        lot = ["part", "register", "--model", "sensor", "--count", "300", "--batch", "20", "--with-keys", "--lot", "s1"]
        outbox = self.world.folder / "chips/outbox/s1"
        for wanted in (2, 6, 11):
            process = subprocess.Popen(self.world.words("chips", *lot), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env={"HOME": str(self.world.folder)})
            while process.poll() is None and len(list(outbox.glob("*.submission"))) < wanted:
                os.sched_yield()
            process.kill()
            process.wait()
        done = run("chips", *lot)
        self.assertEqual((done["committed"], done["refused"]), (300, 0))
        self.assertLess(done["sent_now"], 300)
        sensors = pathlib.Path(done["ids"]).read_text().split()
        self.assertEqual(len(set(sensors)), 300)
        again = run("chips", *lot)
        self.assertEqual((again["committed"], again["sent_now"]), (300, 0))
        run("chips", *[word if word != "300" else "301" for word in lot], code=CONFLICT)
        cells = run("chips", "part", "register", "--model", "cell", "--count", "50", "--lot", "c1", "--ids-out", file("cells.ids"))
        self.assertEqual(cells["committed"], 50)
        return sensors, pathlib.Path(file("cells.ids")).read_text().split()

    def custody(self, sensors, cells):
        """Both sides, with title; a carrier between them holds and owns nothing."""
        run, file = self.world.run, self.world.file
        run("chips", "custody", "ship", "--lot", "c1", "--to", "lab", "--batch", "20")
        run("lab", "custody", "receive", "--ids", file("cells.ids"), "--batch", "30")
        self.assertEqual(run("lab", "part", "scrap", cells[9], code=FORBIDDEN)["error"]["refusal"], "not_owned")
        run("chips", "custody", "recall", "--lot", "c1")
        run("chips", "custody", "ship", "--lot", "s1", "--count", "10", "--to", "cameras", "--with-title")
        run("chips", "custody", "ship", "--lot", "c1", "--to", "cameras", "--with-title", "--on", "1")
        run("cameras", "custody", "receive", "--ids", str(self.world.folder / "chips/outbox/s1.ids"), "--count", "10",
            "--keep", "all")
        run("cameras", "custody", "receive", "--ids", file("cells.ids"), "--as-lot", "cells")
        shown = run("cameras", "part", "show", sensors[9])["record"]
        self.assertEqual(shown["owner"], self.world.handle("cameras"))
        self.assertEqual(run("cameras", "part", "show", "cells#1")["record"]["owner"], self.world.handle("cameras"))

    def firmware(self, camera):
        """By two of three; one key alone, a changed byte, an unknown image; halted, lifted, recalled."""
        run, file = self.world.run, self.world.file
        pathlib.Path(file("image")).write_bytes(os.urandom(5000))
        release = ["firmware", "release", file("image"), "--model", "camera", "--sequence", "2", "--version", "1.6"]
        one = run("cameras", *release, "--key", "r1", code=FORBIDDEN)
        self.assertEqual(one["error"]["refusal"], "missing_approvals")
        run("cameras", *release, "--key", "r1", "--approve-with", "r2")
        self.assertEqual(run("bob", "firmware", "check", file("image"), "--model", "camera")["verdict"], "genuine")
        self.assertEqual(run("bob", "firmware", "check", file("image"), "--device", camera)["verdict"], "genuine")
        changed = bytearray(pathlib.Path(file("image")).read_bytes())
        changed[77] ^= 1
        pathlib.Path(file("changed")).write_bytes(changed)
        run("bob", "firmware", "check", file("changed"), "--model", "camera", code=NOT_FOUND)
        run("cameras", "firmware", "recall", "halt", "--model", "camera", "--sequence", "2", "--key", "r3")
        run("bob", "firmware", "check", file("image"), "--model", "camera", code=FORBIDDEN)
        run("cameras", "firmware", "recall", "lift", "--model", "camera", "--sequence", "2", "--key", "r1", "--approve-with", "r2")
        run("bob", "firmware", "check", file("image"), "--model", "camera")
        run("cameras", "firmware", "floor", "--model", "camera", "--sequence", "2", "--key", "r1", "--approve-with", "r3")

    def twins(self, sensors, cells):
        run = self.world.run
        chips = ["--part-keys", str(self.world.folder / "chips")]
        first = run("cameras", "device", "assemble", "--model", "camera", "--label", "honest", "--part", sensors[2], *chips)
        twin = run("cameras", "device", "assemble", "--model", "camera", "--label", "twin", "--part", sensors[2], *chips, code=CONFLICT)
        self.assertEqual((twin["committed"], twin["alarms"]), (1, 1))
        named = twin["named"][0]["subject"] + twin["named"][0]["object"]
        self.assertIn(first["unit"], named)
        shown = run("bob", "part", "show", sensors[2])["record"]
        self.assertEqual((shown["state"], shown["parent"], shown["alarms"]), ("mounted", first["unit"], 1))
        self.assertEqual(run("bob", "device", "show", first["unit"])["record"]["alarms"], 1)
        plain = self.world.plain("device", "attach", "twin", sensors[2], *chips, "--home", self.world.file("cameras"))
        self.assertEqual(plain.returncode, CONFLICT)
        self.assertIn("ALARM", plain.stdout)
        self.assertIn("honest", plain.stdout + plain.stderr)
        return "twin"

    def offline(self, camera, identity):
        run, file = self.world.run, self.world.file
        policy = file("node/policy.cbor")
        got = run("bob", "passport", "get", "front", "--out", file("passport"))
        self.assertLess(got["bytes"], 64 * 1024)
        self.assertTrue(got["complete"])
        run("bob", "statement", "receipt", identity, "--out", file("receipt"))
        run("bob", "ledger", "checkpoint", "--out", file("checkpoint"))
        run("bob", "device", "show", camera, "--out", file("state"))
        run("bob", "list", "devices", "--of", "bob", "--out", file("devices"))
        for words in (["passport", "verify", file("passport")], ["passport", "show", file("passport")], ["verify", "receipt", file("receipt")],
                      ["verify", "checkpoint", file("checkpoint")], ["verify", "device", camera, file("state")],
                      ["verify", "list", "devices", file("devices"), "--of", "bob"]):
            run("nobody", *words, "--policy", policy)
        for words in (["passport", policy, file("passport")], ["receipt", policy, file("receipt")],
                      ["checkpoint", policy, file("checkpoint")], ["state", policy, "device/" + camera, file("state")]):
            done = subprocess.run([sys.executable, REFERENCE, *words], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{words}: {done.stdout}{done.stderr}")
        good = pathlib.Path(file("passport")).read_bytes()
        numbers = numbers_in(good)
        for i in range(10):
            at = (2 * i + 1) * len(good) // 20
            bad = bytearray(good)
            bad[at] ^= 0x10
            pathlib.Path(file("bad")).write_bytes(bad)
            program = subprocess.run(self.world.words("nobody", "passport", "verify", file("bad"), "--policy", policy), capture_output=True)
            other = subprocess.run([sys.executable, REFERENCE, "passport", policy, file("bad")], capture_output=True)
            self.assertEqual(other.returncode == NEWER, program.returncode == NEWER, f"byte {at}")
            self.assertIn(other.returncode, (1, NEWER) if at in numbers else (1,), f"byte {at}")
            self.assertIn(program.returncode, range(10, NEWER + (at in numbers)), f"byte {at}: {program.stderr}")
        # Only since now there is a gap, and it is shown.
        since = run("bob", "passport", "get", "front", "--out", file("since"), "--since", "2099-01-01")
        self.assertFalse(since["complete"])
        self.assertIn(camera, since["gaps"][0])
        # An older passport does not count as today's for who has seen more.
        state = file("client-state")
        run("nobody", "passport", "verify", file("passport"), "--policy", policy, "--state", state)
        run("cameras", "key", "create", "spare")
        run("cameras", "key", "register", "spare")
        size = run("nobody", "verify", "checkpoint", file("checkpoint"), "--policy", policy)["size"]
        run("bob", "ledger", "consistency", "--from", str(size), "--out", file("growth"))
        run("bob", "ledger", "checkpoint", "--out", file("newer"))
        run("nobody", "verify", "checkpoint", file("newer"), "--policy", policy, "--state", state, code=INVALID)
        run("nobody", "verify", "checkpoint", file("newer"), "--policy", policy, "--state", state, "--consistency", file("growth"))
        run("nobody", "passport", "verify", file("passport"), "--policy", policy, "--state", state, code=CONFLICT)

    def approvals_elsewhere(self, twin):
        """A destruction by two witnesses, who sign in their own homes."""
        run, file = self.world.run, self.world.file
        run("cameras", "device", "retire", twin)
        run("cameras", "device", "destroy", twin, "--out", file("end"))
        run("lab", "statement", "approve", file("end"))
        self.assertTrue(run("lab", "statement", "approve", file("end"))["there_already"])
        refused = run("cameras", "statement", "submit", file("end"), code=FORBIDDEN)
        self.assertEqual(refused["error"]["refusal"], "missing_approvals")
        run("notary", "statement", "approve", file("end"))
        self.assertEqual(len(run("bob", "statement", "show", file("end"))["approvals"]), 2)
        first = run("cameras", "statement", "submit", file("end"))
        # The same bytes again are the same statement: its fate, and nothing more.
        self.assertEqual(run("bob", "statement", "submit", file("end"))["height"], first["height"])
        self.assertEqual(run("bob", "statement", "fate", file("end"))["committed"], 1)
        unit = run("cameras", "thing", "list", "--type", "device")["things"]
        unit = next(each["id"] for each in unit if each["label"] == twin)
        self.assertEqual(run("bob", "device", "show", unit)["record"]["state"], "destroyed")

    def admission(self):
        """A file, a proposal, and votes until two thirds of the weight are for it."""
        run, file = self.world.run, self.world.file
        run("cameras", "contact", "card", "--out", file("cameras.card"))
        run("carol", "key", "create", "carol")
        self.world.connect("carol", "--key", "carol", "--member", "carol")
        run("carol", "contact", "add", "opener", file("cameras.card"))
        run("carol", "member", "request", "--name", "carol", "--roles", "witness", "--opener", "opener", "--out", file("request"))
        run("alice", "proposal", "open", "admit", file("request"), code=CONFLICT)
        opened = run("cameras", "proposal", "open", "admit", file("request"), "--reason", "repairs", "--label", "carol")
        prefix = opened["proposal"][:10]
        run("chips", "proposal", "vote", prefix, "no", "--reason", "who is she?")
        for name in ("chips", "lab", "notary"):
            run(name, "proposal", "vote", prefix, "yes")
        run("carol", "member", "show", "carol", code=NOT_FOUND)
        self.assertEqual(run("bob", "proposal", "list")["proposals"][0]["record"]["state"], "open")
        run("city", "proposal", "vote", prefix, "yes")
        self.assertEqual(run("carol", "member", "show", "carol")["record"]["roles"], ["witness"])
        self.assertEqual(run("cameras", "proposal", "show", "carol")["record"]["state"], "adopted")
        run("bob", "proposal", "vote", opened["proposal"], "no", code=CONFLICT)

    def person(self, camera):
        """A sale to a private person, who is opened by a registrar under a handle that nobody types."""
        run, file = self.world.run, self.world.file
        run("city", "contact", "card", "--out", file("city.card"))
        run("sato", "key", "create", "spare")
        self.world.connect("sato")
        run("sato", "contact", "add", "registrar", file("city.card"))
        run("sato", "party", "request", "home", "--registrar", "registrar", "--count", "4", "--who", "Sato Hanako", "--out", file("home"))
        run("city", "party", "open", file("home"), "--label", "sato")
        self.assertIn("Sato Hanako", str(run("city", "party", "list")))
        self.assertGreaterEqual(run("city", "list", "parties", "--of", "city")["count"], 4)
        run("sato", "contact", "card", "home-000000", "--out", file("sato.card"))
        run("bob", "contact", "add", "the-buyer", file("sato.card"))
        self.world.share("bob", "front", "sato")
        run("bob", "ownership", "offer", "front", "--to", "the-buyer")
        run("sato", "ownership", "accept", "front", "--key", "home-000001", code=FORBIDDEN)
        run("sato", "ownership", "accept", "front", "--key", "home-000000")
        self.assertEqual(len(run("sato", "device", "list", "--owner", "home-000000")["devices"]), 1)
        shown = self.world.plain("device", "show", camera, "--home", self.world.file("sato"))
        self.assertIn("home-000000 (", shown.stdout)
        run("city", "party", "suspend", "sato-000000")
        run("sato", "device", "retire", "front", "--key", "home-000000")

    def test_2_words(self):
        plain, run = self.world.plain, self.world.run
        wrong = plain("prat", "show", "00")
        self.assertEqual(wrong.returncode, USAGE)
        self.assertIn("part", wrong.stderr)
        wrong = plain("part", "register", "--modle", "x")
        self.assertEqual(wrong.returncode, USAGE)
        self.assertIn("--model", wrong.stderr)
        self.assertIn("部品", plain("--lang", "ja", "part", "--help").stdout)
        self.assertEqual(run("bob", "part", "show", "00" * 32, code=NOT_FOUND)["present"], False)
        away = plain("part", "show", "00" * 32, "--home", self.world.file("bob"), "--node", "https://127.0.0.1:1")
        self.assertEqual(away.returncode, 18)
        self.assertIn("node run", away.stderr)
        other = plain("ledger", "info", "--home", self.world.file("bob"), "--pin", "00" * 32)
        self.assertEqual(other.returncode, UNAUTHENTICATED)
        self.assertTrue(plain("man").stdout.startswith(".TH MIKUSARI"))
        self.assertEqual(subprocess.run(["bash", "-n"], input=plain("completion", "bash").stdout, text=True).returncode, 0)

    def test_2_sentences(self):
        """What is wrong is said, and what to do; each error has its own class."""
        plain, world = self.world.plain, self.world
        home = ["--home", world.file("new")]
        bare = world.url.removeprefix("https://")
        for words, code, sentence in (
                (["connect", "--node", world.url], UNAUTHENTICATED, "give --pin"),
                (["connect", "--node", world.url, "--pin", "00" * 32], UNAUTHENTICATED, "not the node that --pin names"),
                (["connect", "--node", bare, "--pin", world.fingerprint], INVALID, "an address looks like https://"),
                (["connect", "--node", "http://" + bare, "--pin", world.fingerprint], INVALID, "https://"),
                (["connect", "--node", "http://" + bare], INVALID, "this is an HTTPS port"),
                (["ledger", "audit", "--store", world.file("nosuch")], NOT_FOUND, "nosuch: there is no store here"),
                (["part", "register", "--model", "sensor", "--count", "2", "--lot", "L2", "--home", world.file("chips")], INVALID, "a lot's name"),
                (["part", "show", "frnot", "--home", world.file("cameras")], NOT_FOUND, "did you mean \"front\""),
                (["device", "list", "--owner", "nobody", "--home", world.file("bob")], NOT_FOUND, "proven absent"),
                (["verify", "receipt", world.file("node/policy.cbor"), "--home", world.file("bob")], INVALID, "policy.cbor is not a receipt"),
                (["ledger", "checkpoint", "--out", world.file("no/such/x"), "--home", world.file("bob")], NOT_FOUND, "there is no such folder")):
            said = plain(*words, *([] if "--home" in words else home))
            self.assertEqual(said.returncode, code, f"{words}: {said.stderr}")
            self.assertIn(sentence, said.stderr)
        self.assertNotIn("--pin names", plain("connect", "--node", bare, *home).stderr)
        self.assertFalse((world.folder / "no").exists())
        self.assertIn("none: lab", plain("device", "list", "--owner", "lab", "--home", world.file("bob")).stdout)

    def test_2_pipes(self):
        """What comes through a pipe is read to its end, and an empty image is none."""
        world = self.world
        for content, code, sentence in ((b"tampered", NOT_FOUND, "no such image"), (b"", INVALID, "the image is empty")):
            words = world.words("cameras", "firmware", "check", "/dev/stdin", "--model", "camera")
            done = subprocess.run(words, input=content, capture_output=True, env={"HOME": str(world.folder)})
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(sentence, (done.stdout + done.stderr).decode())

    def test_2_lost_output(self):
        """What could not be printed is told, and has an exit code of its own."""
        with open("/dev/full", "w", encoding="ascii") as full:
            for words, code in ((["--version"], 3), (["man"], 3), (["key", "list", "--json"], 3), (["nonsense"], USAGE)):
                done = subprocess.run([MIKUSARI, *words, "--home", self.world.file("bob")], stdout=full, stderr=subprocess.PIPE, text=True)
                self.assertEqual(done.returncode, code, f"{words}: {done.stderr}")
                self.assertIn("could not be written" if code == 3 else "there is no command", done.stderr)

    def test_2_home_of_the_account(self):
        """Without HOME the account's own folder is the home, never the current one."""
        folder = self.world.folder / "current"
        folder.mkdir()
        done = subprocess.run([MIKUSARI, "settings", "--json"], capture_output=True, text=True, cwd=folder, env={})
        self.assertEqual((done.returncode, list(folder.iterdir())), (0, []), done.stderr)

    def test_2_closed_descriptors(self):
        """What is printed goes into no file of the node's, whichever descriptors were closed at its start."""
        world = self.world
        folder = world.file("closed")
        world.plain("node", "init", folder, "--founder", "a", "--port", "0", "--operations", "")
        for closed in ("2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
            node = subprocess.Popen(["sh", "-c", f'exec "$0" node run "$1" {closed}', MIKUSARI, folder])
            memory = pathlib.Path(folder, "signer/memory")
            before, deadline = memory.read_bytes(), time.monotonic() + 20
            while memory.read_bytes() == before and node.poll() is None and time.monotonic() < deadline:
                os.sched_yield()
            node.terminate()
            self.assertEqual(node.wait(timeout=30), 0, closed)
        audit = world.plain("ledger", "audit", "--store", folder + "/store", "--signer-memory", folder + "/signer/memory")
        self.assertEqual(audit.returncode, 0, audit.stderr)

    def test_2_shut_folders(self):
        """A folder that may not be looked into is not an empty one."""
        shut = self.world.folder / "shut"
        (shut / "home").mkdir(parents=True)
        shut.chmod(0)
        # Root sees everything, and is not asked.
        who = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
        try:
            for words in (["node", "run", str(shut / "home")], ["key", "list", "--home", str(shut / "home")],
                          ["ledger", "info", "--home", str(shut / "home")]):
                try:
                    done = subprocess.run([MIKUSARI, *words], capture_output=True, text=True, cwd="/", env={}, **who)
                except PermissionError:
                    self.skipTest("nobody else may run the program from where it lies")
                self.assertEqual(done.returncode, FORBIDDEN, done.stderr)
                self.assertIn(str(shut), done.stderr)
        finally:
            shut.chmod(0o700)

    def test_2_no_core_files(self):
        """A process that holds keys leaves no core file; one that waits for its passphrase can be looked at."""
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        if hard == 0:
            self.skipTest("no core files here anyway")
        pipe = self.world.file("pipe")
        os.mkfifo(pipe)
        words = self.world.words("chips", "key", "list", "--passphrase-file", pipe)
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)))
        with open(pipe, "w"):  # returns when the other side has opened it, which is after the start of the program
            limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
        process.wait(timeout=30)
        self.assertRegex(limits, r"Max core file size +0 +0 ")

    def test_3_stopped(self):
        world = self.world
        height = world.run("bob", "part", "show", "00" * 32, code=NOT_FOUND)["height"]
        self.assertEqual(world.stop(), 0)
        report = world.run("bob", "ledger", "audit", "--store", world.file("node/store"), "--signer-memory", world.file("node/signer/memory"))
        self.assertGreaterEqual(report["height"], height)
        self.assertGreater(report["signatures"], 300)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
