#!/usr/bin/env bash
# Installs a wheel into an empty environment, and uses it: without extras, then with all of them.
#
#     ./.github/scripts/smoke.sh dist/atlan_pulumi-0.1.0-py3-none-any.whl
set -euo pipefail

wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" # so that nothing is imported from a checkout

python3 -m venv bare
bare/bin/python -m pip install --quiet --disable-pip-version-check "$wheel"
bare/bin/python -c 'import atlan_pulumi as atlan; print(atlan.Process.__name__, atlan.table("default/snowflake/1/DB/S/T"))'

python3 -m venv all
all/bin/python -m pip install --quiet --disable-pip-version-check "$wheel[all]"
all/bin/atlan-pulumi --version
all/bin/atlan-pulumi policy list >/dev/null
test -f "$(all/bin/atlan-pulumi policy path)/PulumiPolicy.yaml"
all/bin/python - <<'PYTHON'
import urllib.request

from atlan_pulumi.local import LocalAtlan

with LocalAtlan() as server:
    print(urllib.request.urlopen(server.base_url).status)
PYTHON
