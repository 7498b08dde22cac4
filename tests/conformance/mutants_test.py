#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two implementations, one verdict: `mikusari verify` and the reference, over mutants of what a real node answers.

    mutants_test.py <mikusari> [--seed N] [--count N] [--keep FOLDER]

A small life on a node of its own gives the documents. They and the policy are edited N times; besides, half as many
passports are edited and then sealed again by a ledger of our own, so that no hash or signature gives the edit away.
The node's ids are new in each run, the seed's edits are not; --keep keeps what the two disagree about.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from independent.codec import Refused
from independent.policy import read_policy
from mutants import Mutator
from reference import verify
from reseal import Ledger
from world import NOT_FOUND, World

ABSENT = "00" * 32
REFERENCE = str(pathlib.Path(__file__).with_name("reference.py"))


class Life:
    """A board of two parts and a battery in a camera, sold; signed with keys of both algorithms."""

    def __init__(self, world):
        self.world, run = world, world.run
        for model, kind in (("sensor", "chip"), ("cell", "battery")):
            run("chips", "model", "register", model, "--class", kind)
        for model, kind in (("board", "board"), ("camera", "device")):
            run("cameras", "model", "register", model, "--class", kind)
        sensors = self.parts("sensor", 3, "--with-keys", "--algorithm", "es256")
        cells = self.parts("cell", 2)
        run("cameras", "key", "create", "p256", "--algorithm", "es256")
        run("cameras", "key", "register", "p256")
        board = self.assemble("board", sensors[0], sensors[1], "--type", "board", "--key", "p256")
        self.device = self.assemble("camera", board["unit"], cells[0], sensors[2])["unit"]
        run("camera", "key", "create", "own")
        run("camera", "connect", "--node", world.url, "--pin", world.fingerprint, "--key", "own")
        run("cameras", "key", "register", "own@" + world.file("camera"), "--for", "device:" + self.device)
        run("camera", "device", "activate", self.device)
        self.identity = self.assemble("camera", cells[0])["identity"]  # a second claim: the battery is disputed
        self.earlier = run("bob", "ledger", "checkpoint", "--out", world.file("earlier"))
        run("cameras", "ownership", "offer", self.device, "--to", "alice")
        run("alice", "ownership", "accept", self.device)

    def parts(self, model, count, *more):
        run, ids = self.world.run, self.world.file(model + ".ids")
        run("chips", "part", "register", "--model", "chips/" + model, "--count", str(count), "--lot", model, "--ids-out", ids, *more)
        run("chips", "custody", "ship", "--lot", model, "--to", "cameras")
        run("cameras", "custody", "receive", "--ids", ids)
        return pathlib.Path(ids).read_text().split()

    def assemble(self, model, *rest):
        words = []
        for word in rest:
            words += ["--part", word] if len(word) == 64 else [word]
        keys = ["--part-keys", self.world.file("chips")]
        return self.world.run("cameras", "device", "assemble", "--model", "cameras/" + model, *words, *keys)

    def documents(self):
        """Name of the case to (what, name, words of the command, bytes)."""
        run, file = self.world.run, self.world.file
        run("bob", "passport", "get", self.device, "--out", file("passport"))
        run("bob", "statement", "receipt", self.identity, "--out", file("receipt"))
        run("bob", "device", "show", self.device, "--out", file("present"))
        run("bob", "device", "show", ABSENT, "--out", file("absent"), code=NOT_FOUND)
        run("bob", "ledger", "checkpoint", "--out", file("checkpoint"))
        rows = {"passport": ("passport", None, ["passport", "verify"]), "receipt": ("receipt", None, ["verify", "receipt"]),
                "present": ("state", "device/" + self.device, ["verify", "device", self.device]),
                "absent": ("state", "device/" + ABSENT, ["verify", "device", ABSENT]),
                "checkpoint": ("checkpoint", None, ["verify", "checkpoint"])}
        return {case: (*row, pathlib.Path(file(case)).read_bytes()) for case, row in rows.items()}


