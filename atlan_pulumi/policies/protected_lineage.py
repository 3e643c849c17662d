"""`protected-lineage`: selected resources set `protect` and do not set `force_destroy`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches

ResourceKind = Literal[
    "Connection",
    "OpenLineageConnection",
    "Process",
    "ColumnProcess",
    "ColumnLineage",
    "ProcessSet",
    "OpenLineageJob",
    "Asset",
]


class ProtectedLineageSettings(Settings):
    """The settings of `protected-lineage`."""

    patterns: Annotated[
        list[Glob],
        Field(description="Globs of qualifiedNames of connections and processes to protect."),
    ] = Field(default_factory=list)
    kinds: Annotated[
        list[ResourceKind], Field(description="Kinds of resources to protect, regardless of their names.")
    ] = Field(default_factory=list)


class ProtectedLineage(ResourceRule[ProtectedLineageSettings]):
    """Selected resources set Pulumi's `protect` and do not set `force_destroy`, so that they are not deleted.

    Why: a resource that is removed from a program is deleted from Atlan with the next deployment, which is
    easily overlooked in a preview. Policies do not see removals. But the engine refuses to delete or replace
    a resource that is protected in the state, even if one change removes both the resource and its `protect`.
    If this rule is mandatory, no selected resource is deleted: while the resource is declared, it must keep
    `protect`, and with `protect` it cannot be deleted. To delete it on purpose, remove it from the settings
    first, then remove `protect`, then remove the resource. A glob selects a resource by its qualifiedName, or
    by that of a process or column process in it.

    The rule does not prevent the removal of an edge from a `ProcessSet` or a `ColumnLineage`: this is an
    update of the resource, which `protect` allows. The review (`atlan-pulumi review`) shows each removed
    edge. The rule also does not see `pulumi state unprotect`. To destroy the whole stack, first run
    `pulumi state unprotect --all`.

    Passes:
        ```python
        import atlan_pulumi as atlan
        import pulumi

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            opts=pulumi.ResourceOptions(protect=True),
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "protected-lineage": {
            "enforcementLevel": "mandatory",
            "patterns": ["default/snowflake/1657025257/load_*"],
            "kinds": ["Connection", "OpenLineageConnection"]
          }
        }
        ```
    """

    settings = ProtectedLineageSettings
    description = "Selected resources must set `protect` and must not set `force_destroy`."
    severity = Severity.HIGH
    needs = ("patterns", "kinds")

    def check(self, resource: Declared, settings: ProtectedLineageSettings) -> Iterator[str]:
        """Yield a missing `protect`, and a `force_destroy`, of a selected resource."""
        selected_by = _selected_by(resource, settings)
        if selected_by is None:
            return
        if not resource.protect:
            advice = "set opts=pulumi.ResourceOptions(protect=True)"
            yield f"{resource}: protect: is not set, but {selected_by} must not be deleted: {advice}"
        if resource.props.get("force_destroy") is True:
            what = f"deletes dependents too, but {selected_by} must not be deleted"
            yield f"{resource}: force_destroy: {what}: remove force_destroy"


protected_lineage = ProtectedLineage()


def _selected_by(resource: Declared, settings: ProtectedLineageSettings) -> str | None:
    """Return the kind or name by which the settings select a resource, for a message; None if they do not."""
    if resource.policy_kind in settings.kinds:
        return f"a resource of the kind {resource.kind!r}"
    names = (resource.qualified_name, *(edge.qualified_name for edge in resource.edges))
    selected = (name for name in names if name and matches((name,), settings.patterns))
    return next((repr(name) for name in selected), None)
