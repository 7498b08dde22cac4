#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes ed25519_verdicts.inc: what the installed libsodium answers on the CCTV edge cases.

    generate_verdicts.py ed25519vectors.json > ed25519_verdicts.inc

Only for a new version of the ledger's rules: the table is frozen, a library that differs from it is the one at fault.
"""
import ctypes
import ctypes.util
import json
import sys

sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
sodium.sodium_init()
sodium.sodium_version_string.restype = ctypes.c_char_p


def accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    length = ctypes.c_ulonglong(len(message))
    return sodium.crypto_sign_verify_detached(signature, message, length, key) == 0


def number_of(message: str) -> int:
    """The messages are 'ed25519vectors' and 'ed25519vectors N', N > 0."""
    words = message.split(" ")
    assert words[0] == "ed25519vectors" and len(words) <= 2
    return int(words[1]) if len(words) == 2 else 0


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    points = sorted({case["key"] for case in cases} | {case["sig"][:64] for case in cases})
    scalars = sorted({case["sig"][64:] for case in cases})
    rows = []
    for case in cases:
        verdict = accepts(bytes.fromhex(case["key"]), case["msg"].encode(), bytes.fromhex(case["sig"]))
        rows.append("{%d, %d, %d, %d, %d, %d}," % (
            case["number"], points.index(case["key"]), points.index(case["sig"][:64]),
            scalars.index(case["sig"][64:]), number_of(case["msg"]), verdict))
    print("// SPDX-License-Identifier: Apache-2.0")
    print("// Written by generate_verdicts.py with libsodium %s; do not edit, do not regenerate lightly."
          % sodium.sodium_version_string().decode())
    print("// Inputs: C2SP/CCTV, ed25519/ed25519vectors.json, BSD-3-Clause, (c) Google LLC and Filippo Valsorda.")
    print("// Encoded points that occur as key or as R, and whether check() lets them be registered.")
    print("constexpr FrozenPoint frozen_points[] = {")
    for point in points:
        print('    {"%s", %d},' % (point, sodium.crypto_core_ed25519_is_valid_point(bytes.fromhex(point))))
    print("};\n\n// The scalars S.\nconstexpr const char* frozen_scalars[] = {")
    for scalar in scalars:
        print('    "%s",' % scalar)
    print("};\n\n// Number in the suite, key, R, S, N of the message, libsodium accepts.")
    print("constexpr FrozenCase frozen_cases[] = {")
    for i in range(0, len(rows), 5):
        print("    " + " ".join(rows[i:i + 5]))
    print("};")


main()
