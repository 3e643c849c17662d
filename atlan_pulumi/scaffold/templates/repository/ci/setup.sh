#!/usr/bin/env bash
# Create .venv from requirements.txt, and install a Pulumi engine if there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
.venv/bin/atlan-pulumi engine install >/dev/null
