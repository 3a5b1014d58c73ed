"""Who is told what, when; each thing once, however many clocks run and however long all was down."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import select

from actions import panels, stages
from forms import policies
from kit.settings import settings
from models.database import reading, transaction
from models.history import Entry
from models.messages import Message
from models.rounds import Round
from queries import audit
from queries import panels as seated
from queries import stages as standing
from rules.records import Application, Assignment, ExamScore
from tasks.reminders import Reminders
from tests.late import (
    APPLIED_UNTIL,
    CLOSES,
    LADDER,
    OPENS,
    PANEL,
    REVIEWERS,
    SPARE,
    at_the_interview,
    interview,
    launch,
    look_again,
    policy_text,
    sheet,
    take_in,
    terms,
)

HOUR = timedelta(hours=1)
OPENED = APPLIED_UNTIL + HOUR
DAY_BEFORE, JUST_LATE, DAY_LATE = CLOSES - 24 * HOUR, CLOSES, CLOSES + 24 * HOUR
TRAINING = """\
- key: interview
  name: 培训
  kind: training
  closes_at: '2026-10-23T18:00:00+08:00'
  sessions: 8
  attendance: {at_least: 75}
  exam: {areas: {product: 100}}
"""


def look(now: datetime) -> int:
    """Look as a clock does that has just started."""
    return Reminders().look(now=now)


def told(kind: str = "", *, at: datetime | None = None) -> list[tuple[str, str]]:
    """Return to whom the outbox has written (at one time), and the subjects without the round's title."""
    found = [m for m in mails() if kind in {"", m.kind} and at in {None, m.written_at}]
    return sorted((m.recipient, m.subject.removeprefix("测试轮次：")) for m in found)


def mails() -> list[Message]:
    """Return what the outbox holds, in the order of writing."""
    with reading() as session:
        return sorted(session.exec(select(Message)), key=lambda m: (m.written_at, m.key))


def finish(round_id: UUID, *reviewers: str) -> None:
    take_in(round_id, "marks", [m for no in ("001", "002", "003") for r in reviewers for m in sheet(no, r, "8", "8")])


def findings(round_id: UUID) -> list[object]:
    with reading() as session:
        return [
            *audit.chain_findings(session, chain=round_id),
            *audit.book_findings(session, chain=round_id, round_id=round_id),
        ]


def test_when_a_stage_opens_its_reviewers_and_candidates_are_told_once(database: Engine) -> None:
    at_the_interview()
    assert look(OPENED) == 4
    assert told("opened") == [
        ("001", "“面试”已经开始"),
        ("002", "“面试”已经开始"),
        ("003", "“面试”已经开始"),
        ("009", "“面试”请您评分，共 3 份"),
    ]
    assert look(OPENED + HOUR) == 0


def test_who_gets_sheets_later_is_told_then(database: Engine) -> None:
    round_id = at_the_interview(panel=[])
    look(OPENED)
    take_in(round_id, "panels", [Assignment("interview", no, "R8") for no in ("001", "002")])
    look(OPENED + HOUR)
    assert ("008", "“面试”请您评分，共 2 份") in told("opened")


def test_a_day_before_the_deadline_those_are_reminded_who_have_sheets_open(database: Engine) -> None:
    round_id = at_the_interview(panel=[*PANEL, Assignment("interview", "001", "R8")])
    take_in(round_id, "marks", sheet("001", "R9", "8", "8"))
    look(OPENED)
    assert look(DAY_BEFORE - HOUR) == 0
    look(DAY_BEFORE)
    assert told("reminder") == [
        ("008", "“面试”即将截止，您还有 1 份评分表没有完成"),
        ("009", "“面试”即将截止，您还有 2 份评分表没有完成"),
    ]
    assert look(DAY_BEFORE + HOUR) == 0


def test_no_candidate_is_named_in_a_letter_to_anybody_but_themselves(database: Engine) -> None:
    at_the_interview()
    for now in (OPENED, DAY_BEFORE, JUST_LATE, DAY_LATE):
        look(now)
    names = {"001": "王芳", "002": "李雷", "003": "买买提·吐尔逊"}
    others = [m for m in mails() if m.recipient not in names]
    assert len(others) > 4
    assert not any(name in m.subject + m.body for m in others for name in names.values())


