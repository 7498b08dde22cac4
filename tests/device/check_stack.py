#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bounds the stack of every function, from the .su files that gcc writes with -fstack-usage.

    check_stack.py [--bytes-max N] <folder>

Prints the five functions that take most. Exit code 1 when one takes more than N bytes (8192 unless told otherwise) or
an amount that is only known at run time, and when there is no .su file at all.
"""
import argparse
import pathlib
import sys


def functions(folder):
    """(bytes, qualifier, function) for every function; the same inline function may stand in several files."""
    seen = set()
    for path in sorted(pathlib.Path(folder).rglob("*.su")):
        for line in path.read_text().splitlines():
            place, size, qualifier = line.rsplit("\t", 2)
            seen.add((int(size), qualifier, place.split(":", 3)[-1]))
    return sorted(seen, reverse=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bytes-max", type=int, default=8192)
    parser.add_argument("folder")
    arguments = parser.parse_args()
    every = functions(arguments.folder)
    print(f"stack of {len(every)} functions; the largest, in bytes:")
    for size, qualifier, function in every[:5]:
        print(f"{size:8} {function} ({qualifier})")
    bad = [entry for entry in every if entry[0] > arguments.bytes_max or entry[1] == "dynamic"]
    for size, qualifier, function in bad:
        print(f"over {arguments.bytes_max} bytes, or unbounded: {function}: {size} ({qualifier})")
    return 1 if bad or not every else 0


if __name__ == "__main__":
    sys.exit(main())
