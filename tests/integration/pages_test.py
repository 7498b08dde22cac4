#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of a page as they stand there, in an empty folder, and compares what it shows with what they print.

    pages_test.py PROGRAM PAGE [--show]

A page's ```sh blocks are one bash session. The lines of a ```text block behind one must be printed by it, in that order;
other lines may stand between them. Ids, times and sizes in bytes are compared by their form alone, and ports 18400 to
18499 are others in each run. --show prints what each block says.
"""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

MARK = "\x1e block "


def blocks_of(page):
    """[(commands, lines that must be printed)]"""
    out = []
    for language, text in re.findall(r"^```(sh|text)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        if language == "sh":
            out.append((text, []))
        else:
            out[-1][1].extend(line for line in text.splitlines() if line != "...")
    return out


def form(line):
    """The line without what differs from run to run."""
    line = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "@", line)
    line = re.sub(r"\b[0-9a-f]{8,}\b(\.\.\.)?", "#", line)
    return re.sub(r"\b[\d.,]+(?= (bytes|ms)\b)", "0", line).strip()


def on_free_ports(script):
    held, ports = [], {}
    for port in sorted(set(re.findall(r"\b184\d\d\b", script))):
        held.append(socket.socket())
        held[-1].bind(("127.0.0.1", 0))
        ports[port] = str(held[-1].getsockname()[1])
    for each in held:
        each.close()
    return re.sub(r"\b184\d\d\b", lambda found: ports[found.group()], script)


def missing(wanted, printed):
    """The first line that is not printed behind those before it."""
    rest = iter([form(line) for line in printed])
    for line in wanted:
        if form(line) not in rest:
            return line
    return None


def run(program, script, folder):
    environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}", HOME=folder)
    environment.pop("MIKUSARI_HOME", None)
    return subprocess.run(["bash", "-c", script], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=100)


def main():
    program, page = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    blocks = blocks_of(page.read_text())
    script = "set -eu\nNODE=\ntrap '[ -z \"$NODE\" ] || kill $NODE 2>/dev/null || true' EXIT\n"
    script += "".join(f"printf '\\n{MARK}\\n'\n{commands}" for commands, _ in blocks)
    with tempfile.TemporaryDirectory() as folder:
        done = run(program, on_free_ports(script), folder)
        said = done.stdout.split(f"{MARK}\n")[1:]
        if done.returncode != 0 or "--show" in sys.argv:
            print(done.stdout)
        if done.returncode != 0:
            for log in pathlib.Path(folder).glob("*.log"):
                print(log.read_text(errors="replace")[-2000:])
            print(f"the commands of {page.name} ended with {done.returncode}")
            return 1
    for (commands, wanted), printed in zip(blocks, said, strict=True):
        line = missing(wanted, printed.splitlines())
        if line is not None:
            print(f"{page.name} shows\n  {line}\nbut this printed\n{printed}\nafter\n{commands}")
            return 1
    print(f"{page.name}: {len(blocks)} blocks, {sum(len(wanted) for _, wanted in blocks)} lines as shown")
    return 0


if __name__ == "__main__":
    sys.exit(main())
