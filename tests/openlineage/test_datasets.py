"""Match dataset and field names with assets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.naming._qualified_names import normalize_path
from atlan_pulumi.openlineage import FieldError, Side, resolved_columns
from atlan_pulumi.openlineage._datasets import Field

SF = "snowflake://abc"


def ds(name: str, namespace: str = SF) -> dict[str, str]:
    return {"namespace": namespace, "name": name}


ONE = Side([ds("DB.S.A")])
TWO = Side([ds("DB.S.A"), ds("DB.S.B")])
TWINS = Side([ds("DB.S.A"), ds("DB.S.A", "snowflake://other")])
NESTED = Side([ds("in", "s3://lake"), ds("in.old", "s3://lake")])


@pytest.mark.parametrize(
    ("side", "text", "field"),
    [
        (ONE, "DB.S.A.ID", Field(SF, "DB.S.A", "ID")),
        (ONE, "ID", Field(SF, "DB.S.A", "ID")),
        (ONE, "DB.S.A.address.street", Field(SF, "DB.S.A", "address.street")),
        (TWO, "DB.S.B.ID", Field(SF, "DB.S.B", "ID")),
        (TWO, f"{SF}/DB.S.B.ID", Field(SF, "DB.S.B", "ID")),
        (TWO, "ID", None),
        (ONE, "DB.S.C.ID", None),
        (ONE, "DB.S.A.", None),
        (ONE, "DB.S.A", None),
        (NESTED, "in.old.x", Field("s3://lake", "in.old", "x")),
        (NESTED, "in.x", Field("s3://lake", "in", "x")),
    ],
)
def test_find_a_field_by_its_text(side: Side, text: str, field: Field | None) -> None:
    assert side.field(text) == field


def test_the_namespace_distinguishes_datasets_with_the_same_name() -> None:
    other = Field("snowflake://other", "DB.S.A", "ID")
    assert TWINS.field("snowflake://other/DB.S.A.ID") == other
    assert TWINS.text(other) == "snowflake://other/DB.S.A.ID"
    assert ONE.text(Field(SF, "DB.S.A", "ID")) == "DB.S.A.ID"


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"DB.S.C.X": ["ID"]}, "'DB.S.C.X' is not a column of the outputs (DB.S.A)"),
        ({"X": ["DB.S.C.ID"]}, "'DB.S.C.ID' is not a column of the inputs (DB.S.A, DB.S.B)"),
        ({"X": ["ID"]}, "'ID' is not a column of the inputs (DB.S.A, DB.S.B)"),
        ({"X": []}, "'X' has no input columns"),
    ],
)
def test_an_invalid_mapping_is_refused(columns: dict[str, list[str]], reason: str) -> None:
    with pytest.raises(FieldError) as refused:
        resolved_columns(columns, TWO, ONE)
    assert str(refused.value).startswith(reason)


def test_an_ambiguous_mapping_is_refused() -> None:
    with pytest.raises(
        FieldError, match="is ambiguous, since several datasets have this name: write <namespace>/DB"
    ):
        resolved_columns({"X": ["DB.S.A.ID"]}, TWINS, ONE)


def test_equal_mappings_have_one_normalized_form() -> None:
    form = {"DB.S.A.X": ["DB.S.A.ID", "DB.S.B.ID"]}
    for columns in (
        {"X": ["DB.S.B.ID", "DB.S.A.ID", "DB.S.A.ID"]},
        {f"{SF}/DB.S.A.X": [f"{SF}/DB.S.A.ID", "DB.S.B.ID"]},
        {"X": ["DB.S.A.ID"], "DB.S.A.X": ["DB.S.B.ID"]},
        form,
    ):
        assert resolved_columns(columns, TWO, ONE) == form


NAMES = st.text(alphabet="ABc_.", min_size=1, max_size=6).filter(lambda name: name.strip(".") == name)
SIDES = st.lists(
    st.tuples(st.sampled_from([SF, "s3://lake"]), NAMES), min_size=1, max_size=4, unique=True
).map(lambda pairs: Side([ds(name, namespace) for namespace, name in pairs]))


@given(SIDES, st.data())
def test_the_text_of_a_field_leads_back_to_the_field(side: Side, data: st.DataObject) -> None:
    dataset = data.draw(st.sampled_from(list(side.datasets)))
    field = Field(dataset["namespace"], dataset["name"], data.draw(st.text("XY", min_size=1, max_size=3)))
    text = side.text(field)
    found = side.field(text)
    assert found is not None
    # The name of another dataset may include the field. Then both fields have the same text.
    assert side.text(found) == text
    assert not side.is_ambiguous(found, text)


def test_assets_match_datasets_by_path() -> None:
    side = Side([ds("DB.S.A"), ds("in/orders.csv", "s3://lake")])
    found = side.of_assets(["default/snowflake/1/db/s/a", "default/s3/2/in/orders.csv", "default/x/3/DB/S/Z"])
    assert found == [
        ds("DB.S.A"),
        ds("in/orders.csv", "s3://lake"),
        {"namespace": "default/x/3", "name": "DB.S.Z"},
    ]


def test_the_same_path_in_two_systems_is_two_datasets() -> None:
    assert TWINS.of_assets(["default/snowflake/1/DB/S/A", "default/snowflake/2/DB/S/A"]) == TWINS.datasets
    assert len(TWINS.of_assets(["default/snowflake/1/DB/S/A"])) == 1


def test_the_field_of_a_column() -> None:
    assert TWO.field_of_column("default/snowflake/1/db/s/b/ID") == Field(SF, "DB.S.B", "ID")
    assert TWO.field_of_column("default/snowflake/1/DB/S/Z/ID") == Field(
        "default/snowflake/1", "DB.S.Z", "ID"
    )


@given(st.text("AB/.", max_size=8))
def test_flat_is_idempotent(name: str) -> None:
    assert (
        normalize_path(normalize_path(name))
        == normalize_path(name)
        == normalize_path(f"/{name}/".replace(".", "/").lower())
    )
