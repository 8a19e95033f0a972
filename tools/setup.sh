#!/usr/bin/env bash
# Makes .venv, or another environment, from a lock file: python3 and pip (or uv) are all it needs.
# Usage: tools/setup.sh LOCKFILE [ENVIRONMENT]. Does nothing when the lock has not changed.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
venv=${2:-.venv}
stamp=$venv/.installed-$(basename "$lock")
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "hoithi: Python 3.11 or newer is needed; found $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11." >&2
  exit 1
}
if [ -f "$stamp" ] && cmp -s "$lock" "$stamp"; then exit 0; fi

[ -x "$venv/bin/python" ] || "$python" -m venv --without-pip "$venv"
count=$(grep -c '==' "$lock")
echo "hoithi: installing $count pinned packages from $lock into $venv ..."
if command -v uv >/dev/null 2>&1; then
  uv pip install --quiet --python "$venv/bin/python" --require-hashes --no-deps --only-binary :all: -r "$lock"
elif "$python" -m pip --version >/dev/null 2>&1; then
  "$python" -m pip --quiet --python "$venv/bin/python" install --disable-pip-version-check \
    --require-hashes --no-deps --only-binary :all: -r "$lock"
else
  echo "hoithi: neither pip nor uv was found. Install one, for example: apt-get install python3-pip" >&2
  exit 1
fi
# Compiled once here, or every start compiles a thousand modules again where it may not write.
"$venv/bin/python" -m compileall -q -j 0 "$venv"/lib/python*/site-packages >/dev/null 2>&1 || true

# What is beside the project (the benchmarks' peers) needs no more.
if [ "$venv" != .venv ]; then
  cp "$lock" "$stamp"
  exit 0
fi
# The project itself, as a path entry: no build step, edits take effect at once.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd > "$site/hoithi.pth"
mkdir -p .venv/bin
cat > .venv/bin/hoithi <<'SCRIPT'
#!/bin/sh
exec "$(dirname "$0")/python" -m bot "$@"
SCRIPT
chmod +x .venv/bin/hoithi
.venv/bin/python -m compileall -q bot handlers question_bank scoring scheduler store reports web rehearsal
cp "$lock" "$stamp"
# The test lock holds the run lock's packages too.
if [ "$lock" = requirements-test.lock ]; then cp requirements.lock .venv/.installed-requirements.lock; fi
