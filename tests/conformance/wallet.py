# SPDX-License-Identifier: Apache-2.0
"""A private key, made from a seed so that a printed seed gives the same run, and what it signs."""
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from independent.codec import Tagged, encode
from independent.crypto import P256_N, sha256

STATEMENT, APPROVAL, POSSESSION, MOUNT = (f"application/mikusari-{what}+cbor" for what in ("statement", "approval", "possession", "mount"))
TAG_SIGN1 = 18


def signed_bytes(protected, payload):
    return encode(["Signature1", protected, b"", payload])


class Wallet:
    def __init__(self, seed, is_p256=False):
        self.is_p256, secret = is_p256, sha256(seed.encode())
        if is_p256:
            self.private = ec.derive_private_key(int.from_bytes(secret, "big") % (P256_N - 1) + 1, ec.SECP256R1())
            numbers = self.private.public_key().public_numbers()
            x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
            self.raw, self.cose = b"\x04" + x + y, {1: 2, -1: 1, -2: x, -3: y}
        else:
            self.private = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
            self.raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            self.cose = {1: 1, -1: 6, -2: self.raw}
        self.algorithm = -9 if is_p256 else -19
        self.kid = sha256(encode(self.cose))

    def __deepcopy__(self, _):
        return self

    def sign(self, message):
        if not self.is_p256:
            return self.private.sign(message)
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + min(s, P256_N - s).to_bytes(32, "big")

    def key_id(self, name):
        """In signature lines under checkpoints."""
        kind = b"\xffmikusari-p256-cosignature-v1" if self.is_p256 else b"\x04"
        return sha256(name.encode(), b"\n", kind, self.raw)[:4]

    # --- what stands in statements ---

    def header(self, content_type, more=None):
        return encode({1: self.algorithm, 3: content_type, 4: self.kid, **(more or {})})

    def small(self, content_type, payload):
        """The bare signature of a possession or mount proof."""
        return self.sign(signed_bytes(self.header(content_type), encode(payload)))

    def possession(self, ledger, registrar, subject, purpose, tenure=0, commitment=None):
        return self.small(POSSESSION, [ledger, registrar, *subject, purpose, tenure, commitment])

    def mount(self, ledger, assembler, unit, part, n):
        return self.small(MOUNT, [ledger, assembler, unit, part, n])

    def approval(self, identity, role, header=None):
        """[role, COSE_Sign1 without its payload]"""
        protected = header or self.header(APPROVAL)
        signature = self.sign(signed_bytes(protected, encode([identity, role])))
        return [role, Tagged(TAG_SIGN1, [protected, {}, None, signature])]

    def sign1(self, protected, payload):
        return Tagged(TAG_SIGN1, [protected, {}, payload, self.sign(signed_bytes(protected, payload))])
