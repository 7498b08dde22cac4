# SPDX-License-Identifier: Apache-2.0
"""A real node on loopback and the homes of six members, driven by the command line."""
import json
import pathlib
import signal
import subprocess

USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, CORRUPT = 2, 11, 12, 13, 14, 15, 16


class World:
    """A folder with a node and the homes of its members."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.node = None
        founders = ["chips:maker", "cameras:maker", "lab:witness", "notary:witness", "alice:fleet_operator", "bob:fleet_operator"]
        words = ["node", "init", str(self.folder / "node"), "--port", "0"]
        for founder in founders:
            words += ["--founder", founder + ":1"]
        self.founded = self.run("nobody", *words)
        self.start()
        for founder in founders:
            name = founder.split(":")[0]
            self.run(name, "key", "import", name, "--from", str(self.folder / "node/wallet"))
            self.run(name, "connect", "--node", self.url, "--pin", self.fingerprint, "--key", name, "--member", name,
                     "--policy", str(self.folder / "node/policy.cbor"))

    def start(self):
        with open(self.folder / "node.log", "ab") as log:
            self.node = subprocess.Popen([self.program, "node", "run", str(self.folder / "node"), "--json"], stdout=subprocess.PIPE,
                                         stderr=log, text=True, env={"HOME": str(self.folder)})
        started = json.loads(self.node.stdout.readline())
        assert started["command"] == "node run"
        self.url, self.fingerprint = started["url"], started["fingerprint"]

    def stop(self):
        self.node.send_signal(signal.SIGTERM)
        code = self.node.wait(timeout=30)
        self.node.stdout.close()
        return code

    def words(self, home, *words):
        return [self.program, *words, "--home", str(self.folder / home), "--json"]

    def run(self, home, *words, code=0):
        done = subprocess.run(self.words(home, *words), capture_output=True, text=True, timeout=120, env={"HOME": str(self.folder)})
        if done.returncode != code:
            raise AssertionError(f"{words}: exit {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def plain(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=60, env={"HOME": str(self.folder)})

    def file(self, name):
        return str(self.folder / name)
