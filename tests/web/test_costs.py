"""No page of HR asks the database more often because there are more people, papers, holds or accounts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, select
from sqlmodel import Session, SQLModel

from kit.settings import settings
from models.database import transaction
from tests.journeys.test_live import calendar
from tests.web import scenes
from tests.web.visiting import account, hr, queries

SOMEBODY: Final = "002"
MORE: Final = [f"9{n:02}" for n in range(40)]
TABLES: Final = (
    *("person", "rating", "screening", "verdict", "result", "component", "stageresult", "application"),
    *("assignment", "mark", "attendance", "examscore", "document", "handover", "hold"),
)
"""Where somebody of a round stands."""

PAGES: Final = (
    *("", "?stage=_applications", "?stage=interview", "?stage=theory", "/panels", "/attendance", "/exam", "/decision"),
    *("/materials", "/proposals", "/hearings", "/timeline", "/documents", "/history"),
)


@pytest.fixture
def scene(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, datetime.now(UTC)))
    settings.cache_clear()
    scenes.laid()
    scenes.held(scenes.JUDGED, SOMEBODY)


def grow() -> None:
    """Let forty more stand wherever one person stands."""
    with transaction() as session:
        for name in TABLES:
            rows = list(_copies(session, name))
            assert rows or name in {"handover", "document"}, name
            if rows:
                session.execute(insert(SQLModel.metadata.tables[name]), rows)


def _copies(session: Session, name: str) -> Iterator[dict[str, object]]:
    table = SQLModel.metadata.tables[name]
    for row in session.execute(select(table).where(table.c.staff_no == SOMEBODY)).mappings():
        kept = {key: value for key, value in row.items() if key != "id" or not isinstance(value, int)}
        for no in MORE:
            fresh = {"id": uuid4()} if "id" in kept else {}
            named = {"held_by": f"hr{no}"} if name == "hold" else {}
            yield {**kept, "staff_no": no, **fresh, **named}


@pytest.mark.usefixtures("scene")
def test_more_people_never_mean_more_questions(sqlite: Engine) -> None:
    me = hr()
    addresses = ["/", "/people", "/rounds"]
    addresses += [f"/rounds/{code}{page}" for code in (scenes.JUDGED, scenes.DECIDED, scenes.POSTED) for page in PAGES]
    few = {address: queries(sqlite, lambda address=address: me.get(address)) for address in addresses}  # type: ignore[misc] # a default holds the address
    grow()
    for no in MORE:
        account(f"hr{no}", name="同名同姓")
    assert f">{MORE[-1]}<" in me.get(f"/rounds/{scenes.JUDGED}").text
    many = {address: queries(sqlite, lambda address=address: me.get(address)) for address in addresses}  # type: ignore[misc] # a default holds the address
    assert {a: (few[a], many[a]) for a in addresses if many[a] > few[a]} == {}
