#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that compiled code for a device has no heap, exceptions, run-time type information, threads or input/output.

    check_symbols.py [--defined] <library or program>...

Reads what `arm-none-eabi-nm` says: an undefined reference to one of the symbols below is a finding, named with the
object that needs it. With --defined (for a linked program) a definition is one, too: nothing of the kind was linked in.
Exit code 1 when something was found.
"""
import re
import subprocess
import sys

FORBIDDEN = {
    "heap": r"_?(malloc|calloc|realloc|free|memalign|aligned_alloc|strdup)(_r)?|_?sbrk(_r)?|_Zn[wa].*|_Zd[la].*",
    "exceptions": r"__cxa_(throw|rethrow|allocate_exception|begin_catch|end_catch|free_exception|bad_\w+)|_Unwind_.*|"
                  r"__gxx_personality.*|_ZSt\d+__throw_.*",
    "run-time type information": r"__dynamic_cast|__cxa_bad_typeid|_ZTVN10__cxxabiv1.*",
    "threads": r"pthread_.*|__emutls_.*|__aeabi_read_tp|__cxa_guard_.*|_ZNSt6thread.*|_ZNSt5mutex.*",
    "input or output": r"v?f?s?n?printf(_r)?|puts|putchar|fputs|fwrite|fopen|_?(open|read|write|close)(_r)?|_ZSt4cout|"
                       r"_ZNSt8ios_base.*|_ZNSo.*|getenv|time|clock|gettimeofday",
    "destructors at exit": r"__aeabi_atexit|__cxa_atexit|atexit",
}


def symbols(path):
    """(object, kind, name) of every symbol, as nm prints them."""
    text = subprocess.run(["arm-none-eabi-nm", "-A", path], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        found = re.match(r"(.*?):(?:[0-9a-f]+)?\s+(\S) (\S+)$", line)
        if found:
            yield found.group(1).rsplit(":", 1)[-1], found.group(2), found.group(3)


def findings(path, defined):
    kinds = set("U") | (set("TtWwVDdBb") if defined else set())
    for where, kind, name in symbols(path):
        if kind not in kinds:
            continue
        for what, pattern in FORBIDDEN.items():
            if re.fullmatch(pattern, name):
                yield f"{where}: {what}: {name}"


def main(arguments):
    defined = "--defined" in arguments
    paths = [argument for argument in arguments if argument != "--defined"]
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    found = [finding for path in paths for finding in findings(path, defined)]
    for path in paths:
        if not any(True for _ in symbols(path)):
            found.append(f"{path}: no symbols at all")
    for finding in found:
        print(finding)
    print(f"{len(found)} forbidden symbols in {len(paths)} files: " + ", ".join(FORBIDDEN))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
