"""The database's schema: bring it to the newest revision, and say whether it is.

Alembic is slow to import, and most commands never ask for it: it is imported where it is used.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return ScriptDirectory.from_config(_config())


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
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def is_current(engine: Engine) -> bool:
    """Return whether the database stands at the newest revision."""
    with engine.connect() as connection:
        return revision(connection) == newest()


def revision(connection: Connection) -> str:
    """Return the revision at which the database stands; empty when it has no tables of ours yet."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - see above

    return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision_id: str) -> bool:
    """Return whether this release knows a revision."""
    return revision_id in {script.revision for script in _scripts().walk_revisions()}


def newest() -> str | None:
    """Return the newest revision that this release knows."""
    return _scripts().get_current_head()