def test_after_the_deadline_hr_reads_who_is_late_and_who_cannot_be_reached(database: Engine) -> None:
    at_the_interview()
    look(OPENED)
    look(JUST_LATE + HOUR)
    assert told("late") == [("hr", "“面试”还有 2 位评委的 6 份评分表没有完成")]
    (letter,) = [m for m in mails() if m.kind == "late"]
    assert letter.address == "hr@example.com"
    assert "- 郑评委：3 份（没有邮箱，程序无法提醒）\n- 吴迪：3 份\n" in letter.body
    assert "逾期 1 小时" in letter.body


def test_where_nobody_is_late_nobody_is_told(database: Engine) -> None:
    round_id = at_the_interview()
    look(OPENED)
    finish(round_id, "R1", "R9")
    assert [look(now) for now in (DAY_BEFORE, JUST_LATE, DAY_LATE)] == [0, 0, 0]


def test_in_the_end_a_substitute_steps_in_and_all_three_are_told(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:], reviewers=[*REVIEWERS, SPARE])
    name(round_id, "R9", "R2")
    look(OPENED)
    look(JUST_LATE)
    look(DAY_LATE)
    assert told(at=DAY_LATE) == [
        ("009", "“面试”的 3 份评分表已改由他人完成"),
        ("010", "请您接替完成“面试”的 3 份评分表"),
        ("hr", "“面试”有 3 份评分表改由替补完成"),
    ]
    assert holders(round_id) == ["R2"]
    assert findings(round_id) == []
    assert look(DAY_LATE + HOUR) == 0


def name(round_id: UUID, reviewer_no: str, substitute_no: str) -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        panels.name_substitute(
            session, the_round=the_round, reviewer_no=reviewer_no, substitute_no=substitute_no, actor="hr", now=OPENED
        )


def holders(round_id: UUID) -> list[str]:
    with reading() as session:
        stage = interview(session, round_id)
        return [h.seat.reviewer_no for h in seated.holders(session, stage=stage, criteria=["speech", "calm"])]


@pytest.mark.parametrize(
    ("substitute", "why"),
    [
        ("", "没有指定替补"),
        ("R7", "替补陈经理须回避其中 3 位候选人，或已在评审他们"),
        ("R1", "替补郑评委自己也没有完成"),
    ],
)
def test_where_nobody_can_step_in_hr_reads_why(database: Engine, substitute: str, why: str) -> None:
    round_id = at_the_interview()
    if substitute:
        name(round_id, "R9", substitute)
    look(JUST_LATE)
    look(DAY_LATE)
    letter = [m for m in mails() if m.kind == "late"][-1]
    assert f"- 吴迪：3 份；{why}\n" in letter.body
    assert holders(round_id) == ["R1", "R9"]


def test_who_steps_in_is_not_replaced_in_their_turn_on_the_same_rung(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:], reviewers=[*REVIEWERS, SPARE])
    name(round_id, "R9", "R2")
    name(round_id, "R2", "R1")
    look(DAY_LATE)
    look(DAY_LATE + HOUR)
    assert holders(round_id) == ["R2"]


def test_sheets_that_hr_hands_over_are_told_to_both_reviewers_and_not_to_hr(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:], reviewers=[*REVIEWERS, SPARE])
    look(OPENED)
    with transaction() as session:
        panels.replace(
            session,
            the_round=session.get_one(Round, round_id),
            stage=interview(session, round_id),
            reviewer_no="R9",
            by_no="R2",
            staff_no="002",
            reason="出差",
            terms=terms(now=OPENED + HOUR, actor="hr"),
        )
    look(OPENED + 2 * HOUR)
    assert told("handed over") == [
        ("009", "“面试”的 1 份评分表已改由他人完成"),
        ("010", "请您接替完成“面试”的 1 份评分表"),
    ]
    assert ("010", "“面试”请您评分，共 1 份") not in told("opened")
    assert look(OPENED + 3 * HOUR) == 0


def test_after_a_downtime_over_the_deadline_nobody_hears_the_same_twice(database: Engine) -> None:
    ladder = LADDER.replace("- {after_hours: 24, to: [substitute]}", "- {after_hours: 4}\n- {after_hours: 8, to: [hr]}")
    at_the_interview(policy_text(ladder=ladder))
    look(OPENED)
    look(CLOSES + 10 * HOUR)
    assert told(at=CLOSES + 10 * HOUR) == [
        ("009", "“面试”已逾期，您还有 3 份评分表没有完成"),
        ("hr", "“面试”还有 2 位评委的 6 份评分表没有完成"),
    ]
    assert look(CLOSES + 11 * HOUR) == 0


