"""References to the assets of other resources: outputs, dependencies, registered kinds, and errors."""

from __future__ import annotations

import pulumi
import pytest
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.resources import resource_assets

CONNECTION = "default/snowflake/1657025257"


class Warehouse(pulumi.CustomResource):
    """A resource with the token and the outputs of a provider's SDK."""

    def __init__(self, token, resource_name, /, **outputs):
        super().__init__(token, resource_name, outputs)


class Shop(pulumi.ComponentResource):
    """A component that creates a table somewhere."""

    def __init__(self, name):
        super().__init__("shop:index:Shop", name)
        self.table = pulumi.Output.from_input("ORDERS")


class Branch(Shop):
    """A subclass."""


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch):
    monkeypatch.setattr(resource_assets, "_registered", {})


def table(name="orders", **more):
    outputs = {"database": "RAW", "schema": "PUBLIC", "name": "ORDERS", **more}
    return Warehouse("snowflake:index/table:Table", name, **outputs)


def seen(program):
    """Return the known values of the reference that a program returns."""
    found = {}

    def run():
        reference = program()
        pulumi.Output.all(**reference).apply(found.update)

    declared(run)
    return found


def test_a_table_is_named_by_its_outputs():
    assert seen(lambda: atlan.table_of(table(), connection=CONNECTION)) == {
        "type_name": "Table",
        "qualified_name": f"{CONNECTION}/RAW/PUBLIC/ORDERS",
    }


def test_a_column_is_below_its_table():
    assert seen(lambda: atlan.column_of(table(), "ID", connection=CONNECTION)) == {
        "type_name": "Column",
        "qualified_name": f"{CONNECTION}/RAW/PUBLIC/ORDERS/ID",
    }


def test_the_connection_may_be_a_resource():
    def program():
        etl = atlan.Connection("etl", name="etl", connector="snowflake", admin_users=["ann"])
        return atlan.table_of(table(), connection=etl)

    assert seen(program)["qualified_name"] == "qn-of-etl/RAW/PUBLIC/ORDERS"


def depends_on_the_resource(make, refer):
    """Return whether a reference depends on the resource that it refers to."""
    found = set()

    def program():
        made = make()

        async def dependencies():
            found.update(each is made for each in await refer(made)["qualified_name"].resources())

        pulumi.Output.from_input(dependencies()).apply(lambda _: None)

    declared(program)
    return found == {True}


def test_the_reference_depends_on_the_resource():
    assert depends_on_the_resource(table, lambda made: atlan.table_of(made, connection=CONNECTION))


def test_the_reference_depends_on_a_component_whose_names_are_plain_text():
    atlan.register_asset_type(Shop, lambda _shop: ("Table", ["RAW", "PUBLIC", "ORDERS"]))
    assert depends_on_the_resource(
        lambda: Shop("s"), lambda made: atlan.column_of(made, "ID", connection=CONNECTION)
    )


def test_the_outputs_decide_the_type():
    def program():
        view = Warehouse(
            "gcp:bigquery/table:Table", "v", project="p", dataset_id="d", table_id="t", view={"query": "x"}
        )
        return atlan.table_of(view, connection="default/bigquery/1657025300")

    assert seen(program) == {"type_name": "View", "qualified_name": "default/bigquery/1657025300/p/d/t"}


@pytest.mark.parametrize("kind", [Shop, "shop:index:Shop"], ids=["class", "token"])
@pytest.mark.parametrize("made", [Shop, Branch])
def test_ones_own_kind_is_registered_by_class_or_by_token(kind, made):
    atlan.register_asset_type(kind, lambda shop: ("Table", ["RAW", "PUBLIC", shop.table]))
    assert seen(lambda: atlan.column_of(made("s"), "ID", connection=CONNECTION))["qualified_name"] == (
        f"{CONNECTION}/RAW/PUBLIC/ORDERS/ID"
    )


def test_a_registered_kind_replaces_what_is_built_in():
    atlan.register_asset_type(
        "snowflake:index/table:Table", lambda made: ("View", [made.database, made.schema, "V"])
    )
    assert seen(lambda: atlan.asset_of(table(), connection=CONNECTION)) == {
        "type_name": "View",
        "qualified_name": f"{CONNECTION}/RAW/PUBLIC/V",
    }


def refusal(program):
    with pytest.raises(ResourceError) as refused:
        declared(program)
    assert isinstance(refused.value, pulumi.RunError)  # Pulumi prints its text, without a traceback
    return str(refused.value)


def test_an_unknown_kind_says_the_way_out():
    assert refusal(lambda: atlan.table_of(Shop("s"), connection=CONNECTION)) == (
        "the resource 's' has the type 'shop:index:Shop', whose assets are not known; register them with "
        "atlan.register_asset_type(…), or refer to the asset by its name with atlan.table(…)"
    )


def test_a_bucket_has_no_columns():
    def program():
        bucket = Warehouse("aws:s3/bucket:Bucket", "lake", arn="arn:aws:s3:::lake")
        atlan.column_of(bucket, "ID", connection="default/s3/1657025300")

    assert refusal(program) == "the resource 'lake' is a S3Bucket in Atlan, which has no columns"


@pytest.mark.parametrize("given", [f"{CONNECTION}/RAW/PUBLIC/ORDERS", None, atlan.table("a/b/c/d")])
def test_a_name_is_not_a_resource(given):
    assert refusal(lambda: atlan.table_of(given, connection=CONNECTION)) == (
        f"asset_of, table_of, and column_of take a resource, not {type(given).__name__}; "
        "to refer to an asset by its name, use atlan.table(…)"
    )
