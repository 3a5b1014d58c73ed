"""The reviewer's pages: inbox, declaration, sheet, filing, declining, correction."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import changes, materials, rounds, stages
from models.accounts import Viewing
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from models.sheets import Declaration
from queries import audit
from queries import stages as standing
from rules.access import Role
from rules.records import Assignment
from tests.actions.test_stages import close
from tests.factories import terms
from tests.late import centre, take_in
from tests.reviewing import NOW, at_the_sheets, declared, marks, sheet, typed
from tests.web.visiting import hr, queries, reviewer, visitor

SHEET = "/reviews/T-1/interview/001"


@pytest.fixture(autouse=True)
def _while_the_interview_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.doors.instant", lambda: NOW)


def history(round_id: object, deed: str) -> list[Entry]:
    with reading() as session:
        return list(session.exec(select(Entry).where(Entry.chain == str(round_id), Entry.deed == deed)))


def script(me: object) -> dict:
    return {"headers": {"X-CSRF": me.csrf}}  # type: ignore[attr-defined]


# ---- inbox and declaration


def test_a_reviewer_without_sheets_is_told_what_will_appear(sqlite: Engine) -> None:
    assert "还不是任何进行中轮次的评委" in reviewer("010").get("/reviews").text


def test_the_inbox_counts_open_drafts_and_filed_sheets(sqlite: Engine) -> None:
    at_the_sheets()
    me = declared()
    me.post(f"{SHEET}/draft", typed(calm=""))
    me.post("/reviews/T-1/interview/002/file", typed(key="k2"))
    page = me.get("/reviews").text
    for said in ("未开始 1 份", "草稿 1 份", "已提交 1 份", "继续"):
        assert said in page


def test_a_reviewer_from_outside_without_a_staff_number_comes_by_the_number_on_the_panel(sqlite: Engine) -> None:
    at_the_sheets(panel=[Assignment("interview", "001", "R1")])
    me = visitor("zheng", Role.REVIEWER, staff_no="R1", name="郑评委")
    assert "未开始 1 份" in me.get("/reviews").text
    assert "还不是任何进行中轮次的评委" in reviewer("R7").get("/reviews").text  # 007 sits there, not a number


def test_the_same_number_on_another_panel_is_another_person(sqlite: Engine) -> None:
    at_the_sheets(panel=[Assignment("interview", "001", "R1")])
    other = visitor("li", Role.REVIEWER, staff_no="R1", name="李专家")  # was R1 of an earlier round
    assert "还不是任何进行中轮次的评委" in other.get("/reviews").text
    assert other.get(SHEET).status_code == 404


def test_no_name_is_shown_before_interests_are_declared(sqlite: Engine) -> None:
    at_the_sheets()
    me = reviewer("009")
    page = me.get("/reviews/T-1").text
    assert "3 位候选人" in page
    assert not re.search("王芳|李雷|买买提", page)
    assert me.get(SHEET).headers["location"] == "/reviews/T-1"
    assert "王芳" not in me.post(f"{SHEET}/draft", typed()).text
    assert sheet_count() == 0


def sheet_count() -> int:
    from models.sheets import Sheet

    with reading() as session:
        return len(session.exec(select(Sheet)).all())


def test_a_declaration_is_kept_with_an_entry_in_the_history(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = reviewer("009")
    refused = me.post("/reviews/T-1/_declaration", {"statement": "王芳是我表妹"})
    assert refused.status_code == 422
    assert "王芳是我表妹" in refused.text
    long = me.post("/reviews/T-1/_declaration", {"agreed": "1", "statement": "表妹" * 501}).text
    assert 'aria-describedby="h-statement e-statement"' in long
    assert "最多 1000 个字" in long
    assert "e-agreed" not in long
    declared(statement="王芳是我表妹")
    with reading() as session:
        assert session.exec(select(Declaration.statement)).all() == ["王芳是我表妹"]
    assert len(history(round_id, "interest.declared")) == 1
    page = me.get("/reviews/T-1").text
    assert "您的申报中提到“王芳”" in page
    assert "李雷" in page


def test_what_the_directory_knows_leaves_only_recusal(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared("008")
    assert "应当回避" in me.get("/reviews/T-1").text
    page = me.get("/reviews/T-1/interview/003").text
    assert "同在班组" in page
    assert "提交并下一位" not in page
    answer = me.post("/reviews/T-1/interview/003/file", typed(reviewer_no="R8"))
    assert answer.status_code == 409
    assert "应当回避" in answer.text
    assert marks(round_id) == []
    assert me.get("/reviews/T-1/interview/003/materials/case_summary.txt").status_code == 404
    me.post("/reviews/T-1/interview/003/decline", {"key": "d", "status": "recused", "reason": "同一班组"})
    assert {(m.status, m.mark) for m in marks(round_id)} == {("recused", None)}


# ---- reach


def test_anothers_sheet_and_an_unknown_one_are_the_same_404(sqlite: Engine) -> None:
    at_the_sheets(panel=[Assignment("interview", "001", "R9"), Assignment("interview", "002", "R8")])
    me = declared()
    for path in ("/reviews/T-1/interview/002", "/reviews/T-1/interview/999", "/reviews/T-1/final/001", "/reviews/T-9"):
        answer = me.get(path)
        assert answer.status_code == 404, path
        assert "李雷" not in answer.text
    assert me.post("/reviews/T-1/interview/002/file", typed()).status_code == 404
    assert reviewer("010").get("/reviews/T-1").status_code == 404


def test_a_sheet_left_in_a_browser_is_not_sent_as_somebody_elses(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared("X01")
    assert me.post(f"{SHEET}/draft", typed(reviewer_no="R9")).status_code == 404
    assert sheet(round_id, reviewer_no="R10") is None


def test_neither_marks_nor_names_of_other_reviewers_are_shown(sqlite: Engine) -> None:
    at_the_sheets()
    declared("X01").post(f"{SHEET}/file", typed("9.75", "3", reviewer_no="R10", key="x"))
    me = declared()
    before = me.get(SHEET).text
    assert "已收到" not in before
    me.post(f"{SHEET}/file", typed())
    after = me.get(SHEET).text
    assert "已收到 2 份评分表" in after
    for page in (before, after, me.get("/reviews/T-1").text):
        assert not re.search("9.75|外请专家|R10|周敏", page)


def test_who_is_from_outside_the_centre_scores_too(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared("X01")
    assert me.post(f"{SHEET}/file", typed(reviewer_no="R10")).status_code == 303
    assert {m.reviewer_no for m in marks(round_id)} == {"R10"}


def test_without_any_panel_every_reviewer_may_score_everybody_but_themselves(sqlite: Engine) -> None:
    round_id = at_the_sheets(panel=[])
    page = declared().get("/reviews/T-1").text
    assert "没有指定评委组" in page
    assert all(name in page for name in ("王芳", "李雷", "买买提·吐尔逊"))
    declared("X01").post("/reviews/T-1/interview/002/file", typed(reviewer_no="R10"))
    assert len(marks(round_id)) == 2


def test_who_was_replaced_is_told_so_and_reads_no_dossier(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    me.post(f"{SHEET}/draft", typed())
    take_in(round_id, "panels", [Assignment("interview", "001", "R9", "replaced")], change_reason="生病")
    page = me.get(SHEET)
    assert "改由其他评委完成" in page.text
    assert "候选人资料和材料" not in page.text
    answer = me.post(f"{SHEET}/file", typed(version=1, key="k2"))
    assert answer.status_code == 409
    assert "7.5" in answer.text
    assert marks(round_id) == []


def test_whoever_opened_a_sheet_is_noted(sqlite: Engine) -> None:
    at_the_sheets()
    declared().get(SHEET)
    with reading() as session:
        seen = {(v.actor, v.page, v.subject) for v in session.exec(select(Viewing))}
    assert ("r009", "score_sheet", "001") in seen


# ---- drafts


def test_a_draft_is_kept_as_typed_and_does_not_count(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    answer = me.post(f"{SHEET}/draft", {**typed("8.25", ""), "comment.speech": "有条理"}, **script(me))
    assert answer.json() == {"version": 1, "saved": f"{NOW + timedelta(hours=8):%H:%M}", "total": "49.50", "faults": {}}
    page = me.get(SHEET).text
    assert 'value="8.25"' in page
    assert "有条理" in page
    assert marks(round_id) == []


def test_the_same_save_again_changes_nothing(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    for _again in range(2):
        assert me.post(f"{SHEET}/draft", typed(), **script(me)).json()["version"] == 1
    me.post(f"{SHEET}/draft", typed("9", version=1, key="k2"))
    assert me.post(f"{SHEET}/draft", typed(), **script(me)).json()["version"] == 1
    kept = sheet(round_id)
    assert kept
    assert (kept.version, json.loads(kept.entries)["speech"]) == (2, ["9", ""])


def test_a_stale_tab_over_a_newer_draft_shows_both_and_lets_one_choose(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    me.post(f"{SHEET}/draft", typed("8.25"))
    for options in ({}, script(me)):
        answer = me.post(f"{SHEET}/draft", typed("6.5", version=0, key="other"), **options)
        assert answer.status_code == 409
        assert "8.25" in answer.text
        assert "6.5" in answer.text
        assert 'data-version="1"' in answer.text
    kept = sheet(round_id)
    assert kept
    assert json.loads(kept.entries)["speech"] == ["8.25", ""]
    answer = me.post(f"{SHEET}/file", typed("6.5", version=0, key="third"))
    assert answer.status_code == 409
    assert marks(round_id) == []


BAD = ["NaN", "Infinity", "1E+2", "+8", "-1", "8 5", "10.01", "11", "0.001", "８", "8。5", "8,5", "abc", "0x8", "١"]


@pytest.mark.parametrize("mark", BAD)
def test_what_is_no_mark_is_kept_as_typed_and_said_at_the_field(sqlite: Engine, mark: str) -> None:
    round_id = at_the_sheets()
    me = declared()
    assert list(me.post(f"{SHEET}/draft", typed(mark), **script(me)).json()["faults"]) == ["speech"]
    answer = me.post(f"{SHEET}/file", typed(mark, version=1, key="k2"))
    assert answer.status_code == 422
    assert f'value="{mark}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert marks(round_id) == []


# ---- filing


def test_filing_writes_the_marks_and_locks_the_sheet(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    me.post(f"{SHEET}/file", {**typed(), "comment.calm": "稳"})
    assert [(m.criterion, m.mark, m.status, m.comment) for m in marks(round_id)] == [
        ("speech", Decimal(8), "scored", None),
        ("calm", Decimal("7.5"), "scored", "稳"),
    ]
    filed = history(round_id, "sheet.filed")
    assert (filed[0].actor, json.loads(filed[0].detail)["marks"]["speech"]) == ("r009", [None, "8"])
    page = me.get(SHEET).text
    assert "已经提交并锁定" in page
    assert "78.00" in page
    for path in ("draft", "file"):
        answer = me.post(f"{SHEET}/{path}", typed("1", version=1, key="late"))
        assert answer.status_code == 409
        assert "锁定" in answer.text
    assert marks(round_id)[0].mark == 8
    with reading() as session:
        assert audit.chain_findings(session, chain=round_id) == []
        assert audit.book_findings(session, chain=round_id, round_id=round_id) == []


def test_a_second_click_on_filing_does_no_harm(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    for _click in range(2):
        assert me.post(f"{SHEET}/file", typed()).status_code == 303
    assert len(history(round_id, "sheet.filed")) == 1


def test_a_blank_is_not_zero_and_zero_is(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = declared()
    answer = me.post(f"{SHEET}/file", typed("8", " "))
    assert answer.status_code == 422
    assert "0 分也要写 0" in answer.text
    assert marks(round_id) == []
    me.post(f"{SHEET}/file", typed("0", "0"))
    assert {m.mark for m in marks(round_id)} == {Decimal(0)}


def test_after_filing_comes_the_candidate_with_the_fewest_filed_sheets(sqlite: Engine) -> None:
    at_the_sheets()
    other = declared("X01")
    for no in ("001", "002"):
        other.post(f"/reviews/T-1/interview/{no}/file", typed(reviewer_no="R10", key=f"x{no}"))
    me = declared()
    assert me.post(f"{SHEET}/file", typed()).headers["location"] == "/reviews/T-1/interview/003"
    answer = me.post("/reviews/T-1/interview/003/file", typed(key="k3"), **script(me))
    assert answer.json() == {"next": "/reviews/T-1/interview/002"}
    assert me.post("/reviews/T-1/interview/002/file", typed(key="k2")).headers["location"] == "/reviews/T-1"
    assert "已提交 李雷 的评分表" in me.get("/reviews/T-1").text


def test_each_reviewer_has_an_order_of_their_own(sqlite: Engine) -> None:
    panel = [Assignment("interview", no, who) for who in ("R9", "R10") for no in ("001", "002", "003")]
    at_the_sheets(panel=panel)
    orders = [re.findall('interview/(00.)">', declared(no).get("/reviews/T-1").text) for no in ("009", "X01")]
    assert orders[0] != orders[1]
    assert orders[0][-3:] == re.findall('interview/(00.)">', reviewer("009").get("/reviews/T-1").text)[-3:]


@pytest.mark.parametrize("path", ["draft", "file"])
def test_after_the_stage_closed_nothing_is_taken_and_what_was_typed_is_shown(sqlite: Engine, path: str) -> None:
    round_id = at_the_sheets()
    me = declared()
    close(round_id, "interview")
    for options in ({}, script(me)):
        answer = me.post(f"{SHEET}/{path}", typed("8.25"), **options)
        assert answer.status_code == 409
        assert "已经截止" in answer.text
        assert "8.25" in answer.text
    assert (marks(round_id), sheet(round_id)) == ([], None)


def test_one_second_after_the_deadline_is_too_late_though_the_clock_has_not_come_round(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = at_the_sheets()
    me = declared()
    with transaction() as session:
        stage = standing.by_key(session, the_round=session.get_one(Round, round_id), key="interview")
        stages.set_deadline(stage, NOW)
    assert me.post(f"{SHEET}/draft", typed(), **script(me)).status_code == 200
    monkeypatch.setattr("web.doors.instant", lambda: NOW + timedelta(seconds=1))
    assert me.post(f"{SHEET}/file", typed(version=1, key="k2")).status_code == 409
    assert marks(round_id) == []


# ---- declining


@pytest.mark.parametrize(("status", "word"), [("abstained", "弃评"), ("recused", "回避")])
def test_declining_needs_a_reason_and_counts_as_done(sqlite: Engine, status: str, word: str) -> None:
    round_id = at_the_sheets()
    me = declared()
    refused = me.post(f"{SHEET}/decline", {"key": "d", "status": status, "reason": "  "})
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    assert me.post(f"{SHEET}/decline", {"key": "d", "status": status, "reason": "没有到场"}).status_code == 303
    assert {(m.status, m.mark, m.comment) for m in marks(round_id)} == {(status, None, "没有到场")}
    assert word in me.get(SHEET).text
    assert len(history(round_id, "sheet.declined")) == 1


# ---- correction


def ask_for_correction(round_id: object) -> object:
    me = declared()
    me.post(f"{SHEET}/file", typed())
    assert me.post(f"{SHEET}/correction", {"reason": ""}).status_code == 422
    assert me.post(f"{SHEET}/correction", {"reason": "看错了行"}).status_code == 303
    return me


def agree(round_id: object, *, by: str) -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        changes.agree(session, the_round=the_round, number=1, terms=under(the_round, by))


def under(the_round: Round, by: str) -> object:
    from dataclasses import replace

    from forms import in_force

    return replace(terms(actor=by, now=NOW), policy=in_force.policy(the_round.policy_text))


def test_a_filed_sheet_is_corrected_with_a_reason_and_a_second_person(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = ask_for_correction(round_id)
    assert "等待人力资源同意" in me.get(SHEET).text
    assert me.post(f"{SHEET}/file", typed("9", version=1, key="k9")).status_code == 409
    with pytest.raises(Exception, match="不能自己同意"):
        agree(round_id, by="r009")
    agree(round_id, by="hr")
    kept = sheet(round_id)
    assert kept
    assert (kept.state, kept.reason, kept.version) == ("returned", "看错了行", 2)
    assert [m.mark for m in marks(round_id)] == [Decimal(8), Decimal("7.5")]
    assert "原来的评分仍然有效" in me.get(SHEET).text
    assert me.post(f"{SHEET}/file", typed("9", version=1, key="stale")).status_code == 409
    assert me.post(f"{SHEET}/file", typed("9", version=2, key="k10")).status_code == 303
    assert [m.mark for m in marks(round_id)] == [Decimal(9), Decimal("7.5")]
    last = json.loads(history(round_id, "sheet.filed")[-1].detail)
    assert (last["marks"]["speech"], last["reason"]) == (["8", "9"], "看错了行")
    assert json.loads(history(round_id, "marks.taken_in")[-1].detail)["reason"] == "看错了行"


def test_asking_twice_makes_one_proposal(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    me = ask_for_correction(round_id)
    me.post(f"{SHEET}/correction", {"reason": "看错了行"})
    assert len(history(round_id, "change.proposed")) == 1


def test_nobody_corrects_alone_whatever_the_policy_says(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    ask_for_correction(round_id)
    kept = sheet(round_id)
    assert kept
    assert kept.state == "filed"


def test_an_imported_sheet_can_be_given_back_too(sqlite: Engine) -> None:
    from tests.late import sheet as imported

    round_id = at_the_sheets()
    take_in(round_id, "marks", imported("001", "R9", "8", "7"))
    me = declared()
    assert "已经提交并锁定" in me.get(SHEET).text
    me.post(f"{SHEET}/correction", {"reason": "录错了"})
    agree(round_id, by="hr")
    assert 'value="8"' in me.get(SHEET).text
    me.post(f"{SHEET}/file", typed("9", "7", version=1, key="k"))
    assert [m.mark for m in marks(round_id)] == [Decimal(9), Decimal(7)]


def test_a_reviewer_from_outside_corrects_too(sqlite: Engine) -> None:
    round_id = at_the_sheets(panel=[Assignment("interview", "001", "R1")])
    me = visitor("zheng", Role.REVIEWER, staff_no="R1", name="郑评委")
    me.post("/reviews/T-1/_declaration", {"agreed": "1"})
    me.post(f"{SHEET}/file", typed(reviewer_no="R1"))
    me.post(f"{SHEET}/correction", {"reason": "看错了行"})
    agree(round_id, by="hr")
    assert me.post(f"{SHEET}/file", typed("9", reviewer_no="R1", version=2, key="k2")).status_code == 303
    assert [m.mark for m in marks(round_id)] == [Decimal(9), Decimal("7.5")]


def test_hr_has_no_way_to_a_score(sqlite: Engine) -> None:
    at_the_sheets()
    assert hr().get(SHEET).status_code == 403
    assert hr().post(f"{SHEET}/file", typed()).status_code == 403


# ---- print, files, speed


def hand_in(round_id: object, name: str, content: bytes) -> None:
    with transaction() as session:
        there = {"001": [(name, content)]}
        the_round = session.get_one(Round, round_id)
        materials.take_in(session, the_round=the_round, materials=there, actor="hr", now=NOW)


def test_what_the_candidate_handed_in_is_read_beside_the_sheet(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    hand_in(round_id, "案例 <1>#?%.txt", "先共情<script>alert(1)</script>".encode())
    page = declared().get(SHEET).text
    assert "先共情&lt;script&gt;" in page
    address = re.search('href="([^"]*/materials/[^"]*)"', page)
    assert address
    answer = declared().get(address[1])
    assert answer.content.startswith("先共情".encode())
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E6%A1%88" in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_files_of_somebody_elses_candidate_are_not_handed_out(sqlite: Engine) -> None:
    round_id = at_the_sheets(panel=[Assignment("interview", "001", "R8"), Assignment("interview", "002", "R9")])
    hand_in(round_id, "case.pdf", b"%PDF")
    me = declared()
    for path in (f"{SHEET}/materials/case.pdf", "/reviews/T-1/interview/002/materials/case.pdf"):
        assert me.get(path).status_code == 404
    assert reviewer("008").get(f"{SHEET}/materials/case.pdf").status_code == 404  # not declared yet
    assert declared("008").get(f"{SHEET}/materials/case.pdf").content == b"%PDF"


def test_the_dossier_is_closed_when_the_round_no_longer_runs(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    hand_in(round_id, "case.txt", b"my case")
    me = declared()
    assert "my case" in me.get(SHEET).text
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        rounds.cancel(session, the_round=the_round, reason="编制取消", actor="hr", now=NOW)
    assert "my case" not in me.get(SHEET).text
    assert me.get(f"{SHEET}/materials/case.txt").status_code == 404
    assert "T-1" not in me.get("/reviews").text


def test_a_reviewer_of_sixty_reads_each_page_with_as_many_queries_as_one_of_three(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, sixty = centre(), [f"{n}" for n in range(201, 261)]
    added = [there.people[0]._replace(staff_no=no, name=f"候选{no}") for no in sixty]
    monkeypatch.setattr("tests.late.centre", lambda: type(there)(people=[*there.people, *added]))
    at_the_sheets()
    me = declared()
    few = [queries(sqlite, lambda path=path: me.get(path)) for path in pages("T-1", "001")]
    few.append(queries(sqlite, lambda: me.post(f"{SHEET}/file", typed())))
    at_the_sheets(code="T-2", panel=[Assignment("interview", no, "R9") for no in sixty])
    declared(code="T-2")
    many = [queries(sqlite, lambda path=path: me.get(path)) for path in pages("T-2", "201")]
    filing = {**typed(key="many"), "reviewer_no": "R9"}
    many.append(queries(sqlite, lambda: me.post("/reviews/T-2/interview/201/file", filing)))
    assert many == few
    assert me.get("/reviews/T-2").text.count("未开始") == 59


def pages(code: str, staff_no: str) -> list[str]:
    return [
        "/reviews",
        f"/reviews/{code}",
        f"/reviews/{code}/interview/{staff_no}",
        f"/reviews/{code}/_printed/interview",
    ]


def test_hr_agrees_on_the_page_of_proposals(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    ask_for_correction(round_id)
    page = hr().get("/rounds/T-1/proposals/1").text
    assert "更正评分表" in page
    assert "看错了行" in page
    assert hr().post("/rounds/T-1/proposals/1", {"answer": "agree"}).status_code == 303
    kept = sheet(round_id)
    assert kept
    assert kept.state == "returned"


def test_hr_alone_only_proposes_a_correction(sqlite: Engine) -> None:
    round_id = at_the_sheets()
    declared().post(f"{SHEET}/file", typed())
    asked = {"stage": "interview", "reviewer_no": "R9", "staff_no": "001", "reason": "评委来电", "step": "confirm"}
    assert hr().post("/rounds/T-1/do/correct", asked).status_code == 303
    kept = sheet(round_id)
    assert kept
    assert kept.state == "filed"
    assert len(history(round_id, "change.proposed")) == 1
