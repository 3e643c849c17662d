"""`protected-lineage`: what must stay bears Pulumi's `protect`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches

Kind = Literal[
    "Connection",
    "OpenLineageConnection",
    "Process",
    "ColumnProcess",
    "ColumnLineage",
    "ProcessSet",
    "OpenLineageJob",
]


class ProtectedLineageSettings(Settings):
    """The settings of `protected-lineage`."""

    patterns: Annotated[
        list[Glob],
        Field(description="Globs of the qualifiedNames of what must stay: of connections, and of processes."),
    ] = Field(default_factory=list)
    kinds: Annotated[
        list[Kind], Field(description="Kinds of resources that must stay, whatever their names are.")
    ] = Field(default_factory=list)


class ProtectedLineage(ResourceRule[ProtectedLineageSettings]):
    """What the settings name is not deleted: it bears Pulumi's `protect`, and has no `force_destroy`.

    Why: a resource that goes from a program goes from Atlan with the next deployment, and whoever reads the
    preview in a hurry does not see it. Policies do not see what is removed; but the engine refuses to delete,
    or to replace, a resource that bears `protect` in its state, also where one change removes the resource
    together with its `protect`. So with this rule mandatory nothing that it names is deleted: as long as the
    resource is declared, `protect` cannot be taken from it, and with `protect` it cannot go. To remove it on
    purpose, take it out of the settings first, then take `protect` from it, then remove it.
    A resource counts where a glob matches its own qualifiedName or that of a process or column process in it.

    What the rule does not stop: removing one edge from a `ProcessSet` or a `ColumnLineage` is an update of
    that resource, which `protect` allows; the review (`atlan-pulumi review`) shows each edge that goes. Nor
    does it see `pulumi state unprotect`, by which somebody takes `protect` away by hand.

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
    description = "What the settings name bears Pulumi's protect, and has no force_destroy."
    severity = Severity.HIGH
    needs = ("patterns", "kinds")

    def check(self, resource: Declared, settings: ProtectedLineageSettings) -> Iterator[str]:
        """What of the two is wrong with a resource that the settings name."""
        named_by = _named_by(resource, settings)
        if named_by is None:
            return
        if not resource.protect:
            advice = "give it opts=pulumi.ResourceOptions(protect=True)"
            yield f"{resource}: protect: {named_by} must stay, and it is not protected: {advice}"
        if resource.props.get("force_destroy") is True:
            what = f"{named_by} must stay, and this lets it go together with what hangs on it"
            yield f"{resource}: force_destroy: {what}: leave force_destroy out"


protected_lineage = ProtectedLineage()


def _named_by(resource: Declared, settings: ProtectedLineageSettings) -> str | None:
    """Which part of a resource the settings name, in words; None where they name nothing of it."""
    if resource.kind in settings.kinds:
        return f"what is of the kind {resource.kind!r}"
    names = (resource.qualified_name, *(edge.qualified_name for edge in resource.edges))
    named = (name for name in names if name and matches((name,), settings.patterns))
    return next((repr(name) for name in named), None)
