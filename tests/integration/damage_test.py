#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Attack 7 on a real node and its real files: a row is changed on the disk while the node runs, and nothing stands on it.

    damage_test.py MIKUSARI
"""
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "conformance"))

from independent.names import key_of  # noqa: E402
from spying import Spy  # noqa: E402
from world import FORBIDDEN, World  # noqa: E402

FIVE = 5


class Attack7(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.world = world = World(sys.argv[1], cls.temporary.name)
        world.run("cameras", "model", "register", "camera", "--class", "device")
        cls.camera = world.run("cameras", "device", "assemble", "--model", "camera")["unit"]
        world.run("cameras", "ownership", "offer", cls.camera, "--to", "bob")
        world.run("bob", "ownership", "accept", cls.camera)
        # What is written later lies behind it, so that the row is not in the last block.
        world.run("cameras", "device", "assemble", "--model", "camera")

    @classmethod
    def tearDownClass(cls):
        if cls.world.node.poll() is None:
            cls.world.stop()
        cls.temporary.cleanup()

    def row(self):
        """(segment, place of the owner's handle in it)."""
        folder = pathlib.Path(self.world.file("copy"))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.world.file("node/store"), folder)
        value, _ = Spy(folder).rows[key_of("device", bytes.fromhex(self.camera))]
        segment = max(pathlib.Path(self.world.file("node/store/chain")).glob("*.frames"))
        owner = value.index(bytes.fromhex(self.world.handle("bob")))
        return segment, segment.read_bytes().rindex(value) + owner

    @staticmethod
    def write(segment, place, data):
        with open(segment, "r+b") as file:
            file.seek(place)
            file.write(data)

    def stopped(self):
        """The node has ended by itself; what it said."""
        self.assertNotEqual(self.world.node.wait(timeout=30), 0)
        self.world.node.stdout.close()
        return pathlib.Path(self.world.file("node.log")).read_text()

    def test_a_changed_row_stops_the_node_which_names_it(self):
        world, bob, alice = self.world, bytes.fromhex(self.world.handle("bob")), bytes.fromhex(self.world.handle("alice"))
        key = key_of("device", bytes.fromhex(self.camera)).hex()
        for changed in (bytes(byte ^ 0x5A for byte in bob[:FIVE]) + bob[FIVE:], alice):
            refused = world.run("alice", "device", "retire", self.camera, "--on", "3", code=FORBIDDEN)
            self.assertEqual(refused["error"]["refusal"], "not_owned")
            segment, place = self.row()
            self.write(segment, place, changed)
            # What the door has read of one end of the ledger and compared, it keeps: in memory it is right. Another block,
            # and it reads anew.
            world.run("cameras", "device", "assemble", "--model", "camera")
            done = world.plain("device", "retire", self.camera, "--on", "3", "--home", world.file("alice"))
            self.assertNotEqual(done.returncode, 0, done.stdout)
            self.assertIn(key, self.stopped())
            # Put back, everything is as it was, and the owner's word counts.
            self.write(segment, place, bob)
            world.start()
            for home in ("alice", "bob", "cameras"):
                world.connect(home)
            self.assertEqual(world.run("bob", "device", "show", self.camera)["record"]["state"], "assembled")
        world.run("bob", "device", "retire", self.camera)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
