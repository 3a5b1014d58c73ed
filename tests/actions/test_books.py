from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from actions import books, people
from actions.books import ChangeError, Taken
from models.database import reading, transaction
from queries import audit
from queries import books as read
from rules.records import Kpi, Person, Personnel, Rating

NOW = datetime(2026, 10, 21, 1, 30, tzinfo=UTC)
WANG = Person("00001", "王芳", "phone", "phone-1", "Ⅱ", date(2021, 3, 23))
LI = Person("00002", "李·雷", "vip")


def take_people(*rows: Person, reason: str | None = None) -> Taken:
    with transaction() as session:
        return books.take_in(session, book="people", rows=rows, actor="hr", now=NOW, change_reason=reason)


def findings() -> list[str]:
    with reading() as session:
        found = audit.chain_findings(session, chain="centre")
        found += audit.book_findings(session, chain="centre", round_id=None)
        found += audit.file_findings(session)
    return [f.template.format_map(dict(f.values)) for f in found]


def test_the_same_rows_twice_do_no_harm(database: Engine) -> None:
    assert take_people(WANG, LI) == Taken(new=2, same=0, changed=0)
    assert take_people(WANG, LI) == Taken(new=0, same=2, changed=0)
    with reading() as session:
        assert read.rows(session, book="people") == [WANG, LI]
        assert len(list(audit.entries(session, chain="centre"))) == 1


def test_a_changed_row_needs_a_reason(database: Engine) -> None:
    take_people(WANG)
    married = WANG._replace(business_line="vip")
    with pytest.raises(ChangeError) as refused:
        take_people(married)
    assert refused.value.rows == [(married, WANG)]
    assert take_people(married, reason="转岗") == Taken(new=0, same=0, changed=1)
    with reading() as session:
        assert read.rows(session, book="people") == [married]
    assert findings() == []


def test_a_value_is_exact_on_the_way_in_and_out(database: Engine) -> None:
    take_people(WANG)
    with transaction() as session:
        kpi = Kpi("00001", "2026Q1", "complaint_rate", Decimal("0.10"))
        books.take_in(session, book="kpis", rows=[kpi], actor="hr", now=NOW)
    with reading() as session:
        assert str(read.rows(session, book="kpis")[0].value) == "0.10"
    assert findings() == []


def test_who_has_left_is_kept_but_not_listed_and_may_come_back(database: Engine) -> None:
    take_people(WANG, LI)
    with transaction() as session:
        assert people.leave(session, staying=["00001"], actor="hr", now=NOW) == ["00002"]
    with reading() as session:
        assert read.rows(session, book="people") == [WANG]
    with transaction() as session:
        people.take_in(session, personnel=Personnel(people=[LI]), actor="hr", now=NOW)
    with reading() as session:
        assert read.rows(session, book="people") == [WANG, LI]
    assert findings() == []


@pytest.mark.parametrize(
    ("deed", "named"),
    [
        (
            "UPDATE rating SET rating = 'S' WHERE staff_no = '00001'",
            "绩效等级：王芳 00001 / 2026H1 这一行被改动过：录入的是 rating=B，现在是 rating=S",
        ),
        ("DELETE FROM rating", "绩效等级：王芳 00001 / 2026H1 这一行被删去"),
        (
            "INSERT INTO rating (staff_no, period, rating) VALUES ('00001', '2025H2', 'S')",
            "绩效等级：王芳 00001 / 2025H2 这一行不是录入的",
        ),
        (
            "UPDATE person SET hired_on = '2011-03-23'",
            "人员名册：王芳 00001 这一行被改动过：录入的是 hired_on=2021-03-23，现在是 hired_on=2011-03-23",
        ),
        ("UPDATE person SET active = (1 = 0)", "人员名册：00001 的在职状态被改动过"),
    ],
)
def test_a_row_changed_behind_our_back_is_named(database: Engine, deed: str, named: str) -> None:
    take_people(WANG)
    with transaction() as session:
        books.take_in(session, book="ratings", rows=[Rating("00001", "2026H1", "B")], actor="hr", now=NOW)
    assert findings() == []
    with transaction() as session:
        session.connection().execute(text(deed))
    assert findings() == [named]


def test_a_forged_history_is_named(database: Engine) -> None:
    take_people(WANG)
    take_people(LI)
    with transaction() as session:
        if database.dialect.name == "sqlite":
            session.connection().execute(text("DROP TRIGGER entry_no_update"))
        else:
            session.connection().execute(text("DROP TRIGGER entry_append_only ON entry"))
        session.connection().execute(text("UPDATE entry SET actor = 'somebody' WHERE number = 1"))
    assert findings() == ["留痕第 1 条（录入 人员名册，somebody）被改动过"]
