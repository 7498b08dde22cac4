#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts the source of Debian's mbedTLS into a folder, for compiling it for the device: Debian's own package holds x86
# code only. Nothing is done when it is there already. Works without root: apt runs on a private root of its own.
#
#   tests/device/fetch_mbedtls.sh <folder>
#
# Without a network it says so and makes no folder; the test that needs it then reports that it was skipped.
set -euo pipefail

folder=${1:?usage: fetch_mbedtls.sh <folder>}
sha256=3b4953aa55a681e084d31892d9904cc5328d6b4958ea57b90ae4b4f94ae69a8d # mbedtls_2.28.3.orig.tar.gz
stamp=$folder/.sha256

if [ "$(cat "$stamp" 2>/dev/null)" = "$sha256" ]; then exit 0; fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
mkdir -p "$scratch"/{lists,archives}/partial "$scratch/source"

# The mirror that this machine uses for Debian's main archive.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Component: main' \
  2>/dev/null | head -1 || true)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian} bookworm main" >"$scratch/sources.list"
apt=(apt-get -q -o "Dir::Etc::sourcelist=$scratch/sources.list" -o Dir::Etc::sourceparts=-
     -o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch" -o "Dir::Cache::archives=$scratch/archives"
     -o APT::Sandbox::User= -o Acquire::Retries=3)

echo "bootstrap: fetching the source of Debian's mbedTLS for the Cortex-M4 checks"
if ! (cd "$scratch/source" && "${apt[@]}" update && "${apt[@]}" --download-only source mbedtls) >"$scratch/log" 2>&1; then
  tail -5 "$scratch/log" >&2
  echo "bootstrap: mbedTLS could not be fetched; the check under the emulator will be reported as skipped" >&2
  exit 0
fi

archive=$(find "$scratch/source" -name 'mbedtls_*.orig.tar.gz' | head -1)
if ! echo "$sha256  $archive" | sha256sum --check --status; then
  echo "bootstrap: $(basename "$archive") is not the expected 2.28.3; change its digest here after looking at it" >&2
  exit 1
fi
mkdir "$scratch/unpacked" "$scratch/unpacked/mbedtls"
tar -xzf "$archive" -C "$scratch/unpacked/mbedtls" --strip-components=1
echo "$sha256" >"$scratch/unpacked/mbedtls/.sha256"
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$scratch/unpacked/mbedtls" "$folder"
