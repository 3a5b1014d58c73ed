"""A candidate's own result: not before the notice, line by line after it, and nobody else's."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import candidates, documents
from actions.documents import Sheet
from models.database import reading, transaction
from models.hearings import Acknowledgement, Hearing
from models.history import Entry
from models.messages import Message
from models.people import Person
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import retold
from rules.access import Role
from tests.actions.test_stages import confirm, look_again, to_the_decision
from tests.bench import pages
from tests.factories import policy, terms
from tests.web.test_own_rounds import questions
from tests.web.visiting import candidate, hr, nobody, observer, visitor
from web import own_results
from web.visit import instant


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The pages' clock stands at a day of the notice of the small round."""
    at = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)
    from web import doors

    monkeypatch.setattr(doors, "instant", lambda: at)
    from kit.settings import settings

    monkeypatch.setenv("JINGPIN_SESSION_IDLE_MINUTES", "1440")
    settings.cache_clear()
    return at


def to_the_notice() -> UUID:
    round_id = to_the_decision()
    confirm(round_id)
    assert look_again(round_id) == "_notice"
    with transaction() as session:
        stage = session.exec(select(Stage).where(Stage.key == "_notice")).one()
        stage.closes_at = stage.due_at = datetime.now(UTC) + timedelta(days=3)
    return round_id


def findings(round_id: UUID) -> list[str]:
    with reading() as session:
        found = retold.findings(session, the_round=session.get_one(Round, round_id), policy=policy())
    return [str(f) for f in found if "公示" not in str(f)]  # the tests move the notice's deadline by hand


def test_before_the_notice_nobody_reads_a_result(sqlite: Engine) -> None:
    to_the_decision()
    me = candidate("002")
    assert me.get("/my/rounds/T-1/result").status_code == 404
    assert me.get("/my/rounds/T-1/result.pdf").status_code == 404
    page = me.get("/my/rounds/T-1").text
    assert "结果正在审定" in page
    for said in ("入选", "90.00", "后备"):
        assert said not in page
    assert me.post("/my/rounds/T-1/result").status_code == 404


def test_after_the_notice_the_whole_calculation_is_written_out(sqlite: Engine) -> None:
    to_the_notice()
    page = candidate("002").get("/my/rounds/T-1/result").text
    assert "入选" in page
    assert re.search(r"面试</th><td class=\"num\">100% × 90.00 =</td><td class=\"num\">90.00", page)
    assert "列第1名" in page
    assert "评委1" in page
    reserve = candidate("001").get("/my/rounds/T-1/result").text
    assert "后备" in reserve
    assert "递补" in reserve


def test_a_result_names_no_reviewer_and_nobody_else(sqlite: Engine) -> None:
    to_the_notice()
    page = candidate("001").get("/my/rounds/T-1/result").text
    for other in ("评委一", "R1", "李雷", "买买提", "90.00", "70.00"):
        assert other not in page


def test_who_missed_a_condition_reads_why(sqlite: Engine) -> None:
    to_the_notice()
    page = candidate("004").get("/my/rounds/T-1/result").text
    assert "不符合资格" in page
    assert "职级Ⅰ，未达到Ⅱ" in page


def test_who_did_not_apply_has_no_result(sqlite: Engine) -> None:
    round_id = to_the_notice()
    with transaction() as session:
        session.add(Person(staff_no="005", name="周末", business_line="phone"))
    assert candidate("005").get("/my/rounds/T-1/result").status_code == 404
    assert findings(round_id) == []


def file_paper(round_id: UUID, staff_no: str, content: bytes, *, kind: str = "candidate_result") -> None:
    with transaction() as session:
        sheet = Sheet(kind, f"{staff_no} 个人竞聘结果.pdf", "application/pdf", staff_no)
        the_round = session.get_one(Round, round_id)
        documents.file(session, the_round=the_round, sheet=sheet, content=content, actor="conductor", now=instant())


def test_my_paper_is_mine_only(sqlite: Engine) -> None:
    round_id = to_the_notice()
    assert candidate("001").get("/my/rounds/T-1/result.pdf").status_code == 404
    file_paper(round_id, "001", b"%PDF-1")
    file_paper(round_id, "002", b"%PDF-2")
    assert candidate("001").get("/my/rounds/T-1/result.pdf").content == b"%PDF-1"
    assert candidate("002").get("/my/rounds/T-1/result.pdf").content == b"%PDF-2"
    assert candidate("003").get("/my/rounds/T-1/result.pdf").status_code == 404
    assert hr().get("/my/rounds/T-1/result.pdf").status_code == 403


