#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that check_symbols.py and check_stack.py find what they are for, in code compiled for the Cortex-M4."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SEEDED = {
    "heap: malloc": ("#include <cstdlib>\nvoid* f() { return std::malloc(9); }\n", []),
    "heap: _Znwj": ("int* f() { return new int; }\n", []),
    "heap: _ZdlPvj": ("struct A { virtual ~A() = default; };\nstruct B : A { ~B() override; };\nB::~B() {}\n", []),
    "exceptions: __cxa_throw": ("void f() { throw 1; }\n", ["-fexceptions"]),
    "threads: __aeabi_read_tp": ("thread_local int a = 1;\nint f() { return ++a; }\n", []),
    "input or output: puts": ('#include <cstdio>\nint f() { return std::puts("x"); }\n', []),
    "destructors at exit: __aeabi_atexit": ("struct A { ~A(); };\nA& f() { static A a; return a; }\n", []),
}
CLEAN = "#include <cstring>\nvoid f(char* a, const char* b) { std::memcpy(a, b, 9); }\n"


class Checks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def compile(self, text, flags=()):
        source, target = self.root / "a.cpp", self.root / "a.o"
        source.write_text(text)
        subprocess.run(["arm-none-eabi-g++", "-std=c++23", "-mcpu=cortex-m4", "-mthumb", "-Os", "-fno-exceptions",
                        "-fno-rtti", "-fno-threadsafe-statics", "-fstack-usage", *flags, "-c", source, "-o", target],
                       check=True)
        return target

    def run_check(self, name, *arguments):
        done = subprocess.run([sys.executable, str(HERE / f"check_{name}.py"), *map(str, arguments)],
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def test_symbols_finds_each_kind(self):
        for expected, (text, flags) in SEEDED.items():
            with self.subTest(expected):
                code, out = self.run_check("symbols", self.compile(text, flags))
                self.assertEqual(code, 1, out)
                self.assertIn(expected, out)

    def test_symbols_accepts_clean_code_and_not_an_empty_file(self):
        self.assertEqual(self.run_check("symbols", self.compile(CLEAN))[0], 0)
        self.assertEqual(self.run_check("symbols", self.compile(""))[0], 1)

    def test_symbols_finds_a_definition_in_a_program(self):
        heap = self.compile('extern "C" void* malloc(unsigned) { return nullptr; }\n')
        self.assertEqual(self.run_check("symbols", heap)[0], 0)
        self.assertEqual(self.run_check("symbols", "--defined", heap)[0], 1)

    def test_stack_finds_a_large_and_an_unbounded_function(self):
        self.compile(CLEAN)
        self.assertEqual(self.run_check("stack", self.root)[0], 0)
        self.compile("void g(char*);\nvoid f() { char a[9000]; g(a); }\n")
        self.assertEqual(self.run_check("stack", self.root)[0], 1)
        self.assertEqual(self.run_check("stack", "--bytes-max", 10000, self.root)[0], 0)
        self.compile("void g(void*);\nvoid f(int n) { g(__builtin_alloca(n)); }\n")
        self.assertEqual(self.run_check("stack", self.root)[0], 1)

    def test_stack_finds_a_folder_without_measurements(self):
        self.assertEqual(self.run_check("stack", self.root)[0], 1)


if __name__ == "__main__":
    if shutil.which("arm-none-eabi-g++") is None:
        print("skipped: arm-none-eabi-g++ is not installed; script/bootstrap installs it")
        sys.exit(77)
    unittest.main()
