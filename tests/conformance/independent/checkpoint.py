# SPDX-License-Identifier: Apache-2.0
"""Checkpoints (docs/formats/checkpoint.md): size and root of the log under signatures that satisfy a policy."""
import base64
from types import SimpleNamespace

from .codec import demand
from .policy import key_id


def note_body(checkpoint):
    """C2SP tlog-checkpoint: what is signed, and what a note begins with."""
    return f"mikusari/{checkpoint.ledger.hex()}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def signer_times(checkpoint, policy):
    """For each signer, by its place in the policy, the earliest time at which it has signed."""
    known = {key_id(signer.name, key): (index, key) for index, signer in enumerate(policy.signers) for key in signer.keys}
    times = {}
    for cosignature in checkpoint.signatures:
        if cosignature.key_id in known:
            index, key = known[cosignature.key_id]
            message = f"cosignature/v1\ntime {cosignature.time}\n{note_body(checkpoint)}"
            key.verify(message.encode(), cosignature.signature, "checkpoint")
            times[index] = min(cosignature.time, times.get(index, cosignature.time))
    return times


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
    times = signer_times(checkpoint, policy)
    weight = sum(policy.signers[index].weight for index in times)
    demand(weight >= policy.threshold, "checkpoint: too little weight has signed")
    return SimpleNamespace(size=checkpoint.size, root=checkpoint.root, time=median_time(times, policy), weight=weight)
