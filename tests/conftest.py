"""What all tests share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_user_files(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own state, nor the user's tenant."""
    home: Path = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    for name in ("ATLAN_BASE_URL", "ATLAN_API_KEY", "ATLAN_REQUESTS_PER_MINUTE", "ATLAN_PREVIEW_CHECKS"):
        monkeypatch.delenv(name, raising=False)
