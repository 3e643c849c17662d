"""Guarantees of policies and reviews, each with its test."""

from __future__ import annotations

from guaranteed_row import Row

_PACK = "policies/test_pack_engine.py::"
POLICIES = [
    Row(
        "a violation of a mandatory policy",
        "the preview fails on that resource; nothing is written",
        f"{_PACK}test_a_mandatory_violation_fails_the_preview",
    ),
    Row(
        "the same in a deployment without a preview",
        "the resource is not written",
        f"{_PACK}test_a_deployment_without_a_preview_does_not_write_a_mandatory_violation",
    ),
    Row(
        "a violation of an advisory policy",
        "shown and counted; the deployment continues",
        f"{_PACK}test_advisory_violations_do_not_stop_a_deployment",
    ),
    Row(
        "a violation of a mandatory policy by a resource with unknown values",
        "the preview fails",
        f"{_PACK}test_a_mandatory_rule_checks_the_known_values_of_a_preview",
    ),
    Row(
        "the removal of a protected resource, in one step or two",
        "refused",
        f"{_PACK}test_protected_lineage_is_not_deleted_by_one_change_or_two",
    ),
    Row(
        "a remediation",
        "deployed; the next preview is empty",
        f"{_PACK}test_a_remediation_is_deployed_and_the_next_preview_is_empty",
    ),
    Row(
        "a placeholder that no crawl has made full for a week",
        "`stale-placeholders` reports it on its resource",
        "policies/test_stale_placeholders.py::test_old_placeholders_are_reported_on_their_resource",
    ),
    Row(
        "an unknown policy in the configuration file",
        "refused by `atlan-pulumi policy check`, with the nearest name",
        "cli/test_policy.py::test_an_invalid_file_is_one_line_and_exit_code_1",
    ),
    Row(
        "an unknown setting",
        "the preview fails, with the nearest name",
        f"{_PACK}test_an_unknown_setting_in_the_file_is_refused",
    ),
    Row(
        "a secret in SQL, a URL, or another text",
        "reported by kind and place, and never shown",
        "policies/test_no_secrets.py::test_no_message_contains_a_part_of_a_secret",
    ),
    Row(
        "the review of a preview that failed",
        "created, with the errors first",
        "review/test_review_engine.py::test_a_failed_preview_is_reviewed_with_its_errors_first",
    ),
    Row(
        "the review of a saved plan, a state, or the events of a deployment",
        "refused, with what to use instead",
        "review/test_parse.py::test_a_saved_plan_is_refused_with_advice",
    ),
    Row(
        "a pull request that violates a policy, removes lineage, or finds drift",
        "as described in `docs/ci.md`, with the package installed from its wheel",
        "stacks/test_infra_repo_example.py::test_removed_and_changed_lineage_is_reviewed",
    ),
]
