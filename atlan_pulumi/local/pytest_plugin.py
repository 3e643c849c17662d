"""pytest plugin: the fixture `local_atlan`, a local Atlan for each test that uses it.

```python
from atlan_pulumi.client import AtlanClient, ClientSettings


def test_lineage(local_atlan):
    settings = ClientSettings.resolve(base_url=local_atlan.base_url, api_key=local_atlan.api_key)
    with AtlanClient(settings) as client:
        assert client.entities.get_by_qualified_name("Connection", "default/airflow/1657025300") is None
```

The local Atlan starts empty. The marker `local_atlan` accepts the arguments of
`atlan_pulumi.local.LocalAtlan`: `@pytest.mark.local_atlan(seed=SAMPLE, rate_limit=400)`. It needs pytest:
`pip install 'atlan-pulumi[test]'`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from atlan_pulumi.local._server import LocalAtlan


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "local_atlan(**settings): settings of the fixture `local_atlan`")


@pytest.fixture
def local_atlan(request: pytest.FixtureRequest) -> Iterator[LocalAtlan]:
    """Yield a local Atlan for one test."""
    from atlan_pulumi.local._server import (  # noqa: PLC0415 - pytest loads this module at every start
        LocalAtlan,
    )

    marker = request.node.get_closest_marker("local_atlan")
    with LocalAtlan(**(marker.kwargs if marker else {})) as server:
        yield server
