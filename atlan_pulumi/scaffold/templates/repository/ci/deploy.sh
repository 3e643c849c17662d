#!/usr/bin/env bash
# Deploy the stack, if the policies allow it. `--refresh` also reverts changes in Atlan.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/environment.sh

atlan-pulumi policy check lineage-policies.json
pack=$(atlan-pulumi policy path)
python deploy.py "$STACK" --policy-pack "$pack" "$@"
