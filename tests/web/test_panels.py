"""Panels of a step: by hand in a table, by lot with a seed; recusals and filed sheets are kept."""

import json
import re
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from forms import in_force
from models.database import reading
from models.history import Entry
from models.marks import Assignment, Reviewer
from models.rounds import Round
from queries import audit, retold
from rules.records import Mark
from rules.records import Reviewer as Row
from tests.actions.test_stages import close, take_in, to_the_interview
from tests.web.visiting import hr, observer

PAGE = "/rounds/T-1/panels/interview"


def panel() -> UUID:
    """Return a round at its interview with four reviewers: two from outside, two of the centre."""
    round_id = to_the_interview()
    take_in(round_id, "reviewers", [Row("R3", "评委三", None, "004"), Row("R4", "评委四")])
    return round_id


def pairs(status: str = "assigned") -> set[str]:
    with reading() as session:
        found = session.exec(select(Assignment).where(Assignment.status == status))
        return {f"{a.staff_no}|{a.reviewer_no}" for a in found}


def sealed(page: str) -> str:
    return re.search(r'name="seal" value="([0-9a-f]+)"', page)[1]  # type: ignore[index]


def save(who: object, *ticked: str, **more: str) -> object:
    page = who.get(PAGE).text  # type: ignore[attr-defined]
    given = {"seal": sealed(page), "shown": ["001", "002", "003"], "p": list(ticked), **more}
    return who.post(PAGE, given)  # type: ignore[attr-defined]


def test_the_table_shows_recusals_and_saves_what_is_ticked(sqlite: Engine) -> None:
    panel()
    me = hr()
    page = me.get(PAGE).text
    assert "与候选人同在班组“一组”" in page  # 评委二 is 002, in the team of 001
    assert 'value="001|R2"' not in page
    assert 'value="003|R2"' in page
    assert save(me, "001|R1", "003|R2").status_code == 303  # type: ignore[attr-defined]
    assert pairs() == {"001|R1", "003|R2"}


def test_a_recusal_cannot_be_posted_past_the_table(sqlite: Engine) -> None:
    panel()
    answer = save(hr(), "001|R2")
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "评委二 须回避 王芳" in answer.text  # type: ignore[attr-defined]
    assert pairs() == set()


def test_taking_a_reviewer_away_needs_a_reason_and_keeps_the_row(sqlite: Engine) -> None:
    panel()
    me = hr()
    save(me, "001|R1", "001|R3")
    refused = save(me, "001|R1")
    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert pairs() == {"001|R1", "001|R3"}
    save(me, "001|R1", reason="评委三出差")
    assert (pairs(), pairs("replaced")) == ({"001|R1"}, {"001|R3"})


def test_a_filed_sheet_is_not_taken_away(sqlite: Engine) -> None:
    round_id = panel()
    me = hr()
    save(me, "001|R1")
    take_in(round_id, "marks", [Mark("interview", "001", "R1", "speech", Decimal(8), "scored")])
    answer = save(me, reason="换人")
    assert "已经提交，不能取消" in answer.text  # type: ignore[attr-defined]
    assert pairs() == {"001|R1"}


def test_a_stale_tab_does_not_overwrite_and_keeps_what_was_ticked(sqlite: Engine) -> None:
    panel()
    me, other = hr(), hr("hr2")
    seal = sealed(me.get(PAGE).text)
    save(other, "002|R1")
    answer = me.post(PAGE, {"seal": seal, "shown": ["001", "002", "003"], "p": ["003|R4"]})
    assert answer.status_code == 409
    assert "您打开页面之后，分组有了变化" in answer.text
    assert 'value="003|R4" checked' in answer.text
    assert pairs() == {"002|R1"}


def drawn(who: object, seed: str = "七号", **more: str) -> object:
    given = {"reviewer": ["R1", "R2", "R3", "R4"], "seed": seed, "each": "2", **more}
    return who.post(f"{PAGE}/draw", given)  # type: ignore[attr-defined]


