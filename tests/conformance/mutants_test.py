#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two implementations, one verdict: `mikusari` and the reference, over mutants of what a ledger answers.

    mutants_test.py <mikusari> [--seed N] [--count N] [--keep FOLDER]

The documents are of two ledgers: one made in Python, one that a node has executed. They and the policies are edited N
times; half as many passport pages are edited and then sealed again by a ledger of our own, so that no hash or signature
gives the edit away. Besides, made-up newer forms of each kind, and sets of pages. A verdict is verified, refused or
newer. A node's ids are new in each run, the seed's edits are not; --keep keeps what the two disagree about.
"""
import argparse
import copy
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from independent.codec import Newer, Refused, encode
from independent.crypto import sha256
from independent.names import parse_path
from independent.policy import read_policy, step
from independent.statement import verify_submission
from life import Life
from mutants import Mutator
from newer import NEWER, REFUSED, VERIFIED, newer_cases
from node_life import NodeLife, growth_is_judged_alike
from reference import verify
from reseal import Sealer
from wallet import Wallet
from world import NOT_FOUND, World

EXIT_NEWER = 20
SHOWN = ("device", "part", "key", "model", "party", "proposal")  # families that `verify` takes with an id alone


def words_for(what, name, files):
    """The command that verifies such files; None where there is none."""
    if what in ("passport", "receipt", "checkpoint"):
        return ["verify", what, *files]
    if what == "statement":
        return ["statement", "show", *files]
    if what == "step":
        return ["policy", "step", *files]
    family, *names = name.split("/") if name else [None]
    if what == "list":
        return ["verify", "list", names[1], *files, "--of", names[0]]
    if family in SHOWN:
        return ["verify", family, names[0], *files]
    if family == "firmware":
        return ["verify", "firmware", "00" * 32, *files, "--model", names[0], "--sequence", names[1]]
    return ["verify", "firmware", names[1], *files, "--model", names[0]] if family == "image" else None


class Judges:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.disagreements, self.counts = [], {}

    def program_says(self, what, name, policy, datas):
        """(verdict, what it said). Proven absence is an answer, although the command exits as not found."""
        home = self.folder / "judge"
        home.mkdir(exist_ok=True)
        for file in home.iterdir():
            file.unlink()
        files = [home / f"mutant.{number}" for number in range(len(datas))]
        for path, content in zip([home / "policy.cbor", *files], [policy, *datas]):
            path.write_bytes(content)
        given = [] if what == "step" else ["--policy", str(home / "policy.cbor")]
        command = [self.program, *words_for(what, name, map(str, files)), *given, "--home", str(home), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env={"HOME": str(home)}, timeout=60)
        if not 0 <= done.returncode < 64:
            raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr}")
        absent = done.returncode == NOT_FOUND and json.loads(done.stdout).get("present") is False
        verdict = VERIFIED if done.returncode == 0 or absent else NEWER if done.returncode == EXIT_NEWER else REFUSED
        return verdict, done.stdout + done.stderr

    @staticmethod
    def reference_says(what, name, policy, datas):
        try:
            if what == "statement":
                return VERIFIED, verify_submission(datas[0])
            if what == "step":
                return VERIFIED, step(read_policy(policy), datas[0])
            return VERIFIED, verify(what, read_policy(policy), datas, name)
        except Newer as newer:
            return NEWER, str(newer)
        except Refused as refusal:
            return REFUSED, str(refusal)

    def compare(self, case, what, name, policy, *datas):
        """Both verdicts, when they agree; None when they do not."""
        program, program_why = self.program_says(what, name, policy, datas)
        reference, reference_why = self.reference_says(what, name, policy, datas)
        count = self.counts.setdefault(case, dict.fromkeys((VERIFIED, REFUSED, NEWER), 0))
        count[reference] += 1
        if program == reference and (what != "passport" or program != VERIFIED or facts_agree(program_why, reference_why)):
            return program, program_why, reference_why
        self.disagreements.append((case, program, program_why.strip(), reference, getattr(reference_why, "text", reference_why)))
        for path in (self.folder / "judge").iterdir():
            path.rename(self.folder / f"disagreement-{len(self.disagreements)}-{path.name}")
        return None

    def must(self, wanted, case, what, name, policy, *datas):
        """Both say this, or it is a disagreement with us."""
        found = self.compare(case, what, name, policy, *datas)
        if found and found[0] != wanted:
            self.disagreements.append((case, found[0], found[1].strip(), found[0], f"wanted: {wanted}"))
        return found


def facts_agree(told, pages):
    """What both say of verified pages of a passport: how much they show, and whether it is all."""
    told = json.loads(told)
    counts = {name: told[name] for name in pages.counts}
    return counts == pages.counts and (told["complete"], len(told["gaps"])) == (not pages.gaps, len(pages.gaps))


# --- documents of the Python ledger: (case, what, name, bytes) ---

def documents_of(life):
    ledger, pages = life.ledger, life.pages()
    rows = [("checkpoint", "checkpoint", None, encode(ledger.checkpoint())), ("note", "checkpoint", None, ledger.note()),
            ("page", "passport", None, encode(pages.page(more=life.context()))),
            ("older page", "passport", None, encode(pages.whole(7)[2])),
            ("receipt", "receipt", None, encode(ledger.receipt(ledger.events[-5]))),
            ("withheld", "receipt", None, encode(ledger.receipt(ledger.events[-5], withheld=True)))]
    approved = next(event for event in ledger.events if event.statement.approvers)
    rows += [("approved", "receipt", None, encode(ledger.receipt(approved, approvals=how))) for how in ("whole", "hash")]
    for path in [*life.places(), "device/" + "00" * 32]:
        if words_for("state", path, []):
            rows.append((path.split("/")[0], "state", path, encode(ledger.state_answer(parse_path(path)[1]))))
    party = life.acme.handle
    rows += [("list", "list", f"list/{party.hex()}/{kind}", encode(ledger.list_page(party, kind, first, 2)))
             for kind in ("keys", "devices", "models", "releases", "parties") for first in (0, 1)]
    rows += [("statement", "statement", None, said.submission) for said in ledger.statements[:4]]
    rows.append(("statement", "statement", None, life.noise.withheld(4)))
    return rows


def of_documents(judges, rows, policy, mutator, count):
    for case, what, name, data in rows:
        judges.must(VERIFIED, "untouched", what, name, policy, data)
    for number in range(count):
        case, what, name, data = rows[number % len(rows)]
        if number % 8 == 7:
            _, what, name, data = mutator.random.choice([row for row in rows if row[0] in ("checkpoint", "page", "receipt")])
            judges.compare("policy", what, name, mutator.mutant(policy), data)
        else:
            judges.compare(case, what, name, policy, mutator.mutant(data))


def of_sealed_pages(judges, sealers, mutator, count):
    for sealer in sealers:
        judges.must(VERIFIED, "untouched", "passport", None, sealer.policy(), sealer.sealed(sealer.model))
    made = 0
    while made < count:
        sealer = sealers[made % len(sealers)]
        try:
            bad = sealer.sealed(mutator.edited(sealer.model) if made % 2 else sealer.rearranged(mutator.random))
        except (TypeError, KeyError, IndexError, AttributeError, ValueError, OverflowError):
            continue  # the edit left nothing to sign or to hash
        judges.compare("sealed again", "passport", None, sealer.policy(), bad)
        made += 1


def of_newer_forms(judges, life):
    for case in newer_cases(life):
        if case.what != "genesis" and words_for(case.what, case.name, []):
            judges.must(case.verdict, "newer forms", case.what, case.name, case.policy, case.data)


def of_sets(judges, pages, policy):
    """`pages`: of one passport. Some of them, in any order: what they show together, and how many gaps, both say alike."""
    chance = random.Random(3)
    for count in range(1, len(pages) + 1):
        judges.must(VERIFIED, "sets of pages", "passport", None, policy, *chance.sample(pages, count))


def of_step(judges, life):
    """Both end at the same bytes of the next policy."""
    policy = life.ledger.policy()
    _, _, after = judges.must(VERIFIED, "step", "step", None, policy, life.incarnation().submission)
    if sha256((judges.folder / "judge/policy.cbor").read_bytes()) != after[0].digest:
        raise AssertionError("the step leads to two policies")


def of_later_policy(judges, life):
    """Signed by others, for a later epoch: both ask for the step, and take the same answer with the policy that it leads to."""
    ledger, name = copy.deepcopy(life.ledger), "device/" + life.camera.hex()
    ledger.epoch, ledger.trust.signers = 2, [("three.example", [Wallet("signer three")], 1)]
    ledger.trust.threshold = 1
    ledger.seal()
    answer = encode(ledger.state_answer(parse_path(name)[1]))
    _, *told = judges.must(REFUSED, "later policy", "state", name, life.ledger.policy(), answer)
    if not all("step" in why for why in told):
        raise AssertionError(f"nobody is asked for a step: {told}")
    judges.must(VERIFIED, "later policy", "state", name, ledger.policy(), answer)


def of_python_ledger(judges, mutator, count):
    life = Life()
    policy = life.ledger.policy()
    of_documents(judges, documents_of(life), policy, mutator, count)
    of_newer_forms(judges, life)
    of_sets(judges, [encode(page) for page in life.pages().whole(5)], policy)
    of_step(judges, life)
    of_later_policy(judges, life)
    whole = [life.pages().page(more=life.context()), life.pages().whole(12)[1]]
    of_sealed_pages(judges, [Sealer(encode(page), life.wallets()) for page in whole], mutator, count // 4)


def of_node(judges, world, mutator, count):
    life = NodeLife(world)
    policy, rows = life.policy(), life.documents()
    of_documents(judges, rows, policy, mutator, count)
    of_sealed_pages(judges, [Sealer(data) for case, _, _, data in rows if case == "page"], mutator, count // 4)
    growth_is_judged_alike(world, life)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--count", type=int, default=480)
    parser.add_argument("--keep", help="folder for the node and for what the two disagree about")
    options = parser.parse_args()
    print("seed", options.seed, flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        judges, mutator = Judges(options.program, folder), Mutator(random.Random(options.seed))
        of_python_ledger(judges, mutator, options.count // 2)
        world = World(options.program, folder)
        try:
            of_node(judges, world, mutator, options.count // 2)
        finally:
            world.stop()
    for case, counts in sorted(judges.counts.items()):
        print(f"{case:14}", *(f"{number:4} {verdict}" for verdict, number in counts.items()))
    for case, program, program_why, reference, reference_why in judges.disagreements:
        print(f"DISAGREEMENT {case}: mikusari {program}: {program_why}\n    reference {reference}: {reference_why}")
    print(f"{len(judges.disagreements)} disagreements, {time.monotonic() - began:.1f} s")
    return 1 if judges.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
