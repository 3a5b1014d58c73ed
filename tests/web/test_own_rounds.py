"""A candidate's own pages: what one may see and do, and that nobody can do it in another's name."""

import io
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from actions import people, rounds
from forms import policies
from models.applications import Application, Handover, Material
from models.changes import Proposal
from models.database import reading, transaction
from models.history import Entry
from models.messages import Message
from models.people import Person
from models.rounds import Round
from models.stages import Stage
from queries import audit, retold
from rules.access import Role
from tests.actions.test_stages import look_again
from tests.factories import centre, policy_text
from tests.web.visiting import Visitor, candidate, hr, nobody, observer, visitor


def pdf(text: str = "a") -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = text
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def launch(*, open_now: bool = True) -> UUID:
    """Launch the small round so that its applications are open today."""
    now = datetime.now(UTC)
    days = {"2026-10-12T09:00:00+08:00": now - timedelta(days=1), "2026-10-16T18:00:00+08:00": now + timedelta(days=3)}
    text = policy_text(**{old: new.isoformat() for old, new in days.items()})
    text = text.replace(b"case_summary]", b"case_summary, improvement_plan]")
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=now)
        policy = policies.read(text, file="policy.yaml").policy
        the_round = rounds.launch(session, policy=policy, policy_text=text, actor="hr", now=now)
        round_id = the_round.id
    if open_now:
        look_again(round_id, now=now)
    return round_id


def close_applications(round_id: UUID) -> None:
    from actions import stages
    from queries import stages as standing

    now = datetime.now(UTC)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key="applications")
        stages.close_by_hand(session, stage=stage, the_round=the_round, reason="已收齐", actor="hr", now=now)
    look_again(round_id, now=now)


def findings(round_id: UUID) -> list[str]:
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        policy = policies.read(the_round.policy_text, file="policy.yaml").policy
        found = [
            *audit.chain_findings(session, chain=round_id),
            *audit.file_findings(session),
            *audit.book_findings(session, chain=round_id, round_id=round_id),
            *retold.findings(session, the_round=the_round, policy=policy),
        ]
    return [str(f) for f in found]


def applications() -> list[tuple[str, str]]:
    with reading() as session:
        return [(a.staff_no, a.status) for a in session.exec(select(Application).order_by(Application.id))]


def handovers() -> list[tuple[str, int, str]]:
    with reading() as session:
        return [
            (h.slot, h.version, h.state)
            for h in session.exec(select(Handover).order_by(Handover.slot, Handover.version))
        ]


def materials() -> list[str]:
    with reading() as session:
        return sorted(m.name for m in session.exec(select(Material)))