def test_a_draw_is_shown_first_and_written_with_its_seed(sqlite: Engine) -> None:
    panel()
    me = hr()
    preview = drawn(me)
    assert "七号" in preview.text  # type: ignore[attr-defined]
    assert pairs() == set()
    drawn(me, step="confirm", seal=sealed(preview.text))  # type: ignore[attr-defined]
    assert len(pairs()) == 6
    assert not pairs() & {"001|R2", "002|R2"}
    with reading() as session:
        said = json.loads(session.exec(select(Entry).where(Entry.deed == "sheets.drawn")).one().detail)
    assert (said["seed"], said["each"], said["sheets"]) == ("七号", 2, 6)


def test_a_draw_that_is_not_the_one_shown_is_refused(sqlite: Engine) -> None:
    panel()
    me = hr()
    seal = sealed(drawn(me).text)  # type: ignore[attr-defined]
    answer = drawn(me, seed="八号八号", step="confirm", seal=seal)
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert pairs() == set()


def test_a_draw_says_for_whom_there_are_too_few(sqlite: Engine) -> None:
    panel()
    page = drawn(hr(), each="4").text  # type: ignore[attr-defined]
    assert "王芳（001）还缺 1 位" in page
    assert "与候选人同在班组“一组”" in page


def test_after_the_deadline_nothing_is_assigned(sqlite: Engine) -> None:
    round_id = panel()
    me = hr()
    seal = sealed(me.get(PAGE).text)
    close(round_id, "interview")
    assert "分组不能再改" in me.get(PAGE).text
    answer = me.post(PAGE, {"seal": seal, "shown": ["001"], "p": ["001|R1"]})
    assert "不能再安排评委" in answer.text
    assert pairs() == set()


def test_a_substitute_is_named(sqlite: Engine) -> None:
    panel()
    hr().post("/rounds/T-1/substitute", {"reviewer_no": "R1", "substitute_no": "R4", "key": "interview"})
    with reading() as session:
        assert session.exec(select(Reviewer).where(Reviewer.reviewer_no == "R1")).one().substitute_no == "R4"


def test_an_observer_reads_the_panels_only(sqlite: Engine) -> None:
    panel()
    page = observer().get(PAGE)
    assert page.status_code == 200
    assert "保存分组" not in page.text
    assert observer().post(PAGE).status_code == 403


def test_reviewers_are_imported_from_a_spreadsheet(sqlite: Engine) -> None:
    to_the_interview()
    assert "下载模板" in hr().get("/rounds/T-1/import/reviewers").text


def test_a_table_of_panels_shows_recusals_row_by_row_and_takes_in_the_others(sqlite: Engine) -> None:
    panel()
    me = hr()
    rows = "".join(
        f"interview,{no},{reviewer},assigned\n" for no, reviewer in (("001", "R2"), ("003", "R2"), ("001", "R4"))
    )
    table = "stage,staff_no,reviewer_no,status\n" + rows
    where = me.post("/rounds/T-1/import/panels", files={"file": ("表.csv", table.encode())}).headers["location"]
    page = me.get(where).text
    assert "R2 评委二 须回避 001 王芳（与候选人同在班组“一组”）" in page
    assert me.post(where, {"seal": sealed(page), "rows": "all"}).status_code == 409
    assert pairs() == set()
    assert me.post(where, {"seal": sealed(page), "rows": "good"}).status_code == 303
    assert pairs() == {"003|R2", "001|R4"}


def test_what_the_pages_write_agrees_with_its_history(sqlite: Engine) -> None:
    round_id = panel()
    me = hr()
    preview = drawn(me)
    drawn(me, step="confirm", seal=sealed(preview.text))  # type: ignore[attr-defined]
    kept = sorted(pairs())
    save(me, *kept[1:], reason="评委出差")
    me.post("/rounds/T-1/remind")
    me.post("/rounds/T-1/do/hold", {"staff_no": "001", "reason": "核实", "step": "confirm"})
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        found = [
            *audit.chain_findings(session, chain=round_id),
            *audit.book_findings(session, chain=round_id, round_id=round_id),
            *retold.findings(session, the_round=the_round, policy=in_force.policy(the_round.policy_text)),
        ]
    assert [str(text) for text in found] == []


@pytest.mark.parametrize("each", ["0", "16", "0001000", "３", "-1", "1e1", ""])
def test_a_number_of_reviewers_that_is_none_draws_nothing(sqlite: Engine, each: str) -> None:
    panel()
    assert drawn(hr(), each=each).status_code == 409  # type: ignore[attr-defined]
