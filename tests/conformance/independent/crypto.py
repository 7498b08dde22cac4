# SPDX-License-Identifier: Apache-2.0
"""SHA-256, and ESP256 and Ed25519 as COSE names them (RFC 9053, RFC 9864), by Debian's python3-cryptography."""
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from . import ed25519
from .codec import Refused, demand, known_as

ESP256, ED25519 = -9, -19
P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# A COSE_Key of the required members only has one encoding, in which these bytes stand beside the coordinates.
P256_KEY = bytes.fromhex("a401022001215820"), bytes.fromhex("225820")
ED25519_KEY = bytes.fromhex("a301012006215820")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Key:
    """A public key. That it is on its curve is asked only where it is used or certified."""

    def __init__(self, encoded):
        self.encoded = encoded
        self.algorithm = ED25519 if encoded.startswith(ED25519_KEY) else ESP256
        self.raw = encoded[8:] if self.algorithm == ED25519 else b"\x04" + encoded[8:40] + encoded[43:]

    def thumbprint(self):
        """RFC 9679."""
        return sha256(self.encoded)

    def p256(self, where):
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.raw)
        except ValueError:
            raise Refused(f"{where}: the key is not a point on its curve") from None

    def check(self, where):
        """May it be registered?"""
        if self.algorithm == ED25519:
            demand(ed25519.is_registrable(self.raw), f"{where}: the key is no canonical point of the prime-order group")
        else:
            self.p256(where)

    def verify(self, message, signature, where):
        try:
            if self.algorithm == ED25519:
                demand(ed25519.may_hold(self.raw, signature), f"{where}: the signature does not hold")
                Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
            else:
                r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
                self.p256(where).verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise Refused(f"{where}: the signature does not hold") from None


def is_key(encoded):
    front, middle = P256_KEY
    is_p256 = len(encoded) == 75 and encoded[:8] == front and encoded[40:43] == middle
    return is_p256 or len(encoded) == 40 and encoded[:8] == ED25519_KEY


@known_as("COSE_Key")
def cose_key(reader, where):
    """A type for codec: the required members of RFC 9053 only."""
    encoded = reader.skip()
    demand(is_key(encoded), f"{where}: neither a P-256 nor an Ed25519 key")
    return Key(encoded)


def check_low_s(algorithm, signature, where):
    """Else everybody could change a statement's signature, and with it its leaf in the log."""
    low = algorithm == ED25519 or int.from_bytes(signature[32:], "big") <= P256_N // 2
    demand(low, f"{where}: the signature is not low-S")
