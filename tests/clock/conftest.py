"""A toy round for a real conductor; each test has a database of its own."""

from pathlib import Path

import pytest

from kit import prefect_home

prefect_home.quiet()  # before anything below imports Prefect

from tests.clock import toy  # noqa: E402 - see above


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # SQLAlchemy 2.1 announces a change that Prefect's own column types have not followed yet; nothing of ours.
    quiet = pytest.mark.filterwarnings(r"ignore:Type object <class .prefect\.server:DeprecationWarning")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(quiet)


@pytest.fixture
def truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy's own database, empty."""
    file = tmp_path / "toy.db"
    monkeypatch.setenv("TOY", str(file))
    toy.found()
    return file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