class Judges:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.disagreements = []
        self.counts = {}

    def program_says(self, words, policy, data):
        """Proven absence is an answer, although the command exits as not found."""
        files = [self.folder / "mutant.policy", self.folder / "mutant"]
        for path, content in zip(files, (policy, data)):
            path.write_bytes(content)
        command = [self.program, *words, str(files[1]), "--policy", str(files[0]), "--home", str(self.folder), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env={"HOME": str(self.folder)}, timeout=60)
        absent = done.returncode == NOT_FOUND and json.loads(done.stdout).get("present") is False
        if not 0 <= done.returncode < 64:
            raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr}")
        return done.returncode == 0 or absent, done.stdout + done.stderr

    @staticmethod
    def reference_says(what, name, policy, data):
        try:
            return True, verify(what, read_policy(policy), data, name).text
        except Refused as refusal:
            return False, str(refusal)

    def compare(self, case, row, policy, data):
        what, name, words = row[:3]
        program, program_why = self.program_says(words, policy, data)
        reference, reference_why = self.reference_says(what, name, policy, data)
        count = self.counts.setdefault(case, [0, 0])
        count[0 if reference else 1] += 1
        if program != reference:
            self.disagreements.append((case, program, program_why.strip(), reference, reference_why))
            for path in ("mutant", "mutant.policy"):
                (self.folder / path).rename(self.folder / f"disagreement-{len(self.disagreements)}{path[6:]}")
        return program and reference


def of_answers(judges, life, mutator, policy, count):
    rows = life.documents()
    for case, row in rows.items():
        if not judges.compare("untouched", row, policy, row[3]):
            raise AssertionError(f"{case}: an untouched document is refused")
    cases = [*rows, "passport", "passport", "policy"]
    for i in range(count):
        case = cases[i % len(cases)]
        row = rows[case] if case != "policy" else mutator.random.choice([*rows.values()])
        changed = policy if case != "policy" else mutator.mutant(policy)
        judges.compare(case, row, changed, row[3] if case == "policy" else mutator.mutant(row[3]))
    return rows["passport"]


def of_sealed_passports(judges, row, mutator, count):
    ledger = Ledger(row[3])
    policy, good = ledger.policy(), ledger.sealed(ledger.model)
    if not judges.compare("untouched", row, policy, good):
        raise AssertionError("a passport of our own ledger is refused")
    made = 0
    while made < count:
        try:
            bad = ledger.sealed(mutator.edited(ledger.model) if made % 2 else ledger.rearranged(mutator.random))
        except (TypeError, KeyError, IndexError, AttributeError, ValueError, OverflowError):
            continue  # the edit left nothing to sign or to hash
        if bad != good:
            judges.compare("sealed again", row, policy, bad)
            made += 1


def growth_is_judged_alike(world, life, policy):
    """What a client has seen before, and a proof that the log continues it: the right ones, and each of the wrong."""
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
        what = "receipt" if what == "receipt" else "checkpoint"
        program = world.plain("verify", what, *words, "--policy", policy, "--state", files["copy"]).returncode == 0
        reference = runs(REFERENCE, what, policy, *words, "--state", files["seen"])
        if (program, reference) != (wanted, wanted):
            raise AssertionError(f"seen {seen}, now {words}: mikusari {program}, reference {reference}, wanted {wanted}")
    pair = ["consistency", policy, files["earlier"], files["later"]]
    if not runs(REFERENCE, *pair, files["growth"]) or runs(REFERENCE, *pair[:2], files["later"], files["earlier"], files["growth"]):
        raise AssertionError("reference.py consistency is wrong about the log's growth")


def runs(*words):
    return subprocess.run([sys.executable, *words], capture_output=True, timeout=60).returncode == 0


def list_holds(world, policy):
    world.run("bob", "device", "list", "--owner", "alice", "--out", world.file("list"))
    answer = pathlib.Path(world.file("list")).read_bytes()
    text = verify("list", read_policy(policy), answer, "alice").text
    if not text.startswith("1 devices"):
        raise AssertionError(f"alice has one device, not: {text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--keep", help="folder for the node and for what the two disagree about")
    options = parser.parse_args()
    print("seed", options.seed, flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        world = World(options.program, folder)
        try:
            judges, mutator = Judges(options.program, folder), Mutator(random.Random(options.seed))
            policy = pathlib.Path(world.file("node/policy.cbor")).read_bytes()
            life = Life(world)
            passport = of_answers(judges, life, mutator, policy, options.count)
            of_sealed_passports(judges, passport, mutator, options.count // 2)
            growth_is_judged_alike(world, life, world.file("node/policy.cbor"))
            list_holds(world, policy)
        finally:
            world.stop()
    for case, (accepted, refused) in sorted(judges.counts.items()):
        print(f"{case:14} {accepted:4} accepted {refused:4} refused")
    for case, program, program_why, reference, reference_why in judges.disagreements:
        print(f"DISAGREEMENT {case}: mikusari {program}: {program_why}\n    reference {reference}: {reference_why}")
    print(f"{len(judges.disagreements)} disagreements, {time.monotonic() - began:.1f} s")
    return 1 if judges.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
