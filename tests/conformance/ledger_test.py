#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The reference against a ledger made in Python: what it shows holds, what was changed does not, what is newer is told so.

Needs no program and no page: this is the second form as Python alone has it.
"""
import copy
import random
import unittest

import cbor2

from independent import merkle
from independent.bodies import BY_NUMBER
from independent.checkpoint import verify_checkpoint
from independent.client import after_step
from independent.codec import Newer, Refused, decode, encode, uint
from independent.crypto import cose_key, sha256
from independent.forms import CHECKPOINT
from independent.genesis import verify_genesis
from independent.lists import verify_list
from independent.names import parse_path
from independent.passport import verify_page, verify_pages
from independent.policy import read_policy, step
from independent.state import verify_state
from independent.statement import verify_submission
from ledger import Body, key_of
from life import KINDS, RELEASE, Life, named
from mutants import Mutator
from newer import NEWER, VERIFIED, newer_cases
from pages import DEVICE, PART
from reference import verify
from reseal import Sealer
from trees import Map, consistency, inclusion, range_proof, root
from wallet import Wallet

LIFE = Life()
LEDGER = LIFE.ledger
POLICY = read_policy(LEDGER.policy())


def verdict(check, *arguments):
    try:
        check(*arguments)
    except Newer:
        return NEWER
    except Refused:
        return "refused"
    return VERIFIED


def checked(case):
    """A case of newer.py."""
    if case.what == "statement":
        return verify_submission(case.data)
    if case.what == "genesis":
        return verify_genesis(case.data)
    policy = read_policy(case.policy)
    return step(policy, case.data) if case.what == "step" else verify(case.what, policy, [case.data], case.name)


class Case(unittest.TestCase):
    def refused(self, why, check, *arguments, **options):
        with self.assertRaisesRegex(Refused, why) as context:
            check(*arguments, **options)
        self.assertIs(type(context.exception), Refused)


class Trees(Case):
    leaves = [sha256(bytes([number])) for number in range(20)]

    def test_every_leaf_of_every_small_tree_is_included_and_no_other(self):
        for size in range(1, 20):
            tree = self.leaves[:size]
            for index in range(size):
                path = inclusion(tree, index)
                self.assertEqual(merkle.root_from_inclusion(index, size, tree[index], path), root(tree))
                self.assertNotEqual(merkle.root_from_inclusion(index, size, self.leaves[19], path), root(tree))

    def test_every_small_tree_continues_its_beginnings(self):
        for size in range(2, 20):
            for earlier in range(1, size):
                path = consistency(self.leaves[:size], earlier)
                roots = root(self.leaves[:earlier]), root(self.leaves[:size])
                merkle.check_consistency(earlier, roots[0], size, roots[1], path)
                with self.assertRaises(Refused):
                    merkle.check_consistency(earlier, self.leaves[0] if earlier > 1 else self.leaves[1], size, roots[1], path)

    def test_every_range_of_every_small_tree_gives_its_root(self):
        for size in range(20):
            tree = self.leaves[:size]
            for first in range(size + 1):
                for end in range(first, size + 1):
                    _, before, after = range_proof(tree, first, end).values()
                    self.assertEqual(merkle.root_from_range(first, before, tree[first:end], after, size), root(tree))

    def test_a_range_has_one_proof(self):
        tree = self.leaves[:13]
        _, before, after = range_proof(tree, 3, 6).values()
        for first, digests, behind, size in ((3, before[:-1], after, 13), (3, before, after + before[:1], 13), (3, before, after, 16),
                                             (3, before, after, 5), (3, before, after, 2**62 + 1)):
            with self.assertRaises(Refused):
                merkle.root_from_range(first, digests, tree[3:6], behind, size)
        self.assertNotEqual(merkle.root_from_range(3, before, tree[2:5], after, 13), root(tree))

    def test_presence_and_absence_in_maps_of_every_small_size(self):
        form = lambda item: type("Item", (), dict(value=item.get(1), depth=item[2], bitmap=item[3], siblings=item[4], other=item.get(5)))
        for size in range(12):
            rows = {sha256(b"key", bytes([number])): bytes([number]) for number in range(size)}
            state = Map(rows)
            for key in [*rows, *(sha256(b"other", bytes([number])) for number in range(8))]:
                item = form(state.item(key))
                if item.other:
                    item.other = type("Other", (), dict(key=item.other[1], value_hash=item.other[2]))
                self.assertEqual(item.value is not None, key in rows)
                self.assertEqual(merkle.map_root(item, key), state.root())


class Documents(Case):
    def test_every_statement_holds_and_its_bodies_have_the_form_of_their_kind(self):
        for said in LEDGER.statements:
            verified = verify_submission(said.submission)
            self.assertEqual(verified.said.identity, said.identity)
            for body in said.encoded:
                decode(BY_NUMBER[said.payload[3]].body, body, "body")

    def test_every_body_has_a_receipt_with_or_without_its_text_and_approvals(self):
        for event in LEDGER.events:
            for options in ({}, {"withheld": True}, {"approvals": "hash"}):
                text = verify("receipt", POLICY, [encode(LEDGER.receipt(event, **options))]).text
                self.assertEqual("withheld" in text, "withheld" in options)

    def test_every_kind_of_record_is_shown_and_the_absence_of_any_other(self):
        for path in LIFE.places():
            self.assertIn("present", verify_state(encode(LEDGER.state_answer(parse_path(path)[1])), path, POLICY).text)
        absent = "device/" + "00" * 32
        answer = encode(LEDGER.state_answer(parse_path(absent)[1]))
        self.assertIn("absent", verify_state(answer, absent, POLICY).text)
        self.refused("map proof|not what the ledger has", verify_state, answer, "device/" + LIFE.camera.hex(), POLICY)

    def test_a_record_of_every_family_is_read_back_as_the_ledger_has_it(self):
        rows = {parse_path(path)[1]: path for path in LIFE.places()}
        for key, path in rows.items():
            self.assertEqual(encode(cbor2.loads(LEDGER.rows[key])), LEDGER.rows[key], path)

    def test_note_and_cbor_say_the_same(self):
        of_cbor = verify("checkpoint", POLICY, [encode(LEDGER.checkpoint())])
        of_note = verify("checkpoint", POLICY, [LEDGER.note()])
        self.assertEqual((of_cbor.text, of_cbor.weight, of_cbor.witnesses), (of_note.text, 4, 2))
        self.assertEqual(of_note.witnesses, 2)

    def test_the_genesis_founds_ledger_policy_and_handles(self):
        founded = verify_genesis(encode(LIFE.genesis_value))
        self.assertEqual((founded.ledger, founded.policy.digest), (LEDGER.id, sha256(LEDGER.policy())))
        self.assertEqual(founded.members["acme"], LIFE.acme.handle)

    def test_a_genesis_is_refused_when_a_key_has_not_signed_or_a_bound_is_broken(self):
        for change, why in ((lambda value: value[5][0][5][0].update({1: Wallet("new").cose}), "signature"),
                            (lambda value: value[10].update({1: 1}), "veto_ms"),
                            (lambda value: value[5][1].update({5: value[5][0][5]}), "key stands twice"),
                            (lambda value: value[5][1].update({3: 2}), "its k"), (lambda value: value.update({12: 3}), "witness threshold"),
                            (lambda value: value.update({9: 0}), "recovery threshold"),
                            (lambda value: value[11][0].update({2: value[6][0][2][0]}), "key stands twice")):
            value = copy.deepcopy(LIFE.genesis_value)
            change(value)
            self.refused(why, verify_genesis, encode(value))


class Checkpoints(Case):
    def changed(self, change, policy=None):
        value = LEDGER.checkpoint()
        change(value[5])
        return verify("checkpoint", read_policy(encode(policy)) if policy else POLICY, [encode(value)])

    def test_witnesses_count_once_each_and_signers_not_for_them(self):
        signers = {wallet.key_id(name) for name, wallets, _ in LEDGER.trust.signers for wallet in wallets}
        both = {**LEDGER.policy_value(), 9: 2}
        self.assertEqual(self.changed(lambda signatures: None, both).witnesses, 2)
        self.refused("too few witnesses", self.changed, lambda signatures: signatures.pop(), both)
        self.refused("too few witnesses", self.changed, lambda signatures: (signatures.pop(), signatures.append(signatures[-1])), both)
        only = lambda signatures: signatures.__setitem__(slice(None), [each for each in signatures if each[1] in signers])
        self.refused("too few witnesses", self.changed, only)

    def test_a_witness_signature_that_does_not_hold_refuses_the_whole(self):
        self.refused("does not hold", self.changed, lambda signatures: signatures[-1].update({2: 5}))

    def test_time_is_of_signers_only(self):
        self.assertEqual(self.changed(lambda signatures: None).time, LEDGER.time_ms // 1000 + 3)


class Approvals(Case):
    def said(self, change=lambda approvals: None):
        ledger = copy.deepcopy(LEDGER)
        others = [(RELEASE, Wallet(name)) for name in ("one", "two")]
        said = ledger.say(LIFE.acme.wallet, LIFE.acme.issuer, KINDS["document"], [Body({1: 1, 2: named("document")})], approvers=others)
        value = cbor2.loads(said.submission)
        change(value[2])
        return cbor2.dumps(value, canonical=True), [wallet for _, wallet in others]

    def test_they_hold_under_their_keys_and_ascend(self):
        submission, wallets = self.said()
        keys = [decode_key(wallet) for wallet in (LIFE.acme.wallet, *wallets)]
        self.assertEqual(len(verify_submission(submission, keys).approvals), 2)
        self.refused("ascend", verify_submission, self.said(lambda approvals: approvals.reverse())[0])
        self.refused("ascend", verify_submission, self.said(lambda approvals: approvals.append(approvals[-1]))[0])
        self.refused("not approved", verify_submission, submission, [*keys, decode_key(Wallet("three"))])

    def test_another_role_than_the_signed_one_does_not_hold(self):
        submission, wallets = self.said(lambda approvals: approvals.sort(key=lambda each: each.__setitem__(0, 2) or each[1].value[0]))
        keys = [decode_key(wallet) for wallet in (LIFE.acme.wallet, *wallets)]
        self.refused("does not hold", verify_submission, submission, keys)

    def test_nobody_shows_an_event_with_others_or_without(self):
        event = next(event for event in LEDGER.events if event.statement.approvers)
        receipt = LEDGER.receipt(event)
        for change in (lambda value: value.pop(2), lambda value: value.update({2: self.also_of("three")})):
            other = copy.deepcopy(receipt)
            change(other[2])
            self.refused("not in the log", verify, "receipt", POLICY, [encode(other)])
        receipt[2][3] = sha256(receipt[2][2])
        self.refused("beside their hash", verify, "receipt", POLICY, [encode(receipt)])

    @staticmethod
    def also_of(name):
        return encode([Wallet(name).approval(bytes(32), RELEASE)])


def decode_key(wallet):
    return decode(cose_key, encode(wallet.cose), "key")


class Withheld(Case):
    def test_a_leaf_stands_for_its_body_and_the_identity_stays(self):
        verified = verify_submission(LIFE.noise.withheld(4, 8))
        self.assertEqual((verified.said.identity, [body.body is None for body in verified.bodies].count(True)), (LIFE.noise.identity, 2))

    def test_text_and_leaf_exclude_each_other_and_neither_may_lack(self):
        event = LEDGER.events[-5]
        for change, why in ((lambda value: value.update({7: event.body_leaf}), "with its text"), (lambda value: value.pop(5), "neither"),
                            (lambda value: value.pop(6), "neither")):
            receipt = LEDGER.receipt(event)
            change(receipt[2])
            self.refused(why, verify, "receipt", POLICY, [encode(receipt)])

    def test_a_passport_says_how_many(self):
        page = LIFE.pages().page()
        event = next(event for event in page[6] if 4 in event)
        event[5] = merkle.leaf_hash(event.pop(3), event.pop(4))
        self.assertEqual(len(verify_page(encode(page), POLICY).withheld), 1)
        hidden, whole = encode(page), encode(LIFE.pages().page())
        self.assertEqual(verify_pages([hidden, hidden], POLICY).counts["withheld"], 1)
        self.assertEqual(verify_pages([hidden, whole], POLICY).counts["withheld"], 0)


class Lists(Case):
    path = f"list/{LIFE.acme.handle.hex()}/keys"

    def pages(self, *ranges, ledger=LEDGER):
        return [encode(ledger.list_page(LIFE.acme.handle, "keys", first, most)) for first, most in ranges]

    def test_pages_in_any_order_are_the_whole_list_or_name_what_lacks(self):
        count = len(LEDGER.lists[LIFE.acme.handle, "keys"])
        self.assertEqual(count, 3)
        self.assertIn("complete", verify_list(self.pages((2, 1), (0, 1), (1, 1)), self.path, POLICY).text)
        self.assertEqual(verify_list(self.pages((0, 1), (2, 1)), self.path, POLICY).gaps, ["1 to 2"])
        self.assertEqual(verify_list(self.pages((0, 2)), self.path, POLICY).gaps, ["2 to 3"])

    def test_an_entry_can_neither_be_hidden_nor_added_nor_changed(self):
        for change in (lambda page: (page[5].pop(), page[6].pop()), lambda page: (page[5].append(page[5][0]), page[6].append(page[6][0])),
                       lambda page: page[5][0].update({4: 2}), lambda page: page[5].reverse()):
            page = LEDGER.list_page(LIFE.acme.handle, "keys")
            change(page)
            self.refused("list|range", verify_list, [encode(page)], self.path, POLICY)

    def test_nothing_stands_on_a_page_of_a_list_that_is_not_there(self):
        path = "list/" + "00" * 32 + "/keys"
        page = LEDGER.list_page(bytes(32), "keys")
        self.assertIn("0 keys, complete", verify_list([encode(page)], path, POLICY).text)
        page[4][3] = [bytes(32)]
        self.refused("does not know", verify_list, [encode(page)], path, POLICY)

    def test_pages_of_two_moments_are_no_list(self):
        later = copy.deepcopy(LEDGER)
        later.seal()
        pages = self.pages((0, 2)) + self.pages((2, 1), ledger=later)
        self.refused("several moments", verify_list, pages, self.path, POLICY)


class Passports(Case):
    def test_a_whole_page_is_complete(self):
        page = verify_page(encode(LIFE.pages().page(more=LIFE.context())), POLICY)
        self.assertTrue(page.complete)
        self.assertEqual((page.unproved, page.withheld, len(page.events)), (set(), set(), len(LIFE.pages().events)))

    def test_pages_together_are_complete_whatever_their_size_and_order(self):
        for most in (1, 3, 7, 100):
            pages = [encode(page) for page in LIFE.pages().whole(most)]
            random.Random(most).shuffle(pages)
            for page in pages:
                self.assertEqual(verify_page(page, POLICY).complete, len(pages) == 1)
            self.assertEqual(verify_pages(pages, POLICY).gaps, [])

    def test_what_several_pages_show_counts_once(self):
        one = verify_pages([encode(LIFE.pages().page())], POLICY).counts
        for pages in (LIFE.pages().whole(3), [LIFE.pages().page(0, 20), LIFE.pages().page(10), LIFE.pages().page()]):
            several = verify_pages([encode(page) for page in pages], POLICY).counts
            self.assertEqual({**several, "signatures": 0}, {**one, "signatures": 0})

    def test_what_no_page_shows_is_named(self):
        pages = [encode(page) for page in LIFE.pages().whole(7)]
        gaps = verify_pages(pages[:1] + pages[2:], POLICY).gaps
        self.assertTrue(gaps and all(gap.startswith("events ") for gap in gaps))
        newest = verify_pages(pages[:1], POLICY).gaps
        self.assertIn(f"events 0 to {self.shown_from(pages[0])} of {LIFE.camera.hex()}", newest)

    @staticmethod
    def shown_from(page):
        return verify_page(page, POLICY).units[DEVICE, LIFE.camera].run.range.first

    def test_a_part_that_no_page_shows_is_named(self):
        pages = LIFE.pages()
        units = [unit for unit in pages.units if unit[1] != LIFE.ids["sensor b"]]
        page = encode(pages.page(units=units))
        self.assertFalse(verify_page(page, POLICY).complete)
        self.assertEqual(verify_pages([page], POLICY).gaps, ["part " + LIFE.ids["sensor b"].hex()])

    def test_a_unit_that_lists_itself_does_not_keep_a_reader_for_ever(self):
        life = copy.deepcopy(LIFE)
        key = key_of("part", life.ids["board"])
        record = cbor2.loads(life.ledger.rows[key])
        life.ledger.rows[key] = encode({**record, 21: [*record[21], life.ids["board"], life.camera]})
        life.ledger.seal()
        page = encode(life.pages().page())
        self.assertEqual(verify_pages([page], POLICY).gaps, ["part " + life.camera.hex()])

    def test_pages_of_two_moments_or_devices_are_no_set(self):
        later = copy.copy(LIFE)
        later.ledger = copy.deepcopy(LEDGER)
        later.ledger.seal()
        one, other = encode(LIFE.pages().page()), encode(later.pages().page())
        self.refused("several moments", verify_pages, [one, other], POLICY)

    def changed(self, change, **options):
        page = LIFE.pages().page(**options)
        change(page)
        return verify_page(cbor2.dumps(page, canonical=True), POLICY)

    def test_events_can_neither_be_hidden_nor_invented_nor_moved(self):
        run = lambda page: page[4][0][4]
        for change, why in ((lambda page: run(page)[2].pop(), "subtree beside|the ledger has recorded"),
                            (lambda page: run(page)[2].reverse(), "out of order"), (lambda page: run(page)[1].update({1: 1}), "range"),
                            (lambda page: run(page)[2].append(99), "range|no such event"),
                            (lambda page: page[6].reverse(), "event|statement"),
                            (lambda page: page[6].pop(), "event"), (lambda page: page[5].pop(), "statement"),
                            (lambda page: page[6][0].update({8: 1}), "the ledger has recorded|out of order")):
            self.refused(why, self.changed, change)

    def test_things_have_one_order_and_nothing_is_there_for_nothing(self):
        for change, why in ((lambda page: page[4].append(page[4][0]), "second device"),
                            (lambda page: page[4].pop(1), "out of order|elsewhere|not in the device"),
                            (lambda page: page[4].insert(6, page[4].pop()), "out of order"), (lambda page: page[4].pop(), "missing"),
                            (lambda page: page[4][-1].update({6: {1: bytes(16), 2: bytes(32)}}), "to open"),
                            (lambda page: page[4][-1][5].update({1: bytes(16)}), "the one that the ledger names")):
            self.refused(why, self.changed, change)
        self.refused("nothing refers to", self.changed, lambda page: None, more=[(5, LIFE.watch.handle)])

    def test_an_index_below_zero_or_of_another_type_is_refused(self):
        self.refused("unsigned", self.changed, lambda page: page[4][0][4][2].__setitem__(0, -1))
        for value in (False, 0.0, None, "0", b""):
            self.refused("unsigned|float", self.changed, lambda page: page[6][0].update({2: value}))

    def test_a_blinded_model_is_proved_by_its_opening_or_counted(self):
        pages, blinded = LIFE.pages(), LIFE.ids["sensor c"]
        place = [unit for _, unit in pages.units].index(blinded)
        closed = LIFE.pages().page()
        closed[4][place].pop(6)
        self.assertEqual(verify_page(encode(closed), POLICY).unproved, {(PART, blinded)})
        for pages, unproved in (([closed, closed], 1), ([closed, LIFE.pages().page()], 0)):
            self.assertEqual(verify_pages(list(map(encode, pages)), POLICY).counts["unproved_models"], unproved)
        self.refused("opening of a model", self.changed, lambda page: page[4][place][6].update({1: bytes(16)}))
        self.refused("not blinded", self.changed, lambda page: page[4][0].update({6: {1: bytes(16), 2: bytes(32)}}))

    def test_whoever_blinds_the_model_of_another_maker_proves_nothing(self):
        life = copy.deepcopy(LIFE)
        part = life.ids["sensor c"]
        key = key_of("part", part)
        life.ledger.rows[key] = encode({**cbor2.loads(life.ledger.rows[key]), 11: life.lab.handle})
        life.ledger.seal()
        self.assertEqual(verify_page(encode(life.pages().page()), POLICY).unproved, {(PART, part)})


class Steps(Case):
    def step(self, policy=POLICY, **options):
        life = copy.deepcopy(LIFE)
        return step(policy, life.incarnation(**options).submission)

    def test_the_recovery_keys_lead_to_the_next_policy(self):
        policy, body = self.step()
        self.assertEqual((policy.epoch, policy.signers[0].name, body.size), (2, "three.example", len(LEDGER.log)))
        self.assertEqual(policy.digest, sha256(encode({**LEDGER.policy_value(), 3: 2, 5: 1, 4: [
            {1: "three.example", 2: [Wallet("signer three").cose], 3: 1}]})))
        self.assertEqual(self.step(approvers=(1, 2))[0].epoch, 2)

    def test_fewer_keys_another_epoch_or_another_ledger_lead_nowhere(self):
        self.refused("too few", self.step, POLICY, approvers=())
        for epoch in (0, 1, 3):
            self.refused("does not follow", self.step, POLICY, more={1: epoch})
        self.refused("no longer", self.step, POLICY, more={6: len(LEDGER.log)})
        self.refused("cannot be met", self.step, POLICY, more={3: 9})
        self.refused("another ledger", self.step, read_policy(encode({**LEDGER.policy_value(), 2: bytes(32)})))
        self.refused("another statement", step, POLICY, LEDGER.statements[0].submission)

    def test_a_client_goes_back_only_where_no_witness_stands(self):
        seen = lambda size, log_root=bytes(32): type("State", (), {"size": size, "root": log_root})
        _, body = self.step()
        unwitnessed = read_policy(encode({**LEDGER.policy_value(), 9: 0}))
        self.assertEqual(after_step(seen(body.size + 5), body, unwitnessed), (body.size, body.root, 5))
        self.assertEqual(after_step(seen(3), body, POLICY), (3, bytes(32), 0))
        self.refused("witnesses", after_step, seen(body.size + 5), body, POLICY)
        self.refused("fork", after_step, seen(body.size), body, unwitnessed)

    def test_answers_from_before_the_policy_in_use_are_refused(self):
        policy = read_policy(encode({**LEDGER.policy_value(), 3: 2}))
        self.refused("before this policy", verify_state, encode(LEDGER.state_answer(parse_path("ledger")[1])), "ledger", policy)

    def test_whose_signers_have_changed_is_asked_to_take_the_step(self):
        ledger = copy.deepcopy(LEDGER)
        ledger.epoch = 2
        ledger.seal()
        answer = lambda: encode(ledger.state_answer(parse_path("ledger")[1]))
        verify_state(answer(), "ledger", POLICY)  # by the same signers: what they say holds still
        ledger.trust.signers = [("three.example", [Wallet("signer three")], 1)]
        self.refused("take the step", verify_state, answer(), "ledger", POLICY)
        verify_state(answer(), "ledger", self.step()[0])
        self.refused("too little weight", verify_checkpoint, decode(CHECKPOINT, encode(ledger.checkpoint()), "checkpoint"), POLICY)
        ledger.epoch = 1
        ledger.seal()
        self.refused("too little weight", verify_state, answer(), "ledger", POLICY)


class Newness(Case):
    def test_every_made_up_form_gets_the_verdict_that_it_must(self):
        cases = newer_cases(LIFE)
        self.assertGreater(sum(case.verdict == NEWER for case in cases), 150)
        self.assertGreater(sum(case.verdict == VERIFIED for case in cases), 50)
        for case in cases:
            self.assertEqual(verdict(checked, case), case.verdict, case.label)


class Mutants(Case):
    def test_no_mutant_meets_anything_but_a_verdict(self):
        pages = LIFE.pages()
        mutator, counts = Mutator(random.Random(1)), {}
        for sealer in (Sealer(encode(pages.page(more=LIFE.context())), LIFE.wallets()), Sealer(encode(pages.page(5, 20)))):
            policy = read_policy(sealer.policy())
            self.assertEqual(verdict(verify_page, sealer.sealed(sealer.model), policy), VERIFIED)
            for _ in range(100):
                data = sealer.sealed(sealer.rearranged(mutator.random))
                found = verdict(verify_page, mutator.mutant(data) if mutator.random.random() < 0.5 else data, policy)
                counts[found] = counts.get(found, 0) + 1
        self.assertGreater(counts["refused"], 50)


class Codec(Case):
    def test_a_value_has_one_encoding(self):
        for bad in ("1800", "5f4100ff", "9f00ff", "a2000100", "a201000000", "a201000100", "f97e00", "6180", "f7", "81" * 17 + "00", "0000",
                    "a1a000", "9b00000001000000", "1817", "190017", "1a00000100", "fb3ff0000000000000", "40" "00", "", "7f"):
            with self.assertRaises(Refused, msg=bad):
                decode(lambda reader, where: reader.skip(), bytes.fromhex(bad), "item")
        self.assertEqual(decode(uint(), bytes.fromhex("1bffffffffffffffff"), "item"), 2**64 - 1)

    def test_what_is_written_is_what_others_write_and_is_read_back(self):
        chance = random.Random(2)

        def value(depth):
            kinds = [lambda: chance.randrange(2**64), lambda: -1 - chance.randrange(2**63), lambda: chance.choice([True, False, None]),
                     lambda: chance.randbytes(chance.randrange(300)), lambda: "\u3042" * chance.randrange(40)]
            deeper = [lambda: [value(depth + 1) for _ in range(chance.randrange(30))],
                      lambda: {chance.randrange(24): value(depth + 1) for _ in range(chance.randrange(5))}]
            return chance.choice(kinds + (deeper if depth < 3 else []))()
        for _ in range(300):
            made = value(0)
            self.assertEqual(encode(made), cbor2.dumps(made, canonical=True))
            self.assertEqual(decode(lambda reader, where: reader.skip(), encode(made), "item"), encode(made))


if __name__ == "__main__":
    unittest.main()
