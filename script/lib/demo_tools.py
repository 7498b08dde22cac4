# SPDX-License-Identifier: Apache-2.0
"""What the demo stands on: running the command, speaking two languages, starting and stopping the node."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("MIKUSARI_BUILD", "build/release")
PROGRAM = BUILD / "bin/mikusari"
EXAMPLE = BUILD / "examples/example_c_verify_passport"
REFERENCE = [sys.executable, str(ROOT / "tests/conformance/reference.py")]
FOLDER = ROOT / "build/demo"


class Failed(Exception):
    pass


class Talk:
    """Prints in English or Japanese; `lang` is set once."""
    lang = "en"

    @classmethod
    def say(cls, english, japanese=None, indent=2):
        print(" " * indent + (japanese if cls.lang == "ja" and japanese else english), flush=True)

    @classmethod
    def chapter(cls, number, english, japanese):
        print(flush=True)
        cls.say(f"{number}. {english}", f"{number}. {japanese}", indent=0)

    @classmethod
    def refused(cls, english, japanese, why):
        cls.say(f"x {english}", f"x {japanese}")
        cls.say(f"    {why}")


def run(arguments, check=True, **more):
    done = subprocess.run([str(each) for each in arguments], capture_output=True, text=True, **more)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(str(each) for each in arguments)}\n{done.stdout}{done.stderr}")
    return done


class Home:
    """Somebody's folder of keys, and what they do with the command."""

    def __init__(self, name):
        self.name = name
        self.path = FOLDER / "homes" / name

    def arguments(self, words):
        return [PROGRAM, "--home", self.path, "--lang", Talk.lang, "--quiet", "--json", *words]

    def __call__(self, *words):
        done = run(self.arguments(words))
        return json.loads(done.stdout)

    def fails(self, *words):
        """The reason, in one sentence; the demo stops when it is not refused."""
        done = run(self.arguments(words), check=False)
        if done.returncode == 0:
            raise Failed(f"this should have been refused: {' '.join(map(str, words))}\n{done.stdout}")
        return reason(done.stdout + "\n" + done.stderr)


def reason(text):
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("{"):
            value = json.loads(line)
            for name in ("refusals",):
                if value.get(name):
                    return value[name][0].get("message") or str(value[name][0])
            for name in ("error", "message", "reason", "detail"):
                found = value.get(name)
                if isinstance(found, dict):
                    found = found.get("message")
                if found:
                    return found
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("mikusari: ") if lines else "refused"


class Node:
    """A node in a process of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.process = None
        self.url = self.pin = None

    def start(self):
        self.log = open(self.folder.parent / f"{self.folder.name}.log", "ab")
        self.process = subprocess.Popen([str(PROGRAM), "--json", "node", "run", str(self.folder)], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True, start_new_session=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"the node did not start: {(self.folder.parent / (self.folder.name + '.log')).read_text()[-500:]}")
        told = json.loads(line)
        self.url, self.pin = told["url"], told["fingerprint"]
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            if self.process.wait(timeout=20) != 0:
                raise Failed("the node did not stop well")
        self.process = None

    def kill(self):
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


class Stopwatch:
    def __init__(self):
        self.begin = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.begin
