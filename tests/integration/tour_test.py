#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of docs/tour.md as they stand there, in an empty folder. Usage: tour_test.py PROGRAM PAGE"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    program, page = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    script = "set -eu\nNODE=\ntrap '[ -z \"$NODE\" ] || kill $NODE 2>/dev/null || true' EXIT\n" + "".join(blocks) + "NODE=\n"
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}", HOME=folder)
        environment.pop("MIKUSARI_HOME", None)
        done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=100)
        print(done.stdout, done.stderr)
        if done.returncode != 0:
            print((pathlib.Path(folder) / "tour.log").read_text(errors="replace")[-2000:])
            return 1
        expected = ["disputed", "verified"]
        missing = [word for word in expected if word not in done.stdout]
        if missing:
            print(f"the tour did not say: {missing}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
