#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of Mikusari's verifiers, written from docs/formats/ and sharing no code with the first.

    reference.py statement   FILE [--key COSE_KEY_HEX]...    of the signer, then of those who approve
    reference.py genesis     FILE
    reference.py checkpoint  POLICY FILE               FILE as CBOR or as a C2SP note
    reference.py receipt     POLICY FILE
    reference.py state       POLICY PATH FILE          PATH as device/<hex>, firmware/<model>/<sequence>, ledger, ...
    reference.py list        POLICY PATH FILE...       PATH as list/<party>/devices; pages of one moment
    reference.py passport    POLICY FILE...            pages of one moment
    reference.py step        POLICY FILE               the statement that leads to the next policy
    reference.py consistency POLICY EARLIER LATER FILE checkpoints, and the proof that the later log continues the earlier

checkpoint, receipt, state, list and passport take --state FILE, what a client has seen before, and --consistency FILE, the
proof that the log continues it; the state is read, never written. Prints "verified: what" and exits with 0; or, to
standard error, "refused: why" and exits with 1; or "newer: what" and exits with 20, for what a newer program has made.
"""
import argparse
import sys

from independent.checkpoint import verify_checkpoint
from independent.client import check_continues, check_seen, read_state
from independent.codec import Newer, Refused, decode
from independent.crypto import cose_key
from independent.forms import CHECKPOINT
from independent.genesis import verify_genesis
from independent.lists import verify_list
from independent.note import is_note, read_note
from independent.passport import verify_pages
from independent.policy import read_policy, step
from independent.receipt import verify_receipt
from independent.state import verify_state
from independent.statement import verify_submission

REFUSED, NEWER = 1, 20


def read(path):
    with open(path, "rb") as file:
        return file.read()


def checkpoint_of(data, policy):
    checkpoint = read_note(data, policy) if is_note(data) else decode(CHECKPOINT, data, "checkpoint")
    verified = verify_checkpoint(checkpoint, policy)
    verified.checkpoint, verified.text = verified, f"{verified.size} leaves, root {verified.root.hex()}, time {verified.time}"
    return verified


def verify(what, policy, datas, name=None):
    """What is proven by these files under this policy: `text`, and the `checkpoint` that all hangs on."""
    if what == "passport":
        return verify_pages(datas, policy)
    if what == "list":
        return verify_list(datas, name, policy)
    if what == "state":
        return verify_state(datas[0], name, policy)
    return {"checkpoint": checkpoint_of, "receipt": verify_receipt}[what](datas[0], policy)


def answer(options):
    policy = read_policy(read(options.policy))
    seen = read_state(read(options.state), policy) if options.state else None
    verified = verify(options.what, policy, [read(path) for path in options.file], getattr(options, "name", None))
    if seen:
        proof = read(options.consistency) if options.consistency else None
        check_seen(seen, verified.checkpoint, proof, tells_of_the_past=options.what == "receipt")
    return verified.text


def statement(options):
    keys = [decode(cose_key, bytes.fromhex(key), "key") for key in options.key or []]
    return verify_submission(read(options.file[0]), keys).text


def genesis(options):
    return verify_genesis(read(options.file[0])).text


def next_policy(options):
    policy, body = step(read_policy(read(options.policy)), read(options.file[0]))
    return f"epoch {policy.epoch}, policy {policy.digest.hex()}, continues the log of {body.size} leaves, root {body.root.hex()}"


def consistency(options):
    policy = read_policy(read(options.policy))
    earlier, later = (checkpoint_of(read(path), policy) for path in (options.earlier, options.later))
    check_continues(earlier, later, read(options.file[0]))
    return f"the log of {later.size} leaves continues that of {earlier.size}"


# What each command runs, its words before the file, how many files, its options.
ONE, SEVERAL, SEEN = 1, "+", ["--state", "--consistency"]
COMMANDS = {"statement": (statement, [], ONE, ["--key"]), "genesis": (genesis, [], ONE, []),
            "checkpoint": (answer, ["policy"], ONE, SEEN), "receipt": (answer, ["policy"], ONE, SEEN),
            "state": (answer, ["policy", "name"], ONE, SEEN), "list": (answer, ["policy", "name"], SEVERAL, SEEN),
            "passport": (answer, ["policy"], SEVERAL, SEEN), "step": (next_policy, ["policy"], ONE, []),
            "consistency": (consistency, ["policy", "earlier", "later"], ONE, [])}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    for what, (run, words, files, options) in COMMANDS.items():
        command = commands.add_parser(what)
        command.set_defaults(run=run)
        for word in words:
            command.add_argument(word)
        command.add_argument("file", nargs=files)
        for option in options:
            command.add_argument(option, action="append" if option == "--key" else "store")
    return parser.parse_args()


def main():
    options = arguments()
    try:
        print("verified:", options.run(options))
        return 0
    except Newer as newer:
        print(f"newer: {newer}", file=sys.stderr)
        return NEWER
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
    except Exception as error:  # a file that is not there, or a case that we did not think of: in no case verified
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
