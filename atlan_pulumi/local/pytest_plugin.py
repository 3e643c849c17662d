"""pytest fixtures: a local Atlan for each test that asks for one.

```python
def test_lineage(local_atlan):
    client = AtlanClient(base_url=local_atlan.base_url, api_key=local_atlan.api_key)
```

It is fresh and empty. The marker `local_atlan` takes the arguments of `atlan_pulumi.local.LocalAtlan`:
`@pytest.mark.local_atlan(seed="catalog.yaml", rate_limit=400)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from atlan_pulumi.local._server import LocalAtlan


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "local_atlan(**settings): how the `local_atlan` fixture is to behave")


@pytest.fixture
def local_atlan(request: pytest.FixtureRequest) -> Iterator[LocalAtlan]:
    """A local Atlan of the test's own."""
    from atlan_pulumi.local._server import (  # noqa: PLC0415 - pytest loads this module at every start
        LocalAtlan,
    )

    marker = request.node.get_closest_marker("local_atlan")
    with LocalAtlan(**(marker.kwargs if marker else {})) as server:
        yield server
