"""Reading a seed catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local._settings import Seed
from atlan_pulumi.local.seed._model import Catalogue

_PLAIN = {"missing": "is missing", "extra_forbidden": "is not known here"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(seed: Seed) -> Catalogue:
    """A catalogue from a YAML file, or from what one would hold.

    Args:
        seed: a path, a mapping, or a list of entities.

    Raises:
        LocalAtlanError: the file cannot be read, or something in it is wrong; the message names the place.
    """
    where = str(seed) if isinstance(seed, (str, Path)) else "the seed"
    data = _load(Path(seed)) if isinstance(seed, (str, Path)) else seed
    if isinstance(data, list):
        data = {"entities": data}
    if data is None:
        data = {}
    if not isinstance(data, Mapping):
        raise LocalAtlanError(f"cannot seed from {where}: it must map `connections` or `entities` to a list")
    try:
        return Catalogue.model_validate(dict(data))
    except ValidationError as error:
        raise LocalAtlanError(f"cannot seed from {where}: {_first(error)}") from None


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, the fast one
    except OSError as error:
        raise LocalAtlanError(f"cannot seed from {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise LocalAtlanError(f"cannot seed from {path}: it is not UTF-8 text") from None
    except yaml.YAMLError as error:
        what = " ".join(str(error).split())
        raise LocalAtlanError(f"cannot seed from {path}: it is not YAML: {what}") from None


def _first(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False)
    first = details[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    message = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{place}: {message}{more}"
