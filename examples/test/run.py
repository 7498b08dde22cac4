#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples on good and bad inputs and compares exit status and first word.

    run.py <make_inputs> <verify_passport> <check_device> <verify_passport of C++> <check_key>
    run.py <make_inputs> --make <folder of the examples> <build folder>     builds them with plain cc first
"""
import pathlib
import subprocess
import sys
import tempfile

failures = 0


def expect(command, status, word):
    global failures
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=30)
    said = done.stdout.split(":")[0]
    good = done.returncode == status and said == word
    failures += not good
    name = pathlib.Path(command[0]).name
    print(f"{'ok    ' if good else 'FAILED'} {name} {' '.join(pathlib.Path(p).name[:20] for p in command[1:])}: {done.returncode} {done.stdout.splitlines()[:1]}")
    return done.stdout


def passports(program, inputs):
    policy = inputs / "policy.cbor"
    said = expect([program, policy, inputs / "passport.cbor"], 0, "VERIFIED")
    owner = (inputs / "bob.txt").read_text()
    for word in ("ownership.accept", "device.activate", "party:", f"owned by {owner}"):
        if word not in said:
            print(f"FAILED {program} does not print {word}")
            return 1
    missed = 0
    for i in range(10):
        done = subprocess.run([program, policy, inputs / f"changed-{i}.cbor"], capture_output=True, text=True, timeout=30)
        missed += not (1 <= done.returncode <= 10 and done.stdout.startswith("REFUSED"))
    print(f"{10 - missed} of 10 changed passports refused")
    expect([program, inputs / "other-policy.cbor", inputs / "passport.cbor"], 3, "REFUSED")
    expect([program, inputs / "broken-policy.cbor", inputs / "passport.cbor"], 1, "REFUSED")
    expect([program, policy, inputs / "keyless.cbor"], 4, "REFUSED")
    expect([program, policy, inputs / "newer.cbor"], 10, "REFUSED")
    for page in ("newest.cbor", "without-part.cbor"):
        if "NOT THE WHOLE LIFE" not in expect([program, policy, inputs / page], 21, "VERIFIED"):
            print(f"FAILED {program} takes {page} for the whole life")
            return 1
    expect([program, policy, inputs / "answer.cbor"], 1, "REFUSED")
    expect([program, policy, inputs / "no such file"], 66, "")
    expect([program], 64, "")
    return missed


def devices(program, inputs):
    policy, state = inputs / "policy.cbor", inputs / "state.cbor"
    camera, ghost = (inputs / "id.txt").read_text(), (inputs / "ghost.txt").read_text()

    def check(thing, answer, *more):
        return [program, policy, state, thing, inputs / answer, *(inputs / name for name in more)]

    expect(check(camera, "answer.cbor"), 0, "ACTIVE")
    first = state.read_bytes()
    expect(check(camera, "answer.cbor"), 0, "ACTIVE")
    expect(check(ghost, "absent.cbor"), 4, "REFUSED")
    expect(check(ghost, "answer.cbor"), 2, "REFUSED")
    expect(check(camera, "retired.cbor"), 1, "REFUSED")  # no consistency proof
    expect(check(camera, "fork.cbor", "consistency.cbor"), 2, "REFUSED")  # another history
    if state.read_bytes() != first:
        print("FAILED a refused answer has changed the state")
        return 1
    expect(check(camera, "retired.cbor", "consistency.cbor"), 20, "NOT WELL")
    expect(check(camera, "answer.cbor"), 5, "REFUSED")  # the older state
    expect(check(camera, "fork.cbor"), 5, "REFUSED")  # the same size, another root
    expect([program, inputs / "other-policy.cbor", state, camera, inputs / "answer.cbor"], 3, "REFUSED")
    state.write_bytes(state.read_bytes()[:-1])
    expect(check(camera, "retired.cbor"), 6, "REFUSED")
    expect(check("xyz", "retired.cbor"), 64, "")
    state.write_bytes(b"")  # not a first use: what was seen is lost
    expect(check(camera, "answer.cbor"), 6, "REFUSED")
    if state.read_bytes() != b"":
        print("FAILED a lost state was written anew")
        return 1
    return 0


def keys(program, inputs):
    kid = (inputs / "kid.txt").read_text()

    def check(key, subject, thumbprint=kid):
        return [program, inputs / "policy.cbor", thumbprint, inputs / key, inputs / subject]

    said = expect(check("key.cbor", "bob.cbor"), 0, "SPEAKS")
    if (inputs / "bob.txt").read_text() not in said:
        print("FAILED it is not said for whom the key speaks")
        return 1
    expect(check("key.cbor", "acme.cbor"), 2, "REFUSED")  # another party's record
    expect(check("key.cbor", "bob.cbor", (inputs / "ghost.txt").read_text()), 2, "REFUSED")
    expect(check("suspended-key.cbor", "suspended-bob.cbor"), 3, "REFUSED")
    expect(check("key.cbor", "suspended-bob.cbor"), 1, "REFUSED")  # of another moment, without a consistency proof
    expect([program], 64, "")
    return 0


def main():
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        inputs = pathlib.Path(folder)
        subprocess.run([arguments[0], folder], check=True, timeout=30)
        programs = arguments[1:]
        if programs[0] == "--make":
            subprocess.run(["make", "-s", "-C", programs[1], f"BUILD={programs[2]}", f"OUT={folder}"], check=True)
            programs = [inputs / name for name in ("verify_passport", "check_device", "verify_passport_cpp", "check_key")]
        missed = passports(programs[0], inputs) + passports(programs[2], inputs) + devices(programs[1], inputs)
        missed += keys(programs[3], inputs)
    sys.exit(1 if failures or missed else 0)


main()
