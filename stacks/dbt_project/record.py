"""Run dbt on the project in `shop`, and record its artifacts without what differs from run to run.

    python record.py [FOLDER]

Needs dbt-core and dbt-duckdb on PATH, in an environment of their own: dbt and Pulumi require different
versions of protobuf. Writes `manifest.json`, `catalog.json`, and the seed of a local Atlan, `catalog.yaml`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CONNECTION = "default/postgres/1700000000"
VOLATILE = {"generated_at", "invocation_id", "invocation_started_at", "run_started_at", "user_id"}
"""The fields of an artifact's metadata that differ from run to run."""
OF_THE_RUN = {"created_at", "root_path"}
UNUSED = ("macros", "docs", "parent_map", "child_map")


def run_dbt(folder: Path) -> Path:
    """Run dbt in a folder, and return its target folder."""
    project = folder / "shop"
    shutil.copytree(HERE / "shop", project, ignore=shutil.ignore_patterns("target", "logs", "*.duckdb"))
    environ = {**os.environ, "DBT_PROFILES_DIR": str(project), "HOME": str(folder)}
    for command in (["seed"], ["build"], ["docs", "generate"]):
        subprocess.run(["dbt", "--quiet", *command], cwd=project, env=environ, check=True)  # noqa: S603, S607
    return project / "target"


def stable_manifest(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest without what differs from run to run, and without dbt's own macros."""
    kept = {name: {} if name in UNUSED else value for name, value in manifest.items()}
    kept["metadata"] = _without(manifest["metadata"], VOLATILE)
    for kind in ("nodes", "sources", "exposures"):
        kept[kind] = {name: _without(node, OF_THE_RUN) for name, node in manifest[kind].items()}
    return kept


def stable_catalog(catalog: dict[str, Any]) -> dict[str, Any]:
    """Return a catalog without what differs from run to run."""
    return {**catalog, "metadata": _without(catalog["metadata"], VOLATILE)}


def seed_of(catalog: dict[str, Any]) -> dict[str, Any]:
    """Return the seed of a local Atlan, as if a crawler had read the warehouse."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for table in (*catalog["nodes"].values(), *catalog["sources"].values()):
        made, columns = table["metadata"], sorted(table["columns"].values(), key=lambda each: each["index"])
        form = "views" if made["type"] == "VIEW" else "tables"
        found[made["schema"]][form][made["name"]] = {
            "name": made["name"],
            "columns": [{"name": each["name"], "data_type": each["type"]} for each in columns],
        }
    schemas = [
        {"name": name, **{form: [of[form][each] for each in sorted(of[form])] for form in sorted(of)}}
        for name, of in sorted(found.items())
    ]
    connection = {
        "name": "shop-warehouse",
        "connector": "postgres",
        "qualified_name": CONNECTION,
        "databases": [{"name": "analytics", "schemas": schemas}],
    }
    return {"groups": ["data-platform"], "connections": [connection]}


def _without(data: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def record(folder: Path) -> None:
    """Run dbt, and write its artifacts to a folder."""
    with tempfile.TemporaryDirectory() as temporary:
        target = run_dbt(Path(temporary))
        manifest = json.loads((target / "manifest.json").read_text())
        catalog = json.loads((target / "catalog.json").read_text())
    folder.mkdir(exist_ok=True)
    for name, data in (("manifest", stable_manifest(manifest)), ("catalog", stable_catalog(catalog))):
        (folder / f"{name}.json").write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")
    text = yaml.safe_dump(seed_of(catalog), sort_keys=False)
    (folder / "catalog.yaml").write_text(f"# Written by record.py: what a crawler finds.\n{text}")


if __name__ == "__main__":
    record(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "artifacts")
