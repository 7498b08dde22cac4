# SPDX-License-Identifier: Apache-2.0
"""What a client has seen before (docs/formats/client-state.md), and how it judges a new checkpoint by it."""
from .codec import decode, demand
from .forms import CLIENT_STATE, CONSISTENCY
from .merkle import check_consistency


def read_state(data, policy):
    """As it stands under this policy, which may be the same or one of a later epoch."""
    state = decode(CLIENT_STATE, data, "client state")
    demand(state.ledger == policy.ledger, "client state: of another ledger")
    is_newer = state.policy == policy.digest or state.policy_epoch < policy.epoch
    demand(is_newer, "client state: another policy of this or a later epoch was used")
    return state


def check_continues(earlier, later, proof):
    """`later` is the log of `earlier`, grown."""
    demand(proof is not None, "consistency: a proof is needed")
    consistency = decode(CONSISTENCY, proof, "consistency")
    demand((consistency.size1, consistency.size2) == (earlier.size, later.size), "consistency: a proof between other sizes")
    if earlier.size:  # the empty log is the beginning of every other
        check_consistency(earlier.size, earlier.root, later.size, later.root, consistency.path)


def after_step(state, step, policy):
    """Size and root that a client remembers after a step from this policy, and how many leaves that it has seen are lost."""
    if state.size <= step.size:
        is_fork = state.size == step.size != 0 and state.root != step.root
        demand(not is_fork, "client state: the step goes on from another log of the same size, evidence of a fork")
        return state.size, state.root, 0
    demand(policy.witness_threshold == 0, "client state: the step goes back behind what witnesses have cosigned")
    return step.size, step.root, state.size - step.size


def check_seen(state, checkpoint, proof, tells_of_the_past=False):
    """A receipt tells of the past: its checkpoint may be older than what was seen."""
    if checkpoint.size < state.size:
        demand(tells_of_the_past, "client state: older than what was already seen")
        check_continues(checkpoint, state, proof)
    elif checkpoint.size == state.size != 0:
        demand(checkpoint.root == state.root, "client state: two logs of the same size, evidence of a fork")
    elif state.size:
        check_continues(state, checkpoint, proof)
