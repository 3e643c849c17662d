"""The cheapest dynamic resource: it does nothing, and is pickled by reference."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider


class NoProvider(ResourceProvider):
    """A provider that does nothing."""

    serialize_as_secret_always = False

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=False)

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_="none", outs=props)


class Nothing(Resource):
    """A resource with any properties."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(NoProvider(), name, props)