def test_having_read_it_is_confirmed_once(sqlite: Engine) -> None:
    to_the_notice()
    me = candidate("002")
    for _again in range(2):
        me.post("/my/rounds/T-1/result")
    with reading() as session:
        assert session.exec(select(Acknowledgement)).one().confirmed_at
        assert len(session.exec(select(Entry).where(Entry.deed == "result.confirmed")).all()) == 1
    assert "已确认阅读" in me.get("/my/rounds/T-1/result").text


def noted() -> list[tuple[str, str, datetime | None]]:
    with reading() as session:
        return [(a.staff_no, "seen", a.confirmed_at) for a in session.exec(select(Acknowledgement))]


@pytest.mark.parametrize("page", ["result", "result.pdf"])
def test_the_first_look_at_ones_own_result_is_noted_once(database: Engine, page: str) -> None:
    round_id = to_the_notice()
    file_paper(round_id, "002", b"%PDF-2")
    me = candidate("002")
    me.get("/my/rounds/T-1")
    assert noted() == []
    for _again in range(2):
        assert me.get(f"/my/rounds/T-1/{page}").status_code == 200
    assert noted() == [("002", "seen", None)]
    with reading() as session:
        first = session.exec(select(Acknowledgement.seen_at)).one()
        assert [(e.actor, e.subject) for e in session.exec(select(Entry).where(Entry.deed == "result.seen"))] == [
            ("c002", "002")
        ]
    me.post("/my/rounds/T-1/result")
    with reading() as session:
        mine = session.exec(select(Acknowledgement)).one()
        assert mine.seen_at == first
        assert mine.confirmed_at
        assert mine.confirmed_at >= first
    assert findings(round_id) == []


def test_nobody_elses_look_is_taken_for_ones_own(sqlite: Engine) -> None:
    to_the_notice()
    hr().get("/my/rounds/T-1/result")
    observer().get("/rounds/T-1/decision")
    candidate("005").get("/my/rounds/T-1/result")
    assert noted() == []


def ask(me, kind: str = "human_check", ground: str = "我的职级记录有误"):  # noqa: ANN001, ANN201
    return me.post("/my/rounds/T-1/hearings", {"kind": kind, "ground": ground})


def test_an_automatic_rejection_is_put_before_a_person_who_answers(sqlite: Engine) -> None:
    round_id = to_the_decision()
    with transaction() as session:
        session.get_one(Person, "004").email = "zj@example.com"
    me = candidate("004")
    for _again in range(2):
        assert ask(me).status_code == 303
    page = hr().get("/rounds/T-1/hearings").text
    assert "第 1 号" in page
    assert "第 2 号" not in page
    one = hr().get("/rounds/T-1/hearings/1").text
    assert "我的职级记录有误" in one
    assert "职级Ⅰ，未达到Ⅱ" in one
    for wrong in ({}, {"upheld": "yes"}, {"upheld": "perhaps", "answer": "x"}, {"answer": "核对无误"}):
        answer = hr().post("/rounds/T-1/hearings/1", wrong)
        assert answer.status_code == 409
    assert "核对无误" in answer.text
    assert hr().post("/rounds/T-1/hearings/1", {"upheld": "no", "answer": "核对了档案，无误"}).status_code == 303
    assert hr().post("/rounds/T-1/hearings/1", {"upheld": "yes", "answer": "改主意"}).status_code == 409
    mine = me.get("/my/rounds/T-1/hearings").text
    assert "核对了档案，无误" in mine
    assert "不成立" in mine
    with reading() as session:
        deeds = [e.deed for e in session.exec(select(Entry).where(Entry.deed.startswith("hearing.")))]
        letter = session.exec(select(Message).where(Message.recipient == "004")).one()
    assert deeds == ["hearing.raised", "hearing.answered"]
    assert "第 1 号人工复核申请已答复" in letter.subject
    assert "核对了档案" not in letter.body
    assert findings(round_id) == []