def test_down_for_three_days_over_the_deadline_the_stage_closes_as_of_it_and_nobody_hears_stale_reminders(
    database: Engine,
) -> None:
    round_id = at_the_interview()
    look(OPENED)
    later = CLOSES + 72 * HOUR
    assert look(later) == 0
    with transaction() as session:
        assert [s.key for s in stages.close_due(session, now=later)] == ["interview"]
    assert look(later) == 0
    with reading() as session:
        assert interview(session, round_id).closed_at == CLOSES + 48 * HOUR
    assert len(mails()) == 4


def test_a_later_deadline_starts_the_ladder_anew(database: Engine) -> None:
    round_id = at_the_interview()
    look(OPENED)
    look(DAY_BEFORE)
    extend(round_id, CLOSES + 72 * HOUR, now=DAY_BEFORE + HOUR)
    assert look(DAY_BEFORE + HOUR) == 0
    assert look(JUST_LATE) == 0
    look(CLOSES + 48 * HOUR)
    assert told("reminder", at=CLOSES + 48 * HOUR) == [("009", "“面试”即将截止，您还有 3 份评分表没有完成")]
    assert "2026年10月26日（周一）18:00" in mails()[-1].body


def extend(round_id: UUID, until: datetime, *, now: datetime) -> None:
    with transaction() as session:
        stages.extend(
            session,
            stage=interview(session, round_id),
            the_round=session.get_one(Round, round_id),
            until=until,
            reason="台风",
            actor="hr",
            now=now,
        )


def test_a_stage_that_is_opened_again_is_told_again(database: Engine) -> None:
    round_id = at_the_interview()
    look(OPENED)
    with transaction() as session:
        stages.close_due(session, now=CLOSES + 48 * HOUR)
    look_again(round_id, policies.read(policy_text()).policy, now=CLOSES + 48 * HOUR)
    with transaction() as session:
        the_round, stage = session.get_one(Round, round_id), interview(session, round_id)
        again = terms(now=CLOSES + 50 * HOUR, actor="hr")
        stages.reopen(session, stage=stage, the_round=the_round, reason="复核", terms=again)
    look(CLOSES + 51 * HOUR)
    assert told("opened", at=CLOSES + 51 * HOUR) == [
        ("001", "“面试”已经开始"),
        ("002", "“面试”已经开始"),
        ("003", "“面试”已经开始"),
        ("009", "“面试”请您评分，共 3 份"),
    ]


def test_while_earlier_steps_are_counted_again_nobody_is_told_anything(database: Engine) -> None:
    round_id = at_the_interview()
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        applications = standing.by_key(session, the_round=the_round, key="applications")
        again = terms(now=OPENED, actor="hr")
        stages.recount(session, since=applications, the_round=the_round, reason="退出", terms=again)
    assert look(OPENED) == 0
    look_again(round_id, policies.read(policy_text()).policy, now=OPENED)
    assert look(OPENED) == 4


@pytest.mark.parametrize("now", [OPENED, DAY_BEFORE, JUST_LATE, DAY_LATE], ids=["opened", "before", "late", "replaced"])
def test_two_clocks_at_once_do_everything_once(database: Engine, now: datetime) -> None:
    round_id = at_the_interview(panel=PANEL[3:], reviewers=[*REVIEWERS, SPARE])
    name(round_id, "R9", "R2")
    together = threading.Barrier(3)

    def look_together(_clock: int) -> int:
        together.wait(60)
        return look(now)

    with ThreadPoolExecutor(3) as pool:
        written = sum(pool.map(look_together, range(3)))
    assert written == len(mails()) > 0
    with reading() as session:
        done = session.exec(select(Entry.detail).where(Entry.deed == "reminders.written")).all()
        handed = session.exec(select(Entry).where(Entry.deed == "sheets.handed_over")).all()
    assert len(set(done)) == len(done)
    assert len(handed) == (now == DAY_LATE)
    assert findings(round_id) == []


def test_people_who_may_apply_and_have_not_are_reminded(database: Engine) -> None:
    round_id = launch()
    take_in(round_id, "applications", [Application("001", OPENS + HOUR, "submitted")])
    take_in(round_id, "applications", [Application("002", OPENS + HOUR, "withdrawn")])
    with transaction() as session:
        session.connection().execute(text("UPDATE person SET email = NULL WHERE staff_no = '007'"))
        session.connection().execute(text("UPDATE person SET active = (1 = 0) WHERE staff_no = '008'"))
    assert look(OPENS + HOUR) == 0
    look(APPLIED_UNTIL - 24 * HOUR)
    assert told("reminder") == [(no, "报名即将截止") for no in ("003", "009", "010")]
    assert told("late") == []


