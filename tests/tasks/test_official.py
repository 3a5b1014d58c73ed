"""The official documents, from the database: who stands in them, what is vacant, on which day."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import books
from models.database import reading, transaction
from models.documents import Blob, Document
from models.stages import Stage
from reports.official.announcement import Level
from tasks import official, papers
from tests.factories import NOW, handed_in, launched
from tests.reports.reading import text_of
from tests.tasks.test_papers import to_the_end

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
STEPS = {"launch_notice": ("_screening", "tallied"), "announcement": ("_notice", "opened")}
STEPS["appointment_notice"] = ("_archive", "tallied")


@pytest.fixture
def round_with(database: Engine) -> Callable[..., UUID]:
    def run(**marks: str) -> UUID:
        with transaction() as session:
            the_round = launched(session, mode="replay")
            found = handed_in(**marks)
            for book in ("applications", "reviewers", "marks"):
                books.take_in(session, book=book, rows=getattr(found, book), actor="hr", now=NOW, the_round=the_round)
            round_id = the_round.id
        to_the_end(round_id)
        return round_id

    return run


def text(round_id: UUID, kind: str) -> str | None:
    """Return the text of an official document without line ends and blanks, ``None`` if there is none."""
    key, moment = STEPS[kind]
    with reading() as session:
        stage = session.exec(select(Stage.id).where(Stage.round_id == round_id, Stage.key == key)).one()
    papers.make(stage, moment)
    with reading() as session:
        rows = session.exec(select(Blob.content).join(Document).where(Document.kind == kind)).all()
    return "".join(text_of(rows[0]).split()) if rows else None


def test_the_launch_notice_is_dated_on_the_opening_and_has_the_seats(round_with: Callable[..., UUID]) -> None:
    found = text(round_with(), "launch_notice")
    assert found is not None
    assert "2026年10月12日" in found
    assert "电话客服31" in found


def test_the_announcement_names_those_selected_and_nobody_else(round_with: Callable[..., UUID]) -> None:
    found = text(round_with(), "announcement")
    assert found is not None
    assert "拟确定下列1名同志任主管" in found
    assert "李雷" in found
    assert "Ⅱ级" in found
    assert not any(name in found for name in ("王芳", "买买提", "赵静"))
    assert "公示时间为2026年10月19日至2026年10月26日，共5个工作日（发布当日不计入）。" in found


def test_level_people_are_not_named_and_their_seat_is_held(round_with: Callable[..., UUID]) -> None:
    round_id = round_with(s001="8", s002="8", s003="7")
    found = text(round_id, "announcement")
    assert found is not None
    assert "目前没有可以直接确定的拟任人选" in found
    assert "电话客服有2名人员" in found
    assert "多于剩余的1个名额" in found
    assert not any(name in found for name in ("王芳", "李雷"))
    assert text(round_id, "appointment_notice") is None


def test_the_appointment_takes_effect_on_the_day_after_the_notice(round_with: Callable[..., UUID]) -> None:
    found = text(round_with(), "appointment_notice")
    assert found is not None
    assert "并经2026年10月19日至2026年10月26日公示，决定任命下列1名同志为主管，自2026年10月27日起任职。" in found
    assert found.count("2026年10月27日") == 2


def given(selected: int, tied: int = 0, held: int = 0, unused: int = 0) -> dict[str, object]:
    people = [str(n) for n in range(selected + tied)]
    return {"selected": people[:selected], "tied": people[selected:], "held": held, "unused": unused}


@pytest.mark.parametrize(
    ("lines", "unused", "vacant"),
    [
        ({"a": given(2, unused=1), "b": given(1)}, {"seats": 1}, {"a": 1, "b": 0}),
        ({"a": given(2, unused=2), "b": given(1)}, {"seats": 2, "selected": ["9"], "tied": [], "held": 0}, {"": 1}),
        (
            {"a": given(2, unused=2), "b": given(1)},
            {"seats": 2, "selected": ["8", "9"], "tied": [], "held": 0},
            {"": 0},
        ),
        ({"a": given(0, unused=2)}, {"seats": 2, "selected": [], "tied": ["7", "8"], "held": 1}, {"": 1}),
        ({"a": given(0, unused=3), "b": given(1)}, {"seats": 3, "lines": {"b": given(1, tied=2, held=1)}}, {"": 1}),
        ({"a": given(0, unused=3)}, {"seats": 3, "lines": {}}, {"a": 3}),
        ({"a": given(0, tied=2, held=1), "b": given(0, unused=2)}, {"seats": 2, "held": 2}, {"a": 0, "b": 2}),
    ],
)
def test_seats_that_nobody_takes_are_counted(
    database: Engine, lines: dict[str, dict[str, int]], unused: dict[str, object], vacant: dict[str, int]
) -> None:
    assert official.vacant_seats({"lines": lines, "unused": unused}) == vacant


def test_groups_of_level_people_are_found_wherever_seats_were_given(database: Engine) -> None:
    final = {"lines": {"a": given(1, tied=3, held=2), "b": given(1)}, "unused": {"seats": 0}}
    assert list(official.level_groups(final)) == [Level("a", 3, 2)]
    over_all = {"lines": {"a": given(1)}, "unused": {"seats": 2, "selected": ["1"], "tied": ["2", "3"], "held": 1}}
    assert list(official.level_groups(over_all)) == [Level("", 2, 1)]
    again = {"lines": {"a": given(1), "b": given(0)}, "unused": {"seats": 1, "lines": {"b": given(0, tied=2, held=1)}}}
    assert list(official.level_groups(again)) == [Level("b", 2, 1)]
