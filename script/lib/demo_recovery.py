# SPDX-License-Identifier: Apache-2.0
"""A node whose signer's memory is lost goes on as a new incarnation, by two of three recovery keys that lie apart."""
import json
import shutil

from demo_tools import FOLDER, PROGRAM, Failed, Talk, run


def show(world):
    node = world.node
    node.stop()
    shutil.rmtree(node.folder / "signer")
    died = run([PROGRAM, "--json", "--lang", Talk.lang, "node", "run", node.folder], check=False)
    if died.returncode == 0:
        raise Failed("a node without its signer's memory ran")
    Talk.say("the disk with the signer's memory is gone: the node does not sign again with that key",
             "署名記録のあるディスクが失われた。ノードはその鍵では二度と署名しない")
    planned = json.loads(run([PROGRAM, "--json", "node", "plan-recovery", node.folder]).stdout)
    statement = FOLDER / "incarnation.cbor"
    first, second = world.safes[0], world.safes[1]
    first("--policy", world.policy, "recovery", "sign", planned["plan"], "--out", statement, "--key", "safe", "--approve-with", f"safe@{second.path}")
    run([PROGRAM, "--json", "node", "begin-recovery", node.folder, statement])
    node.start()
    for home in world.everybody():
        home("--node", node.url, "--pin", node.pin, "policy", "step")
        home("settings", "--node", node.url, "--pin", node.pin)
    world.policy_now = world.b.path / "policy.cbor"
    Talk.say("two of three recovery keys, each from its own safe, name new checkpoint keys; everybody takes that step from their signatures alone",
             "別々の金庫にある3つの復旧鍵のうち2つが新しいチェックポイント鍵を指名。全員がその署名だけを根拠に新しいポリシーへ移る")
    if world.b("ledger", "checkpoint") is None:
        raise Failed("the new incarnation is not believed")
