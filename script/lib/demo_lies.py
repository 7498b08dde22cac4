# SPDX-License-Identifier: Apache-2.0
"""A lying operator. Whoever runs the node holds its store and its checkpoint key, and uses both."""
import shutil

import cbor2
from demo_tools import FOLDER, Failed, Home, Node, Talk, run, PROGRAM


def show(world):
    folder = FOLDER / "lies"
    folder.mkdir()
    before, after = folder / "key-before.cbor", folder / "key-after.cbor"
    chip = (FOLDER / "chips.ids").read_text().split()[20]  # still the chip maker's
    kid = world.chips("part", "show", chip)["record"]["keys"][0]["key"]
    world.b("key", "show", kid, "--out", before)
    world.node.stop()
    shutil.copytree(world.node.folder, FOLDER / "node-then")
    world.node.start()
    for home in world.everybody():
        home("connect", "--node", world.node.url, "--pin", world.node.pin, "--policy", world.policy)
    world.chips("key", "revoke", kid, "--reason", "compromised")
    world.b("key", "show", kid, "--out", after)
    deny_revocation(world, kid, before, after, folder / "key-denied.cbor")
    show_old_state(world, kid, before)
    rewrite(world)


def deny_revocation(world, kid, before, after, forged):
    """The old record under the new checkpoint."""
    old, new = cbor2.loads(before.read_bytes()), cbor2.loads(after.read_bytes())
    item, value = 3, 1
    new[item][value] = old[item][value]
    forged.write_bytes(cbor2.dumps(new, canonical=True))
    Talk.refused("the node denies that a key was revoked", "ノードが鍵の失効を否定", world.b.fails("verify", "key", kid, forged, "--state", world.b.path / "state"))


def show_old_state(world, kid, before):
    """An answer that was true, and signed, before the revocation."""
    Talk.refused("the node shows the state of before, rightly signed", "ノードが正しく署名された古い状態を提示", world.b.fails("verify", "key", kid, before, "--state", world.b.path / "state"))


def rewrite(world):
    """The store and the signer's memory of then are put back, and other statements are ordered with the same key."""
    world.node.stop()
    fork = Node(FOLDER / "node-then").start()
    try:
        liar = Home("company-a")
        (liar.path / "state").unlink()  # it knows better, and does not want to
        liar("connect", "--node", fork.url, "--pin", fork.pin, "--policy", world.policy)
        for i in range(8):
            liar("key", "create", f"other-{i}")
            liar("key", "register", f"other-{i}")
        why = world.b.fails("--node", fork.url, "--pin", fork.pin, "ledger", "checkpoint")
        Talk.refused("the node has rewritten a block and signed on from there", "ノードがブロックを書き換え、そこから署名を続行", why)
        newcomer = Home("newcomer")
        newcomer("connect", "--node", fork.url, "--pin", fork.pin, "--policy", world.policy)
        newcomer("ledger", "checkpoint")
        Talk.say("! what an embedded ledger without a witness does NOT prove: a newcomer who has seen nothing yet accepts the rewritten history,",
                 "! 立会ノードのない組込み台帳が証明できないこと：まだ何も見ていない新参者は、書き換えた歴史を受け入れる。")
        Talk.say("  because the operator's key has signed it. A witness that cosigns, or a consortium, is what closes this.",
                 "  運用者の鍵が署名しているから。これを防ぐのは、連署する立会ノードか、コンソーシアムである。")
    finally:
        fork.stop()
        world.node.start()
        for home in world.everybody():
            run([PROGRAM, "--home", home.path, "--quiet", "--json", "connect", "--node", world.node.url, "--pin", world.node.pin, "--policy", world.policy])
    if world.b("ledger", "checkpoint") is None:
        raise Failed("the honest node is not believed any more")
