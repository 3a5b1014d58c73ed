"""Whatever is changed behind our back is found and named: in a round under way, on both databases.

Each change is made in a transaction that is rolled back, with the triggers that forbid it dropped.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from actions import candidates, changes, documents, materials, people, proofs, rounds
from actions.documents import Sheet
from cli.app import run
from kit.canonical import digest
from kit.i18n import say
from kit.settings import settings
from models import database as databases
from models.database import transaction
from models.rounds import Round
from queries import signatures
from rules.changes import Change
from rules.policies import Deed
from tests import factories
from tests.actions.test_stages import close, confirm, look_again, take_in
from tests.factories import NOW, centre, handed_in, policy_text, terms
from web import proof

CODE = "T-1"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def under_way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A round in its public notice, with everything that a round can have; read by every test here."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JINGPIN_HOME", str(home))
        if request.param == "sqlite":
            shutil.copy(request.getfixturevalue("migrated_sqlite"), home / "jingpin.db")
        else:
            server: str = request.getfixturevalue("migrated_postgres")
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("CREATE DATABASE verify TEMPLATE migrated")
            patch.setenv("JINGPIN_DATABASE_URL", server.replace("/postgres?", "/verify?"))
        settings.cache_clear()
        bring_to_the_notice()
        yield databases.engine()
        databases.forget()
    settings.cache_clear()


def bring_to_the_notice() -> UUID:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=NOW)
        leaver = replace(centre(), people=[factories.Person("009", "钱坤", "vip", None, "Ⅱ")])
        people.take_in(session, personnel=leaver, actor="hr", now=NOW)
        people.leave(session, staying=["001", "002", "003", "004"], actor="hr", now=NOW)
        policy = factories.policy()
        round_id = rounds.launch(session, policy=policy, policy_text=policy_text(), actor="hr", now=NOW).id
    look_again(round_id)
    take_in(round_id, "applications", handed_in().applications)
    take_in(round_id, "reviewers", handed_in().reviewers)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        files = {"001": [("case_summary.txt", b"case")], "002": [("case_summary.txt", b"another")]}
        materials.take_in(session, the_round=the_round, materials=files, actor="hr", now=NOW)
    close(round_id, "applications")
    look_again(round_id)
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    change_things(round_id)
    confirm(round_id)
    look_again(round_id)
    sign(round_id)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        for staff_no in ("", "001"):
            sheet = Sheet(
                "announcement" if not staff_no else "candidate_result", f"{staff_no}.pdf", "application/pdf", staff_no
            )
            documents.file(
                session, the_round=the_round, sheet=sheet, content=b"%PDF" + staff_no.encode(), actor="x", now=NOW
            )
    return round_id


def sign(round_id: UUID) -> None:
    """Have an observer sign the history as it stands."""
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        seen = signatures.head(session, round_id=round_id)
        proofs.sign(session, the_round=the_round, seen=seen, statement="已复核", name="监督员", actor="o", now=LATER)


def change_things(round_id: UUID) -> None:
    """Hold and release somebody, and have a reopening agreed to by a second person."""
    under = terms(actor="hr", now=LATER)
    under = replace(under, policy=replace(under.policy, second_person=(Deed.REOPEN,)))
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        candidates.hold(session, the_round=the_round, staff_no="001", reason="核实", terms=under)
        candidates.release(session, the_round=the_round, staff_no="001", reason="已核实", terms=under)
        changes.ask(
            session, the_round=the_round, change=Change(Deed.REOPEN, "异议成立", stage="interview"), terms=under
        )
        changes.agree(session, the_round=the_round, number=1, terms=replace(under, actor="director"))
    close(round_id, "interview", now=LATER)
    look_again(round_id, now=LATER)


def found(connection: Connection) -> list[str]:
    with Session(connection) as session:
        the_round = session.exec(select(Round).where(Round.code == CODE)).one()
        checks = [*proof.centre(session), *proof.of_round(session, the_round)]
        return [say(finding) for check in checks for finding in check.findings]


@contextmanager
def tampered(engine: Engine, *deeds: str) -> Iterator[Connection]:
    """Open a connection on which some SQL was done that no code of ours does; nothing of it stays."""
    with engine.connect() as connection:
        _drop_triggers(connection)
        for deed in deeds:
            assert connection.execute(text(deed)).rowcount, deed
        yield connection
        connection.rollback()


def _drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in ("entry", "blob"):
            for deed in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{deed}"))
    else:
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        connection.execute(text("SET session_replication_role = replica"))  # no triggers, no foreign keys


def test_a_round_that_nobody_tampered_with_has_no_findings(under_way: Engine) -> None:
    with under_way.connect() as connection:
        assert found(connection) == []


HISTORY = {
    "an entry changed": (
        "UPDATE entry SET actor = 'nobody' WHERE deed = 'stage.reopened'",
        "（重新开放，nobody）被改动过",
    ),
    "an entry's reason changed": (
        "UPDATE entry SET detail = replace(detail, '异议成立', '无') WHERE deed = 'stage.reopened'",
        "（重新开放，director）被改动过",
    ),
    "an entry removed": ("DELETE FROM entry WHERE deed = 'candidate.held'", "条缺失"),
    "the directory's entry removed": ("DELETE FROM entry WHERE chain = 'centre' AND number = 2", "留痕第 2 条缺失"),
    "the end of the chain changed": ("UPDATE chain SET head = 'x' WHERE name <> 'centre'", "留痕的结尾被改动过"),
    "a chain lost": ("UPDATE chain SET length = 0, head = '' WHERE name <> 'centre'", "留痕的结尾被改动过"),
}

BOOKS = {
    "a mark changed": (
        "UPDATE mark SET mark = '10' WHERE staff_no = '003'",
        "评分：interview / 买买提·吐尔逊 003 / R1 / speech 这一行被改动过：录入的是 mark=7，现在是 mark=10",
    ),
    "a mark removed": (
        "DELETE FROM mark WHERE staff_no = '003'",
        "评分：interview / 买买提·吐尔逊 003 / R1 / speech 这一行被删去",
    ),
    "a mark slipped in": (
        (
            "INSERT INTO mark (round_id, stage, staff_no, reviewer_no, criterion, mark, status) "
            "SELECT round_id, stage, '003', 'R2', criterion, '10', status FROM mark WHERE staff_no = '001'"
        ),
        "评分：interview / 买买提·吐尔逊 003 / R2 / speech 这一行不是录入的",
    ),
    "an application changed": (
        "UPDATE application SET status = 'withdrawn' WHERE staff_no = '002'",
        "报名：李雷 002",
    ),
    "a reviewer removed": ("DELETE FROM reviewer WHERE reviewer_no = 'R1'", "评委：R1 这一行被删去"),
    "a reviewer is somebody else": (
        "UPDATE reviewer SET staff_no = '001' WHERE reviewer_no = 'R1'",
        "评委：R1 这一行被改动过",
    ),
    "a person changed": ("UPDATE person SET grade = 'Ⅰ' WHERE staff_no = '001'", "人员名册：王芳 001 这一行被改动过"),
    "somebody brought back": (
        "UPDATE person SET active = (1 = 1) WHERE staff_no = '009'",
        "人员名册：009 的在职状态被改动过",
    ),
}

RESULTS = {
    "a verdict changed": (
        "UPDATE verdict SET verdict = 'pass' WHERE staff_no = '004'",
        "资格审查：赵静 004 grade 存的是 pass Ⅰ Ⅱ，重新计算是 fail Ⅰ Ⅱ",
    ),
    "the sources of a verdict changed": (
        "UPDATE verdict SET sources = '[[\"x\"]]' WHERE staff_no = '004'",
        "资格审查：赵静 004 grade 的依据被改动过：sources[0][0] 存的是 x，重新计算是 grade",
    ),
    "a verdict removed": ("DELETE FROM verdict WHERE staff_no = '004'", "资格审查：赵静 004 grade"),
    "somebody made eligible": (
        "UPDATE screening SET eligible = (1 = 1) WHERE staff_no = '004'",
        "资格审查：赵静 004 是否符合资格 存的是 是，重新计算是 否",
    ),
    "a screening removed": ("DELETE FROM screening WHERE staff_no = '004'", "资格审查：赵静 004 的结论缺失"),
    "seats changed": ("UPDATE allotment SET seats = 2 WHERE line = 'phone'", "名额：phone 名额 存的是 2，重新计算是 1"),
    "heads changed": ("UPDATE allotment SET heads = 9 WHERE line = 'phone'", "名额：phone 人数 存的是 9，重新计算是 3"),
    "how seats were shared out": (
        "UPDATE stage SET working = '{\"seats\":[]}' WHERE key = '_screening'",
        "名额：分配过程被改动过",
    ),
    "a component changed": (
        "UPDATE component SET value = '99.00' WHERE staff_no = '001'",
        "成绩：王芳 001 interview 存的是 99.00，重新计算是 80.00",
    ),
    "a component slipped in": (
        (
            "INSERT INTO component (round_id, staff_no, component, stage_id, value) "
            "SELECT round_id, '004', component, stage_id, value FROM component WHERE staff_no = '001'"
        ),
        "成绩：赵静 004 interview 存的是 80.00，重新计算是 （空）",
    ),
    "how a stage was counted": (
        "UPDATE stageresult SET working = replace(working, '\"9\"', '\"10\"') WHERE staff_no = '002'",
        "成绩：李雷 002 在“面试”的计算过程被改动过：working.sheets[0].marks.speech 存的是 10，重新计算是 9",
    ),
    "an outcome changed": (
        "UPDATE result SET outcome = 'selected' WHERE staff_no = '001'",
        "结果：王芳 001 去向 存的是 入选，重新计算是 后备",
    ),
    "a final score changed": (
        "UPDATE result SET final = '95.00' WHERE staff_no = '001'",
        "结果：王芳 001 综合成绩 存的是 95.00，重新计算是 80.00",
    ),
    "a rank changed": (
        "UPDATE result SET rank = 1 WHERE staff_no = '001'",
        "结果：王芳 001 名次 存的是 1，重新计算是 2",
    ),
    "how a final score was made": (
        "UPDATE result SET working = '{}' WHERE staff_no = '002'",
        "结果：李雷 002 综合成绩的计算过程被改动过",
    ),
    "a result removed": ("DELETE FROM result WHERE staff_no = '003'", "成绩：买买提·吐尔逊 003 的结果缺失"),
    "how places were given": (
        "UPDATE stage SET working = '{\"lines\":{}}' WHERE key = '_final'",
        "综合成绩：名次与名额的计算过程被改动过",
    ),
}

FILES = {
    "a document changed": (
        "UPDATE blob SET content = CAST('x' AS {bytes}) WHERE sha256 = '{document}'",
        "文档“.pdf”（本轮，{document}）的内容被改动过",
    ),
    "a document's bytes lost": ("DELETE FROM blob WHERE sha256 = '{document}'", "文档“.pdf”（本轮，{document}）缺失"),
    "a document's row removed": (
        "DELETE FROM document WHERE kind = 'announcement'",
        "文档：“.pdf”（第 1 版） 被删去",
    ),
    "a document's row pointed elsewhere": (
        "UPDATE document SET sha256 = (SELECT sha256 FROM document WHERE kind = 'announcement') WHERE staff_no = '001'",
        "文档：王芳 001 的“001.pdf”（第 1 版） 被改动过",
    ),
    "a document slipped in": (
        "UPDATE document SET version = 7 WHERE kind = 'announcement'",
        "文档：“.pdf”（第 7 版） 不在留痕中",
    ),
    "materials swapped": (
        "UPDATE material SET sha256 = (SELECT sha256 FROM material WHERE staff_no = '002') WHERE staff_no = '001'",
        "申报材料：王芳 001 case_summary.txt 被改动过",
    ),
    "materials removed": ("DELETE FROM material WHERE staff_no = '001'", "申报材料：王芳 001 case_summary.txt 被删去"),
    "the frozen directory pointed elsewhere": (
        "UPDATE frozen SET sha256 = '{document}' WHERE name = 'ratings'",
        "冻结的名册（绩效等级）被改动过",
    ),
    "the frozen directory removed": ("DELETE FROM frozen", "冻结的名册（人员名册）被改动过"),
    "what was taken in lost": (
        (
            "UPDATE blob SET content = CAST('x' AS {bytes}) "
            "WHERE sha256 = (SELECT evidence FROM entry WHERE deed = 'marks.taken_in')"
        ),
        "（录入 评分）录入的原件读不出来",
    ),
}

ROUND = {
    "the frozen policy changed": (
        "UPDATE round SET policy_text = CAST('{policy}' AS {bytes})",
        "冻结的竞聘方案被改动过：与启动时存档的不同",
    ),
    "the frozen policy changed with its hash": (
        "UPDATE round SET policy_text = CAST('{policy}' AS {bytes}), policy_sha256 = '{policy_sha256}'",
        "冻结的竞聘方案被改动过：与启动时存档的不同",
    ),
    "the frozen policy spoilt": ("UPDATE round SET policy_text = CAST('x' AS {bytes})", "policy.yaml"),
    "the title changed": ("UPDATE round SET title = '别的'", "轮次的名称被改动过：留痕是 测试轮次，现在是 别的"),
    "the round stopped": ("UPDATE round SET state = 'cancelled'", "轮次的状态被改动过：留痕是 进行中，现在是 已取消"),
    "a step moved": (
        "UPDATE stage SET state = 'done' WHERE key = '_notice'",
        "环节“公示”的状态被改动过：留痕是 进行中，现在是 已完成",
    ),
    "a deadline moved": (
        "UPDATE stage SET closes_at = opened_at WHERE key = '_applications'",
        "环节“报名”的截止时间被改动过：留痕是 2026年10月16日（周五）18:00",
    ),
    "a step removed": ("DELETE FROM stage WHERE key = '_archive'", "环节“任职通知与归档”被增删过"),
    "a confirmation removed": ("DELETE FROM confirmation", "审定确认：chair（第 2 次） 被删去"),
    "a confirmation by somebody else": (
        "UPDATE confirmation SET actor = 'hr'",
        "审定确认：hr（第 2 次） 不在留痕中",
    ),
    "a confirmation of something else": (
        "UPDATE confirmation SET results_sha256 = 'x'",
        "审定确认：chair（第 2 次） 被改动过",
    ),
    "results changed after the decision": (
        "UPDATE result SET final = '95.00' WHERE staff_no = '001'",
        "现在的结果只有 0 人确认过（应有 1 人）：审定之后结果被改动过",
    ),
    "the end of the notice changed": (
        "UPDATE notice SET last_day = '2026-10-15'",
        "第 1 次公示的公示末日被改动过：留痕是 2026年10月21日，现在是 2026年10月15日",
    ),
    "the days of the notice changed": (
        "UPDATE notice SET working_days = '[\"2026-10-15\"]'",
        "第 1 次公示的工作日被改动过",
    ),
    "the calendar of the notice changed": (
        "UPDATE notice SET calendar = replace(calendar, 'test', 'mine')",
        "第 1 次公示的工作日被改动过",
    ),
    "the notice removed": ("DELETE FROM notice", "第 1 次公示的记录被增删过"),
    "a hold removed": ("DELETE FROM hold", "暂缓处理：王芳 001（第 1 次） 被删去"),
    "a hold changed": ("UPDATE hold SET reason = '无'", "暂缓处理：王芳 001（第 1 次） 被改动过"),
    "a proposal changed": ("UPDATE proposal SET decided_by = 'hr'", "提议：第 1 号 被改动过"),
    "a substitute slipped in": (
        "UPDATE reviewer SET substitute_no = 'R2' WHERE reviewer_no = 'R1'",
        "评委 评委一 R1 的替补人选被改动过",
    ),
}

SIGNATURES = {
    "a signature removed": ("DELETE FROM signature", "签名本身被删去"),
    "a signature under another history": ("UPDATE signature SET head = 'x'", "此前的留痕被改写过"),
    "the words of a signature changed": ("UPDATE signature SET statement = '不同意'", "与留痕所记的不同"),
    "a signature slipped in": (
        "INSERT INTO signature SELECT {number}, round_id, 'x', signed_at, length, head, statement FROM signature",
        "在留痕中没有记录",
    ),
}

CASES = {**HISTORY, **BOOKS, **RESULTS, **FILES, **ROUND, **SIGNATURES}


def filled(said: str, engine: Engine) -> str:
    """Fill in what differs between databases and what is known only when the round is there."""
    document, one = digest(b"%PDF"), "1".zfill(32)
    other = policy_text(**{"quota: {seats: 1": "quota: {seats: 2"}).decode()
    words = {
        "{bytes}": "BLOB" if engine.dialect.name == "sqlite" else "BYTEA",
        "{document}": document,
        "{number}": f"'{one}'" if engine.dialect.name == "sqlite" else f"CAST('{one}' AS UUID)",
        "{policy}": other.replace("'", "''"),
        "{policy_sha256}": digest(other.encode()),
    }
    for word, value in words.items():
        said = said.replace(word, value)
    return said


@pytest.mark.parametrize("case", CASES)
def test_a_change_behind_our_back_is_named(case: str, under_way: Engine) -> None:
    deed, named = (filled(said, under_way) for said in CASES[case])
    with tampered(under_way, deed.replace(":", "\\:")) as connection:
        findings = found(connection)
    assert any(named in finding for finding in findings), findings


def test_an_end_of_the_history_cut_off_cleanly_leaves_what_it_told_of_unexplained(under_way: Engine) -> None:
    with tampered(
        under_way,
        "UPDATE chain SET length = length - 1, head = (SELECT e.previous FROM entry e "
        "WHERE e.chain = chain.name AND e.number = chain.length) WHERE name <> 'centre'",
        "DELETE FROM entry WHERE number > (SELECT length FROM chain WHERE chain.name = entry.chain)",
    ) as connection:
        assert found(connection) == ["文档：王芳 001 的“001.pdf”（第 1 版） 不在留痕中"]


def test_findings_are_told_with_exit_status_1_and_as_json(database: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    bring_to_the_notice()
    assert run(["verify", CODE]) == 0
    assert "全部相符" in capsys.readouterr().out
    with transaction() as session:
        session.connection().execute(text("UPDATE mark SET mark = '10' WHERE staff_no = '003'"))
    assert run(["verify", CODE]) == 1
    said = capsys.readouterr().out
    assert "✗ T-1" in said
    assert "评分：interview / 买买提·吐尔逊 003 / R1 / speech 这一行被改动过：录入的是 mark=7，现在是 mark=10" in said
    assert run(["verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["checked"]) == (False, ["directory", CODE])
    assert {f["of"] for f in told["findings"]} == {CODE}


def test_the_database_itself_refuses_to_change_the_history_and_the_kept_files(under_way: Engine) -> None:
    for deed in ("UPDATE entry SET actor = 'x'", "DELETE FROM entry", "UPDATE blob SET size = 0", "DELETE FROM blob"):
        with under_way.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(deed))


def test_whatever_hr_does_to_a_round_leaves_nothing_unexplained(database: Engine) -> None:
    round_id = bring_to_the_notice()
    for deed, now in (
        (Change(Deed.CANCEL, "编制调整"), LATER),
        (Change(Deed.RESTORE, "编制已定"), LATER + timedelta(hours=3)),
        (Change(Deed.WITHDRAW, "本人申请", staff_no="002"), LATER + timedelta(hours=4)),
        (Change(Deed.REOPEN, "异议成立", stage="applications"), LATER + timedelta(hours=5)),
        (Change(Deed.EXTEND, "台风", stage="applications", until=NOW + timedelta(days=9)), LATER + timedelta(hours=6)),
        (Change(Deed.CANCEL, "再议"), LATER + timedelta(hours=7)),
    ):
        with transaction() as session:
            the_round = session.get_one(Round, round_id)
            changes.ask(session, the_round=the_round, change=deed, terms=terms(actor="hr", now=now))
        with database.connect() as connection:
            assert found(connection) == [], deed
        if deed.deed is not Deed.CANCEL:
            look_again(round_id, now=now)
        with database.connect() as connection:
            assert found(connection) == [], deed
