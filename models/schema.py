"""The database's schema: bring it to the newest revision, and say whether it is.

Alembic is slow to import, and most commands never ask for it: it is imported where it is used.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from rules.texts import RuleError, Text, _

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class UnreachableError(RuleError):
    """The database does not answer; says what it or the network said."""


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def require_current(engine: Engine) -> None:
    """Look whether the database is there and of this release; nothing is made or changed.

    :raises RuleError: with what to do, when it is not.
    """
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        raise RuleError(Text(_("还没有数据库（{file}）；请先运行 jingpin init"), {"file": file}))
    try:
        with engine.execution_options(readonly=True).connect() as connection:
            there = revision(connection)
    except DBAPIError as error:
        said = {"url": engine.url.render_as_string(), "what": " ".join(str(error.orig).split())}
        raise UnreachableError(Text(_("打不开数据库 {url}：{what}"), said)) from None
    if not there:
        raise RuleError(Text(_("数据库还没有初始化；请先运行 jingpin init")))
    _require_known(there)
    if there != newest():
        raise RuleError(Text(_("数据库是旧版本的；请先备份，再运行 jingpin init 升级")))


def _require_known(there: str) -> None:
    if not knows(there):
        said = {"there": there, "newest": newest()}
        raise RuleError(Text(_("数据库属于更新的版本（{there}，本程序只到 {newest}）；请升级程序"), said))


def upgrade(engine: Engine, schema: str = "") -> None:
    """Create or upgrade every table; a PostgreSQL ``schema`` is made when missing. Running it again changes nothing."""
    with engine.begin() as connection:
        upgrade_on(connection, schema)


def upgrade_on(connection: Connection, schema: str = "", *, to: str = "head") -> None:
    """Bring the database to a revision, in the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - see above

    config = _config()
    if schema:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    if there := revision(connection):
        _require_known(there)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def is_current(engine: Engine) -> bool:
    """Return whether the database stands at the newest revision."""
    with engine.connect() as connection:
        return revision(connection) == newest()


def revision(connection: Connection) -> str:
    """Return the revision at which the database stands; empty when it has no tables of ours yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def knows(revision_id: str) -> bool:
    """Return whether this release knows a revision."""
    return revision_id in _revisions()


def newest() -> str:
    """Return the newest revision that this release knows."""
    return max(_revisions())


def _revisions() -> set[str]:
    """Return the revisions that this release knows: they are numbered, and their files begin with their numbers."""
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}
