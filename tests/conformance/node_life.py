# SPDX-License-Identifier: Apache-2.0
"""A small life on a node of its own: a board of two parts, a battery and a blinded sensor in a camera, which is sold."""
import pathlib
import shutil
import subprocess
import sys

from world import NOT_FOUND

ABSENT = "00" * 32
REFERENCE = str(pathlib.Path(__file__).with_name("reference.py"))


class NodeLife:
    """Signed with keys of both algorithms."""

    def __init__(self, world):
        self.world, run = world, world.run
        for model, kind in (("sensor", "chip"), ("cell", "battery")):
            run("chips", "model", "register", model, "--class", kind)
        for model, kind in (("board", "board"), ("camera", "device")):
            run("cameras", "model", "register", model, "--class", kind)
        sensors = self.parts("sensor", 3, "--with-keys", "--algorithm", "es256")
        cells = self.parts("cell", 2)
        blinded = self.parts("sensor", 1, "--blind", lot="blinded")
        board = self.assemble("board-1", "board", sensors[0], sensors[1], "--type", "board")["unit"]
        self.device = self.assemble("camera-1", "camera", board, cells[0], sensors[2], blinded[0])["unit"]
        self.activate()
        self.identity = self.assemble("camera-2", "camera", cells[1])["identity"]
        self.earlier = run("bob", "ledger", "checkpoint", "--out", world.file("earlier"))
        run("cameras", "ownership", "offer", self.device, "--to", "alice")
        run("alice", "ownership", "accept", self.device)

    def parts(self, model, count, *more, lot=None):
        """Of chips, received with title by cameras."""
        run, lot = self.world.run, lot or model
        ids = self.world.file(lot + ".ids")
        run("chips", "part", "register", "--model", model, "--count", str(count), "--lot", lot, "--ids-out", ids, *more)
        run("chips", "custody", "ship", "--lot", lot, "--to", "cameras", "--with-title")
        run("cameras", "custody", "receive", "--ids", ids, "--with-title")
        return pathlib.Path(ids).read_text().split()

    def assemble(self, label, model, *rest):
        words = []
        for word in rest:
            words += ["--part", word] if len(word) == 64 else [word]
        keys = ["--part-keys", self.world.file("chips")]
        return self.world.run("cameras", "device", "assemble", "--label", label, "--model", model, *words, *keys)

    def activate(self):
        run, world = self.world.run, self.world
        run("camera", "key", "create", "own", "--algorithm", "es256")
        run("camera", "connect", "--node", world.url, "--pin", world.fingerprint, "--key", "own")
        run("cameras", "key", "register", "own@" + world.file("camera"), "--for", "device:" + self.device)
        run("camera", "device", "activate", self.device)

    def policy(self):
        return pathlib.Path(self.world.file("node/policy.cbor")).read_bytes()

    def documents(self):
        """(case, what, name, bytes)"""
        run, file = self.world.run, self.world.file
        run("bob", "passport", "get", self.device, "--out", file("page"))
        run("bob", "passport", "get", self.device, "--since", "2100-01-01", "--out", file("no events"))
        run("bob", "statement", "receipt", self.identity, "--out", file("receipt"))
        run("bob", "device", "show", self.device, "--out", file("present"))
        run("bob", "device", "show", ABSENT, "--out", file("absent"), code=NOT_FOUND)
        run("bob", "ledger", "checkpoint", "--out", file("checkpoint"))
        alice = run("bob", "party", "show", "alice", "--out", file("party"))["handle"]
        run("bob", "list", "devices", "--of", "alice", "--out", file("list"))
        rows = {"page": ("passport", None), "no events": ("passport", None), "receipt": ("receipt", None),
                "checkpoint": ("checkpoint", None),
                "present": ("state", "device/" + self.device), "absent": ("state", "device/" + ABSENT),
                "party": ("state", "party/" + alice), "list": ("list", f"list/{alice}/devices")}
        return [(case, *row, pathlib.Path(file(case)).read_bytes()) for case, row in rows.items()]


def reference(*words):
    """None when it verifies, else why not."""
    done = subprocess.run([sys.executable, REFERENCE, *words], capture_output=True, text=True, timeout=60)
    return done.stderr if done.returncode else None


def growth_is_judged_alike(world, life):
    """What a client has seen before, and a proof that the log continues it: the right ones, and each of the wrong."""
    policy = world.file("node/policy.cbor")
    files = {name: world.file(name) for name in ("earlier", "later", "growth", "receipt", "seen", "copy")}
    world.run("bob", "ledger", "consistency", "--from", str(life.earlier["size"]), "--out", files["growth"])
    world.run("bob", "ledger", "checkpoint", "--out", files["later"])
    for seen, what, proof, wanted in (
            ("earlier", "later", "growth", True), ("earlier", "later", None, False), ("earlier", "later", "later", False),
            ("earlier", "earlier", None, True), ("later", "earlier", "growth", False), ("later", "later", None, True),
            ("earlier", "receipt", "growth", True), ("earlier", "receipt", None, False)):
        pathlib.Path(files["seen"]).unlink(missing_ok=True)
        world.run("nobody", "verify", "checkpoint", files[seen], "--policy", policy, "--state", files["seen"])
        shutil.copy(files["seen"], files["copy"])  # the command moves the state on
        words = [files[what], *(["--consistency", files[proof]] if proof else [])]
        command = "receipt" if what == "receipt" else "checkpoint"
        program = world.plain("verify", command, *words, "--policy", policy, "--state", files["copy"])
        other = reference(command, policy, *words, "--state", files["seen"])
        if (program.returncode == 0, other is None) != (wanted, wanted):
            raise AssertionError(f"seen {seen}, now {words}: wanted {wanted}, mikusari: {program.stderr}, reference: {other}")
    pair = ["consistency", policy, files["earlier"], files["later"]]
    if reference(*pair, files["growth"]) or not reference(*pair[:2], files["later"], files["earlier"], files["growth"]):
        raise AssertionError("reference.py consistency is wrong about the log's growth")
