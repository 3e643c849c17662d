#!/usr/bin/env bash
# Fails unless the tag is the version of pyproject.toml, and the changelog has a section of it.
#
#     ./.github/scripts/check_version.sh v0.1.0
set -euo pipefail
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
if [ "$1" != "v$version" ]; then
    echo "the tag is $1, but pyproject.toml says version $version: tag the commit that changes the version" >&2
    exit 1
fi
if ! grep -qF "## [$version]" CHANGELOG.md; then
    echo "CHANGELOG.md has no section [$version]: rename [Unreleased], and add the date" >&2
    exit 1
fi
