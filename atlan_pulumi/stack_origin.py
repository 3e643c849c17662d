"""The origin of a stack, which distinguishes two stacks with the same name.

Pulumi gives stacks no unique id: two developers with a backend each may both have `shop/dev`, and a name that
`pulumi stack rename` freed may be used again. The origin is a hash of what does differ: the backend, and the
key or salt that `pulumi stack init` writes into the stack's configuration. It only matters for entities that
the state does not contain, so that a stack keeps its entities when it moves to another backend.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

_CLOUD = "https://api.pulumi.com"
_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_SECRETS = ("encryptionsalt", "encryptedkey")
#: The parameters in a backend's URL that locate it: no credentials, regions, or access settings.
_PARAMETERS = ("endpoint", "prefix", "storage_account", "domain", "host", "port", "dbname", "table")
#: The variables for such a parameter if the URL lacks it; the first that is set counts.
_VARIABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "s3": {"endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")},
    "gs": {"endpoint": ("STORAGE_EMULATOR_HOST",)},
    "azblob": {"storage_account": ("AZURE_STORAGE_ACCOUNT",), "domain": ("AZURE_STORAGE_DOMAIN",)},
}
_DEFAULTS = {("azblob", "domain"): "blob.core.windows.net", ("postgres", "table"): "pulumi_state"}
_CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING"
#: All variables of the environment that count.
VARIABLES = (
    "PULUMI_BACKEND_URL",
    "PULUMI_CREDENTIALS_PATH",
    "PULUMI_HOME",
    "HOME",
    _CONNECTION_STRING,
    *(name for parameters in _VARIABLES.values() for names in parameters.values() for name in names),
)


def origin_of(
    stack: str, stack_name: str, folder: Path, environ: Mapping[str, str], *, with_secrets: bool = True
) -> str:
    """Return the origin of a stack: 8 hexadecimal digits.

    Args:
        stack: The stack with its project, such as `shop/prod`.
        stack_name: Its name, such as `prod`.
        folder: The program's folder.
        environ: The environment that `pulumi` runs in.
        with_secrets: Whether the stack's configuration stays, so that its key or salt counts.
    """
    kept = tuple((name, environ[name]) for name in VARIABLES if environ.get(name))
    return _origin_of(stack, stack_name if with_secrets else None, folder, kept)


def project_name(folder: Path) -> str | None:
    """Return the name of the project in a folder or above it; None where there is none."""
    name = _settings(next(_project_files(folder), None)).get("name")
    return name if isinstance(name, str) else None


def program_folder(folder: Path) -> Path:
    """Return where the program of a project runs: the folder of `main`, else that of the project."""
    project = next(_project_files(folder), None)
    main = _settings(project).get("main")
    if project is None or not isinstance(main, str):
        return project.parent if project else folder
    path = project.parent / main
    return path if path.is_dir() else path.parent


@functools.cache
def _origin_of(stack: str, stack_name: str | None, folder: Path, kept: tuple[tuple[str, str], ...]) -> str:
    environ = dict(kept)
    project = next(_project_files(folder), None)
    url = environ.get("PULUMI_BACKEND_URL") or _backend_of_project(project)
    backend = url or _backend_of_login(_login_folder(folder, environ)) or _CLOUD
    parts = [stack, *_backend(backend, folder, environ), *_secrets(project, stack_name)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _project_files(folder: Path) -> Iterator[Path]:
    for each in (folder, *folder.parents):
        yield from (each / name for name in _PROJECT_FILES if (each / name).is_file())


def _backend_of_project(project: Path | None) -> str | None:
    backend = _settings(project).get("backend")
    url = backend.get("url") if isinstance(backend, dict) else None
    return url if isinstance(url, str) else None


def _login_folder(folder: Path, environ: Mapping[str, str]) -> Path:
    configured = environ.get("PULUMI_CREDENTIALS_PATH") or environ.get("PULUMI_HOME")
    return folder / configured if configured else Path(environ.get("HOME", "~")) / ".pulumi"


def _backend_of_login(folder: Path) -> str | None:
    try:
        current = json.loads(_text(folder / "credentials.json") or "{}").get("current")
    except (ValueError, AttributeError):
        return None
    return current if isinstance(current, str) else None


def _backend(url: str, folder: Path, environ: Mapping[str, str]) -> list[str]:
    """Return what identifies a backend, without a password or token in its URL.

    Different machines may have the same folder, so that for a folder the time of its setup is included.
    """
    parts = urlsplit(url)
    more = _parameters(parts.scheme, parts.query, environ)
    if parts.scheme != "file":
        return [parts.scheme, parts.hostname or "", str(parts.port or ""), parts.path.rstrip("/"), *more]
    named, home = f"{parts.netloc}{parts.path}", environ.get("HOME", "~")
    path = Path(named.replace("~", home, 1) if named.startswith("~") else folder / named)
    return [str(path), _setup_time(path), *more]


def _parameters(scheme: str, query: str, environ: Mapping[str, str]) -> list[str]:
    """Return the parameters that locate a backend, from the URL or the environment."""
    given = parse_qs(query)
    variables = _VARIABLES.get(scheme, {})
    found = []
    for name in _PARAMETERS:
        configured = (environ[each] for each in variables.get(name, ()) if environ.get(each))
        default = next(configured, "") or _in_connection(scheme, name, environ)
        value = given[name][0] if name in given else default
        value = _address(value) if name == "endpoint" else value
        if value and value != _DEFAULTS.get((scheme, name)):
            found.append(f"{name}={value}")
    return found


def _in_connection(scheme: str, name: str, environ: Mapping[str, str]) -> str:
    """Return the account in Azure's connection string, whose other parts are secret."""
    if (scheme, name) != ("azblob", "storage_account"):
        return ""
    account = re.search(r"(?:^|;)\s*AccountName=([^;]+)", environ.get(_CONNECTION_STRING, ""), re.IGNORECASE)
    return account[1] if account else ""


def _address(endpoint: str) -> str:
    """Return the host, port, and path of an endpoint, which may be given with or without a scheme."""
    address = re.sub(r"^\w+://", "", endpoint)
    address = re.split(r"[?#]", address, maxsplit=1)[0]
    host, slash, path = address.partition("/")
    return f"{host.rpartition('@')[2].lower()}{slash}{path}".rstrip("/")


def _setup_time(path: Path) -> str:
    try:
        return str((path / ".pulumi" / "meta.yaml").stat().st_mtime_ns)
    except OSError:
        return ""


def _secrets(project: Path | None, stack_name: str | None) -> list[str]:
    if project is None or stack_name is None:
        return []
    configured = _settings(project).get("stackConfigDir")
    folder = project.parent / configured if isinstance(configured, str) else project.parent
    name = f"Pulumi.{stack_name.replace('/', '-')}"
    text = _text(folder / f"{name}{project.suffix}") or _text(folder / f"{name}.yaml")
    try:
        found = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - creates strings only
    except yaml.YAMLError:
        return []
    given = found.items() if isinstance(found, dict) else ()
    return [f"{name}: {value}" for name, value in given if name in _SECRETS and value]


def _settings(project: Path | None) -> dict[str, Any]:
    """Return the content of a project file; empty if it is not a mapping."""
    try:
        found = yaml.safe_load(_text(project))
    except (yaml.YAMLError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, ValueError):
        return ""
