#!/usr/bin/env bash
# Deploys the stack, if the policies allow it. `--refresh` also puts back what was changed in Atlan.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/environment.sh

atlan-pulumi policy check lineage-policies.json
pack=$(atlan-pulumi policy path)
python deploy.py "$STACK" --policy-pack "$pack" "$@"
