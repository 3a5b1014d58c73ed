"""Alembic's environment: our tables, the database of the settings (or the connection handed in)."""

from alembic import context

from models.database import engine
from models.tables import metadata


def run() -> None:
    """Run the migrations on one connection, in one transaction."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _on(given)
        return
    with engine().connect() as connection:
        _on(connection)
        connection.commit()


def _on(connection) -> None:  # noqa: ANN001 - Alembic hands over what it was given
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
