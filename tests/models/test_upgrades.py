"""A round that was launched under an earlier release goes on under this one, on both databases."""

import base64
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, text
from sqlmodel import select

from actions import changes as deeds
from kit.settings import settings
from models import database as databases
from models import schema
from models.database import reading, transaction
from models.messages import Message
from models.rounds import Round
from models.stages import Stage
from queries import audit, changes, results
from tests.actions.test_stages import close, confirm, look_again, take_in
from tests.factories import handed_in, terms

_numbers = count(1)
RELEASES = Path(__file__).parents[1] / "samples" / "releases"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = f"upgrade_{next(_numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        monkeypatch.setenv("JINGPIN_DATABASE_URL", server.replace("/postgres?", f"/{name}?"))
        settings.cache_clear()
    yield databases.engine()
    databases.forget()


def as_of(release: str, engine: Engine) -> None:
    """Lay a database as the release left it: its tables, its rows."""
    kept = json.loads((RELEASES / f"{release}.json").read_text())
    config = schema._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, kept["revision"])
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if rows := kept["tables"].get(table.name):
                names = ", ".join(f'"{name}"' for name in rows[0])
                places = ", ".join(f":{name}" for name in rows[0])
                for row in rows:
                    values = {name: _value(value, table.c[name].type) for name, value in row.items()}
                    connection.execute(text(f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'), values)
        if connection.dialect.name == "postgresql":
            for name in ("application", "mark", "signal"):
                if "id" in tables.tables[name].c:
                    connection.execute(text(f"SELECT setval('{name}_id_seq', 1000)"))


def _value(value: Any, kind: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return bool(value) if str(kind) == "BOOLEAN" else value


def test_a_round_of_the_last_release_goes_on_and_ends(empty: Engine) -> None:
    as_of("0.1.0", empty)
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    with reading() as session:
        the_round = session.exec(select(Round)).one()
        interview = session.exec(select(Stage).where(Stage.key == "interview")).one()
        applications = session.exec(select(Stage).where(Stage.key == "_applications")).one()
    assert (interview.state, interview.grace_hours) == ("open", 0)
    assert applications.due_at == applications.closes_at
    take_in(the_round.id, "marks", [m for m in handed_in().marks if m.staff_no == "003"])
    assert close(the_round.id, "interview")
    assert look_again(the_round.id) == "_decision"
    assert confirm(the_round.id) == 0
    with reading() as session:
        outcomes = {r.staff_no: r.outcome for r in results.of_round(session, round_id=the_round.id)}
        assert audit.chain_findings(session, chain=the_round.id) == []
        assert audit.book_findings(session, chain=the_round.id, round_id=the_round.id) == []
    assert outcomes == {"001": "reserve", "002": "selected", "003": "reserve", "004": "ineligible"}


def test_a_round_of_0_2_0_with_a_hold_a_proposal_and_a_letter_goes_on_and_ends(empty: Engine) -> None:
    as_of("0.2.0", empty)
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    with reading() as session:
        the_round = session.exec(select(Round)).one()
        assert [h.staff_no for h in changes.on_hold(session, round_id=the_round.id)] == ["001"]
        assert [m.state for m in session.exec(select(Message))] == ["waiting"]
    take_in(the_round.id, "marks", [m for m in handed_in().marks if m.staff_no == "003"])
    with transaction() as session:
        mine = session.get_one(Round, the_round.id)
        deeds.agree(session, the_round=mine, number=1, terms=terms(actor="hr2"))
    assert close(the_round.id, "interview")
    assert look_again(the_round.id) == "_decision"
    assert confirm(the_round.id) == 0
    with reading() as session:
        outcomes = {r.staff_no: r.outcome for r in results.of_round(session, round_id=the_round.id)}
        assert audit.chain_findings(session, chain=the_round.id) == []
        assert audit.book_findings(session, chain=the_round.id, round_id=the_round.id) == []
    assert outcomes == {"001": "reserve", "002": "selected", "003": "reserve", "004": "ineligible"}


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    as_of("0.1.0", empty)
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE proposal (id INTEGER)"))  # in the way of the migration
    with pytest.raises(Exception, match="proposal"):
        schema.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("DROP TABLE proposal"))
    schema.upgrade(empty)
    assert schema.is_current(empty)
