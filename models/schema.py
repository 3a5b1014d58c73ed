"""The database's schema: bring it to the newest revision, and say whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine, schema: str = "") -> None:
    """Create or upgrade every table; a PostgreSQL ``schema`` is made when missing. Running it again changes nothing."""
    with engine.begin() as connection:
        upgrade_on(connection, schema)


def upgrade_on(connection: Connection, schema: str = "", *, to: str = "head") -> None:
    """Bring the database to a revision, in the caller's transaction."""
    config = _config()
    if schema:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def is_current(engine: Engine) -> bool:
    """Return whether the database stands at the newest revision."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()


def revision(connection: Connection) -> str:
    """Return the revision at which the database stands; empty when it has no tables of ours yet."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision_id: str) -> bool:
    """Return whether this release knows a revision."""
    return revision_id in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def newest() -> str | None:
    """Return the newest revision that this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()
