#!/usr/bin/env bash
# Write lineage.yaml from the SQL. With --check, write nothing, and exit with 2 if the file is not current.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/environment.sh

atlan-pulumi derive sql --connection default/snowflake/1657025257 --base-url "${ATLAN_BASE_URL:-https://acme.atlan.com}" "$@"
