#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of Mikusari's verifiers, written from docs/formats/ and sharing no code with the first.

    reference.py statement   FILE [--key COSE_KEY_HEX]
    reference.py checkpoint  POLICY FILE               FILE as CBOR or as a C2SP note
    reference.py receipt     POLICY FILE
    reference.py state       POLICY PATH FILE          PATH as device/<hex>, part/<hex>, key/<hex>, member/<name>, ...
    reference.py list        POLICY MEMBER FILE
    reference.py passport    POLICY FILE
    reference.py consistency POLICY EARLIER LATER FILE checkpoints, and the proof that the later log continues the earlier

All but the first and last take --state FILE, what a client has seen before, and --consistency FILE, the proof that the
log continues it; the state is read, never written. Prints "verified: what" and exits with 0, or "refused: why" to standard
error and exits with 1.
"""
import argparse
import sys

from independent.checkpoint import verify_checkpoint
from independent.client import check_continues, check_seen, read_state
from independent.codec import Refused, decode
from independent.crypto import cose_key
from independent.forms import CHECKPOINT
from independent.note import is_note, read_note
from independent.passport import verify_passport
from independent.policy import read_policy
from independent.state import verify_list, verify_state
from independent.statement import verify_receipt, verify_submission


def read(path):
    with open(path, "rb") as file:
        return file.read()


def checkpoint_of(data, policy):
    checkpoint = read_note(data, policy) if is_note(data) else decode(CHECKPOINT, data, "checkpoint")
    verified = verify_checkpoint(checkpoint, policy)
    verified.checkpoint, verified.text = verified, f"{verified.size} leaves, root {verified.root.hex()}, time {verified.time}"
    return verified


def verify(what, policy, data, name=None):
    """What is proven by these bytes under this policy: `text`, and the `checkpoint` that all hangs on."""
    if what == "state":
        return verify_state(data, name, policy)
    if what == "list":
        return verify_list(data, name, policy)
    return {"checkpoint": checkpoint_of, "receipt": verify_receipt, "passport": verify_passport}[what](data, policy)


def answer(options):
    policy = read_policy(read(options.policy))
    seen = read_state(read(options.state), policy) if options.state else None
    verified = verify(options.what, policy, read(options.file), getattr(options, "name", None))
    if seen:
        proof = read(options.consistency) if options.consistency else None
        check_seen(seen, verified.checkpoint, proof, tells_of_the_past=options.what == "receipt")
    return verified.text


def statement(options):
    key = decode(cose_key, bytes.fromhex(options.key), "key") if options.key else None
    return verify_submission(read(options.file), key)


def consistency(options):
    policy = read_policy(read(options.policy))
    earlier, later = (checkpoint_of(read(path), policy) for path in (options.earlier, options.later))
    check_continues(earlier, later, read(options.file))
    return f"the log of {later.size} leaves continues that of {earlier.size}"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    rows = {"statement": (statement, []), "checkpoint": (answer, ["policy"]), "receipt": (answer, ["policy"]),
            "state": (answer, ["policy", "name"]), "list": (answer, ["policy", "name"]), "passport": (answer, ["policy"]),
            "consistency": (consistency, ["policy", "earlier", "later"])}
    for what, (run, words) in rows.items():
        command = commands.add_parser(what)
        command.set_defaults(run=run)
        for word in [*words, "file"]:
            command.add_argument(word)
        for option in ["--key"] if run is statement else ["--state", "--consistency"] if run is answer else []:
            command.add_argument(option)
    return parser.parse_args()


def main():
    options = arguments()
    try:
        print("verified:", options.run(options))
        return 0
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
    except Exception as error:  # a file that is not there, or a case that we did not think of: in no case verified
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