def apply(me) -> str:  # noqa: ANN001 - a visitor
    answer = me.post("/my/rounds/T-1/application", {"consent": "yes"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def upload(me, content: bytes, *, slot: str = "case_summary", name: str = "案例.pdf", then: str = "hand_in"):  # noqa: ANN001, ANN201
    files = {"file": (name, content, "application/octet-stream")}
    return me.post(f"/my/rounds/T-1/materials/{slot}", {"then": then}, files=files)


def test_the_list_says_what_waits_for_me_in_each_round(sqlite: Engine) -> None:
    assert "现在没有竞聘轮次" in candidate("001").get("/my/rounds").text
    launch()
    page = candidate("001").get("/my/rounds").text
    assert "测试轮次" in page
    assert "现在可以报名" in page
    assert "data-countdown" in page


def test_rules_are_listed_by_mark_and_word_with_value_threshold_and_source(sqlite: Engine) -> None:
    launch()
    met = candidate("001").get("/my/rounds/T-1").text
    assert re.search(r"职级</th>\s*<td><span class=\"state state--good\">通过", met)
    missed = candidate("004").get("/my/rounds/T-1").text
    assert re.search(r"职级</th>\s*<td><span class=\"state state--bad\">未通过", missed)
    assert "人员名册：职级 Ⅰ" in missed
    assert "申请人工复核" in missed


def test_before_the_screening_the_page_says_that_nothing_is_judged_yet(sqlite: Engine) -> None:
    launch(open_now=False)
    page = candidate("001").get("/my/rounds/T-1").text
    assert "资格审查还没有完成" in page
    assert "未审查" in page
    assert "Ⅱ级及以上" in page


def test_applying_gives_a_receipt_and_keeps_the_words_agreed_to(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    place = apply(me)
    assert applications() == [("001", "submitted")]
    page = me.get(place).text
    number = place.rpartition("/")[2]
    with reading() as session:
        entry = session.exec(select(Entry).where(Entry.deed == "application.submitted")).one()
        from models.documents import Blob

        consent = session.get_one(Blob, entry.evidence).content.decode()
    assert entry.hash.startswith(number)
    assert number in page
    assert "处理目的" in consent
    assert (entry.actor, entry.subject) == ("c001", "001")
    assert findings(round_id) == []


def test_a_double_click_applies_once(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    assert apply(me) == apply(me)
    assert len(applications()) == 1


def test_without_consent_nobody_applies(sqlite: Engine) -> None:
    launch()
    answer = candidate("001").post("/my/rounds/T-1/application")
    assert answer.status_code == 422
    assert "勾选同意" in answer.text
    assert applications() == []


def test_nobody_applies_in_anothers_name(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    me.post("/my/rounds/T-1/application?staff_no=002", {"consent": "yes", "staff_no": "002", "status": "selected"})
    assert applications() == [("001", "submitted")]


def test_an_account_without_a_number_is_told_so(sqlite: Engine) -> None:
    launch()
    answer = visitor("x", Role.CANDIDATE).get("/my/rounds/T-1")
    assert answer.status_code == 409
    assert "没有对应的工号" in answer.text


def test_withdrawing_and_applying_again_while_applications_are_open(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    apply(me)
    assert "截止之前可以重新报名" in me.get("/my/rounds/T-1/withdrawal").text
    answer = me.post("/my/rounds/T-1/withdrawal", {"reason": "家中有事"})
    assert "撤回报名回执" in me.get(answer.headers["location"]).text
    apply(me)
    assert [status for _no, status in applications()] == ["submitted", "withdrawn", "submitted"]
    assert findings(round_id) == []


def test_after_the_count_a_withdrawal_is_asked_of_hr_once(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    apply(me)
    close_applications(round_id)
    assert me.post("/my/rounds/T-1/withdrawal", {"reason": ""}).status_code == 409
    for _again in range(2):
        assert me.post("/my/rounds/T-1/withdrawal", {"reason": "另有安排"}).status_code == 303
    with reading() as session:
        proposal = session.exec(select(Proposal)).one()
    assert (proposal.deed, proposal.proposed_by, proposal.state) == ("withdraw", "c001", "open")
    assert "撤回申请等人力资源处理" in me.get("/my/rounds/T-1").text
    assert findings(round_id) == []


def test_too_late_is_said_and_changes_nothing(sqlite: Engine) -> None:
    round_id = launch()
    close_applications(round_id)
    answer = candidate("001").post("/my/rounds/T-1/application", {"consent": "yes"})
    assert answer.status_code == 409
    assert applications() == []


def test_after_the_deadline_and_before_the_clock_nobody_applies(sqlite: Engine) -> None:
    launch()
    with transaction() as session:
        stage = session.exec(select(Stage).where(Stage.key == "_applications")).one()
        stage.closes_at = stage.due_at = datetime.now(UTC) - timedelta(seconds=1)
    assert candidate("001").post("/my/rounds/T-1/application", {"consent": "yes"}).status_code == 409
    assert applications() == []


def test_a_file_is_a_draft_until_it_is_handed_in(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    assert upload(me, pdf(), then="").status_code == 303
    assert (handovers(), materials()) == ([("case_summary", 1, "draft")], [])
    refused = me.post("/my/rounds/T-1/handover", {"slot": "case_summary"})
    assert "请先报名" in refused.text
    apply(me)
    answer = me.post("/my/rounds/T-1/handover", {"slot": "case_summary"})
    assert "提交材料回执" in me.get(answer.headers["location"]).text
    assert (handovers(), materials()) == ([("case_summary", 1, "handed_in")], ["case_summary.pdf"])
    assert findings(round_id) == []


def test_handing_in_twice_changes_nothing(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    apply(me)
    upload(me, pdf())
    me.post("/my/rounds/T-1/handover", {"slot": "case_summary"})
    assert handovers() == [("case_summary", 1, "handed_in")]
    with reading() as session:
        assert len(session.exec(select(Entry).where(Entry.deed == "materials.taken_in")).all()) == 1


def test_a_later_version_of_another_kind_replaces_the_file(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    apply(me)
    upload(me, pdf())
    upload(me, "改过的案例".encode(), name="案例.txt")
    assert materials() == ["case_summary.txt"]
    assert handovers() == [("case_summary", 1, "superseded"), ("case_summary", 2, "handed_in")]
    assert findings(round_id) == []


def test_taking_a_file_back_leaves_its_versions(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    apply(me)
    upload(me, pdf())
    for _again in range(2):
        assert me.post("/my/rounds/T-1/materials/case_summary/back").status_code == 303
    assert (handovers(), materials()) == ([("case_summary", 1, "taken_back")], [])
    assert findings(round_id) == []


def test_a_file_that_the_history_does_not_tell_of_is_found(sqlite: Engine) -> None:
    round_id = launch()
    me = candidate("001")
    apply(me)
    upload(me, pdf())
    me.post("/my/rounds/T-1/materials/case_summary/back")
    with transaction() as session:
        version = session.exec(select(Handover)).one()
        session.add(Material(round_id=round_id, staff_no="001", name="case_summary.pdf", sha256=version.sha256))
    assert any("case_summary.pdf" in f for f in findings(round_id))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"", "空的"),
        ("a.pdf", b"<script>alert(1)</script>", "脚本"),
        ("a.pdf", b"%PDF-1.4 broken", "打不开"),
        ("a.exe", b"MZ\x00", "不是可以接收的文件"),
    ],
)
def test_a_refused_file_is_refused_at_its_slot_and_not_kept(
    sqlite: Engine, name: str, content: bytes, why: str
) -> None:
    launch()
    me = candidate("001")
    apply(me)
    answer = upload(me, content, name=name)
    assert answer.status_code == 422
    assert re.search(f'id="e-case_summary">[^<]*{why}', answer.text)
    assert handovers() == []


def test_a_file_of_an_unknown_slot_is_refused(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    apply(me)
    assert upload(me, pdf(), slot="..%2F..%2Fetc").status_code in {404, 405}
    assert upload(me, pdf(), slot="salary").status_code == 422
    assert handovers() == []


def test_a_file_larger_than_the_setting_is_refused(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.settings import settings

    monkeypatch.setenv("JINGPIN_UPLOAD_MB", "1")
    settings.cache_clear()
    launch()
    me = candidate("001")
    apply(me)
    assert "最多 1 MB" in upload(me, b"x" * (2 * 1024**2)).text
    assert handovers() == []


def file_of(staff_no: str) -> Handover:
    with reading() as session:
        return session.exec(select(Handover).where(Handover.staff_no == staff_no)).one()


def test_my_file_leaves_as_a_download_and_only_to_me(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    apply(me)
    upload(me, pdf(), name="../案例<b>.pdf")
    place = f"/my/rounds/T-1/files/{file_of('001').id}"
    answer = me.get(place)
    assert answer.content == pdf()
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert "/" not in answer.headers["content-disposition"].partition("''")[2]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert candidate("002").get(place).status_code == 404
    assert hr().get(place).status_code == 403
    assert observer().get(place).status_code == 403


def test_my_receipt_is_nobody_elses(sqlite: Engine) -> None:
    launch()
    place = apply(candidate("001"))
    assert candidate("002").get(place).status_code == 404


def test_hr_returns_a_file_with_a_reason_and_the_candidate_corrects_it_after_the_deadline(sqlite: Engine) -> None:
    round_id = launch()
    with transaction() as session:
        session.get_one(Person, "001").email = "wf@example.com"
    me = candidate("001")
    apply(me)
    upload(me, pdf())
    close_applications(round_id)
    assert "材料提交已经截止" in upload(me, pdf("b")).text
    place = f"/rounds/T-1/materials/{file_of('001').id}"
    assert hr().get(place).content == pdf()
    assert hr().post(place, {"reason": " "}).status_code == 409
    for _again in range(2):
        assert hr().post(place, {"reason": "缺少数据来源"}).status_code == 303
    page = me.get("/my/rounds/T-1").text
    assert "缺少数据来源" in page
    assert "请按说明修改后重新提交" in page
    assert materials() == ["case_summary.pdf"]
    upload(me, pdf("b"))
    assert handovers() == [("case_summary", 1, "superseded"), ("case_summary", 2, "handed_in")]
    with reading() as session:
        letter = session.exec(select(Message).where(Message.recipient == "001")).one()
    assert "被退回" in letter.subject
    assert findings(round_id) == []


def test_a_draft_is_its_owners_alone(sqlite: Engine) -> None:
    launch()
    upload(candidate("001"), pdf(), then="")
    assert hr().get(f"/rounds/T-1/materials/{file_of('001').id}").status_code == 404
    assert "案例.pdf" not in hr().get("/rounds/T-1/materials").text


def test_a_replay_is_nobodys_round(sqlite: Engine) -> None:
    round_id = launch()
    with transaction() as session:
        session.get_one(Round, round_id).mode = "replay"
    assert candidate("001").get("/my/rounds/T-1").status_code == 404
    assert "T-1" not in candidate("001").get("/my/rounds").text


def test_a_name_with_a_script_is_only_ever_text(sqlite: Engine) -> None:
    launch()
    evil = visitor("evil", Role.CANDIDATE, staff_no="001", name="<script>alert(1)</script>")
    page = evil.get("/my/rounds/T-1").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_nobody_and_other_roles_stay_outside(sqlite: Engine) -> None:
    launch()
    assert nobody().get("/my/rounds").status_code == 303
    for other in (hr(), observer()):
        assert other.get("/my/rounds").status_code == 403
        assert other.get("/my/data").status_code == 403


def questions(engine: Engine, me: Visitor, path: str) -> int:
    """Count what a page asks the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert me.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_the_number_of_questions_is_the_same_with_many_files_and_rounds(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    apply(me)
    one, listed = questions(sqlite, me, "/my/rounds/T-1"), questions(sqlite, me, "/my/rounds")
    for n in range(5):
        upload(me, pdf(str(n)))
    with transaction() as session:
        text = session.exec(select(Round)).one().policy_text
        for n in range(4):
            again = text.replace(b"T-1", f"T-1{n}".encode())
            policy = policies.read(again, file="policy.yaml").policy
            rounds.launch(session, policy=policy, policy_text=again, actor="hr", now=datetime.now(UTC))
    assert questions(sqlite, me, "/my/rounds/T-1") == one
    assert questions(sqlite, me, "/my/rounds") == listed


def test_a_full_disk_is_said_and_nothing_is_kept(sqlite: Engine) -> None:
    launch()
    me = candidate("001")
    apply(me)
    with sqlite.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(sqlite, "checkout", lambda raw, *_a: raw.execute(f"PRAGMA max_page_count={pages + 20}"))
    answer = upload(me, ("案例" * 200_000).encode(), name="案例.txt")
    assert answer.status_code == 507
    assert "磁盘空间不足" in answer.text
    assert handovers() == []
    assert upload(me, b"short", name="a.txt").status_code == 303
