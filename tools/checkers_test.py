#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that check_dependencies.py and check_tidy.py find what they are for: each rule against a seeded violation in a
tree of its own, and a clean tree without a finding."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
HEADER = SPDX + "// What it is. Any thread.\n#pragma once\n"


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        (self.root / "tools").mkdir()
        shutil.copy(TOOLS / "dependencies.json", self.root / "tools")
        self.write("src/core/base/bytes.hpp", HEADER)
        self.write("src/core/crypto/hash.hpp", HEADER + '#include "base/bytes.hpp"\n')
        self.write("src/core/crypto/openssl/signer.hpp", HEADER + '#include "crypto/hash.hpp"\n')
        self.write("src/core/statement/head.hpp", HEADER + '#include "crypto/hash.hpp"\n')
        self.write("src/host/platform/clock.hpp", HEADER + '#include "base/bytes.hpp"\n')
        self.write("src/host/consensus/application.hpp", HEADER)
        self.write("src/host/consensus/engine.hpp", HEADER)
        self.write("src/host/storage/chain_file.hpp", HEADER + '#include "platform/clock.hpp"\n')
        self.write("src/host/ledger/rules.hpp", HEADER + '#include "statement/head.hpp"\n')

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run_check(self, name):
        done = subprocess.run([sys.executable, str(TOOLS / f"check_{name}.py"), "--root", str(self.root)],
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def finds(self, name, path, text, expected):
        self.write(path, text)
        code, out = self.run_check(name)
        self.assertEqual(code, 1, out)
        self.assertIn(path, out)
        self.assertIn(expected, out)

    def accepts(self, name, path, text):
        self.write(path, text)
        code, out = self.run_check(name)
        self.assertEqual(code, 0, out)


class Dependencies(Tree):
    def test_accepts_a_clean_tree(self):
        self.accepts("dependencies", "src/host/storage/chain_file.cpp", SPDX + '#include "storage/chain_file.hpp"\n')

    def test_refuses_a_lower_room_that_knows_a_higher(self):
        self.finds("dependencies", "src/core/base/result.hpp", HEADER + '#include "crypto/hash.hpp"\n',
                   "core/base may not know core/crypto")

    def test_refuses_core_that_knows_host(self):
        self.finds("dependencies", "src/core/crypto/now.cpp", SPDX + '#include "platform/clock.hpp"\n',
                   "core/crypto may not know host/platform")

    def test_refuses_rules_that_know_storage(self):
        self.finds("dependencies", "src/host/ledger/rules.cpp", SPDX + '#include "storage/chain_file.hpp"\n',
                   "host/ledger may not know host/storage")

    def test_allows_one_file_of_a_room_and_not_the_other(self):
        self.accepts("dependencies", "src/host/replica/a.cpp", SPDX + '#include "consensus/application.hpp"\n')
        self.finds("dependencies", "src/host/replica/b.cpp", SPDX + '#include "consensus/engine.hpp"\n',
                   "host/replica may not know host/consensus")

    def test_refuses_technology_to_who_does_not_assemble(self):
        include = SPDX + '#include "crypto/openssl/signer.hpp"\n'
        self.accepts("dependencies", "src/core/crypto/signer_test.cpp", include)
        self.accepts("dependencies", "src/host/node/node.cpp", include)
        self.finds("dependencies", "src/core/crypto/signer.cpp", include, "is technology")

    def test_takes_a_folder_that_is_the_rooms_own_for_the_room(self):
        self.write("src/host/ledger/rules/part.hpp", HEADER)
        self.accepts("dependencies", "src/host/ledger/execute.cpp", SPDX + '#include "ledger/rules/part.hpp"\n')
        self.finds("dependencies", "src/host/storage/a.cpp", SPDX + '#include "ledger/rules/part.hpp"\n', "may not know")

    def test_refuses_a_heavy_header_out_of_its_place_or_in_a_second_file(self):
        include = SPDX + "#include <CLI/CLI.hpp>\n"
        self.accepts("dependencies", "src/host/cli/command_line.cpp", include)
        self.finds("dependencies", "src/host/cli/other.cpp", include, "1 allowed")
        (self.root / "src/host/cli/other.cpp").unlink()
        self.finds("dependencies", "src/host/storage/flags.cpp", include, "belongs only in")

    def test_refuses_a_heavy_header_that_spreads_through_our_own(self):
        self.write("src/host/net/loop.hpp", HEADER + "#include <boost/asio.hpp>\n")
        include = SPDX + '#include "net/loop.hpp"\n'
        self.accepts("dependencies", "src/host/net/a.cpp", include)
        self.write("src/host/net/b.cpp", include)
        self.finds("dependencies", "src/host/net/c.cpp", include, "is compiled in 3 files, 2 allowed")

    def test_refuses_an_unknown_room_and_an_unknown_file(self):
        self.finds("dependencies", "src/host/utils/utils.cpp", SPDX + '#include "base/bytes.hpp"\n', "is not in tools")
        (self.root / "src/host/utils/utils.cpp").unlink()
        self.finds("dependencies", "src/core/base/a.cpp", SPDX + '#include "base/nothing.hpp"\n', "is not found")


class Tidy(Tree):
    def test_accepts_a_clean_tree(self):
        self.accepts("tidy", "src/core/base/a.cpp", SPDX + '#include "base/bytes.hpp"\nint f() { return 1; }\n')

    def test_finds_what_is_wrong_in_any_text(self):
        for text, expected in (("x \n", "space at the end"), ("\tx\n", "a tab"), ("x", "no newline"),
                               ("later: TO" + "DO\n", "left-over"), ("see /ro" + "ot/notes\n", "path of one machine")):
            with self.subTest(expected):
                self.finds("tidy", "docs/page.md", text, expected)

    def test_finds_a_page_that_is_named_and_not_there(self):
        self.write("docs/here.md", "A page.\n")
        self.accepts("tidy", "README.md", "See docs/here.md.\n")
        self.finds("tidy", "README.md", "See docs/nowhere.md.\n", "there is no docs/nowhere.md")

    def test_finds_what_is_wrong_in_a_source(self):
        for text, expected in (("int a;\n", "SPDX"), (SPDX + "\n" * 500, "501 lines"),
                               (SPDX + "TEST(A, DIS" + "ABLED_B) {}\n", "switched off"),
                               (SPDX + "void f() { throw 1; }\n", "throws"),
                               (SPDX + "void f() { try { g(); } catch (...) {} }\n", "try outside"),
                               (SPDX + "void f() { std::this_thread::sleep_for(a); }\n", "sleeps")):
            with self.subTest(expected):
                self.finds("tidy", "src/host/storage/a.cpp", text, expected)

    def test_finds_a_header_without_guard_or_contract(self):
        self.finds("tidy", "src/core/base/a.hpp", SPDX + "// What it is.\nint a;\n", "no #pragma once")
        self.finds("tidy", "src/core/base/a.hpp", SPDX + "#pragma once\n", "contract")

    def test_finds_what_a_device_does_not_carry(self):
        for text, expected in (("#include <vector>\n", "<vector>"), ("thread_local int a;\n", "heap, run-time types"),
                               ("int* f() { return new int; }\n", "heap, run-time types"),
                               ("#ifdef MIKUSARI_DEVICE\n#include <string>\n#endif\n", "<string>")):
            with self.subTest(expected):
                self.finds("tidy", "src/core/base/a.cpp", SPDX + text, expected)

    def test_accepts_in_core_what_only_the_host_sees(self):
        for text in ("#ifndef MIKUSARI_DEVICE\n#include <string>\n#endif\n",
                     "#ifdef MIKUSARI_DEVICE\n#else\n#include <string>\n#endif\n",
                     "struct A { A(const A&) = delete; };\n", "// throw, new int and sleep_for are only words here\n"):
            with self.subTest(text):
                self.accepts("tidy", "src/core/base/a.cpp", SPDX + text)


if __name__ == "__main__":
    unittest.main()
