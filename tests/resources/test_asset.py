"""`Asset` and its typed forms under the real engine, as Atlan's own SDK sees them."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import Process as SdkProcess
from pyatlan.model.assets import S3Bucket, S3Object
from support.atlan import Witness, table_name
from support.stack import NewStack

pytestmark = pytest.mark.engine

FILES = "default/s3/1657025300"
BUCKET = f"{FILES}/arn:aws:s3:::shop-landing"
OBJECT = f"{BUCKET}/2026/orders.csv"
CONNECTION = (
    f"files = atlan.Connection('files', name='Files', connector='s3', qualified_name={FILES!r}, "
    "admin_roles=['$admin'])\n"
)


def program(size: int = 10) -> str:
    """Return a file in a bucket in a connection, and the process that loads it into a table."""
    return CONNECTION + (
        "bucket = atlan.S3Bucket('bucket', name='shop-landing', connection=files)\n"
        "orders = atlan.S3Object('orders', bucket=bucket, key='2026/orders.csv', "
        f"attributes={{'s3ObjectSize': {size}}})\n"
        "atlan.Process('load', name='Load', connection=files, inputs=[orders], "
        f"outputs=[atlan.table({table_name(0)!r})])\n"
    )


def test_lineage_and_the_files_that_it_begins_with_are_one_deployment(
    new_stack: NewStack, witness: Witness
) -> None:
    stack = new_stack(program())
    assert stack.preview().changes == {"create": 4}
    assert stack.up().changes == {"create": 4}
    bucket, made = witness.find(S3Bucket, BUCKET), witness.find(S3Object, OBJECT)
    assert (bucket.name, bucket.aws_arn) == ("shop-landing", "arn:aws:s3:::shop-landing")
    assert (made.name, made.s3_object_key, made.s3_object_size) == ("orders.csv", "2026/orders.csv", 10)
    assert (made.s3_bucket_name, made.bucket.guid) == ("shop-landing", bucket.guid)
    (read,) = witness.find(SdkProcess, f"{FILES}/load").inputs
    assert read.guid == made.guid
    stack.settled()

    assert stack.up(program(size=20)).changes == {"update": 1, "same": 3}
    assert witness.find(S3Object, OBJECT).s3_object_size == 20
    edited = S3Object.updater(OBJECT, "orders.csv")
    edited.s3_object_size = 5
    witness.client.asset.save(edited)
    assert stack.refresh().step("orders").diffs == ("attributes",)
    assert stack.up().changes == {"update": 1, "same": 3}

    assert stack.destroy().changes == {"delete": 4}
    assert witness.find(S3Object, OBJECT) is None
    assert witness.find(S3Bucket, BUCKET) is None


@pytest.mark.soak
def test_a_mistake_in_any_form_is_one_line(new_stack: NewStack) -> None:
    stack = new_stack(
        "import pulumi\n"
        + CONNECTION
        + "atlan.File('file', name='x', connection=files, attributes={'file_type': 'csv'})\n"
        + "atlan.Asset('data', type_name='QuickSightDataset', name='x', connection='default/nothing/1')\n"
        + "atlan.S3Bucket('bucket', name=None, connection=files)\n"
        + "atlan.S3Object('object', key=pulumi.Output.from_input(None), bucket='default/s3/1/b')\n"
        + "atlan.File('five', name='x', connection=files, file_type='csv', attributes=5)\n"
    )
    run = stack.operate("preview")
    assert "attributes.file_type: a File has no such attribute; did you mean 'fileType'?" in run.output
    assert "Atlan has no Connection 'default/nothing/1'" in run.output
    assert all(
        f"{name}: " in run.output or f"'{name}'" in run.output for name in ("bucket", "object", "five")
    )
    assert "Traceback" not in run.output
    for given in ("'Tabel'", "['Table']"):
        stack.write(f"{CONNECTION}atlan.Asset('x', type_name={given}, name='x', connection=files)\n")
        refused = stack.operate("preview")
        assert "is not an Atlan type, such as 'Table' (case-sensitive)" in refused.output
        assert "Traceback" not in refused.output
