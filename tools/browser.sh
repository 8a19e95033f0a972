#!/usr/bin/env bash
# Finds Chromium for the browser tests, or installs Debian's; says what it did.
set -u
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "hoithi: installing Chromium from Debian's packages for the browser tests ..."
  apt-get update -qq >/dev/null 2>&1
  if apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null 2>&1; then exit 0; fi
fi
if [ -n "${CI:-}" ]; then
  echo "hoithi: Chromium is missing and could not be installed; CI skips nothing." >&2
  exit 1
fi
echo "hoithi: Chromium was not found: the browser tests are SKIPPED. To run them: apt-get install chromium" >&2
exit 0
