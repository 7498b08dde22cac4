#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of Mikusari's verifiers, written from docs/formats/ and sharing no code with the first.

    reference.py statement  FILE [--key COSE_KEY_HEX]
    reference.py checkpoint POLICY FILE
    reference.py receipt    POLICY FILE
    reference.py state      POLICY PATH FILE     PATH as device/<hex>, part/<hex>, key/<hex>, member/<name>, ...
    reference.py passport   POLICY FILE

Prints what was verified and exits 0, or prints "refused: why" and exits 1. It is slow and plain on purpose.
"""
import argparse
import hashlib
import io
import sys

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ESP256, ED25519 = -9, -19
STATEMENT_TYPE = "application/mikusari-statement+cbor"
APPROVAL_TYPE = "application/mikusari-approval+cbor"


class Refused(Exception):
    pass


def demand(condition, why):
    if not condition:
        raise Refused(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- deterministic CBOR (RFC 8949 section 4.2.1) ---

def decode(data, what):
    """One item, whole, and encoded in the one way that there is."""
    demand(isinstance(data, bytes), f"{what}: not a byte string")
    stream = io.BytesIO(data)
    try:
        value = cbor2.CBORDecoder(stream).decode()
    except Exception as error:  # the decoder raises many kinds
        raise Refused(f"{what}: not CBOR: {error}")
    demand(stream.read(1) == b"", f"{what}: bytes after the end")
    demand(encode(value) == data, f"{what}: not deterministic CBOR")
    demand(depth(value) <= 16, f"{what}: nested too deep")
    return value


def depth(value):
    """Arrays, maps and tags that stand in each other."""
    if isinstance(value, cbor2.CBORTag):
        return 1 + depth(value.value)
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def encode(value):
    return cbor2.dumps(value, canonical=True)


def fields(value, what, required, optional=()):
    demand(isinstance(value, dict), f"{what}: not a map")
    for key in required:
        demand(key in value, f"{what}: field {key} is missing")
    for key in value:
        demand(key in required or key in optional, f"{what}: unknown field {key}")
    return value


def octets(value, length, what):
    demand(isinstance(value, bytes) and len(value) == length, f"{what}: not {length} bytes")
    return value


def number(value, what):
    demand(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64, f"{what}: not a number")
    return value


# --- keys and signatures (RFC 9053, RFC 9679) ---

class Key:
    def __init__(self, cose_key):
        demand(isinstance(cose_key, dict), "COSE_Key: not a map")
        self.encoded = encode(cose_key)
        if cose_key.get(1) == 2:
            demand(set(cose_key) == {1, -1, -2, -3} and cose_key[-1] == 1, "COSE_Key: not P-256")
            self.algorithm = ESP256
            x, y = octets(cose_key[-2], 32, "x"), octets(cose_key[-3], 32, "y")
            self.raw = b"\x04" + x + y
            try:
                self.public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.raw)
            except ValueError:
                raise Refused("COSE_Key: not a point on the curve")
        else:
            demand(cose_key.get(1) == 1 and set(cose_key) == {1, -1, -2} and cose_key[-1] == 6, "COSE_Key: not Ed25519")
            self.algorithm = ED25519
            self.raw = octets(cose_key[-2], 32, "x")
            self.public = ed25519.Ed25519PublicKey.from_public_bytes(self.raw)

    def thumbprint(self):
        return sha256(self.encoded)

    def verify(self, message, signature, what):
        octets(signature, 64, f"{what}: signature")
        try:
            if self.algorithm == ED25519:
                self.public.verify(signature, message)
            else:
                r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
                self.public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise Refused(f"{what}: the signature does not hold")


def check_low_s(algorithm, signature, what):
    octets(signature, 64, f"{what}: signature")
    if algorithm == ESP256:
        demand(int.from_bytes(signature[32:], "big") <= P256_N // 2, f"{what}: the signature is not low-S")


# --- Merkle trees (RFC 6962 section 2.1; docs/formats/map.md) ---

def leaf_hash(data):
    return sha256(b"\x00", data)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def log_root(leaves):
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(log_root(leaves[:split]), log_root(leaves[split:]))


def root_from_inclusion(index, size, leaf, path):
    """RFC 9162 section 2.1.3.2."""
    demand(0 <= index < size, "inclusion: index beyond the size")
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        octets(sibling, 32, "inclusion: path")
        demand(sn != 0, "inclusion: the path is too long")
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    demand(sn == 0, "inclusion: the path is too short")
    return root


def bit(key, i):
    return key[i // 8] >> (7 - i % 8) & 1


def map_root(item, key):
    """The root that a proof of presence or absence gives, and the value."""
    item = fields(item, "item", (2, 3, 4), (1, 5))
    depth, bitmap, siblings = number(item[2], "depth"), item[3], item[4]
    demand(depth <= 256, "map proof: too deep")
    octets(bitmap, (depth + 7) // 8, "map proof: bitmap")
    demand(isinstance(siblings, bytes) and len(siblings) % 32 == 0, "map proof: siblings")
    for i in range(depth, len(bitmap) * 8):
        demand(bit(bitmap, i) == 0, "map proof: unused bits")
    value = item.get(1)
    if value is not None:
        demand(isinstance(value, bytes), "map proof: value")
        demand(5 not in item, "map proof: present and another leaf")
        digest = sha256(b"\x00", key, sha256(value))
    elif 5 in item:
        other = fields(item[5], "other leaf", (1, 2))
        octets(other[1], 32, "other key"), octets(other[2], 32, "other value")
        demand(other[1] != key, "map proof: the other leaf is the key itself")
        demand(all(bit(other[1], i) == bit(key, i) for i in range(depth)), "map proof: the other leaf is elsewhere")
        digest = sha256(b"\x00", other[1], other[2])
    else:
        digest = bytes(32)
    demand(depth == 0 or bit(bitmap, depth - 1), "map proof: a place that the tree would have collapsed")
    used = 0
    for level in range(depth - 1, -1, -1):
        sibling = bytes(32)
        if bit(bitmap, level):
            sibling = siblings[used:used + 32]
            demand(len(sibling) == 32 and sibling != bytes(32), "map proof: sibling missing or empty")
            used += 32
        digest = node_hash(sibling, digest) if bit(key, level) else node_hash(digest, sibling)
    demand(used == len(siblings), "map proof: too many siblings")
    return digest, value


# --- policy and checkpoint ---

class Policy:
    def __init__(self, data):
        value = fields(decode(data, "policy"), "policy", (1, 2, 3, 4, 5, 6, 7))
        demand(value[1] == 1, "policy: unknown version")
        self.ledger, self.epoch, self.threshold = octets(value[2], 32, "ledger"), value[3], value[5]
        self.signers = []
        for signer in value[4]:
            signer = fields(signer, "signer", (1, 2, 3))
            self.signers.append((signer[1], [Key(key) for key in signer[2]], signer[3]))
        demand(0 < self.threshold <= sum(weight for _, _, weight in self.signers), "policy: the threshold cannot be met")


def key_id(name, key):
    kind = b"\x04" if key.algorithm == ED25519 else b"\xffmikusari-p256-cosignature-v1"
    return sha256(name.encode(), b"\n", kind, key.raw)[:4]


def verify_checkpoint(value, policy):
    import base64
    value = fields(value, "checkpoint", (1, 2, 3, 4))
    demand(value[1] == policy.ledger, "checkpoint: another ledger")
    size, root = number(value[2], "size"), octets(value[3], 32, "root")
    body = f"mikusari/{value[1].hex()}\n{size}\n{base64.b64encode(root).decode()}\n"
    known = {key_id(name, key): (name, key, weight) for name, keys, weight in policy.signers for key in keys}
    counted, times = set(), []
    for signature in value[4]:
        signature = fields(signature, "cosignature", (1, 2, 3))
        if signature[1] not in known:
            continue
        name, key, weight = known[signature[1]]
        key.verify(f"cosignature/v1\ntime {number(signature[2], 'time')}\n{body}".encode(), signature[3], "checkpoint")
        if name not in counted:
            counted.add(name)
            times.append((signature[2], weight))
    weight = sum(weight for _, weight in times)
    demand(weight >= policy.threshold, "checkpoint: too little weight has signed")
    return size, root


# --- statements, events, receipts ---

def signed_payload(message):
    demand(isinstance(message, cbor2.CBORTag) and message.tag == 18, "statement: not a tagged COSE_Sign1")
    demand(len(message.value) == 4, "statement: not a COSE_Sign1")
    protected, unprotected, payload, signature = message.value
    demand(unprotected == {}, "statement: the unprotected header is not empty")
    header = fields(decode(protected, "header"), "header", (1, 3, 4, 15))
    demand(header[1] in (ESP256, ED25519) and header[3] == STATEMENT_TYPE, "statement: wrong header")
    fields(header[15], "claims", (1, 2))
    check_low_s(header[1], signature, "statement")
    said = fields(decode(payload, "payload"), "payload", (1, 2, 3, 4, 5, 6), (7, 8))
    structure = encode(["Signature1", protected, b"", payload])
    return {"header": header, "payload": said, "structure": structure, "signature": signature, "identity": sha256(structure)}


def parse_statement(data):
    submission = decode(data, "submission")
    demand(isinstance(submission, list) and len(submission) == 3, "submission: not an array of three")
    statement, bodies, also = submission
    out = signed_payload(statement)
    demand(0 < len(bodies) <= 4096 and len(bodies) == out["payload"][3], "statement: another number of bodies")
    leaves = [leaf_hash(octets(salt, 16, "salt") + body) for salt, body in bodies]
    demand(log_root(leaves) == out["payload"][4], "statement: other bodies than the signed ones")
    for role, approval in also:
        demand(role in (1, 2, 3) and isinstance(approval, cbor2.CBORTag) and approval.tag == 18, "approval: wrong form")
        protected, unprotected, payload, signature = approval.value
        demand(unprotected == {} and payload is None, "approval: wrong form")
        header = fields(decode(protected, "approval"), "approval", (1, 3, 4))
        demand(header[1] in (ESP256, ED25519) and header[3] == APPROVAL_TYPE, "approval: wrong header")
        check_low_s(header[1], signature, "approval")
    out["bodies"] = bodies
    return out


def event_leaf(said, index, salt, body, path, height, time_ms, outcome):
    leaf = leaf_hash(octets(salt, 16, "salt") + body)
    root = root_from_inclusion(index, said["payload"][3], leaf, path)
    demand(root == said["payload"][4], "event: the body is not one that was signed for")
    return leaf_hash(encode({1: said["identity"], 2: sha256(said["signature"]), 3: leaf, 4: height, 5: time_ms, 6: outcome}))


def verify_receipt(data, policy):
    receipt = fields(decode(data, "receipt"), "receipt", (1, 2, 3, 4))
    event = fields(receipt[1], "event", (1, 2, 3, 4, 5, 6, 7, 8))
    said = signed_payload(decode(event[1], "sign1"))
    demand(said["payload"][1] == policy.ledger, "receipt: another ledger")
    leaf = event_leaf(said, event[2], event[3], event[4], event[5], event[6], event[7], event[8])
    size, root = verify_checkpoint(receipt[4], policy)
    demand(root_from_inclusion(receipt[2], size, leaf, receipt[3]) == root, "receipt: the body is not in the log")
    return f"committed in block {event[6]}, leaf {receipt[2]} of {size}"


# --- state and passport ---

def verify_anchor(anchor, policy):
    anchor = fields(anchor, "anchor", (1, 2, 3))
    record = fields(decode(anchor[1], "record"), "record", tuple(range(1, 10)))
    demand(record[1] == policy.ledger, "record: another ledger")
    size, root = verify_checkpoint(anchor[3], policy)
    demand(root_from_inclusion(size - 1, size, leaf_hash(anchor[1]), anchor[2]) == root, "anchor: not the newest block")
    return record


def verify_item(item, key, record):
    root, value = map_root(item, key)
    demand(root == record[5], "state: not under the map root")
    return value


def path_key(path):
    family, _, rest = path.partition("/")
    return sha256(family.encode() + b"/", rest.encode() if family in ("member", "list", "policy") else bytes.fromhex(rest))


def verify_state(data, path, policy):
    answer = fields(decode(data, "answer"), "answer", (1, 2))
    record = verify_anchor(answer[1], policy)
    value = verify_item(answer[2], path_key(path), record)
    if value is None:
        return f"absent at block {record[2]}"
    decode(value, "value")
    return f"present at block {record[2]}: {len(value)} bytes, SHA-256 {sha256(value).hex()}"


FAMILY = {1: b"device/", 2: b"part/", 3: b"key/", 4: b"model/", 5: b"member/", 6: b"firmware/"}


def verify_passport(data, policy):
    passport = fields(decode(data, "passport"), "passport", (1, 2, 3, 4, 5, 6))
    demand(passport[1] == 1, "passport: unknown version")
    record = verify_anchor(passport[3], policy)
    statements = [signed_payload(decode(each, "statement")) for each in passport[5]]
    leaves, used_statements = [], set()
    for event in passport[6]:
        event = fields(event, "event", (1, 2, 3, 4, 5, 6, 7, 8))
        demand(event[1] < len(statements), "event: no such statement")
        used_statements.add(event[1])
        leaves.append(event_leaf(statements[event[1]], event[2], event[3], event[4], event[5], event[6], event[7], event[8]))
    demand(len(used_statements) == len(statements), "passport: a statement that no event needs")
    things, used_events = {}, set()
    for thing in passport[4]:
        thing = fields(thing, "thing", (1, 2, 3, 4))
        name = (thing[1], thing[2])
        demand(thing[1] in FAMILY and name not in things, "thing: unknown or repeated")
        value = verify_item(thing[3], sha256(FAMILY[thing[1]], thing[2]), record)
        demand(value is not None, "thing: absent from the ledger")
        value = decode(value, "record of a thing")
        if thing[1] in (1, 2):
            head = bytes(32)
            for number_of_event in thing[4]:
                demand(number_of_event < len(leaves), "thing: no such event")
                used_events.add(number_of_event)
                head = sha256(b"\x02", head, leaves[number_of_event])
            demand(value[2] == len(thing[4]) and value[4] == head, "thing: its history is not complete or not its own")
        else:
            demand(thing[4] == [], "thing: events where none belong")
        things[name] = value
    demand(len(used_events) == len(leaves), "passport: an event that no thing has")
    demand(passport[4] and (passport[4][0][1], passport[4][0][2]) == (1, passport[2]), "passport: the device is not the first")
    check_parts(things, passport[2])
    check_signatures(things, statements)
    return f"{len(things)} things, {len(leaves)} events, {len(statements)} signatures at block {record[2]}"


def check_parts(things, device):
    reached, rest = set(), list(things[(1, device)][16])
    while rest:
        part = rest.pop()
        demand((2, part) in things, "passport: a part is missing")
        if part not in reached:
            reached.add(part)
            rest += things[(2, part)][17]
    for family, name in things:
        demand(family != 1 or name == device, "passport: another device")
        demand(family != 2 or name in reached, "passport: a part of something else")


def check_signatures(things, statements):
    keys = {name: Key(value[9]) for (family, name), value in things.items() if family == 3}
    for name, key in keys.items():
        demand(key.thumbprint() == name, "passport: a key under another's name")
    for said in statements:
        key = keys.get(said["header"][4])
        demand(key is not None, "passport: a signer's key is missing")
        demand(key.algorithm == said["header"][1], "statement: the algorithm does not fit the key")
        key.verify(said["structure"], said["signature"], "statement")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["statement", "checkpoint", "receipt", "state", "passport"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--key", help="COSE_Key in hexadecimal, to verify a statement's signature")
    options = parser.parse_args()

    def read(path):
        with open(path, "rb") as file:
            return file.read()

    try:
        if options.what == "statement":
            said = parse_statement(read(options.files[0]))
            if options.key:
                Key(decode(bytes.fromhex(options.key), "key")).verify(said["structure"], said["signature"], "statement")
            print(f"verified: statement {said['identity'].hex()}, {len(said['bodies'])} bodies")
            return 0
        policy = Policy(read(options.files[0]))
        if options.what == "checkpoint":
            size, root = verify_checkpoint(decode(read(options.files[1]), "checkpoint"), policy)
            print(f"verified: {size} leaves, root {root.hex()}")
        elif options.what == "receipt":
            print("verified:", verify_receipt(read(options.files[1]), policy))
        elif options.what == "state":
            print("verified:", verify_state(read(options.files[2]), options.files[1], policy))
        else:
            print("verified:", verify_passport(read(options.files[1]), policy))
        return 0
    except Refused as refusal:
        print(f"refused: {refusal}")
    except (TypeError, ValueError, KeyError, IndexError) as error:
        print(f"refused: wrong form: {error!r}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
