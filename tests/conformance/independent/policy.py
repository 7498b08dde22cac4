# SPDX-License-Identifier: Apache-2.0
"""Trust policies (docs/formats/policy.md), and the step from one to the next."""
from collections import Counter

from .bodies import INCARNATION
from .codec import FORM, Encoded, decode, demand, encode
from .crypto import ED25519, sha256
from .forms import POLICY, RECOVERY
from .names import is_name
from .statement import check_approval, check_signature, read_submission

WEIGHT_MAX = 1_000_000


def key_id(name, key):
    """checkpoint.md, the table of key ids."""
    kind = b"\x04" if key.algorithm == ED25519 else b"\xffmikusari-p256-cosignature-v1"
    return sha256(name.encode(), b"\n", kind, key.raw)[:4]


def check_unique(values, what):
    demand(all(count == 1 for count in Counter(values).values()), f"policy: {what} stands twice")


def check_signers(signers, threshold):
    for signer in signers:
        demand(is_name(signer.name), "policy: a signer's name has another form")
        demand(signer.keys, "policy: a signer has no key")
        demand(1 <= signer.weight <= WEIGHT_MAX, "policy: a weight is 0 or over a million")
    check_unique([signer.name for signer in signers], "a signer's name")
    demand(1 <= threshold <= sum(signer.weight for signer in signers), "policy: the threshold cannot be met")


def known_keys(policy):
    """(who, name, key): signers are told by their place in the policy, witnesses by their names."""
    signers = [(index, signer.name, key) for index, signer in enumerate(policy.signers) for key in signer.keys]
    return signers + [(witness.name, witness.name, witness.key) for witness in policy.witnesses]


def check_keys(policy):
    known = known_keys(policy)
    keys = [key for _, _, key in known] + policy.recovery_keys
    for key in keys:
        key.check("policy")
    check_unique([key.encoded for key in keys], "a key")
    check_unique([key_id(name, key) for _, name, key in known], "a key id")


def check_recovery(keys, threshold):
    demand(1 <= threshold <= len(keys) or threshold == len(keys) == 0, "policy: the recovery threshold does not fit its keys")


def check_witnesses(witnesses, threshold):
    for witness in witnesses:
        demand(is_name(witness.name), "policy: a witness' name has another form")
        demand(witness.key.algorithm == ED25519, "policy: a witness' key is no Ed25519 key")
    check_unique([witness.name for witness in witnesses], "a witness' name")
    demand(threshold <= len(witnesses), "policy: the witness threshold cannot be met")


def check_policy(policy):
    check_signers(policy.signers, policy.threshold)
    check_keys(policy)
    check_recovery(policy.recovery_keys, policy.recovery_threshold)
    check_witnesses(policy.witnesses, policy.witness_threshold)


def read_policy(data):
    policy = decode(POLICY, data, "policy")
    check_policy(policy)
    policy.digest = sha256(data)
    return policy


def encode_policy(policy):
    """The one encoding of a policy that a step or a genesis has made."""
    signers = [{1: signer.name, 2: [Encoded(key.encoded) for key in signer.keys], 3: signer.weight} for signer in policy.signers]
    witnesses = [{1: witness.name, 2: Encoded(witness.key.encoded)} for witness in policy.witnesses]
    return encode({1: FORM, 2: policy.ledger, 3: policy.epoch, 4: signers, 5: policy.threshold,
                   6: [Encoded(key.encoded) for key in policy.recovery_keys], 7: policy.recovery_threshold, 8: witnesses,
                   9: policy.witness_threshold})


# --- steps ---

def count_recoverers(said, approvals, policy):
    """How many of the policy's recovery keys have signed: the statement's own key, and those that approve."""
    keys = {key.thumbprint(): key for key in policy.recovery_keys}
    demand(said.header.kid in keys, "step: not signed by a recovery key")
    check_signature(said, keys[said.header.kid], "step")
    others = [each for each in approvals if each.role == RECOVERY and each.kid in keys and each.kid != said.header.kid]
    for approval in others:
        check_approval(approval, said.identity, keys[approval.kid], "step")
    return 1 + len(others)


def step(policy, data):
    """The policy after the statement ledger.incarnation in this submission, and what the statement says of the log."""
    said, bodies, approvals = read_submission(data)
    demand(said.payload.ledger == policy.ledger, "step: for another ledger")
    demand(said.payload.kind == INCARNATION.number and len(bodies) == 1 and bodies[0].body is not None, "step: another statement")
    demand(count_recoverers(said, approvals, policy) >= policy.recovery_threshold > 0, "step: too few recovery keys have signed")
    body = decode(INCARNATION.body, bodies[0].body, "step")
    demand(body.epoch == policy.epoch + 1, "step: it does not follow this policy")
    demand(body.lost_size is None or body.lost_size > body.size, "step: the log that is lost is no longer than the one that goes on")
    after = type(policy)(**vars(policy))
    after.epoch, after.signers, after.threshold = body.epoch, body.signers, body.threshold
    check_policy(after)
    after.digest = sha256(encode_policy(after))
    return after, body
