# SPDX-License-Identifier: Apache-2.0
"""Checkpoints (docs/formats/checkpoint.md): size and root of the log under signatures that satisfy a policy."""
import base64
from types import SimpleNamespace

from .codec import Refused, demand
from .policy import key_id, known_keys

TIME_MAX = 2**63 - 1


def note_body(checkpoint):
    """C2SP tlog-checkpoint: what is signed, and what a note begins with."""
    return f"mikusari/{checkpoint.ledger.hex()}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def holds(checkpoint, cosignature, key):
    message = f"cosignature/v1\ntime {cosignature.time}\n{note_body(checkpoint)}"
    try:
        key.verify(message.encode(), cosignature.signature, "checkpoint")
    except Refused:
        return False
    return True


def who_has_signed(checkpoint, cosignature, keys):
    """Of (who, name, key), whose key it is under; None when its id is no known key's. Ids are short, so two keys may share one."""
    named = [(who, key) for who, name, key in keys if key_id(name, key) == cosignature.key_id]
    for who, key in named:
        if holds(checkpoint, cosignature, key):
            return who
    demand(not named, "checkpoint: the signature of a known key does not hold")
    return None


def tally(checkpoint, policy):
    """The earliest time of each signer, and the witnesses' names."""
    keys, times, witnesses = known_keys(policy), {}, set()
    for cosignature in checkpoint.signatures:
        demand(cosignature.time <= TIME_MAX, "checkpoint: a time over 2^63 - 1")
        who = who_has_signed(checkpoint, cosignature, keys)
        if type(who) is int:
            times[who] = min(cosignature.time, times.get(who, cosignature.time))
        elif who:
            witnesses.add(who)
    return times, witnesses


def median_time(times, policy):
    """The least time by which half of the weight had signed."""
    total = sum(policy.signers[index].weight for index in times)
    reached = 0
    for time, index in sorted((time, index) for index, time in times.items()):
        reached += policy.signers[index].weight
        if 2 * reached >= total:
            return time
    return None


def verify_checkpoint(checkpoint, policy):
    demand(checkpoint.ledger == policy.ledger, "checkpoint: another ledger")
    times, witnesses = tally(checkpoint, policy)
    weight = sum(policy.signers[index].weight for index in times)
    demand(weight >= policy.threshold, "checkpoint: too little weight has signed")
    demand(len(witnesses) >= policy.witness_threshold, "checkpoint: too few witnesses have cosigned")
    return SimpleNamespace(size=checkpoint.size, root=checkpoint.root, time=median_time(times, policy), weight=weight,
                           witnesses=len(witnesses))
