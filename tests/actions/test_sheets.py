"""Keeping score sheets, on both databases: versions, keys, two windows at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import declarations, stages
from actions import sheets as writing
from actions.sheet_saves import ConflictError, Save
from forms import in_force
from models.database import reading, transaction
from models.rounds import Round
from models.sheets import SheetSave
from queries import audit, desks, inboxes, panels, sheets
from queries.desks import Desk
from rules.sheets import State, Written
from rules.texts import RuleError
from tests.late import interview, take_in, terms
from tests.late import sheet as imported
from tests.reviewing import NOW, at_the_sheets, marks, sheet

BOTH = {"speech": Written("8", "好"), "calm": Written("7.5")}
EXACT = {"speech": Decimal(8), "calm": Decimal("7.5")}


def desk_of(session: object, *, staff_no: str = "001", who: str = "009") -> Desk:
    chairs = inboxes.chairs(session, staff_no=who, code="T-1")  # type: ignore[arg-type]
    policy = in_force.policy(chairs[0].the_round.policy_text)
    found = sheets.desk(session, chairs=chairs, stage="interview", staff_no=staff_no, policy=policy)  # type: ignore[arg-type]
    assert found
    return found


def declare(who: str = "009") -> None:
    with transaction() as session:
        for chair in inboxes.chairs(session, staff_no=who, code="T-1"):
            declarations.declare(session, chair=chair, statement="", actor=f"r{who}", now=NOW)


def save(key: str, version: int, mark: str = "8") -> int:
    with transaction() as session:
        written = {**BOTH, "speech": Written(mark)}
        made = Save(key, version, "r009", NOW)
        return writing.save(session, desk=desk_of(session), written=written, made=made)


def file(key: str, version: int, **others: str) -> int:
    with transaction() as session:
        made = Save(key, version, "r009", NOW)
        return writing.file(session, desk=desk_of(session, **others), written=BOTH, marks=EXACT, made=made)


@pytest.fixture
def round_id(database: Engine) -> UUID:
    made = at_the_sheets()
    declare()
    return made


def test_a_save_counts_up_and_the_same_key_is_written_once(round_id: UUID) -> None:
    assert [save("a", 0), save("b", 1, "9"), save("a", 0)] == [1, 2, 2 - 1]
    kept = sheet(round_id)
    assert kept
    assert desks.entries_of(kept)["speech"] == Written("9")


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_save_over_another_version_writes_nothing(round_id: UUID, version: int) -> None:
    save("a", 0)
    with pytest.raises(ConflictError):
        save("b", version, "9")
    kept = sheet(round_id)
    assert kept
    assert (kept.version, desks.entries_of(kept)["speech"]) == (1, Written("8"))
    with reading() as session:
        assert session.exec(select(SheetSave.key)).all() == ["a"]


@pytest.mark.parametrize("begun", [False, True])
def test_of_two_windows_that_save_at_once_one_is_told(round_id: UUID, begun: bool) -> None:  # noqa: FBT001 - a parameter of the test
    version = save("first", 0) if begun else 0

    def window(n: int) -> str:
        try:
            save(f"k{n}", version, str(n))
        except ConflictError:
            return "told"
        return "saved"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(window, range(4))) == ["saved", "told", "told", "told"]
    kept = sheet(round_id)
    assert kept
    assert kept.version == version + 1


def test_a_filed_sheet_counts_and_is_nobodys_to_wait_for(round_id: UUID) -> None:
    file("a", 0)
    assert [(m.criterion, m.mark, m.comment) for m in marks(round_id)] == [
        ("speech", Decimal(8), "好"),
        ("calm", Decimal("7.5"), None),
    ]
    with reading() as session:
        assert desk_of(session).state is State.FILED
        stage = interview(session, round_id)
        assert "001" not in panels.open_sheets(session, stage=stage, criteria=list(EXACT))["R9"]
        assert audit.chain_findings(session, chain=round_id) == []
        assert audit.book_findings(session, chain=round_id, round_id=round_id) == []


def test_a_sheet_without_all_marks_is_never_filed(round_id: UUID) -> None:
    with transaction() as session, pytest.raises(RuleError, match="还没有评分：情绪"):
        made = Save("a", 0, "r009", NOW)
        writing.file(session, desk=desk_of(session), written=BOTH, marks={"speech": Decimal(8)}, made=made)
    assert (marks(round_id), sheet(round_id)) == ([], None)


def test_a_key_of_another_sheet_or_none_is_refused(round_id: UUID) -> None:
    save("a", 0)
    with pytest.raises(RuleError, match="没有编号"):
        file("a", 0, staff_no="002")
    for key in ("", "x" * 65):
        with pytest.raises(RuleError, match="没有编号"):
            save(key, 1)


def test_nothing_is_taken_before_interests_are_declared(database: Engine) -> None:
    at_the_sheets()
    with pytest.raises(RuleError, match="先申报"):
        file("a", 0)


def test_in_a_cancelled_round_nothing_is_written(round_id: UUID) -> None:
    from actions import rounds

    with transaction() as session:
        rounds.cancel(session, the_round=session.get_one(Round, round_id), reason="编制取消", actor="hr", now=NOW)
    with pytest.raises(RuleError, match="已经结束或取消"):
        save("a", 0)
    assert sheet(round_id) is None


@pytest.mark.parametrize(("later", "kept"), [(timedelta(hours=23), ["a", "b"]), (timedelta(days=2), [])])
def test_what_was_saved_days_ago_is_forgotten_once_the_step_is_counted(
    round_id: UUID, later: timedelta, kept: list[str]
) -> None:
    file("b", save("a", 0))
    with reading() as session:
        policy = in_force.policy(session.get_one(Round, round_id).policy_text)
    now = NOW + later
    with transaction() as session:
        interview(session, round_id).state = "closed"
        foreign = SheetSave(**{**session.get_one(SheetSave, "a").model_dump(), "key": "c", "stage": "another"})
        session.add(foreign)
    for _again in range(2):
        with transaction() as session:
            stage = interview(session, round_id)
            stages.tally(session, stage_id=stage.id, terms=terms(now=now, policy=policy))
    with reading() as session:
        assert session.exec(select(SheetSave.key).order_by(SheetSave.key)).all() == [*kept, "c"]
    assert sheet(round_id)


def test_no_import_changes_what_a_reviewer_filed(round_id: UUID) -> None:
    file("a", 0)
    before = marks(round_id)
    with pytest.raises(RuleError, match=r"1 份评分表已由评委本人提交并锁定.*R9→001"):
        take_in(round_id, "marks", imported("001", "R9", "9", "7.5"), change_reason="评委来电")
    take_in(round_id, "marks", [*before, *imported("002", "R9", "9", "7.5")])
    assert [m for m in marks(round_id) if m.staff_no == "001"] == before
    assert len(marks(round_id)) == 4


def test_marks_that_were_brought_in_over_a_draft_are_what_the_sheet_shows_and_gives_back(round_id: UUID) -> None:
    save("a", 0, "6.5")
    take_in(round_id, "marks", imported("001", "R9", "9", "7.5"))
    with reading() as session:
        desk = desk_of(session)
        assert (desk.state, desk.written()["speech"]) == (State.FILED, Written("9"))
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        asked = {"stage": "interview", "staff_no": "001", "reviewer_no": "R9", "reason": "录错了"}
        policy = in_force.policy(the_round.policy_text)
        writing.give_back(session, the_round=the_round, **asked, policy=policy, actor="hr", now=NOW)
    with reading() as session:
        assert desk_of(session).written()["speech"] == Written("9")
