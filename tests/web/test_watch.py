"""Observers read everything, recount, check, sign, receive objections: and write nothing else."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from actions import documents, passwords, stages
from actions.accounts import Account
from models.accounts import Viewing
from models.database import reading, transaction
from models.documents import Document
from models.hearings import Hearing, Signature
from models.history import Chain, Entry
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import audit, signatures
from queries.accounts import by_login
from tests.actions.test_stages import close, confirm, launch, look_again, take_in, to_the_decision, to_the_interview
from tests.factories import NOW, handed_in
from tests.web.visiting import PASSWORD, Visitor, candidate, hr, observer, reviewer
from web.routes import watch

WATCH = "/rounds/T-1/watch"
WRONG = "not mine at all"


def signing() -> Visitor:
    """Return an observer who has a password to sign with."""
    someone = observer()
    with transaction() as session:
        mine = by_login(session, login="observer")
        assert mine
        if not mine.password:
            passwords.put(session, account=mine, password=PASSWORD)
    return someone


def sign(someone: Visitor, *, statement: str = "已复核，未发现不符", password: str = PASSWORD) -> object:
    page = someone.get(WATCH).text
    hidden = dict(re.findall(r'type="hidden" name="(length|head)" value="([^"]*)"', page))
    return someone.post(f"{WATCH}/sign", {**hidden, "statement": statement, "proof": password})


def deeds() -> list[str]:
    with reading() as session:
        return list(session.exec(select(Entry.deed).where(Entry.chain != "centre").order_by(Entry.number)))


def tamper(statement: str) -> None:
    with transaction() as session:
        session.execute(text(statement))


def test_an_observer_finds_everything_one_click_away(sqlite: Engine) -> None:
    to_the_decision()
    page = observer().get(WATCH).text
    for path in ("", "/decision", "/documents", "/history", "/materials", "/hearings", "/proposals"):
        assert f'href="/rounds/T-1{path}"' in page
    assert 'href="/viewings?code=T-1"' in page


def test_the_start_page_says_which_round_waits_for_the_observer(sqlite: Engine) -> None:
    assert "现在没有等您复核的轮次" in observer().get("/").text
    to_the_decision()
    someone = signing()
    page = someone.get("/").text
    assert all(word in page for word in ("复核：还没有", "您还没有签名", f'href="{WATCH}"'))
    someone.post(f"{WATCH}/recount")
    someone.post(f"{WATCH}/objections", {"channel": "visit", "ground": "一件事"})
    sign(someone)
    page = someone.get("/").text
    assert all(word in page for word in ("复核：全部相符", "您已签名", "1 件异议待答复"))
    assert "您还没有签名" in observer("another").get("/").text


def test_a_recount_that_agrees_says_how_much_it_compared_and_stays_in_the_history(database: Engine) -> None:
    to_the_decision()
    someone = observer()
    answer = someone.post(f"{WATCH}/recount")
    assert answer.status_code == 303
    page = someone.get(answer.headers["location"]).text
    assert "全部相符" in page
    assert "资格审查 4 人" in page
    assert "候选人结果 4 个" in page
    with reading() as session:
        last = session.exec(select(Entry).where(Entry.deed == "round.recounted")).one()
    assert last.actor == "observer"
    assert json.loads(last.detail)["findings"] == 0
    assert "全部相符" in someone.get(WATCH).text


def test_a_recount_names_what_was_changed_behind_our_back(sqlite: Engine) -> None:
    to_the_decision()
    tamper("UPDATE result SET rank = 1, outcome = 'selected' WHERE staff_no = '003'")
    someone = observer()
    page = someone.get(someone.post(f"{WATCH}/recount").headers["location"]).text
    assert "发现 2 处不符" in page
    assert "结果：买买提·吐尔逊 003 去向 存的是 入选，重新计算是 后备" in page
    assert "结果：买买提·吐尔逊 003 名次 存的是 1，重新计算是 3" in page


def test_a_check_of_the_history_names_an_entry_that_was_changed(sqlite: Engine) -> None:
    to_the_decision()
    someone = observer()
    page = someone.get(someone.post(f"{WATCH}/check").headers["location"]).text
    assert "全部相符" in page
    assert re.search(r"留痕 \d+ 条", page)
    with sqlite.begin() as connection:
        connection.execute(text("DROP TRIGGER entry_no_update"))
        connection.execute(text("UPDATE entry SET actor = 'nobody' WHERE number = 2 AND chain <> 'centre'"))
    page = someone.get(someone.post(f"{WATCH}/check").headers["location"]).text
    assert "留痕第 2 条" in page
    assert "被改动过" in page


def test_a_mark_that_was_changed_is_named_with_both_values_by_recount_and_check(sqlite: Engine) -> None:
    to_the_decision()
    tamper("UPDATE mark SET mark = '10' WHERE staff_no = '003' AND reviewer_no = 'R1'")
    someone = observer()
    recounted = someone.get(someone.post(f"{WATCH}/recount").headers["location"]).text
    assert "结果：买买提·吐尔逊 003 综合成绩 存的是 70.00，重新计算是 " in recounted
    checked = someone.get(someone.post(f"{WATCH}/check").headers["location"]).text
    assert (
        "评分：interview / 买买提·吐尔逊 003 / R1 / speech 这一行被改动过：录入的是 mark=7，现在是 mark=10" in checked
    )


def test_a_paper_that_was_changed_is_named(sqlite: Engine) -> None:
    round_id = to_the_decision()
    with transaction() as session:
        sha256 = documents.keep(session, b"%PDF one")
        made = {"kind": "score_book", "name": "成绩汇总表.pdf", "media_type": "application/pdf", "made_at": NOW}
        session.add(Document(round_id=round_id, sha256=sha256, **made))
    tamper("DROP TRIGGER blob_no_update")
    tamper("UPDATE blob SET content = CAST('%PDF two' AS BLOB) WHERE content = CAST('%PDF one' AS BLOB)")
    someone = observer()
    page = someone.get(someone.post(f"{WATCH}/check").headers["location"]).text
    assert f"文档“成绩汇总表.pdf”（本轮，{sha256}）的内容被改动过" in page
    assert "文档：“成绩汇总表.pdf”（第 1 版） 不在留痕中" in page


def test_observers_take_the_bundle_along_once_the_round_is_ranked(sqlite: Engine) -> None:
    to_the_interview()
    someone = observer()
    assert "下载数据包" not in someone.get(WATCH).text
    assert someone.get(f"{WATCH}/bundle").status_code == 409
    with reading() as session:
        round_id = session.exec(select(Round.id)).one()
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    assert "下载数据包" in someone.get(WATCH).text
    bundle = zipfile.ZipFile(io.BytesIO(someone.get(f"{WATCH}/bundle").content))
    assert {"policy.yaml", "people.csv", "applications.csv", "marks.csv"} <= set(bundle.namelist())
    assert candidate("001").get(f"{WATCH}/bundle").status_code == 403
    with reading() as session:
        seen = session.exec(select(Viewing).where(Viewing.page == "bundle")).one()
    assert (seen.actor, seen.round_code) == ("observer", "T-1")


def test_only_a_check_has_a_page_of_findings(sqlite: Engine) -> None:
    to_the_decision()
    someone = observer()
    address = someone.post(f"{WATCH}/recount").headers["location"]
    assert someone.get(f"{WATCH}/checks/1").status_code == 404  # an entry that is no check
    assert someone.get(address).status_code == 200


def test_only_one_recount_runs_at_a_time(sqlite: Engine) -> None:
    to_the_decision()
    someone = observer()
    before = deeds()
    with watch._ONE_AT_A_TIME:
        answer = someone.post(f"{WATCH}/recount")
    assert (answer.status_code, deeds()) == (409, before)
    assert someone.post(f"{WATCH}/recount").status_code == 303


def test_others_write_while_a_recount_runs(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    to_the_decision()
    recounted = watch.proof.recounted

    def slowly(session: object, the_round: object) -> object:
        with transaction() as other:  # would wait for ever for a transaction that writes
            other.execute(text("PRAGMA busy_timeout=100"))
            other.execute(text("UPDATE account SET language = 'zh'"))
        return recounted(session, the_round)

    monkeypatch.setattr(watch.proof, "recounted", slowly)
    assert observer().post(f"{WATCH}/recount").status_code == 303


def test_a_signature_names_the_history_as_it_stood(database: Engine) -> None:
    round_id = to_the_decision()
    with reading() as session:
        before = signatures.head(session, round_id=round_id)
    someone = signing()
    assert sign(someone).status_code == 303
    with reading() as session:
        signed = session.exec(select(Signature)).one()
    assert (signed.length, signed.head) == before
    assert deeds()[-1] == "history.signed"
    page = someone.get(WATCH).text
    assert "签名时的留痕仍在" in page
    assert "已复核，未发现不符" in page
    kept = someone.get(f"{WATCH}/signatures/1").text
    assert signed.head in kept


def test_a_signature_needs_the_password_and_a_statement(database: Engine) -> None:
    to_the_decision()
    someone = signing()
    before = deeds()
    wrong = sign(someone, password=WRONG)
    assert wrong.status_code == 422
    assert "密码不对" in wrong.text
    assert "已复核，未发现不符" in wrong.text  # what was typed is kept
    assert sign(someone, statement=" ").status_code == 409
    assert sign(observer("no-password"), password="").status_code == 422
    assert deeds() == before
    with reading() as session:
        assert session.exec(select(Signature)).all() == []


def test_guessing_the_password_by_signing_is_slowed_down(sqlite: Engine) -> None:
    to_the_decision()
    someone = signing()
    for _ in range(12):
        answer = sign(someone, password=WRONG)
    assert "以后再试" in answer.text
    assert "以后再试" in sign(someone).text


def test_a_history_that_went_on_is_looked_at_again_before_it_is_signed(database: Engine) -> None:
    to_the_decision()
    someone = signing()
    page = someone.get(WATCH).text
    hidden = dict(re.findall(r'type="hidden" name="(length|head)" value="([^"]*)"', page))
    someone.post(f"{WATCH}/recount")
    before = deeds()
    answer = someone.post(f"{WATCH}/sign", {**hidden, "statement": "可以", "proof": PASSWORD})
    assert answer.status_code == 409
    assert "又有 1 条新的留痕" in answer.text
    assert deeds() == before


def rewrite(engine: Engine, chain: str) -> None:
    """Rewrite a whole history so that it is consistent in itself, as somebody with the database and the code could."""
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER entry_no_update"))
    with transaction() as session:
        head = ""
        for entry in session.exec(select(Entry).where(Entry.chain == chain).order_by(Entry.number)).all():
            if entry.number == 3:
                entry.actor = "somebody else"
            entry.previous = head
            entry.hash = head = audit.fingerprint(entry)
            session.add(entry)
        end = session.get_one(Chain, chain)
        end.head = head
        session.add(end)


def test_a_history_rewritten_as_a_whole_no_longer_has_the_signed_head(sqlite: Engine) -> None:
    round_id = to_the_decision()
    someone = signing()
    sign(someone)
    with reading() as session:
        signed = session.exec(select(Signature)).one()
    good = {"length": str(signed.length), "fingerprint": signed.head.upper()}
    assert "相符：" in someone.get(WATCH, params=good).text
    rewrite(sqlite, str(round_id))
    with reading() as session:
        assert audit.chain_findings(session, chain=round_id) == []  # the chain alone cannot tell
    page = someone.get(WATCH).text
    assert "签名时的留痕已被改写" in page
    assert "不符：" in someone.get(WATCH, params=good).text
    page = someone.get(someone.post(f"{WATCH}/check").headers["location"]).text
    assert "此前的留痕被改写过" in page


def test_a_signature_that_was_removed_is_missed(sqlite: Engine) -> None:
    round_id = to_the_decision()
    sign(signing())
    tamper("DELETE FROM signature")
    with reading() as session:
        (finding,) = signatures.findings(session, round_id=round_id)
    assert "被删去" in str(finding)


def test_an_objection_by_letter_is_received_once_and_shown(database: Engine) -> None:
    to_the_decision()
    someone = observer()
    typed = {"channel": "letter", "raised_by": "匿名来信", "staff_no": "002", "ground": "评委与其同组 <b>"}
    for _ in range(2):
        assert someone.post(f"{WATCH}/objections", typed).status_code == 303
    with reading() as session:
        heard = session.exec(select(Hearing)).one()
    assert (heard.kind, heard.channel, heard.staff_no, heard.received_by) == ("objection", "letter", "002", "observer")
    page = someone.get("/rounds/T-1/hearings/1").text
    assert "评委与其同组 &lt;b&gt;" in page
    assert "信件" in page
    assert "answer" not in page  # HR answers, nobody else
    assert deeds()[-1] == "hearing.raised"


def test_a_letter_of_the_last_day_is_in_time_whenever_it_is_written_down(sqlite: Engine) -> None:
    round_id = to_the_decision()
    confirm(round_id)
    look_again(round_id)
    with reading() as session:
        notice = session.exec(select(Stage).where(Stage.key == "_notice")).one()
    assert notice.closes_at == datetime(2026, 10, 21, 16, tzinfo=UTC)  # 24:00 in Shanghai
    someone = observer()
    assert "异议受理到 2026年10月21日（周三）24:00" in someone.get(f"{WATCH}/objections/new").text
    typed = {"channel": "letter", "ground": "一件具体的事", "arrived_at": "2026-10-21T17:30"}
    assert someone.post(f"{WATCH}/objections", typed).status_code == 303
    with reading() as session:
        heard = session.exec(select(Hearing)).one()
    assert heard.received_at == datetime(2026, 10, 21, 9, 30, tzinfo=UTC)
    assert "10月21日（周三）17:30" in hr().get("/rounds/T-1/hearings/1").text
    with transaction() as session:  # the clock stops at an open objection
        assert stages.close_due(session, now=notice.closes_at + timedelta(days=1)) == []
    page = someone.get(someone.post(f"{WATCH}/check").headers["location"]).text
    assert "全部相符" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"arrived_at": "2099-01-01T09:00"},
        {"arrived_at": "gestern"},
        {"ground": " "},
        {"staff_no": "999"},
        {"ground": "字" * 5001},
        {"raised_by": "字" * 101},
    ],
)
def test_a_faulty_objection_keeps_what_was_typed(sqlite: Engine, wrong: dict[str, str]) -> None:
    to_the_interview()
    typed = {"channel": "letter", "raised_by": "某人", "staff_no": "", "ground": "一件具体的事", **wrong}
    before = deeds()
    answer = observer().post(f"{WATCH}/objections", typed)
    assert answer.status_code == 422
    assert re.findall(r'name="(\w+)"[^>]*aria-invalid', answer.text) == list(wrong)  # the fault stands at its field
    assert 'role="alert"' in answer.text
    if typed["ground"].strip():
        assert typed["ground"] in answer.text
    assert deeds() == before


def test_nobody_else_signs_or_receives(sqlite: Engine) -> None:
    to_the_decision()
    before = deeds()
    for someone in (hr(), candidate("001"), reviewer("002")):
        assert someone.post(f"{WATCH}/sign", {"statement": "x"}).status_code == 403
        assert someone.post(f"{WATCH}/objections", {"channel": "letter", "ground": "x"}).status_code == 403
    for someone in (candidate("001"), reviewer("002")):
        assert someone.get(WATCH).status_code == 403
        assert someone.post(f"{WATCH}/recount").status_code == 403
    assert deeds() == before


def test_the_page_says_what_will_be_there_before_anything_is(sqlite: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    page = observer().get(WATCH).text
    assert "还没有人复核过这一轮" in page
    assert "还没有签名" in page
    assert "还没有收到异议" in page
    someone = observer()
    assert "现在能比对的只有已经完成的环节" in someone.get(someone.post(f"{WATCH}/recount").headers["location"]).text


def test_who_saw_what_can_be_searched_and_taken_along(database: Engine) -> None:
    to_the_decision()
    someone = observer()
    someone.get(WATCH)
    hr().get("/rounds/T-1")
    page = someone.get("/viewings", params={"code": "T-1", "who": "observer"}).text
    assert page.count("<tr>") == 2  # the head and one line
    assert "<td" in page
    assert "没有符合条件的记录" in someone.get("/viewings", params={"who": "nobody"}).text
    assert "不是日期" in someone.get("/viewings", params={"day": "tomorrow"}).text
    table = someone.get("/viewings.csv", params={"who": "observer", "code": "T-1"}).text
    assert table.startswith("\ufeff时间,")
    assert len(table.splitlines()) == 2
    assert hr().get("/viewings").status_code == 403


def test_viewings_are_shown_in_pages(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from actions import viewings as notes
    from web.routes import viewings

    monkeypatch.setattr(viewings, "PER_PAGE", 10)
    someone = observer()
    with transaction() as session:
        seen = [("person", "", f"no-{n:03}") for n in range(25)]
        notes.note(session, actor="hr", seen=seen, now=NOW - timedelta(days=1))
    first = someone.get("/viewings", params={"who": "hr"}).text
    assert [f"no-{n:03}" in first for n in (24, 15, 14)] == [True, True, False]
    older = re.search(r'href="(/viewings\?[^"]*before=\d+)"', first)
    assert older
    second = someone.get(older[1].replace("&amp;", "&")).text
    assert [f"no-{n:03}" in second for n in (15, 14, 5, 4)] == [False, True, True, False]


def test_results_are_as_they_were_after_all_that_observers_may_do(sqlite: Engine) -> None:
    to_the_decision()
    with reading() as session:
        before = [r.model_dump() for r in session.exec(select(Result))]
    someone = signing()
    someone.post(f"{WATCH}/recount")
    someone.post(f"{WATCH}/check")
    sign(someone)
    someone.post(f"{WATCH}/objections", {"channel": "visit", "ground": "一件事"})
    with reading() as session:
        assert [r.model_dump() for r in session.exec(select(Result))] == before
        assert session.exec(select(Account).where(Account.login == "observer")).one().active
