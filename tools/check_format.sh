#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks that the C and C++ sources stand as clang-format 19 writes them. Exit code 77 when it is not installed.
#
#   tools/check_format.sh [--fix]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v clang-format-19 >/dev/null; then
  echo "skipped: clang-format-19 is not installed; script/bootstrap --for long installs it"
  exit 77
fi
mapfile -d '' files < <(find src include apps tests fuzz bench cmake \
  \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c' \) -print0 | sort -z)
if [ "${1:-}" = --fix ]; then
  printf '%s\0' "${files[@]}" | xargs -0 clang-format-19 -i
  exit 0
fi
mapfile -t unformatted < <(printf '%s\0' "${files[@]}" |
  xargs -0 -n 16 -P "$(nproc)" clang-format-19 --dry-run -Werror 2>&1 |
  sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error:.*/\1/p' | sort -u)
printf '%s\n' ${unformatted[@]+"${unformatted[@]}"}
echo "${#unformatted[@]} of ${#files[@]} files are not as clang-format writes them (tools/check_format.sh --fix)"
[ ${#unformatted[@]} -eq 0 ]
