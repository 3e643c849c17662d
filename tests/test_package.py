"""What authors import, and what the import loads."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import atlan_pulumi as atlan
from atlan_pulumi import errors


def python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_every_exported_name_exists_and_is_listed() -> None:
    for name in atlan.__all__:
        assert getattr(atlan, name) is not None
    assert dir(atlan) == sorted(atlan.__all__)
    assert dir(atlan.local) == sorted(atlan.local.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Proces'"):
        _ = atlan.Proces


def test_client_and_local_are_attributes() -> None:
    code = "import atlan_pulumi as a; print(a.local.LocalAtlan.__name__, a.client.AtlanClient.__name__)"
    assert python(code) == "LocalAtlan AtlanClient"


def test_star_import_imports_exactly_the_exported_names() -> None:
    code = "from atlan_pulumi import *\nprint(sorted(name for name in dir() if not name.startswith('__')))"
    assert python(code) == str(sorted(atlan.__all__))


def test_importing_the_package_does_not_load_pulumi() -> None:
    assert python("import sys, atlan_pulumi; print('pulumi' in sys.modules)") == "False"


def test_policies_do_not_need_the_packages_of_the_command_line() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['filelock', 'platformdirs', 'rich', 'typer']))\n"
        "import atlan_pulumi.policies, atlan_pulumi.engine; print('imported')"
    )
    assert python(code) == "imported"


def test_declaring_resources_does_not_load_the_http_client() -> None:
    code = "import sys, atlan_pulumi; atlan_pulumi.Process; print({'pulumi', 'httpx'} & {*sys.modules})"
    assert python(code) == "{'pulumi'}"


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("declared", "UnreadableError"),
        ("drift", "DriftError"),
        ("importer", "ImporterError"),
        ("lineage_data", "LineageDataError"),
        ("openlineage", "OpenLineageError"),
        ("policies", "PolicyError"),
        ("review", "ReviewError"),
    ],
)
def test_the_package_that_raises_an_error_exports_it(package: str, name: str) -> None:
    assert getattr(importlib.import_module(f"atlan_pulumi.{package}"), name) is getattr(errors, name)
