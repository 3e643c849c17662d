#!/usr/bin/env bash
# Preview the stack with the policies, and write the review to review/.
# Exit with the code of the preview. The review is written even if the preview fails.
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
