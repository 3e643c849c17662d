#!/usr/bin/env bash
# Tells what was changed in Atlan behind the stack's back: exit code 0 for nothing, 2 for drift.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/environment.sh

atlan-pulumi drift --stack "$STACK" "$@"
