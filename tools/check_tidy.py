#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what a reader should never have to remark on. Facts only; taste is for people.

    check_tidy.py [--root <source tree>] [--functions]

Every text file: no tab or space at a line's end, no left-over words, no path of one machine, a newline at the end; pages of docs/ that it names exist.
Sources: an SPDX line first, at most 500 lines, no test switched off. Headers: `#pragma once` and an opening comment that
is their contract. C++: nothing thrown, `try` only in adapters, no sleeping; core also without the headers of heap,
threads and input/output, except where a device does not see them.
Prints `file:line: what` and exits with 1 when there is something; --functions lists the longest functions as well.
"""
import argparse
import fnmatch
import pathlib
import re
import sys

CODE = {".cpp", ".hpp", ".h", ".c"}
SCRIPTS = {".py", ".sh", ".cmake", ".ts", ".js", ".mjs", ".css", ".ld"}
PLAIN = {".md", ".json", ".toml", ".cddl", ".html", ".yaml", ".yml", ".txt"}
SKIPPED = {"build", "demo", ".git", "corpus", "testdata", "__pycache__", "node_modules", ".cache"}
LINES_MAX = 500

LEFT_OVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
SWITCHED_OFF = re.compile(r"\bDIS" r"ABLED_")
# `../shared` and the system's own places are no machine's; a home, a mount of one's own is.
MACHINE_PATH = re.compile(r"(?:^|[^\w.}~$*/])/(work|farm|root|home|Users|mnt)/")

# Standard headers that need a heap, threads, files or exceptions.
NOT_IN_CORE = set("vector string map set unordered_map unordered_set deque list forward_list queue stack memory "
                  "iostream sstream fstream ostream istream iomanip print mutex shared_mutex thread stop_token "
                  "condition_variable future atomic functional any regex locale random chrono filesystem exception "
                  "stdexcept system_error typeinfo cstdio cstdlib stdio.h stdlib.h".split())
# Where exceptions of third parties end.
ADAPTERS = ["src/host/net/*", "src/host/json/*", "src/host/cli/*", "src/host/node/*", "src/host/platform/posix/*"]


def is_test(path):
    """Tests beside the code and what they share: chain_file_test.cpp, chain_test_support.hpp, key_store_contract.hpp."""
    return re.search(r"(^|_)(test|testing|contract)[_.]", pathlib.PurePosixPath(path).name) is not None


def without_comments(text):
    """The code with comments and literals blanked, line by line as before."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
    return token.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def host_only_lines(lines):
    """Line numbers that a device's compiler does not see: #ifndef MIKUSARI_DEVICE, or the #else of its #ifdef."""
    hidden, stack = set(), []
    for number, line in enumerate(lines, 1):
        directive = re.match(r"\s*#\s*(ifdef|ifndef|if|elif|else|endif)\b\s*(.*)", line)
        if directive:
            word, rest = directive.groups()
            if word in ("ifdef", "ifndef", "if"):
                device = rest.strip() == "MIKUSARI_DEVICE"
                stack.append({"ifndef": "host", "ifdef": "device"}.get(word, "") if device else "")
            elif word == "else" and stack:
                stack[-1] = {"host": "device", "device": "host"}.get(stack[-1], "")
            elif word == "endif" and stack:
                stack.pop()
        if "host" in stack:
            hidden.add(number)
    return hidden


def any_text(path, lines, ends_with_newline):
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "space at the end of the line"
        if LEFT_OVER.search(line):
            yield number, "a left-over word: do it, or put it into an issue"
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"
        if "\t" in line and not path.endswith((".mk", ".patch")):
            yield number, "a tab"
    if lines and not ends_with_newline:
        yield len(lines), "no newline at the end"


def named_pages(root, path, lines):
    if path.startswith("tools/"):
        return
    for number, line in enumerate(lines, 1):
        for page in re.findall(r"(?<![\w/.])docs/[\w/.-]+\.md\b", line):
            if not (root / page).exists():
                yield number, f"there is no {page}"


def any_source(path, lines):
    head = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
    if not head or "SPDX-License-Identifier: Apache-2.0" not in head[0]:
        yield 1, "the first line is not the SPDX line"
    if len(lines) > LINES_MAX:
        yield LINES_MAX, f"{len(lines)} lines, more than {LINES_MAX}: which second concept lives here?"
    for number, line in enumerate(lines, 1):
        if SWITCHED_OFF.search(line):
            yield number, "a test that is switched off"


