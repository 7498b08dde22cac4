#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing that a node says is believed: a real node, and a liar before it. Each lie is refused, nothing of it is kept, and
with the honest node the work is done to its end.

    lies_test.py MIKUSARI
"""
import pathlib
import sys
import tempfile
import unittest

import cbor2
from liar import Liar, fate, identity_of
from world import CORRUPT, NOT_FOUND, UNAUTHENTICATED, World

MIKUSARI = sys.argv[1]
COMMITTED, REFUSED, DONE, ALARM = 1, 2, 1, 2


def is_submission(method, path):
    return method == "POST" and path == "/v1/statements"


def changed(answer, change):
    """The answer with its CBOR changed."""
    status, kind, body, consistency = answer
    value = cbor2.loads(body)
    change(value)
    return status, kind, cbor2.dumps(value, canonical=True), consistency


class Lies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.world = World(MIKUSARI, cls.temporary.name)
        cls.liar = Liar(cls.world.url)
        run = cls.world.run
        for name in ("chips", "cameras"):
            run("lied-" + name, "key", "import", name, "--from", str(cls.world.folder / name))
            run("lied-" + name, "connect", "--node", cls.liar.url, "--key", name, "--member", name, "--policy",
                str(cls.world.folder / "node/policy.cbor"))
        run("lied-chips", "model", "register", "sensor", "--class", "chip")
        run("lied-cameras", "model", "register", "camera", "--class", "device")

    @classmethod
    def tearDownClass(cls):
        cls.liar.close()
        cls.world.stop()
        cls.temporary.cleanup()

    def tearDown(self):
        self.liar.lie = None

    def lied_to(self, lie, *words, home="lied-chips", code=UNAUTHENTICATED):
        self.liar.lie = lie
        try:
            return self.world.run(home, *words, code=code)
        finally:
            self.liar.lie = None

    def honest(self, *words, home="lied-chips", code=0):
        return self.world.run(home, *words, code=code)

    def signed(self, name):
        paper = self.world.file(name)
        self.honest("model", "register", name, "--class", "chip", "--out", paper)
        return paper

    def device(self):
        return self.honest("device", "assemble", "--model", "camera", home="lied-cameras")["unit"]

    def test_an_invented_fate(self):
        paper = self.signed("invented")
        identity = identity_of(pathlib.Path(paper).read_bytes())
        one = (COMMITTED, DONE)
        for invented in (fate(identity, 1, [one]), fate(identity, 99, [one]), fate(identity, 1, []), fate(identity, 1, [one, one]),
                         fate(bytes(32), 1, [one]), (200, "application/cbor", b"", None), (200, "application/cbor", b"\xa0", None)):
            said = self.lied_to(lambda method, path, body, ask: invented if is_submission(method, path) else None, "statement", "submit", paper)
            self.assertNotIn("committed", said)
        self.honest("model", "show", "invented", code=NOT_FOUND)
        self.assertEqual(self.honest("statement", "submit", paper)["committed"], 1)

    def test_a_true_fate_without_its_proof(self):
        paper = self.signed("unproven")
        lie = lambda method, path, body, ask: (404, "application/problem+json", b'{"detail":"no"}', None) if "/receipts/" in path else None
        self.lied_to(lie, "statement", "submit", paper)
        self.assertEqual(self.honest("statement", "submit", paper)["committed"], 1)

    def test_another_block(self):
        paper = self.signed("elsewhere")

        def lie(method, path, body, ask):
            return changed(ask(), lambda said: said.update({2: said[2] + 1})) if is_submission(method, path) else None

        self.lied_to(lie, "statement", "submit", paper)

    def test_another_statements_papers(self):
        first = self.honest("statement", "submit", self.signed("first"))["identity"]
        second = self.honest("statement", "submit", self.signed("second"))["identity"]
        out = self.world.file("kept")

        def lie(method, path, body, ask):
            return ask(path.replace(second, first)) if second in path else None

        for words in (["receipt", second, "--out", out], ["fetch", second, "--out", out], ["fate", second], ["fate", self.world.file("second")]):
            self.lied_to(lie, "statement", *words)
            self.assertFalse(pathlib.Path(out).exists())
            self.honest("statement", *words)
            pathlib.Path(out).unlink(missing_ok=True)

    def test_another_bodys_receipt(self):
        lot = self.honest("part", "register", "--model", "sensor", "--count", "3", "--lot", "three")
        ids = pathlib.Path(lot["ids"]).read_text().split()
        shipped = self.honest("custody", "ship", *ids, "--to", "cameras")["identity"]
        lie = lambda method, path, body, ask: ask(path.replace("/receipts/1", "/receipts/2")) if "/receipts/" in path else None
        self.lied_to(lie, "statement", "receipt", shipped, "--index", "1", "--out", self.world.file("kept"))

    def lot(self, name, lie):
        """Lied to, nothing is recorded as done; then the honest node does all of it, once."""
        words = ["part", "register", "--model", "sensor", "--count", "50", "--batch", "20", "--lot", name]
        self.liar.lie = lie
        self.world.run("lied-chips", *words, code=UNAUTHENTICATED)
        self.liar.lie = None
        outbox = self.world.folder / "lied-chips/outbox" / name
        self.assertEqual(list(outbox.glob("*.fate")), [])
        done = self.honest(*words)
        self.assertEqual((done["committed"], done["refused"], done["sent_now"]), (50, 0, 50))
        ids = pathlib.Path(done["ids"]).read_text().split()
        self.assertEqual(len(set(ids)), 50)
        for part in (ids[0], ids[19], ids[20], ids[49]):
            self.assertEqual(self.honest("part", "show", part)["record"]["maker"], self.world.handle("chips"))
        self.assertEqual(self.honest(*words)["sent_now"], 0)

    def test_a_lot_that_never_arrived(self):
        self.lot("never", lambda method, path, body, ask: fate(identity_of(body), 1, [(COMMITTED, DONE)] * 20) if is_submission(method, path) else None)

    def test_a_lot_with_a_shorter_fate(self):
        self.lot("shorter", lambda method, path, body, ask: changed(ask(), lambda said: said[3].pop()) if is_submission(method, path) else None)

    def test_a_lot_with_an_empty_fate(self):
        self.lot("empty", lambda method, path, body, ask: changed(ask(), lambda said: said[3].clear()) if is_submission(method, path) else None)

    def test_a_lot_with_another_outcome_in_its_middle(self):
        self.lot("outcome", lambda method, path, body, ask: changed(ask(), lambda said: said[3][9].update({3: ALARM})) if is_submission(method, path) else None)

    def test_a_lot_with_a_refusal_hidden_in_its_middle(self):
        """The first and the last body are committed; what is between them was not."""
        lot = self.honest("part", "register", "--model", "sensor", "--count", "5", "--lot", "five")
        ids = pathlib.Path(lot["ids"]).read_text().split()
        self.honest("custody", "ship", ids[2], "--to", "alice")

        def lie(method, path, body, ask):
            return changed(ask(), lambda said: said[3].__setitem__(2, {1: 2, 2: COMMITTED, 3: DONE})) if is_submission(method, path) else None

        self.lied_to(lie, "custody", "ship", "--lot", "five", "--to", "cameras")

    def test_a_lot_called_refused(self):
        """A refusal cannot be proven, so it is never recorded: the same lot goes on with the honest node."""
        words = ["part", "register", "--model", "sensor", "--count", "40", "--batch", "20", "--lot", "refused"]

        def lie(method, path, body, ask):
            ask()
            return fate(identity_of(body), 1, [(REFUSED, 1)] * 20)

        self.liar.lie = lambda *asked: lie(*asked) if is_submission(*asked[:2]) else None
        said = self.world.plain(*words, "--home", self.world.file("lied-chips"), "--quiet")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("says the node", said.stdout)
        self.assertEqual(list((self.world.folder / "lied-chips/outbox/refused").glob("*.fate")), [])
        self.liar.lie = None
        done = self.honest(*words)
        self.assertEqual((done["committed"], done["refused"]), (40, 0))

    def test_a_false_passport_page(self):
        device, page = self.device(), pathlib.Path(self.world.file("page.html"))
        self.liar.asked.clear()
        lie = lambda method, path, body, ask: (200, "text/html", b"<p>all is well</p>", None) if ".html" in path else None
        self.lied_to(lie, "passport", "get", device, "--out", self.world.file("passport"), "--html", str(page), code=0)
        text = page.read_text()
        self.assertIn(device, text)
        self.assertNotIn("all is well", text)
        self.assertFalse([path for path in self.liar.asked if ".html" in path])

    def test_a_denied_passport(self):
        device, out = self.device(), self.world.file("denied")
        other = self.device()
        denials = [lambda method, path, body, ask: (404, "application/problem+json", b'{"detail":"no such device"}', None),
                   lambda method, path, body, ask: (404, "application/cbor", b"\xa0", None),
                   lambda method, path, body, ask: ask("/v1/devices/" + "00" * 32),
                   lambda method, path, body, ask: (404, *ask(path.partition("/passport")[0])[1:]),
                   lambda method, path, body, ask: ask(path.replace(device, other))]
        for denial in denials:
            self.lied_to(lambda *asked: denial(*asked) if device in asked[1] else None, "passport", "get", device, "--out", out)
            self.assertFalse(pathlib.Path(out).exists())
        self.honest("passport", "get", device, "--out", out)
        self.assertEqual(self.honest("passport", "get", "00" * 32, "--out", out, code=NOT_FOUND)["present"], False)

    def test_a_passport_without_an_end(self):
        device, out = self.device(), self.world.file("endless")
        pages = []

        def lie(method, path, body, ask):
            if "/passport?" in path:
                pages.append(pages[0] if pages else ask())
                return pages[-1]
        self.liar.more = True
        try:
            said = self.lied_to(lie, "passport", "get", device, "--all", "--out", out)
        finally:
            self.liar.more = False
        self.assertIn("nothing new", said["error"]["message"])
        self.assertEqual(len(pages), 2)
        self.assertFalse(pathlib.Path(out).exists())
        self.assertTrue(self.honest("passport", "get", device, "--all", "--out", out)["complete"])

    def test_a_denied_record(self):
        device = self.device()
        lie = lambda method, path, body, ask: (404, "application/problem+json", b'{"detail":"no such device"}', None) if device in path else None
        said = self.lied_to(lie, "device", "show", device)
        self.assertIn("without proof", said["error"]["message"])
        self.honest("device", "show", device)

    def test_a_lost_memory(self):
        state = self.world.folder / "lied-cameras/state"
        kept = state.read_bytes()
        state.write_bytes(b"")
        said = self.honest("ledger", "info", home="lied-cameras", code=CORRUPT)
        self.assertIn(str(state), said["error"]["message"])
        self.assertEqual(state.read_bytes(), b"")
        state.write_bytes(kept[:-1])
        self.assertIn(str(state), self.honest("ledger", "info", home="lied-cameras", code=CORRUPT)["error"]["message"])
        state.write_bytes(kept)
        self.honest("ledger", "info", home="lied-cameras")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