def test_hr_reads_how_many_have_applied(database: Engine) -> None:
    launch(policy_text(ladder=LADDER.replace("{before_hours: 24}", "{before_hours: 24, to: [hr]}")))
    look(APPLIED_UNTIL - 24 * HOUR)
    assert told() == [("hr", "已有 0 人报名，还有 7 位符合条件的没有报名")]


def test_of_a_training_hr_reads_whose_results_are_missing(database: Engine) -> None:
    round_id = at_the_interview(
        policy_text(interview=TRAINING.replace("theory", "interview"), weights="interview.exam")
    )
    take_in(round_id, "exam", [ExamScore("001", "product", None)])
    look(OPENED)
    look(DAY_BEFORE)
    assert told("late") == [("hr", "“培训”还有 2 人的成绩没有录入")]


def test_a_stage_of_a_panel_without_one_is_told_to_hr(database: Engine) -> None:
    at_the_interview(panel=[])
    look(DAY_BEFORE)
    assert told("late") == [("hr", "“面试”还没有评委分组")]


def test_hr_is_told_where_the_settings_say_when_the_policy_says_nothing(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JINGPIN_HR_EMAIL", "office@example.com")
    monkeypatch.setenv("JINGPIN_CHAT_URLS", "wecombot://geheim feishu://geheim")
    settings.cache_clear()
    at_the_interview(policy_text(ladder=LADDER.partition("organisation")[0]))
    look(JUST_LATE)
    addresses = sorted(m.address for m in mails() if m.recipient == "hr")
    assert [a.rpartition("-")[0] or a for a in addresses] == ["chat:feishu", "chat:wecombot", "office@example.com"]
    assert "geheim" not in "".join(addresses)
    assert not any(m.address.startswith("chat:") for m in mails() if m.recipient != "hr")


def test_where_hr_cannot_be_told_the_letter_is_kept_for_whoever_looks(database: Engine) -> None:
    at_the_interview(policy_text(ladder=LADDER.partition("organisation")[0]))
    look(JUST_LATE)
    assert [(m.state, m.error) for m in mails() if m.recipient == "hr"] == [("given_up", "no address")]


def test_a_round_that_is_broken_does_not_keep_the_others_from_being_told(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    broken = at_the_interview(policy_text(code="T-0"))
    at_the_interview()
    with transaction() as session:
        session.get_one(Round, broken).policy_text = b"not: a policy"
        session.get_one(Round, broken).policy_sha256 = "broken"
    assert look(OPENED) == 4
    assert "could not be written" in caplog.text


def test_a_look_at_rounds_in_which_nothing_happened_takes_two_questions(database: Engine) -> None:
    for number in range(3):
        at_the_interview(policy_text(code=f"T-{number}"))
    clock, asked = Reminders(), []
    assert clock.look(now=OPENED) == 12
    assert clock.look(now=OPENED) == 0
    event.listen(database, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert clock.look(now=OPENED + HOUR) == 0
    assert len([question for question in asked if question.startswith("SELECT")]) == 2
    assert clock.look(now=DAY_BEFORE) == 6  # R9, and HR of R1, who has no address


def test_a_clock_that_runs_all_the_time_tells_what_one_tells_that_starts_at_each_rung(database: Engine) -> None:
    round_id = at_the_interview(reviewers=[*REVIEWERS, SPARE])
    name(round_id, "R9", "R2")
    clock = Reminders()
    hours = range(int((CLOSES + 48 * HOUR - OPENED) / HOUR))
    written = {n: letters for n in hours if (letters := clock.look(now=OPENED + n * HOUR))}
    late = int((CLOSES - OPENED) / HOUR)
    assert written == {0: 4, late - 24: 2, late: 2, late + 24: 4}


def test_what_was_written_stands_in_the_history(database: Engine) -> None:
    round_id = at_the_interview()
    for now in (OPENED, DAY_BEFORE, JUST_LATE):
        look(now)
    with reading() as session:
        entries = session.exec(select(Entry).where(Entry.deed == "reminders.written")).all()
    assert [(e.actor, e.subject) for e in entries] == [("clock", "interview")] * 3
    assert ['"rung":1' in e.detail for e in entries] == [False, True, False]
    assert ['"letters":4' in e.detail for e in entries] == [True, False, False]
    assert findings(round_id) == []
