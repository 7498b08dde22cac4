#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One step of the Cortex-M4 checks; ctest calls it. Exit code 77: a tool is absent, nothing was checked.
#
#   tests/device/run.sh build|symbols|stack|size|proof <build folder> <host's device_vectors program>
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

step=$1 folder=$2 vectors=$3
text_bytes_max=65536 # of the whole firmware: docs/performance.md, the thin core's goal

skip() { echo "skipped: $1; script/bootstrap installs it"; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed"; }
need_firmware() {
  [ -e build/third_party/mbedtls/.sha256 ] || skip "no firmware without the source of mbedTLS"
  [ -e "$folder/proof.elf" ] || { echo "the firmware was not built"; exit 1; }
}

need arm-none-eabi-g++
case $step in
  build)
    mkdir -p "$folder"
    rm -f "$folder/libmikusari_core.a" "$folder/proof.elf"
    "$vectors" >"$folder/device_vectors.hpp"
    launcher=$(command -v ccache || true)
    cmake --preset m4 -B "$folder" -DMIKUSARI_DEVICE_VECTORS="$folder" -DCMAKE_C_COMPILER_LAUNCHER="$launcher" \
      -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" >"$folder/configure.log" 2>&1 ||
      { cat "$folder/configure.log"; exit 1; }
    cmake --build "$folder"
    ;;
  symbols)
    [ -e "$folder/libmikusari_core.a" ] || { echo "the library was not built"; exit 1; }
    /usr/bin/python3 tests/device/check_symbols.py "$folder"/libmikusari_c*.a
    if [ -e "$folder/proof.elf" ]; then /usr/bin/python3 tests/device/check_symbols.py --defined "$folder/proof.elf"; fi
    ;;
  stack)
    /usr/bin/python3 tests/device/check_stack.py "$folder/CMakeFiles/mikusari_core.dir"
    ;;
  size)
    echo "core, by object:"
    arm-none-eabi-size -t "$folder/libmikusari_core.a" | sed "s| (ex .*||"
    need_firmware
    echo "firmware: what verifying needs, with mbedTLS:"
    arm-none-eabi-size "$folder/proof.elf"
    text=$(arm-none-eabi-size "$folder/proof.elf" | awk 'NR == 2 { print $1 }')
    echo "text $text of at most $text_bytes_max bytes"
    [ "$text" -le "$text_bytes_max" ]
    ;;
  proof)
    need qemu-system-arm
    need_firmware
    timeout 100 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -semihosting \
      -kernel "$folder/proof.elf" </dev/null 2>&1
    ;;
  *)
    echo "run.sh: unknown step '$step'" >&2
    exit 2
    ;;
esac
