#!/usr/bin/env bash
# Previews the stack, checked by the policies, and writes the review of it into review/.
# Fails as the preview fails; the review is written all the same, and tells why.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/environment.sh

rm -rf review
mkdir review
atlan-pulumi policy check lineage-policies.json
pack=$(atlan-pulumi policy path)

preview=0
PULUMI_DEBUG_COMMANDS=true pulumi preview --stack "$STACK" --non-interactive \
    --event-log review/preview.jsonl \
    --policy-pack "$pack" --policy-pack-config lineage-policies.json || preview=$?

review=0
atlan-pulumi review review/preview.jsonl \
    --markdown review/review.md --html review/review.html --svg review/review.svg || review=$?

exit $((preview ? preview : review))
