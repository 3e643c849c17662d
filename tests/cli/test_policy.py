"""`atlan-pulumi policy`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from support.command import ATLAN_PULUMI

from atlan_pulumi.policies import RULES, config_schema


def run(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ATLAN_PULUMI, "policy", *map(str, arguments)],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_path_prints_the_folder_of_the_pack() -> None:
    done = run("path")

    assert (done.returncode, done.stderr) == (0, "")
    assert (Path(done.stdout.removesuffix("\n")) / "PulumiPolicy.yaml").is_file()


def test_list_prints_a_line_per_rule() -> None:
    lines = run("list").stdout.splitlines()

    assert [line.split()[0] for line in lines] == [rule.name for rule in RULES]
    assert all(line.endswith(rule.description) for line, rule in zip(lines, RULES, strict=True))


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").stdout) == config_schema()


def test_check_shows_the_settings_of_each_rule(tmp_path) -> None:
    file = tmp_path / "config.json"
    layers = [{"name": name, "patterns": [f"*/{name}/*"]} for name in ("RAW", "MART")]
    file.write_text(json.dumps({"layer-order": {"enforcementLevel": "mandatory", "layers": layers}}))

    done = run("check", file)

    assert done.returncode == 0
    lines = {line.split()[0]: line.split(maxsplit=2)[1:] for line in done.stdout.splitlines()}
    assert lines["layer-order"] == ["mandatory", f"layers={json.dumps(layers)}"]
    assert {words[0] for name, words in lines.items() if name != "layer-order"} <= {"advisory"}


def test_check_shows_rules_without_effect(tmp_path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"layer-order": "mandatory"}')

    assert "layer-order" in run("check", file).stdout
    assert "(checks nothing without layers)" in run("check", file).stdout


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"layers-order": "mandatory"}', "unknown rule 'layers-order'; did you mean 'layer-order'?"),
        ("{", "is not JSON"),
    ],
)
def test_an_invalid_file_is_one_line_and_exit_code_1(tmp_path, content, reason) -> None:
    file = tmp_path / "config.json"
    file.write_text(content)

    done = run("check", file)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"atlan-pulumi: {file}")
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
