# SPDX-License-Identifier: Apache-2.0
"""A real node on loopback and the homes of six members, driven by the command line."""
import json
import pathlib
import signal
import subprocess

USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, CORRUPT = 2, 11, 12, 13, 14, 15, 16


# Member, roles and keys of each founder; wallet keys have the member's name, the others their purpose.
FOUNDERS = {"chips": ("maker", []), "cameras": ("maker", ["r1", "r2", "r3"]), "lab": ("witness+laboratory", []),
            "notary": ("witness", []), "city": ("registrar+certifier", []), "alice": ("", []), "bob": ("", [])}
NONCE = "5a" * 32


class World:
    """A folder with a node and the homes of its members. Everybody reads everything, unless a test says otherwise."""

    def __init__(self, program, folder, *options, founders=None):
        self.program, founders = program, founders or FOUNDERS
        self.folder = pathlib.Path(folder)
        self.node = None
        words = ["node", "init", str(self.folder / "node"), "--port", "0", "--operations", "", "--nonce", NONCE, *(options or ["--open"])]
        for name, (roles, release_keys) in founders.items():
            self.make_founder(name, release_keys)
            words += ["--founder", f"{name}:{roles}:1:{self.file(name + '.keys')}"]
        self.founded = self.run("nobody", *words)
        self.start()
        for name in founders:
            self.connect(name, "--key", name, "--member", name)

    def make_founder(self, name, release_keys):
        self.run(name, "key", "create", name)
        own = ["--with-key", name]
        for key in release_keys:
            self.run(name, "key", "create", key, "--purpose", "release")
            own += ["--with-key", key]
        self.run(name, "node", "founder-keys", name, "--nonce", NONCE, *own, "--out", self.file(name + ".keys"))

    def connect(self, home, *words):
        return self.run(home, "connect", "--node", self.url, "--pin", self.fingerprint, "--policy", self.file("node/policy.cbor"), *words)

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

    def share(self, home, label, *others):
        """Others call the thing as this home does."""
        self.run(home, "thing", "card", label, "--out", self.file("card"))
        for other in others:
            self.run(other, "thing", "name", label, self.file("card"))

    def handle(self, name):
        return self.run("bob", "member", "show", name)["handle"]

    def plain(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=60, env={"HOME": str(self.folder)})

    def file(self, name):
        return str(self.folder / name)
