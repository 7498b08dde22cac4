#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every #include against tools/dependencies.json: who may know whom.

    check_dependencies.py [--root <source tree>]

Prints one line per finding, `file:line: what`, and exits with 1 when there is one. Quoted includes are ours and are
found from src/core, src/host and include/; angle brackets are the system's and matter only where they are heavy.
"""
import argparse
import fnmatch
import json
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SUFFIXES = {".cpp", ".hpp", ".h", ".c"}
OUTSIDE = ("tests", "fuzz", "bench")  # not checked: they may include whatever they test, and the heavy headers too


def is_test(path):
    """Tests beside the code and what they share: chain_file_test.cpp, chain_test_support.hpp, key_store_contract.hpp."""
    return re.search(r"(^|_)(test|testing|contract)[_.]", pathlib.PurePosixPath(path).name) is not None


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern.replace("**", "*")) for pattern in patterns)


class Policy:
    def __init__(self, root):
        self.root = root
        data = json.loads((root / "tools/dependencies.json").read_text())
        self.core, self.rooms = data["core"], data["rooms"]
        self.exceptions, self.assemblers = data["exceptions"], data["assemblers"]
        self.also, self.parts, self.heavy = data["also"], data["parts"], data["heavy"]

    def known(self):
        return {"include", *self.rooms, *(f"core/{room}" for room in self.core)}

    def room(self, path):
        """'host/keys' for src/host/keys/file/store.cpp; 'apps' for apps/x.cpp; None outside the rooms."""
        parts = path.split("/")
        if parts[0] == "src" and len(parts) > 3:
            return f"{parts[1]}/{parts[2]}"
        return parts[0] if parts[0] in ("apps", "include") else None

    def technology(self, path):
        """'host/keys/file' for src/host/keys/file/store.hpp; None for the room's own files."""
        parts = path.split("/")
        folder = "/".join(parts[1:4])
        return folder if parts[0] == "src" and len(parts) > 4 and folder not in self.parts else None

    def core_up_to(self, name):
        return {f"core/{room}" for room in self.core[: self.core.index(name) + 1]}

    def allowed(self, room, path):
        """Rooms, folders and files (without src/) that a file of this room may include."""
        if room == "include":
            return set()
        if room.startswith("core/"):
            return self.core_up_to(room.split("/")[1])
        out = {room}
        granted = list(self.rooms[room]) + self.also.get(self.technology(path) or "", [])
        for exception in self.exceptions.values():
            if matches(path, exception["files"]):
                granted += exception["rooms"]
        for entry in granted:
            if entry == "core":
                out |= self.core_up_to(self.core[-1])
            elif entry.startswith("core:"):
                out |= self.core_up_to(entry.split(":")[1])
            else:
                out.add(entry)
        return out

    def tested(self, room):
        """What a test beside the code may include: the closure of its room's list, as it must build real objects."""
        out, queue = set(), [room]
        while queue:
            entry = queue.pop()
            if entry in out:
                continue
            out.add(entry)
            if entry.startswith("host/"):
                queue += self.rooms.get("/".join(entry.split("/")[:2]), [])
        if any(entry.startswith("host/") for entry in out):
            out |= self.core_up_to(self.core[-1])
        return out

    def find(self, including, included):
        """The included file's path in the tree, or None."""
        for base in ("src/core", "src/host", "include", str(pathlib.PurePosixPath(including).parent)):
            if (self.root / base / included).is_file():
                return f"{base}/{included}"
        return None


def forbidden(policy, path, target):
    """Why `path` may not include `target`, or None."""
    room, target_room = policy.room(path), policy.room(target)
    if room is None or target_room in (None, "include"):
        return None
    if room not in policy.known():
        return f"room {room} is not in tools/dependencies.json"
    test = is_test(path)
    technology = policy.technology(target)
    if technology and technology != policy.technology(path):
        granted = policy.allowed(room, path)
        if not (test or technology in granted or room in policy.assemblers):
            return f"{technology} is technology: only who assembles ({', '.join(policy.assemblers)}) and tests include it"
    if room == target_room:
        return None
    granted = policy.allowed(room, path)
    if target_room in granted or target[len("src/"):] in granted or (technology and technology in granted):
        return None
    if test and room.startswith("host/") and target_room in policy.tested(room):
        return None
    return f"{room} may not know {target_room}"


def reaching(direct, including):
    """The files that include one of `direct`, themselves or through others; `including` maps a file to its includers."""
    out, queue = set(), list(direct)
    while queue:
        path = queue.pop()
        if path not in out:
            out.add(path)
            queue += including.get(path, [])
    return out


def heavy_findings(policy, heavy_uses, including):
    for prefix, uses in sorted(heavy_uses.items()):
        rule = policy.heavy[prefix]
        ours = [(path, line) for path, line in uses if not is_test(path)]
        for path, line in ours:
            if not matches(path, rule["files"]):
                yield f"{path}:{line}: <{prefix}...> belongs only in {', '.join(rule['files'])}"
        compiled = sorted(path for path in reaching({path for path, _ in ours}, including)
                          if path.endswith(".cpp") and not is_test(path))
        if len(compiled) > rule["at_most"]:
            yield f"{compiled[-1]}:1: <{prefix}...> is compiled in {len(compiled)} files, {rule['at_most']} allowed: {compiled}"


def includes(root):
    """(path, line number, bracket, what is included) of every #include in the tree."""
    for folder in ("src", "include", "apps", *OUTSIDE):
        for file in sorted(path for path in (root / folder).rglob("*") if path.suffix in SUFFIXES):
            path = file.relative_to(root).as_posix()
            for number, text in enumerate(file.read_text().splitlines(), 1):
                found = INCLUDE.match(text)
                if found:
                    yield path, number, *found.groups()


def findings(root):
    policy, heavy_uses, including = Policy(root), {}, {}
    for path, number, bracket, included in includes(root):
        if path.startswith(tuple(f"{folder}/" for folder in OUTSIDE)):
            continue
        target = policy.find(path, included) if bracket == '"' else None
        heavy = next((prefix for prefix in policy.heavy if included.startswith(prefix)), None)
        if target:
            including.setdefault(target, []).append(path)
            why = forbidden(policy, path, target)
            if why:
                yield f"{path}:{number}: {why} (\"{included}\")"
        elif heavy:
            heavy_uses.setdefault(heavy, []).append((path, number))
        elif bracket == '"':
            yield f"{path}:{number}: \"{included}\" is not found from src/core, src/host or include"
    yield from heavy_findings(policy, heavy_uses, including)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    found = list(findings(parser.parse_args().root))
    for finding in found:
        print(finding)
    print(f"{len(found)} findings against tools/dependencies.json")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
