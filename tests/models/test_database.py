from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from actions import documents, history
from models.database import reading, transaction
from models.history import Entry
from models.people import Kpi, Person
from rules.texts import RuleError

NOW = datetime(2026, 10, 21, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def test_an_instant_comes_back_in_utc(database: Engine) -> None:
    with transaction() as session:
        history.record(session, chain="centre", actor="hr", deed="test", now=NOW)
    with reading() as session:
        at = session.exec(select(Entry.at)).one()
    assert at == NOW
    assert at.tzinfo is not None
    assert at.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(database: Engine) -> None:
    with pytest.raises(Exception, match="time zone"), transaction() as session:
        session.add(Entry(chain="centre", number=1, at=datetime(2026, 1, 1), actor="", deed="", previous="", hash=""))  # noqa: DTZ001 - that is the test
        session.flush()


def test_a_decimal_comes_back_with_the_same_digits(database: Engine) -> None:
    with transaction() as session:
        session.add(Person(staff_no="00001", name="王", business_line="phone"))
        session.flush()
        session.add(Kpi(staff_no="00001", period="2026Q1", kpi="k", value=Decimal("0.10")))
    with reading() as session:
        assert str(session.exec(select(Kpi.value)).one()) == "0.10"


def test_a_row_about_nobody_is_refused(database: Engine) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Kpi(staff_no="99999", period="2026Q1", kpi="k"))


@pytest.mark.parametrize("deed", ["UPDATE entry SET actor = 'x'", "DELETE FROM entry", "DELETE FROM blob"])
def test_history_and_kept_files_cannot_be_changed(database: Engine, deed: str) -> None:
    with transaction() as session:
        sha256 = documents.keep(session, b"evidence")
        history.record(session, chain="centre", actor="hr", deed="test", now=NOW, evidence=sha256)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().execute(text(deed))


def test_an_error_leaves_everything_as_it_was(database: Engine) -> None:
    with pytest.raises(RuntimeError), transaction() as session:
        session.add(Person(staff_no="00001", name="王", business_line="phone"))
        session.flush()
        raise RuntimeError
    with reading() as session:
        assert session.exec(select(Person)).all() == []


def test_the_models_and_the_migrations_agree(database: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from models.tables import metadata

    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_again_changes_nothing(database: Engine) -> None:
    from models import schema

    schema.upgrade(database)
    assert schema.is_current(database)
    assert datetime.now(UTC)


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    from alembic.script import ScriptDirectory

    from models import schema

    assert ScriptDirectory.from_config(schema._config()).get_current_head() == schema.newest()


def test_a_database_of_another_release_is_neither_read_nor_upgraded(database: Engine) -> None:
    from models import schema

    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuleError, match="更新的版本"), reading():
        pass
    with pytest.raises(RuleError, match="更新的版本"):
        schema.upgrade(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(RuleError, match="旧版本"), reading():
        pass


def test_a_database_that_is_not_there_is_not_made_by_reading_it(home: Path) -> None:
    with pytest.raises(RuleError, match="jingpin init"), reading():
        pass
    assert list(home.iterdir()) == []
