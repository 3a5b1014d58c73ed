"""Printed score sheets: what stands on them, and how what was written on paper comes in."""

import re
from html import unescape

import pytest
from sqlalchemy import Engine

from models.database import transaction
from rules.policies import Anchor, Criterion
from tests.actions.test_stages import close
from tests.late import interview
from tests.reviewing import NOW, at_the_sheets, declared, marks, typed
from tests.web.visiting import Visitor, hr
from web.papers import setting

PRINTED = "/reviews/T-1/_printed/interview"
SHEET = "/reviews/T-1/interview/001"
HEAD = "stage,staff_no,reviewer_no,criterion,mark,status,comment\n"


@pytest.fixture(autouse=True)
def _while_the_interview_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.doors.instant", lambda: NOW)


def criteria(n: int, anchors: int, length: int) -> list[Criterion]:
    made = tuple(Anchor(at, "说" * length) for at in range(anchors))
    return [Criterion(f"c{i}", "应变能力", 10, 10, None, made) for i in range(n)]


@pytest.mark.parametrize(
    ("n", "anchors", "length", "how"),
    [(6, 2, 12, "wide"), (6, 3, 20, "close"), (12, 0, 0, "close"), (12, 3, 20, "apart"), (1, 3, 180, "wide")],
)
def test_a_sheet_is_set_so_that_it_fits_a_page(n: int, anchors: int, length: int, how: str) -> None:
    assert setting(criteria(n, anchors, length)) == how


def test_a_printed_sheet_has_what_a_reviewer_and_whoever_types_it_in_need(sqlite: Engine) -> None:
    at_the_sheets()
    page = declared("008").get(PRINTED).text
    assert page.count("<svg") == page.count('class="paper paper--wide"') == 2  # not the one in the own team
    assert "style=" not in page
    for said in ("王芳", "周敏", "R8", "<code>speech</code>", "说得让人信服", "步长 0.5", "环节 interview", "核对人"):
        assert said in page
    assert unescape(page).count(f"http://127.0.0.1:8000{SHEET}") == 1


def test_a_sheet_that_is_filed_is_not_printed_again(sqlite: Engine) -> None:
    at_the_sheets()
    me = declared()
    me.post(f"{SHEET}/file", typed())
    assert me.get(PRINTED).text.count("<svg") == 2


def test_sheets_are_printed_before_the_step_opens_and_no_more_after_it_closed(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    with transaction() as session:
        interview(session, round_id).state = "pending"
    assert PRINTED in me.get("/reviews/T-1").text
    assert me.get(PRINTED).text.count("<svg") == 3
    with transaction() as session:
        interview(session, round_id).state = "open"
    close(round_id, "interview")
    assert PRINTED not in me.get("/reviews/T-1").text
    assert "没有需要打印的评分表" in me.get(PRINTED).text


def upload(who: Visitor, *rows: str) -> tuple[str, str]:
    """Hand in a table of marks; return the address of its preview, and what that says."""
    content = HEAD + "".join(f"interview,001,R9,{row}\n" for row in rows)
    answer = who.post("/rounds/T-1/import/marks", files={"file": ("marks.csv", content.encode())})
    address = answer.headers["location"]
    return address, who.get(address).text


def counts(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(新增|更正|与已录入的相同)</dt><dd>(\d+)</dd>", page))


def test_a_paper_sheet_comes_in_by_hr_and_is_checked_by_typing_it_twice(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    assert "纸质评分表怎样录入" in hr().get("/rounds/T-1/import/marks").text
    address, page = upload(hr(), "speech,8,scored,有条理", "calm,7.5,scored,")
    assert counts(page) == {"新增": "2", "更正": "0", "与已录入的相同": "0"}
    seal = re.search(r'name="seal" value="([^"]+)"', page)
    assert seal
    assert hr().post(address, {"seal": seal[1], "rows": "all"}).status_code == 303
    assert [(str(m.mark), m.comment) for m in marks(round_id)] == [("8", "有条理"), ("7.5", None)]

    _address, right = upload(hr("second"), "speech,8,scored,有条理", "calm,7.5,scored,")
    assert counts(right) == {"新增": "0", "更正": "0", "与已录入的相同": "2"}
    _address, wrong = upload(hr("second"), "speech,6,scored,有条理", "calm,7.5,scored,")
    assert counts(wrong) == {"新增": "0", "更正": "1", "与已录入的相同": "1"}
    assert "<del>8</del>" in wrong
    assert "<ins>6</ins>" in wrong

    me = declared()
    mine = me.get(SHEET).text
    assert "已经提交并锁定" in mine
    assert "有条理" in mine
    assert me.post(f"{SHEET}/correction", {"reason": "录错了行"}).status_code == 303


def test_hr_cannot_type_over_what_a_reviewer_filed(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    declared().post(f"{SHEET}/file", typed())
    before = marks(round_id)
    address, page = upload(hr(), "speech,9,scored,", "calm,7.5,scored,")
    seal = re.search(r'name="seal" value="([^"]+)"', page)
    assert seal
    answer = hr().post(address, {"seal": seal[1], "rows": "all", "reason": "评委来电"})
    assert answer.status_code == 409
    assert "1 份评分表已由评委本人提交并锁定" in answer.text
    assert marks(round_id) == before
