#!/usr/bin/env bash
# Check for drift. Exit code 0: no drift. 2: drift.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/environment.sh

atlan-pulumi drift --stack "$STACK" "$@"