def any_header(path, lines):
    if "#pragma once" not in lines and not any(re.match(r"#ifndef \w+_H(PP)?_?$", line) for line in lines[:60]):
        yield 1, "no #pragma once"
    second = lines[1] if len(lines) > 1 else ""
    technology = path.startswith("src/") and path.count("/") > 3  # its contract is the interface one folder up
    if not technology and not second.startswith(("//", "/*", " *")) and not lines[0].startswith("/*"):
        yield 2, "the header does not open with its contract: what it is, invariants, threads"


def any_code(path, lines, code):
    for number, line in enumerate(code, 1):
        if re.search(r"\bthrow\b", line):
            yield number, "throws: return a Result"
        if re.search(r"\btry\s*\{", line) and not (matches_adapter(path) or is_test(path)):
            yield number, "try outside an adapter of a third party"
        if re.search(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b", line):
            yield number, "sleeps: await the event"


def matches_adapter(path):
    return any(fnmatch.fnmatch(path, pattern) for pattern in ADAPTERS)


def core_code(path, lines, code):
    hidden = host_only_lines(lines)
    for number, line in enumerate(lines, 1):
        found = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
        if found and found.group(1) in NOT_IN_CORE and number not in hidden:
            yield number, f"core includes <{found.group(1)}>, which a device does not carry"
    for number, line in enumerate(code, 1):
        if number not in hidden and re.search(r"\b(thread_local|dynamic_cast|typeid)\b|\bnew\s+\w|\bdelete\b(?!\s*[;)])", line):
            if not re.search(r"=\s*delete", line):
                yield number, "core uses heap, run-time types or thread-local storage"


def functions(path, lines):
    """(length, path, line, signature) of functions, by the indentation that clang-format gives."""
    start, indent = 0, ""
    for number, line in enumerate(lines, 1):
        if not start and line.endswith("{") and "(" in "".join(lines[max(0, number - 3):number]):
            found = re.match(r"(\s{0,2})(?!namespace|class|struct|enum|union|if|for|while|switch|else|do|try)\S", line)
            if found:
                start, indent = number, found.group(1)
        elif start and re.match(indent + r"}", line):
            yield number - start + 1, path, start, lines[start - 1].strip()
            start = 0


def check(root, path, longest):
    raw = (root / path).read_bytes()
    if b"\0" in raw:
        return
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        yield 1, "not UTF-8"
        return
    lines, suffix = text.splitlines(), pathlib.PurePosixPath(path).suffix
    name = pathlib.PurePosixPath(path).name
    script = suffix in SCRIPTS or name == "CMakeLists.txt" or text.startswith("#!")
    yield from any_text(path, lines, text.endswith("\n"))
    yield from named_pages(root, path, lines)
    if suffix in CODE or script:
        yield from any_source(path, lines)
    if suffix in (".hpp", ".h"):
        yield from any_header(path, lines)
    if suffix in CODE:
        code = without_comments(text).splitlines()
        yield from any_code(path, lines, code)
        if path.startswith("src/core/") and not is_test(path) and "/openssl/" not in path:
            yield from core_code(path, lines, code)
        longest += functions(path, lines)


def sources(root):
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root)
        if file.is_symlink() or not file.is_file() or SKIPPED.intersection(path.parts):
            continue
        if file.suffix in CODE | SCRIPTS | PLAIN or path.parts[0] in ("script", ".ci", "tools", "cmake"):
            yield path.as_posix()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--functions", action="store_true")
    arguments = parser.parse_args()
    longest, count, files = [], 0, 0
    for path in sources(arguments.root):
        files += 1
        for number, what in check(arguments.root, path, longest):
            print(f"{path}:{number}: {what}")
            count += 1
    longest.sort(reverse=True)
    over = sum(1 for entry in longest if entry[0] > 40)
    print(f"{count} findings in {files} files; {len(longest)} functions of several lines, {over} over 40 lines")
    for length, path, number, signature in longest[: 20 if arguments.functions else 3]:
        print(f"{length:6} lines: {path}:{number}: {signature}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
