"""The database: one engine per process, one transaction per request, task, tick or command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session, create_engine

from kit.settings import settings
from models import schema as schemas

_engines: dict[tuple[str, str], Engine] = {}
_found_current: set[Engine] = set()


def engine() -> Engine:
    """Return the engine of the database that the settings name, made once per process."""
    now = settings()
    key = (now.database(), now.database_schema)
    if key not in _engines:
        _engines[key] = connect(*key)
    return _engines[key]


def _ready() -> Engine:
    """Return the engine, once its database was found to be there and of this release.

    :raises RuleError: with what to do, when it is not.
    """
    made = engine()
    if made not in _found_current:
        schemas.require_current(made)
        _found_current.add(made)
    return made


def forget() -> None:
    """Let go of every engine, for a process that goes on with another database."""
    for made in _engines.values():
        made.dispose()
    _engines.clear()
    _found_current.clear()


def connect(address: str, schema: str = "") -> Engine:
    """Return an engine for an address; ``schema`` is PostgreSQL's search path."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        made = create_engine(url, connect_args={"timeout": 60, "check_same_thread": False})
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    arguments: dict[str, Any] = {"options": f"-csearch_path={schema}"} if schema else {}
    return create_engine(url, connect_args=arguments, pool_pre_ping=True)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the transaction is ours to begin, see below
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "cache_size=-65536"):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place in the queue at once: a later upgrade from reader to writer would fail, not wait.
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a session that writes: committed at the end of the block, rolled back whole when it raises."""
    with Session(_ready(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Open a connection that reads the database as of one instant, while others go on writing."""
    bind = _ready().execution_options(readonly=True)
    if bind.dialect.name == "postgresql":  # on SQLite every read transaction is a snapshot
        bind = bind.execution_options(isolation_level="REPEATABLE READ")
    with bind.connect() as opened:
        yield opened


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that only reads; on SQLite it does not wait for writers, nor they for it."""
    bind = _ready().execution_options(readonly=True)
    with Session(bind, expire_on_commit=False) as session:
        yield session
        session.expunge_all()  # what was read stays usable after the end