def test_who_qualifies_needs_no_check_and_nobody_objects_before_the_notice(sqlite: Engine) -> None:
    to_the_decision()
    assert "已经通过" in ask(candidate("001")).text
    answer = ask(candidate("001"), "objection")
    assert answer.status_code == 422
    assert "我的职级记录有误" in answer.text
    with reading() as session:
        assert session.exec(select(Hearing)).all() == []


@pytest.mark.parametrize("outcome", ["late", "early"])
def test_an_application_that_a_program_found_too_late_or_too_early_is_put_before_a_person_too(
    sqlite: Engine, outcome: str
) -> None:
    round_id, me = to_the_decision(), candidate("001")
    with transaction() as session:
        session.get_one(Result, (round_id, "001")).outcome = outcome
    assert "/my/rounds/T-1/hearings?kind=human_check" in me.get("/my/rounds/T-1").text
    assert ask(me, ground="系统卡顿，截图为证").status_code == 303
    assert "查看人工复核" in me.get("/my/rounds/T-1").text
    assert "系统卡顿" in hr().get("/rounds/T-1/hearings/1").text


def test_an_objection_is_heard_until_the_notice_ends(sqlite: Engine) -> None:
    to_the_notice()
    assert ask(candidate("001"), "objection", "评分表第 2 行").status_code == 303
    with transaction() as session:
        stage = session.exec(select(Stage).where(Stage.key == "_notice")).one()
        stage.closes_at = datetime.now(UTC) - timedelta(seconds=1)
    assert "公示期已满" in ask(candidate("003"), "objection").text


def test_the_board_says_that_an_objection_keeps_the_notice_open_and_hr_is_led_to_what_can_be_done(
    sqlite: Engine,
) -> None:
    to_the_notice()
    assert "期满后自动办结" in hr().get("/rounds/T-1").text
    ask(candidate("001"), "objection", "评分表第 2 行")
    board = hr().get("/rounds/T-1").text
    assert "1 件异议还没有答复，答复之前公示不结束" in board
    assert 'href="/rounds/T-1/hearings"' in board
    for _before_and_after in range(2):
        page = hr().get("/rounds/T-1/hearings/1").text
        for deed in ("hold?staff_no=001", "withdraw?staff_no=001", "reopen?stage=interview"):
            assert f"/rounds/T-1/do/{deed}" in page
        hr().post("/rounds/T-1/hearings/1", {"upheld": "yes", "answer": "第 2 行录错"})
    assert "期满后自动办结" in hr().get("/rounds/T-1").text


def test_nobody_answers_what_concerns_themselves(sqlite: Engine) -> None:
    to_the_decision()
    ask(candidate("004"))
    both = visitor("both", Role.HR, Role.CANDIDATE, staff_no="004x")
    with transaction() as session:
        from models.accounts import Account

        session.exec(select(Account).where(Account.login == "c004")).one().staff_no = None
        session.flush()
        session.exec(select(Account).where(Account.login == "both")).one().staff_no = "004"
    answer = both.post("/rounds/T-1/hearings/1", {"upheld": "yes", "answer": "我说了算"})
    assert answer.status_code == 409
    assert "不能由本人答复" in answer.text


def test_a_request_is_taken_back_by_its_owner_only(sqlite: Engine) -> None:
    round_id = to_the_decision()
    ask(candidate("004"))
    assert candidate("001").post("/my/rounds/T-1/hearings/1/back").status_code == 404
    for _again in range(2):
        assert candidate("004").post("/my/rounds/T-1/hearings/1/back").status_code == 303
    assert hr().post("/rounds/T-1/hearings/1", {"upheld": "no", "answer": "x"}).status_code == 409
    assert findings(round_id) == []


def test_an_answer_changed_in_the_database_is_found(sqlite: Engine) -> None:
    round_id = to_the_decision()
    ask(candidate("004"))
    hr().post("/rounds/T-1/hearings/1", {"upheld": "yes", "answer": "成立"})
    with transaction() as session:
        session.exec(select(Hearing)).one().answer = "不成立"
    assert any("复核申请" in f for f in findings(round_id))


def test_hearings_are_hrs_to_answer_observers_only_read_them(sqlite: Engine) -> None:
    to_the_decision()
    ask(candidate("004"))
    for other, may_read in ((candidate("004"), 403), (observer(), 200)):
        assert other.get("/rounds/T-1/hearings").status_code == may_read
        assert other.post("/rounds/T-1/hearings/1", {"upheld": "yes", "answer": "x"}).status_code == 403


