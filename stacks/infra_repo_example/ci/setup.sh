#!/usr/bin/env bash
# Sets up .venv with what requirements.txt names, and gets a Pulumi engine where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
.venv/bin/atlan-pulumi engine install >/dev/null
