#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The device passport page in a real browser.

    passport_test.py MAKE_PASSPORT [--pictures FOLDER]

Runs MAKE_PASSPORT, opens what it has written, and looks at what the page says. With --pictures it also writes
passport-en.png and passport-ja.png there. Exit 77: no browser is installed.
"""
import argparse
import base64
import ctypes
import ctypes.util
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chromium  # noqa: E402

WEB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "web", "passport")
VERDICT = "document.documentElement?.dataset.verdict"
FORGET = "delete document.documentElement.dataset.verdict"
TEXT = "document.body.innerText"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def changed(path, element, content):
    """The page with other bytes in one of its data elements."""
    page = read(path).decode()
    new = re.sub(rf'(id="{element}">)[^<]*', lambda match: match.group(1) + base64.b64encode(content).decode(), page)
    assert new != page
    out = path.replace(".html", "-changed.html")
    with open(out, "w", encoding="utf-8") as file:
        file.write(new)
    return out


class PassportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        subprocess.run([cls.maker, cls.folder.name], check=True)
        cls.browser = cls.enterClassContext(chromium.Browser())
        cls.page = chromium.Page(cls.browser)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def verdict(self, path):
        self.page.run(FORGET)  # so that the verdict which comes next is the new page's
        self.page.open(path)
        return self.page.wait_for(VERDICT)

    def text(self):
        return self.page.run(TEXT)

    def test_a_good_passport_verifies(self):
        for algorithm in ("ed25519", "p256"):
            with self.subTest(algorithm):
                self.assertEqual(self.verdict(self.path(f"{algorithm}-en.html")), "verified", self.text())
                self.assertIn("VERIFIED at block ", self.text())
                self.assertEqual(self.page.complaints(), [])

    def test_tells_the_whole_life_in_english(self):
        self.verdict(self.path("ed25519-en.html"))
        text = self.text()
        for words in ("Device passport", "camera (cameras)", "sequence 2 (newest released: 2)", "proven", "claimed", "accepted", "disputed",
                      "The device activated itself with its own key",
                      "The device was offered to city", "The offer was accepted", "was taken out of this device", "this opened a dispute"):
            self.assertIn(words, text)
        self.assertEqual(self.page.run("document.documentElement.lang"), "en")

    def test_tells_it_in_japanese(self):
        self.assertEqual(self.verdict(self.path("ed25519-ja.html")), "verified")
        text = self.text()
        for words in ("検証成功", "機器履歴証明書", "所有者変更の回数", "証明済み", "係争中", "機器が自身の鍵で稼働を開始", "信頼ポリシー"):
            self.assertIn(words, text)
        self.assertNotRegex(text, "Minimum firmware|Whole life")

    def test_switches_the_language_without_losing_the_verdict(self):
        self.verdict(self.path("ed25519-en.html"))
        self.page.run("document.getElementById('language').click()")
        self.assertIn("検証成功", self.text())
        self.page.run("document.getElementById('language').click()")
        self.assertIn("VERIFIED at block", self.text())

    def test_asks_for_nothing_but_itself(self):
        path = self.path("ed25519-en.html")
        self.verdict(path)
        self.assertEqual(self.page.requests(), ["file://" + path])

    def test_refuses_ten_random_changes_of_the_passport(self):
        passport = read(self.path("ed25519.passport"))
        chance = random.Random(20)
        for _ in range(10):
            at, mask = chance.randrange(len(passport)), 1 << chance.randrange(8)
            bad = bytearray(passport)
            bad[at] ^= mask
            with self.subTest(f"byte {at} ^ {mask}"):
                self.assertEqual(self.verdict(changed(self.path("ed25519-en.html"), "passport-bytes", bytes(bad))), "refused")
                self.assertIn("REFUSED", self.text())
                self.assertNotIn("VERIFIED", self.text())
                self.assertNotIn("Whole life", self.text())

    def test_refuses_a_passport_that_is_cut_short(self):
        passport = read(self.path("ed25519.passport"))
        self.assertEqual(self.verdict(changed(self.path("ed25519-en.html"), "passport-bytes", passport[:-1])), "refused")

    def test_refuses_under_another_policy(self):
        policy = read(self.path("ed25519.policy"))
        for what in (bytes([policy[0]]) + policy[1:-1] + bytes([policy[-1] ^ 1]), read(self.path("p256.policy"))):
            self.assertEqual(self.verdict(changed(self.path("ed25519-en.html"), "policy-bytes", what)), "refused")
            self.assertIn("REFUSED", self.text())

    def test_shows_the_fingerprint_of_its_policy(self):
        self.verdict(self.path("ed25519-en.html"))
        shown = self.page.run("document.getElementById('fingerprint').textContent").replace(" ", "")
        self.assertEqual(shown, hashlib.sha256(read(self.path("ed25519.policy"))).hexdigest())

    def load(self, path):
        node = self.page.call("DOM.getDocument")["root"]["nodeId"]
        field = self.page.call("DOM.querySelector", nodeId=node, selector="#own-policy")["nodeId"]
        self.page.run(FORGET)
        self.page.call("DOM.setFileInputFiles", nodeId=field, files=[path])
        return self.page.wait_for(VERDICT)

    def test_verifies_against_the_readers_own_policy(self):
        self.verdict(self.path("ed25519-en.html"))
        self.assertEqual(self.load(self.path("p256.policy")), "refused")
        self.assertEqual(self.load(self.path("ed25519.policy")), "verified")
        self.assertIn("This is the policy file that you have loaded.", self.text())

    def test_never_turns_green_without_ed25519(self):
        """The browser is made to know no Ed25519 before the page's script runs."""
        script = """{const known = SubtleCrypto.prototype.importKey;
          SubtleCrypto.prototype.importKey = function (form, bytes, algorithm, ...rest) {
            return algorithm === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : known.call(this, form, bytes, algorithm, ...rest);
          };}"""
        added = self.page.call("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
        try:
            self.assertEqual(self.verdict(self.path("ed25519-en.html")), "unable")
            self.assertIn("this browser cannot check Ed25519: not verified", self.text())
            self.assertIn("NOT VERIFIED", self.text())
            self.assertEqual(self.verdict(self.path("p256-en.html")), "unable")  # its checkpoint signer has an Ed25519 key only
        finally:
            self.page.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added)

    def test_shows_hostile_text_as_text(self):
        self.assertEqual(self.verdict(self.path("hostile.html")), "verified", self.text())
        self.assertIn("version </script><img src=x onerror=\"document.title='broken'\">, sequence 8", self.text())
        self.assertEqual(self.page.run("document.images.length"), 0)
        self.assertNotEqual(self.page.run("document.title"), "broken")

    def test_runs_no_script_but_its_own(self):
        path = self.path("injected.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(read(self.path("ed25519-en.html")).decode().replace("</main>", "<script>document.title='broken'</script></main>"))
        self.verdict(path)
        self.assertNotEqual(self.page.run("document.title"), "broken")

    def test_says_that_nothing_is_verified_where_scripts_are_off(self):
        self.page.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.page.open(self.path("ed25519-en.html"))
            self.page.wait_for("document.readyState === 'complete'")
            self.assertIn("nothing has been verified", self.text())
            self.assertNotIn("VERIFIED", self.text())
        finally:
            self.page.call("Emulation.setScriptExecutionDisabled", value=False)

    def test_has_a_japanese_sentence_for_every_refusal(self):
        names = ("cbor", "forms", "crypto", "verify", "passport", "page")
        source = "".join(read(os.path.join(WEB, name + ".js")).decode() for name in names)
        given = set(re.findall(r"'([^'\n]+)':|\"([^\"\n]+)\":", read(os.path.join(WEB, "sentences.js")).decode()))
        given = {one or other for one, other in given}
        used = re.findall(r"(?:refuse|Unable)\((?:'([^'\n]+)'|\"([^\"\n]+)\")\)", source)
        used += re.findall(r"const (?:wrong|missing|outOfOrder|unusable|notLast) = (?:'([^'\n]+)'|\"([^\"\n]+)\")", source)
        used += re.findall(r"why: (?:'([^'\n]+)'|\"([^\"\n]+)\")", source)
        self.assertGreater(len(used), 50)
        self.assertEqual({one or other for one, other in used} - given, set())

    def test_judges_ed25519_as_libsodium_does(self):
        """All of CCTV's cases, among them keys and R of small order and other encodings of one point."""
        folder = os.environ.get("MIKUSARI_VECTORS") or os.path.join(WEB, "..", "..", "..", "shared", "vectors")
        suite = os.path.join(folder, "cctv-ed25519", "ed25519vectors.part.json")
        library = ctypes.util.find_library("sodium")
        if not os.path.exists(suite) or library is None:
            self.skipTest("the vectors or libsodium are not here")
        sodium = ctypes.CDLL(library)
        sodium.sodium_init()
        cases, expected = json.loads(read(suite)), []
        for case in cases:
            key, signature, message = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode()
            expected.append(sodium.crypto_sign_verify_detached(signature, message, ctypes.c_ulonglong(len(message)), key) == 0)
        self.page.open(self.path("ed25519-en.html"))
        self.page.wait_for(VERDICT)
        judge = """(async () => {
          const octetsOf = (digits) => Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
          const out = [];
          for (const { key, sig, msg } of CASES) {
            out.push(await holds({ algorithm: 'Ed25519', point: octetsOf(key) }, utf8(msg), octetsOf(sig), { ed25519: true }));
          }
          return out;
        })()""".replace("CASES", json.dumps(cases))
        found = self.page.run(judge)
        self.assertTrue(any(expected) and not all(expected))
        self.assertEqual([case["number"] for case, one, other in zip(cases, expected, found) if one != other], [])

    def test_takes_the_pictures(self):
        if self.pictures is None:
            self.skipTest("without --pictures")
        for language in ("en", "ja"):
            self.verdict(self.path(f"ed25519-{language}.html"))
            size = self.page.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
            picture = self.page.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
            with open(os.path.join(self.pictures, f"passport-{language}.png"), "wb") as file:
                file.write(base64.b64decode(picture))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maker")
    parser.add_argument("--pictures")
    options, rest = parser.parse_known_args()
    if chromium.find() is None:
        print("skipped: no chromium is installed")
        return 77
    PassportPage.maker, PassportPage.pictures = options.maker, options.pictures
    return 0 if unittest.main(argv=sys.argv[:1] + rest, exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