def test_what_somebody_wrote_is_only_ever_text(sqlite: Engine) -> None:
    to_the_decision()
    evil = "<script>alert(1)</script>{{7*7}}"
    ask(candidate("004"), ground=evil)
    for page in (hr().get("/rounds/T-1/hearings/1").text, candidate("004").get("/my/rounds/T-1/hearings").text):
        assert "<script>alert" not in page
        assert "{{7*7}}" in page


def exported(me) -> dict[str, bytes]:  # noqa: ANN001
    answer = me.post("/my/data")
    assert answer.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_my_data_hold_everything_of_mine_and_no_reviewer(sqlite: Engine) -> None:
    round_id = to_the_notice()
    file_paper(round_id, "001", b"%PDF-1")
    files = exported(candidate("001"))
    assert json.loads(files["person.json"])["person"]["name"] == "王芳"
    result = json.loads(files["rounds/T-1/result.json"])
    assert (result["outcome"], result["final"], result["rank"]) == ("reserve", "80.00", 2)
    assert result["stages"]["interview"]["working"]["sheets"][0]["marks"] == {"speech": "8"}
    assert files["rounds/T-1/001 个人竞聘结果.pdf"] == b"%PDF-1"
    everything = b"".join(files.values()).decode()
    for other in ("R1", "评委一", "李雷", "赵静", '"hr"', "argon2"):
        assert other not in everything
    with reading() as session:
        assert session.exec(select(Entry).where(Entry.deed == "data.exported")).one().subject == "001"


def test_my_data_hold_no_result_before_the_notice(sqlite: Engine) -> None:
    to_the_decision()
    files = exported(candidate("002"))
    assert "rounds/T-1/result.json" not in files
    assert "90.00" not in b"".join(files.values()).decode()


def test_a_result_that_is_counted_anew_is_not_shown_meanwhile(sqlite: Engine) -> None:
    from actions import stages
    from queries import stages as standing

    round_id = to_the_notice()
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        step = standing.by_key(session, the_round=the_round, key="interview")
        stages.reopen(session, stage=step, the_round=the_round, reason="复核", terms=terms(actor="hr"))
    assert candidate("002").get("/my/rounds/T-1/result").status_code == 404
    assert nobody().get("/notices/T-1").status_code == 404
    assert "入选" not in candidate("002").get("/my/rounds/T-1").text


def test_the_questions_for_ones_own_result_are_the_same_however_many_took_part(sqlite: Engine, tmp_path: Path) -> None:
    with pages.working_days(tmp_path):
        for code, people in (("FEW", 5), ("MANY", 40)):
            round_id = pages.launch(code, people)
            pages.to_decision(round_id)
            pages.to_notice(round_id)
    first = {code: questions(sqlite, candidate("0001"), f"/my/rounds/{code}/result") for code in ("FEW", "MANY")}
    again = {code: questions(sqlite, candidate("0001"), f"/my/rounds/{code}/result") for code in ("FEW", "MANY")}
    assert first["FEW"] == first["MANY"]
    assert again["FEW"] == again["MANY"] <= 24
    assert again["FEW"] < first["FEW"]


def test_what_was_counted_of_others_is_counted_anew_with_the_results(sqlite: Engine) -> None:
    round_id, me = to_the_notice(), candidate("001")
    assert "王芳" in me.get("/my/rounds/T-1/result").text
    assert "的3人中列第2名" in me.get("/my/rounds/T-1/result").text
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        candidates.withdraw(session, the_round=the_round, staff_no="002", reason="放弃", terms=terms(actor="hr"))
    assert me.get("/my/rounds/T-1/result").status_code == 404
    assert look_again(round_id) == "_decision"
    confirm(round_id)
    assert look_again(round_id) == "_notice"
    page = me.get("/my/rounds/T-1/result").text
    assert "的2人中列第1名" in page
    assert "入选" in page


def test_only_so_many_rounds_are_remembered(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_results, "MOST_COUNTED", 1)
    monkeypatch.setattr(own_results, "_COUNTED", {})
    to_the_notice()
    own_results._COUNTED[UUID(int=0), 1] = None
    assert candidate("001").get("/my/rounds/T-1/result").status_code == 200
    assert [generation for _id, generation in own_results._COUNTED] == [1]
