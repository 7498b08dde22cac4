#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One step of the Cortex-M4 checks; ctest calls it. Exit code 77: a tool is absent, nothing was checked.
#
#   tests/device/run.sh build|symbols|stack|size|proof <build folder> <host's device_vectors program>
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

step=$1 folder=$2 vectors=$3
text_bytes_max=65536        # of the firmware that verifies checkpoints, records and keys: the thin core's goal
everything_bytes_max=114688 # of one with all of the library, without what it is tested with (docs/performance.md)
stack_bytes_max=4095        # of one function: include/mikusari/client.h

skip() { echo "skipped: $1; script/bootstrap installs it"; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed"; }
need_firmware() {
  [ -e build/third_party/mbedtls/.sha256 ] || skip "no firmware without the source of mbedTLS"
  [ -e "$folder/proof.elf" ] && [ -e "$folder/everything.elf" ] || { echo "the firmware was not built"; exit 1; }
}

text_of() { arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 }'; }
# What the host signed and proved, for the firmware to verify.
vectors_in() {
  arm-none-eabi-nm -C -S -t d "$1" | awk '$4 ~ /^vectors::/ { sum += $2 } END { print sum + 0 }'
}

need arm-none-eabi-g++
case $step in
  build)
    mkdir -p "$folder"
    rm -f "$folder/libmikusari_core.a" "$folder/proof.elf" "$folder/everything.elf"
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
    for firmware in "$folder"/*.elf; do
      if [ -e "$firmware" ]; then /usr/bin/python3 tests/device/check_symbols.py --defined "$firmware"; fi
    done
    ;;
  stack)
    /usr/bin/python3 tests/device/check_stack.py --bytes-max "$stack_bytes_max" "$folder/CMakeFiles/mikusari_core.dir"
    ;;
  size)
    echo "core, by object:"
    arm-none-eabi-size -t "$folder/libmikusari_core.a" | sed "s| (ex .*||"
    need_firmware
    arm-none-eabi-size "$folder/proof.elf" "$folder/everything.elf"
    text=$(text_of "$folder/proof.elf")
    everything=$(($(text_of "$folder/everything.elf") - $(vectors_in "$folder/everything.elf")))
    echo "checkpoints, records and keys, with mbedTLS: text $text of at most $text_bytes_max bytes"
    echo "everything: text $everything of at most $everything_bytes_max bytes"
    [ "$text" -le "$text_bytes_max" ] && [ "$everything" -le "$everything_bytes_max" ]
    ;;
  proof)
    need qemu-system-arm
    need_firmware
    for firmware in proof everything; do
      echo "$firmware:"
      timeout 100 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -semihosting \
        -kernel "$folder/$firmware.elf" </dev/null 2>&1
    done
    ;;
  *)
    echo "run.sh: unknown step '$step'" >&2
    exit 2
    ;;
esac
