"""The files of a new repository, which never replace existing ones."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from atlan_pulumi.errors import ScaffoldError
from atlan_pulumi.files import write_whole
from atlan_pulumi.scaffold._choices import Choices, CiSystem, SqlSource
from atlan_pulumi.scaffold._ci import FILES, with_check
from atlan_pulumi.scaffold._readme import readme
from atlan_pulumi.text import enumerate_first, printable

_TEMPLATES = Path(__file__).parent / "templates"
_PROJECT = "my-lineage"
_COMMON = (
    "Pulumi.yaml",
    "__main__.py",
    "requirements.txt",
    "lineage-policies.json",
    "deploy.py",
    "ci/setup.sh",
    "ci/environment.sh",
    "ci/preview.sh",
    "ci/deploy.sh",
    "ci/drift.sh",
)
_LAST = (".gitignore", "README.md")
_SQL = ("lineage.yaml", "ci/derive.sh")
_DBT = """\
atlan.LineageMap(
    "dbt",
    connection=warehouse,
    processes=atlan.lineage_from_dbt("target"),
)
"""
_EXECUTABLE = 0o755


def file_names(ci: CiSystem, *, sql: bool) -> list[str]:
    """Return the names of a repository's files, without that of the stack."""
    return [*_COMMON, *(_SQL if sql else ()), *FILES[ci], *_LAST]


def ensure_absent(folder: Path, names: Iterable[str]) -> None:
    """Check that no file of a new repository exists, nor any other Pulumi project.

    Raises:
        ScaffoldError: Some exist, or the folder is a file; the message lists them.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise ScaffoldError(f"{printable(str(folder))} is a file: use the path of a folder")
    found = {name for name in names for name in _existing(folder, name)}
    found |= {path.name for path in folder.glob("Pulumi.*")}
    if found:
        listed = printable(enumerate_first(sorted(found), len(found)))
        where = printable(str(folder.resolve()))
        exist, them = ("exists", "it") if len(found) == 1 else ("exist", "them")
        raise ScaffoldError(
            f"{listed} {exist} in {where}; nothing was written: use another folder, or move {them} away"
        )


def _existing(folder: Path, name: str) -> Iterator[str]:
    """Yield the name of a file that exists, or of the file that is where one of its folders should be."""
    path = folder / name
    if os.path.lexists(path):
        yield name
    for above in Path(name).parents[:-1]:
        if os.path.lexists(folder / above) and not (folder / above).is_dir():
            yield str(above)


def repository_files(choices: Choices) -> dict[str, str]:
    """Return the text of each file of a new repository, by its name."""
    stack = f"Pulumi.{choices.stack}.yaml"
    first, *others = file_names(choices.ci, sql=choices.sql is not None)
    names = [first, stack, *others]
    texts = {name: _text(name, choices) for name in names if name not in (stack, "README.md")}
    texts |= {stack: _settings(choices), "README.md": readme(_template("README.md"), choices, names)}
    return {name: _named(name, texts[name], choices.project) for name in names}


def _text(name: str, choices: Choices) -> str:
    """Return the text of a file, with the project's name as in the template."""
    if name == "lineage.yaml" and choices.sql:
        return choices.sql.data
    if name == "ci/derive.sh" and choices.sql:
        return _derive_script(choices.sql, choices.base_url)
    if name == "__main__.py":
        return _program(choices)
    if name == "requirements.txt":
        return f"{_template(name).strip()}=={version('atlan-pulumi')}\n"
    return with_check(name, _template(name)) if choices.sql else _template(name)


def _derive_script(sql: SqlSource, base_url: str) -> str:
    command = shlex.join(["atlan-pulumi", "derive", *sql.paths, *sql.options])
    if "--offline" not in sql.options:
        command += f' --base-url "${{ATLAN_BASE_URL:-{base_url}}}"'
    return re.sub(r"(?m)^atlan-pulumi derive .*(?= \"\$@\")", lambda _: command, _sql("ci/derive.sh"))


def _template(name: str) -> str:
    return (_TEMPLATES / "repository" / name).read_text("utf-8")


def _sql(name: str) -> str:
    return (_TEMPLATES / "from_sql" / name).read_text("utf-8")


def _program(choices: Choices) -> str:
    if choices.sql:
        return _sql("__main__.py")
    if choices.dbt:
        head = _sql("__main__.py").partition("# ci/derive.sh")[0]
        return head + _DBT.replace('"target"', json.dumps(choices.dbt))
    program = _template("__main__.py")
    return program if choices.sample else _as_comment(program)


def _as_comment(program: str) -> str:
    """Return the program with the example as a comment: other tenants do not have its tables."""
    head, start, example = program.partition("load = ")
    lines = "".join(f"# {line}\n" for line in f"{start}{example}".splitlines())
    return f"{head}# An example. Put your tables and columns in, and remove the number signs.\n{lines}"


def _settings(choices: Choices) -> str:
    """Return the configuration of the stack. The API key is no part of it."""
    import yaml  # noqa: PLC0415 - only needed to write

    rate = {"atlan:requestsPerMinute": "0"} if choices.is_local else {}
    own = {f"{choices.project}:warehouse": choices.connection}
    return yaml.safe_dump({"config": {"atlan:baseUrl": choices.base_url, **rate, **own}}, sort_keys=False)


def _named(name: str, text: str, project: str) -> str:
    """Return a text with the project's name; in YAML, it may look like a number."""
    if name == "Pulumi.yaml":
        import yaml  # noqa: PLC0415 - only needed to write

        plain = yaml.safe_load(project) == project
        return text.replace(f"name: {_PROJECT}", f"name: {project if plain else json.dumps(project)}")
    return text.replace(f"# {_PROJECT}", f"# {project}", 1) if name == "README.md" else text


def write_repository(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files, of which scripts become executable. If one cannot be written, the others are removed.

    Raises:
        ScaffoldError: A file cannot be written.
    """
    written: list[Path] = []
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
            written.append(path)
            if text.startswith("#!"):
                path.chmod(_EXECUTABLE)
    except OSError as error:
        for each in written:
            with suppress(OSError):
                each.unlink()
        where = printable(str(error.filename or folder))
        raise ScaffoldError(f"cannot write {where}: {error.strerror or error}; nothing was written") from None
