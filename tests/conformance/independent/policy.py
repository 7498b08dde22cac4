# SPDX-License-Identifier: Apache-2.0
"""Trust policies (docs/formats/policy.md)."""
import re
from collections import Counter

from .codec import decode, demand
from .crypto import ED25519, sha256
from .forms import POLICY

WEIGHT_MAX = 1_000_000


def is_name(name):
    return re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,63}", name) is not None


def key_id(name, key):
    """checkpoint.md, the table of key ids."""
    kind = b"\x04" if key.algorithm == ED25519 else b"\xffmikusari-p256-cosignature-v1"
    return sha256(name.encode(), b"\n", kind, key.raw)[:4]


def check_unique(values, what):
    demand(all(count == 1 for count in Counter(values).values()), f"policy: {what} stands twice")


def check_signers(policy):
    for signer in policy.signers:
        demand(is_name(signer.name), "policy: a signer's name has another form")
        demand(1 <= signer.weight <= WEIGHT_MAX, "policy: a weight is 0 or over a million")
    check_unique([signer.name for signer in policy.signers], "a signer's name")
    check_unique([key_id(signer.name, key) for signer in policy.signers for key in signer.keys], "a key id")
    demand(1 <= policy.threshold <= sum(signer.weight for signer in policy.signers), "policy: the threshold cannot be met")


def check_keys(policy):
    keys = [key for signer in policy.signers for key in signer.keys] + policy.recovery_keys
    for key in keys:
        key.check("policy")
    check_unique([key.encoded for key in keys], "a key")


def check_recovery(policy):
    threshold, count = policy.recovery_threshold, len(policy.recovery_keys)
    demand(1 <= threshold <= count or threshold == count == 0, "policy: the recovery threshold does not fit its keys")


def read_policy(data):
    policy = decode(POLICY, data, "policy")
    check_signers(policy)
    check_keys(policy)
    check_recovery(policy)
    policy.digest = sha256(data)
    return policy
