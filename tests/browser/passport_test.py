#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The device passport page in a real browser.

    passport_test.py MAKE_PASSPORT [--pictures FOLDER]

Runs MAKE_PASSPORT, opens what it has written, and looks at what the page says. With --pictures it also writes
passport-en.png, passport-ja.png and those of a hard life there. Exit 77: no browser is installed.
"""
import argparse
import base64
import ctypes
import ctypes.util
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chromium  # noqa: E402

WEB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "web", "passport")
DATA = "document.documentElement?.dataset"
FORGET = "delete document.documentElement.dataset.verdict"
TEXT = "document.body.innerText"
HOSTILE = "</script><img src=x onerror=\"document.title='broken'\">"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def read_script(name):
    return read(os.path.join(WEB, name + ".js")).decode()


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

    def bytes_of(self, name):
        return read(self.path(name))

    def page_with(self, passports=None, policy=None, base="plain-en.html"):
        """The page with other data in it: passports are bytes, or names of files without their ending."""
        page = self.bytes_of(base).decode()
        contents = {"passport-bytes": passports, "policy-bytes": policy and [policy]}
        for element, content in contents.items():
            if content is not None:
                lines = [self.bytes_of(each + ".passport") if isinstance(each, str) else each for each in content]
                text = "\n".join(base64.b64encode(each).decode() for each in lines)
                page, count = re.subn(rf'(id="{element}">)[^<]*', lambda match: match.group(1) + text, page)
                assert count == 1
        out = self.path("changed.html")
        with open(out, "w", encoding="utf-8") as file:
            file.write(page)
        return out

    def verdict(self, path):
        self.page.run(FORGET)  # so that the verdict which comes next is the new page's
        self.page.open(path)
        return self.page.wait_for(DATA + ".verdict")

    def verdict_on(self, passports, **other):
        return self.verdict(self.page_with(passports, **other))

    def text(self):
        return self.page.run(TEXT)

    def headline(self):
        return self.page.run("document.querySelector('#verdict h1').textContent")

    def looks(self):
        return self.page.run("document.getElementById('verdict').className").split()

    # --- a good passport

    def test_a_good_passport_is_green(self):
        self.assertEqual(self.verdict(self.path("plain-en.html")), "verified", self.text())
        self.assertTrue(self.headline().startswith("VERIFIED at block "))
        self.assertEqual(self.looks(), ["verified", "good"])
        self.assertIn("The passport is complete", self.text())
        self.assertEqual(self.page.run(DATA + ".complete"), "true")
        self.assertEqual(self.page.complaints(), [])

    def test_tells_the_whole_life_in_english(self):
        self.verdict(self.path("plain-en.html"))
        text = self.text()
        for words in ("Device passport", "cam (vendor: acme)", "sequence 5 (newest released: 7)", "claimed",
                      "Board mainboard", "was assembled of chip soc", "The device activated itself with its own key",
                      "This device was offered to", "The offer of this device was accepted", "was taken out of this device",
                      "none: the policy names no witness"):
            self.assertIn(words, text)
        self.assertEqual(self.page.run("document.documentElement.lang"), "en")

    def test_tells_it_in_japanese(self):
        self.assertEqual(self.verdict(self.path("plain-ja.html")), "verified")
        text = self.text()
        for words in ("検証成功", "機器履歴証明書", "所有者変更の回数", "自己申告", "機器が自身の鍵で稼働を開始", "信頼ポリシー", "この証明書は完全です"):
            self.assertIn(words, text)
        self.assertNotRegex(text, "Minimum firmware|Whole life")

    def test_switches_the_language_without_losing_the_verdict(self):
        self.verdict(self.path("plain-en.html"))
        self.page.run("document.getElementById('language').click()")
        self.assertIn("検証成功", self.text())
        self.page.run("document.getElementById('language').click()")
        self.assertIn("VERIFIED at block", self.text())

    def test_names_members_by_name_and_others_by_handle_or_contact(self):
        self.verdict(self.path("plain-en.html"))
        owner = self.page.run("document.querySelector('#device .party[title]:not([title=\"\"])').textContent")
        self.assertEqual(owner, "acme")  # the maker stands first
        parties = self.page.run("[...document.querySelectorAll('#device .party')].map((each) => each.textContent)")
        shown = re.fullmatch(r"“Bob �(.*)” \(([0-9a-f]{8})\)", parties[1])
        self.assertEqual(shown.group(1), HOSTILE)  # what would reorder the line is replaced, the rest is text
        self.assertIn("Names in quotation marks come from the contacts of whoever made this page", self.text())
        self.verdict_on(["plain"], base="hard-en.html", policy=self.bytes_of("plain.policy"))
        self.assertIn("party " + shown.group(2), self.text())

    def test_asks_for_nothing_but_itself(self):
        path = self.path("plain-en.html")
        self.verdict(path)
        self.assertEqual(self.page.requests(), ["file://" + path])

    def test_verifies_a_life_on_a_real_ledger(self):
        for algorithm in ("ed25519", "p256"):
            with self.subTest(algorithm):
                self.assertEqual(self.verdict(self.path(f"{algorithm}-en.html")), "verified", self.text())
                self.assertTrue(self.headline().startswith("VERIFIED, WITH ALARMS"))  # its sensor was claimed elsewhere
                self.assertEqual(self.page.run(DATA + ".complete"), "true")
                for words in ("camera (vendor: cameras)", "“the buyer” (", "version 1.1.0, sequence 2, released", "proven", "claimed", "accepted",
                              "This device was inspected: FAILED", "certified by notary until", "by notary had LAPSED on",
                              "A part or key of it stands elsewhere"):
                    self.assertIn(words, self.text())
                self.assertEqual(self.page.complaints(), [])

    # --- pages

    def test_says_that_all_pages_together_are_complete(self):
        for order in (["page-0", "page-1", "page-2"], ["page-2", "page-0", "page-1", "page-0"]):
            self.assertEqual(self.verdict_on(order), "verified", self.text())
            self.assertEqual((self.looks(), self.page.run(DATA + ".complete")), (["verified", "good"], "true"))
            rows = self.page.run("[...document.querySelectorAll('#events tr td:last-child')].map((each) => each.textContent)")
            self.assertEqual(rows, sorted(rows, key=int))
            self.assertEqual(len(rows), 9)

    def test_names_the_gaps_where_pages_are_missing(self):
        self.assertEqual(self.verdict_on(["page-0", "page-2"]), "verified")
        self.assertTrue(self.headline().startswith("VERIFIED IN PART"))
        self.assertEqual((self.looks(), self.page.run(DATA + ".complete")), (["verified", "caution"], "false"))
        self.assertIn("This device: 2 of its 6 events are not here (numbers 3 to 4).", self.text())
        self.assertNotIn("The passport is complete", self.text())

    def test_names_a_part_that_no_page_has(self):
        self.assertEqual(self.verdict_on(["without-part"]), "verified")
        self.assertEqual(self.looks(), ["verified", "caution"])
        self.assertRegex(self.text(), r"Part [0-9a-f]{8}, mounted in this device, is not here")
        self.assertIn("not in these pages", self.text())

    def test_leaves_out_pages_of_an_older_block(self):
        self.assertEqual(self.verdict_on(["page-0", "later"]), "verified")
        self.assertIn("1 page(s) are of an older block", self.text())
        self.assertNotIn("good", self.looks())

    def test_refuses_pages_that_do_not_belong_together(self):
        self.assertEqual(self.verdict_on(["later", "retired"]), "refused")
        self.assertIn("the pages show two different logs of one ledger", self.text())
        self.assertEqual(self.verdict_on(["plain", "second"]), "refused")
        self.assertIn("the pages are of different devices", self.text())

    def test_refuses_all_for_one_bad_page_and_names_it(self):
        bad = bytearray(self.bytes_of("page-1.passport"))
        bad[len(bad) // 2] ^= 1
        self.assertEqual(self.verdict_on(["page-0", bytes(bad), "page-2"]), "refused")
        self.assertIn("page 2: ", self.text())
        self.assertNotIn("What happened", self.text())

    # --- the end of life, alarms and doubts

    def test_says_of_a_device_at_its_end_both_that_the_proof_holds_and_the_end(self):
        for state, look in (("destroyed", "ended"), ("retired", "ended"), ("suspended", "caution")):
            with self.subTest(state):
                self.assertEqual(self.verdict_on([state]), "verified", self.text())
                self.assertTrue(self.headline().startswith(f"The proof holds: this device is {state.upper()}"))
                self.assertEqual((self.looks(), self.page.run(DATA + ".device")), (["verified", look], state))
                self.page.run("document.getElementById('language').click()")
                self.assertIn(f"証明は有効：この機器は", self.headline())
                self.assertIn(state.upper(), self.headline())

    def test_shows_who_witnessed_the_destruction(self):
        self.verdict_on(["destroyed"])
        self.assertEqual(self.text().count("(witness)"), 2)
        self.assertIn("Whatever shows this passport is not the device", self.text())
        self.assertEqual(self.verdict_on(["witnesses-unnamed"]), "verified", self.text())
        self.assertNotIn("(witness)", self.text())
        self.assertIn("others signed too; who they are is not in this passport", self.text())

    def test_shows_alarms_doubtful_parts_and_unproved_models(self):
        self.assertEqual(self.verdict(self.path("hard-en.html")), "verified", self.text())
        self.assertTrue(self.headline().startswith("VERIFIED, WITH ALARMS"))
        self.assertEqual(self.looks(), ["verified", "caution"])
        text = self.text()
        for words in ("This device: 2 alarm(s)", "A part or key of it stands elsewhere on the ledger", "Alarm about this device: opened",
                      "accepted, salvaged. This stays for ever.", "The device is being handed over to party ",
                      "log.acme, log.fixit (weight 2, required 2)", "watch.example, watch.other (2 of 2, required 1)"):
            self.assertIn(words, text)
        badges = self.page.run("[...document.querySelectorAll('#parts .badge')].map((each) => each.textContent)")
        self.assertEqual(badges.count("unproved model (battery)"), 2)  # one is not opened, one is another vendor's
        for badge in ("claimed", "accepted", "salvaged", "1 alarm(s)"):
            self.assertIn(badge, badges)
        self.assertRegex(text, "battery secret")

    def test_tells_of_a_withheld_text_and_of_what_it_cannot_read(self):
        self.verdict(self.path("hard-en.html"))
        text = self.text()
        for words in ("The text of 1 event(s) is withheld", "The text of this statement (0x0d01 document.record) is withheld",
                      "A statement that is newer than this page (0x05ff device.teleport): update the page to read it",
                      "A statement that cannot be read (0x0507 device.suspend)", "It changed: this device"):
            self.assertIn(words, text)
        self.assertEqual(text.count("A document was recorded"), 1)

    def test_says_whether_the_premises_were_certified_then(self):
        self.verdict(self.path("hard-en.html"))
        lines = self.page.run("[...document.querySelectorAll('.premises')].map((each) => each.className + ': ' + each.textContent)")
        for line, wanted in zip(lines, (r"premises certified: place \w{8}: certified by lab until 20",
                                        r"premises certified: tool \w{8}: certified by lab until 20",
                                        r"premises lapsed: .*the certificate by lab had LAPSED on 20",
                                        r"premises revoked: .*the certificate by lab had been REVOKED on 20",
                                        r"premises later: .*the certificate by lab is of 20.*: nothing shows one for then",
                                        r"premises other: .*certified for .*, NOT for the signer",
                                        r"premises missing: .*NO CERTIFICATE in this passport",
                                        r"premises certified: .*certified by gone \(expelled\)"), strict=True):
            self.assertRegex(line, wanted)
        self.assertIn("lapsed on 20", self.page.run("document.getElementById('parties').innerText"))
        self.assertIn("5 step(s) were done at premises or with tools that were not certified then", self.text())

    def test_shows_keys_by_purpose_with_how_they_stand(self):
        self.verdict(self.path("hard-en.html"))
        groups = self.page.run("[...document.querySelectorAll('#keys h3')].map((each) => each.textContent)")
        self.assertEqual(groups, ["wallet: signs statements", "authentication: proves who it is", "identity: others encrypt to it",
                                  "attestation: signs measurements"])
        text = self.page.run("document.getElementById('keys').innerText")
        for words in ("speaks", "waits until 2033-05-18", "frozen", "ended on 2027-01-15", "born with it", "hardware (unproved)", "biometric",
                      "revoked compromised", "silent: it does not speak for its subject now\tits record is not here"):
            self.assertIn(words, text)
        self.verdict_on(["destroyed"])
        self.assertIn("silent: it does not speak for its subject now", self.text())
        self.assertEqual(self.verdict_on(["standings"]), "verified", self.text())  # attack 12
        found = self.page.run("allKeys(page.result).map((key) => `${key.subject.type} ${key.standing}`)")
        self.assertEqual(sorted(found), ["device ended", "part silent", "part speaks", "part speaks", "party silent", "party speaks"])

    # --- refusals

    def shows_nothing_of_the_passport(self):
        return not re.search("Whole life|Owner|What happened", self.text()) and "good" not in self.looks()

    def test_says_of_newer_forms_that_they_are_newer(self):
        for name in ("newer-form", "newer-field", "newer-record", "newer-value"):
            with self.subTest(name):
                self.assertEqual(self.verdict_on([name]), "newer", self.text())
                self.assertIn("NEWER THAN THIS PAGE", self.text())
                self.assertIn("Update the page", self.text())
                self.assertNotRegex(self.text(), "REFUSED|VERIFIED|Do not trust")
                self.assertTrue(self.shows_nothing_of_the_passport())
        for name in ("newer-form", "newer-field"):
            self.assertEqual(self.verdict_on(["plain"], policy=self.bytes_of(name + ".policy")), "newer")
        for name in ("added-field", "added-record"):
            self.assertEqual(self.verdict_on([name]), "verified", self.text())

    def test_refuses_changes_and_shows_nothing(self):
        passport = self.bytes_of("plain.passport")
        changed = bytearray(passport)
        changed[len(changed) // 2] ^= 1
        for bad in (bytes(changed), passport[:-1], passport + b"\0", b"", b"x"):
            self.assertEqual(self.verdict_on([bad or b"\xff"]), "refused")
            self.assertIn("REFUSED", self.text())
            self.assertNotIn("VERIFIED", self.text())
            self.assertTrue(self.shows_nothing_of_the_passport())
        self.assertEqual(self.verdict_on([]), "refused")

    def test_agrees_with_the_verifier_in_core_on_600_mutants(self):
        self.verdict(self.path("plain-en.html"))
        mutants = json.loads(self.bytes_of("mutants.json"))
        judge = """(async () => {
          const bytes = fromBase64(BYTES), out = [];
          for (const [at, value, inAt, putIn] of MUTANTS) {
            const changed = bytes.slice();
            changed[at] = value;
            const more = Uint8Array.from(putIn.match(/../g) ?? [], (pair) => parseInt(pair, 16));
            const mutant = concat(changed.subarray(0, inAt), more, changed.subarray(inAt));
            out.push((await verifyPassport([mutant], page.policy)).verdict);
          }
          return out;
        })()""".replace("BYTES", json.dumps(base64.b64encode(self.bytes_of("mutants.passport")).decode()))
        found = self.page.run(judge.replace("MUTANTS", json.dumps(mutants)))
        self.assertEqual(len(found), 600)
        self.assertEqual([[*mutant, one] for mutant, one in zip(mutants, found) if mutant[-1] != one], [])
        self.assertEqual(set(found), {"verified", "refused", "newer"})

    def test_refuses_under_another_policy(self):
        policy = self.bytes_of("plain.policy")
        for what in (policy[:40] + bytes([policy[40] ^ 1]) + policy[41:], self.bytes_of("hard.policy")):
            self.assertEqual(self.verdict_on(None, policy=what), "refused")
            self.assertIn("REFUSED", self.text())

    def test_tells_of_policies_before_and_after_its_own(self):
        self.assertEqual(self.verdict_on(["epoch-2"]), "verified", self.text())
        self.assertIn("The ledger has other signers by now (epoch 2); this policy is of epoch 1.", self.text())
        self.assertEqual(self.verdict_on(["epoch-2"], policy=self.bytes_of("epoch-2.policy")), "verified", self.text())
        self.assertNotIn("other signers by now", self.text())
        self.assertEqual(self.verdict_on(["other-signers"]), "refused")
        self.assertIn("the ledger goes by a later trust policy than this one: get that first", self.text())
        self.assertEqual(self.verdict_on(["other-signers"], policy=self.bytes_of("other-signers.policy")), "verified", self.text())
        self.assertEqual(self.verdict_on(["later"], policy=self.bytes_of("epoch-2.policy")), "refused")
        self.assertIn("the block record is from before the trust policy in use", self.text())

    def test_refuses_a_checkpoint_without_the_witnesses_that_the_policy_demands(self):
        self.assertEqual(self.verdict_on(["unwatched"], policy=self.bytes_of("hard.policy")), "refused")
        self.assertIn("the checkpoint is cosigned by fewer witnesses than the policy demands", self.text())

    def test_shows_the_fingerprint_of_its_policy(self):
        self.verdict(self.path("plain-en.html"))
        shown = self.page.run("document.getElementById('fingerprint').textContent").replace(" ", "")
        self.assertEqual(shown, hashlib.sha256(self.bytes_of("plain.policy")).hexdigest())

    def load(self, path):
        node = self.page.call("DOM.getDocument")["root"]["nodeId"]
        field = self.page.call("DOM.querySelector", nodeId=node, selector="#own-policy")["nodeId"]
        self.page.run(FORGET)
        self.page.call("DOM.setFileInputFiles", nodeId=field, files=[path])
        return self.page.wait_for(DATA + ".verdict")

    def test_verifies_against_the_readers_own_policy(self):
        self.verdict(self.path("plain-en.html"))
        self.assertEqual(self.load(self.path("hard.policy")), "refused")
        self.assertIsNone(self.page.run(DATA + ".complete ?? null"))
        self.assertEqual(self.load(self.path("newer-form.policy")), "newer")
        self.assertEqual(self.load(self.path("plain.policy")), "verified")
        self.assertIn("This is the policy file that you have loaded.", self.text())

    def test_never_turns_green_without_ed25519(self):
        """The browser is made to know no Ed25519 before the page's script runs."""
        script = """{const known = SubtleCrypto.prototype.importKey;
          SubtleCrypto.prototype.importKey = function (form, bytes, algorithm, ...rest) {
            return algorithm === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : known.call(this, form, bytes, algorithm, ...rest);
          };}"""
        added = self.page.call("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
        try:
            self.assertEqual(self.verdict(self.path("plain-en.html")), "unable")
            self.assertIn("this browser cannot check Ed25519: not verified", self.text())
            self.assertIn("NOT VERIFIED", self.text())
            self.assertEqual(self.verdict(self.path("hard-en.html")), "unable")  # its P-256 signer alone has too little weight
            self.assertEqual(self.verdict(self.path("p256-en.html")), "unable")  # its checkpoint signer has an Ed25519 key only
        finally:
            self.page.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added)

    # --- what others would like the page to do

    def test_shows_hostile_text_as_text(self):
        self.assertEqual(self.verdict(self.path("hard-en.html")), "verified", self.text())
        self.assertIn(f"version {HOSTILE}, sequence 8, RECALLED", self.text())
        self.assertEqual(self.page.run("document.images.length"), 0)
        self.assertNotEqual(self.page.run("document.title"), "broken")

    def test_runs_no_script_but_its_own(self):
        path = self.path("injected.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.bytes_of("plain-en.html").decode().replace("</main>", "<script>document.title='broken'</script></main>"))
        self.verdict(path)
        self.assertNotEqual(self.page.run("document.title"), "broken")

    def test_says_that_nothing_is_verified_where_scripts_are_off(self):
        self.page.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.page.open(self.path("plain-en.html"))
            self.page.wait_for("document.readyState === 'complete'")
            self.assertIn("nothing has been verified", self.text())
            self.assertNotIn("VERIFIED", self.text())
        finally:
            self.page.call("Emulation.setScriptExecutionDisabled", value=False)

    # --- words

    def test_has_a_sentence_for_every_kind_in_both_languages(self):
        self.verdict(self.path("plain-en.html"))
        tell = """(() => {
          const octetsOf = (digits) => Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
          const names = new Names({ device: page.result.device, things: [] }, new Map());
          const told = (number, digits, inLanguage) => {
            language = inLanguage;
            const { name, body } = kinds[number];
            const event = { kind: name, read: decode(body, octetsOf(digits)), born: page.result.device, outcome: 'done', concerns: new Map(),
              statement: { payload: { kind: BigInt(number) }, header: { claims: { sub: name } } } };
            return tellEvent(event, names);
          };
          const out = BODIES.map(([number, digits]) => [kinds[number].name, told(number, digits, 'en'), told(number, digits, 'ja')]);
          language = 'en';
          return out;
        })()""".replace("BODIES", self.bytes_of("kinds.json").decode())
        told = self.page.run(tell)
        self.assertGreater(len(told), 40)
        self.assertEqual(len(told), self.page.run("Object.keys(tellers).length"))
        for name, english, japanese in told:
            with self.subTest(name):
                self.assertNotRegex(english + japanese, r"undefined|\[object|NaN|null")
                self.assertRegex(japanese, "[ぁ-んァ-ヶ一-龠]")
                self.assertRegex(english, "^[A-Z“]")
                self.assertNotRegex(english, "[ぁ-んァ-ヶ一-龠]")

    def test_has_every_word_in_both_languages(self):
        self.verdict(self.path("plain-en.html"))
        every = self.page.run("[...Object.entries(words), ...Object.entries(labels).flatMap(([name, each]) => "
                              "Object.entries(each).map(([value, pair]) => [`${name} ${value}`, pair]))]")
        self.assertEqual([name for name, pair in every if len(pair) != 2 or not all(pair)], [])
        missing = self.page.run("Object.entries(enums).flatMap(([name, each]) => "
                                "Object.keys(each).filter((value) => !labels[name]?.[value]).map((value) => `${name} ${value}`))")
        self.assertEqual(missing, [])
        source = "".join(read_script(name) for name in ("names", "tell", "draw_verdict", "draw_things", "draw_events", "page"))
        used = re.findall(r"\b(?:word|heading)\('([a-z_0-9]+)'", source)
        self.assertGreater(len(used), 60)
        self.assertEqual(set(used) - {name for name, _ in every}, set())

    def test_has_a_japanese_sentence_for_every_refusal(self):
        names = ("cbor", "types", "crypto", "merkle", "policy", "statements", "things", "passport", "pages", "events", "page")
        source = "".join(read_script(name) for name in names)
        text = r"(?:'([^'\n]+)'|\"([^\"\n]+)\")"
        given = {one or other for one, other in re.findall(rf"^  {text}:", read_script("sentences"), re.MULTILINE)}
        used = re.findall(rf"(?:refuse|isNewer|Unable|tooLittle)\(\s*{text}\)", source)
        used += re.findall(rf"const (?:wrong\w*|missing|outOfOrder|unusable|notLast|malformed|other\w+) = {text}", source)
        used += re.findall(rf"why: {text}", source)
        used = {one or other for one, other in used}
        self.assertGreater(len(used), 90)
        self.assertEqual(used ^ given, set())

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
        self.verdict(self.path("plain-en.html"))
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
        for name, html in (("en", "ed25519-en"), ("ja", "ed25519-ja"), ("hard-en", "hard-en"), ("hard-ja", "hard-ja")):
            self.verdict(self.path(f"{html}.html"))
            size = self.page.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
            picture = self.page.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
            with open(os.path.join(self.pictures, f"passport-{name}.png"), "wb") as file:
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
