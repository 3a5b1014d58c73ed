"""Each state of a candidate says in a sentence where they stand, what they must do, until when, and what comes next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from kit.i18n import say
from models.applications import Application, Handover
from models.hearings import Hearing
from models.rounds import Round
from models.stages import Stage
from rules import course
from rules.screening import RuleVerdict, Screened
from tests.factories import policy
from web.own_course import course_of
from web.own_rounds import OwnRound
from web.own_todo import Todo, todo

NOW = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)
SOON, PAST = NOW + timedelta(days=1), NOW - timedelta(hours=1)

OPEN = {"_screening": "done", "_applications": "open"}
COUNTED = {"_screening": "done", "_applications": "done"}
POSTED = {**COUNTED, "interview": "done", "_final": "done", "_decision": "done", "_notice": "open"}


def own(
    states: Mapping[str, str] = OPEN,
    *,
    applied: str = "",
    outcome: str | None = None,
    failed: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    closes_at: datetime = SOON,
    **changes: object,
) -> OwnRound:
    the_round = Round(
        id=uuid4(), code="T-1", title="测试轮次", mode="live", time_zone="Asia/Shanghai", launched_at=PAST
    )
    terms = policy()
    steps = [
        Stage(
            round_id=the_round.id,
            position=n,
            key=step.key,
            name=step.name,
            kind=step.kind,
            state=states.get(step.key, "pending"),
            opens_at=step.opens_at,
            closes_at=closes_at if states.get(step.key) == "open" else None,
            due_at=SOON,
        )
        for n, step in enumerate(course.steps(terms, course.LIVE))
    ]
    verdicts = [RuleVerdict(rule, verdict, None, "", (), {}) for rule, verdict in (failed or {"grade": "pass"}).items()]
    made = OwnRound(
        the_round=the_round,
        policy=terms,
        steps=steps,
        staff_no="001",
        now=NOW,
        screened=Screened("001", not failed, "normal", tuple(verdicts), None),
        application=Application(staff_no="001", applied_at=NOW, status=applied) if applied else None,
        outcome=outcome,
        versions=[Handover(slot=slot, state=state, version=1) for slot, state in (files or {}).items()],
        hearings=[],
        confirmed=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # by name


def said(made: OwnRound) -> str:
    """Return everything that the card says, with the word on its button."""
    found = todo(made)
    return "|".join([found.kind, say(found.what), found.button, say(found.next) if found.next else ""])


def asked(kind: str = "human_check", state: str = "open") -> list[Hearing]:
    return [Hearing(kind=kind, state=state, number=1)]


def test_who_meets_all_conditions_is_led_to_apply() -> None:
    assert said(own()) == "wait|您符合全部条件，现在可以报名。|去报名|接下来：面试"
    assert todo(own()).until == SOON


def test_who_misses_one_condition_learns_which_and_from_when_and_that_a_person_can_look() -> None:
    missed = own(failed={"tenure": "fail", "grade": "pass"})
    near = replace(missed, screened=missed.screened._replace(qualifies_on=date(2027, 5, 16)))
    assert said(near).startswith(
        "bad|按人事记录，您没有达到：工龄。如果其他情况不变，您自2027年5月16日起符合全部条件。|"
    )
    assert (todo(near).route, todo(near).query) == ("own_hearings", "kind=human_check")
    assert "申请人工复核|现在也可以报名（10月16日" in said(near)


def test_who_misses_several_conditions_learns_all_of_them_and_which_has_no_record() -> None:
    missed = own(failed={"tenure": "fail", "ratings": "unknown", "grade": "pass"})
    assert "您没有达到：工龄、绩效（缺少记录）。|" in said(missed)


def test_who_has_asked_for_a_check_is_led_to_it() -> None:
    for state in ("open", "answered"):
        assert "|查看人工复核|" in said(own(failed={"tenure": "fail"}, hearings=asked(state=state)))
    assert "|申请人工复核|" in said(own(failed={"tenure": "fail"}, hearings=asked(state="withdrawn")))


def test_who_has_applied_is_told_what_is_missing_and_that_a_draft_is_not_handed_in() -> None:
    assert said(own(applied="submitted")).startswith("wait|已报名。请提交材料：案例总结。|去提交|")
    assert "草稿不算提交" in said(own(applied="submitted", files={"case_summary": "draft"}))
    assert said(own(applied="submitted", files={"case_summary": "handed_in"})).startswith("good|已报名，材料已交齐")


def test_what_was_returned_comes_before_all_else() -> None:
    returned = own(applied="submitted", files={"case_summary": "returned"})
    assert said(returned) == "bad|人力资源退回了案例总结，请按说明修改后重新提交。|去修改|"
    slots = replace(returned.policy.applications, materials=("case_summary", "improvement_plan"))
    two = replace(returned, policy=replace(returned.policy, applications=slots))
    assert said(two).endswith("|去修改|另外还没有提交：改进方案。")


def test_in_the_grace_after_the_deadline_materials_can_still_be_handed_in() -> None:
    late = own(applied="submitted", closes_at=PAST)
    assert said(late).startswith("bad|报名已经截止，但材料还可以补交：案例总结。|去提交|")
    assert todo(late).until == SOON
    assert said(own(closes_at=PAST)).startswith("none|您没有报名本轮，报名已经截止。")


def test_who_withdrew_may_apply_again_while_applications_are_open_and_is_left_alone_after() -> None:
    assert said(own(applied="withdrawn")).startswith("wait|您已撤回报名；截止前可以重新报名。|重新报名|")
    assert said(own(COUNTED, applied="withdrawn", outcome="withdrawn")).startswith("none|您已撤回报名")


def test_who_was_turned_away_by_a_program_learns_why_and_can_have_a_person_look() -> None:
    late = said(own(COUNTED, applied="submitted", outcome="late"))
    assert late.startswith("bad|您的报名时间是2026年10月15日（周四）10:00，晚于截止时间2026年10月16日（周五）18:00，")
    assert "|申请人工复核|" in late
    early = said(own(COUNTED, applied="submitted", outcome="early"))
    assert "早于开始时间2026年10月12日（周一）09:00" in early
    ineligible = said(own(COUNTED, applied="submitted", outcome="ineligible", failed={"tenure": "fail"}))
    assert "您没有达到：工龄，因此没有进入评审。|申请人工复核|" in ineligible


def test_who_left_at_a_stage_learns_which_and_takes_no_part_in_what_follows() -> None:
    gone = own({**COUNTED, "interview": "done"}, applied="submitted", outcome="eliminated:interview")
    assert said(gone).startswith("bad|您参加了“面试”，没有进入下一环节。")
    assert [p.step.key for p in course_of(gone) if p.left] == ["_decision"]


def test_a_cancelled_round_asks_for_nothing_and_names_whom_to_ask() -> None:
    cancelled = own(applied="submitted")
    cancelled.the_round.state = "cancelled"
    organised = replace(cancelled.policy, organisation=replace(cancelled.policy.organisation, phone="8021"))
    assert said(replace(cancelled, policy=organised)).startswith("none|本轮已经取消，您不需要做任何事。||")
    assert "请联系：电话8021。" in said(replace(cancelled, policy=organised))
    assert "now" not in {place.state for place in course_of(cancelled)}


def test_once_public_the_result_is_said_at_once_and_what_can_still_be_done() -> None:
    for outcome, word in {
        "selected": "入选",
        "reserve": "后备",
        "tied": "待加试",
        "eliminated:interview": "止步：面试",
    }.items():
        found = own(POSTED, applied="submitted", outcome=outcome)
        assert said(found).startswith(f"wait|结果已经公示。您的结果：{word}。请查看计算过程；有异议的，")
        assert todo(found).until == SOON
    assert said(own(POSTED)).startswith("none|结果已经公示。您没有报名本轮。|查看公示|")


def test_a_result_that_was_posted_anew_is_said_to_be_one() -> None:
    again = own(POSTED, applied="submitted", outcome="selected")
    again.step("_notice").generation = 2
    assert said(again).startswith("wait|结果重新计算后再次公示。您的结果：入选。")


def test_a_result_that_was_confirmed_waits_for_nothing() -> None:
    read = own(POSTED, applied="submitted", outcome="reserve", confirmed=True)
    assert said(read).startswith("good|结果已经公示。您的结果：后备。您已确认阅读；")


def test_after_its_last_day_a_notice_that_is_kept_open_asks_for_no_more_objections() -> None:
    over = own(POSTED, applied="submitted", outcome="selected", closes_at=PAST)
    assert "还有事项在核查" in said(over)
    assert todo(over).until is None
    ended = own({**POSTED, "_notice": "done"}, applied="submitted", outcome="selected")
    assert said(ended).startswith("good|本轮已经结束。您的结果：入选。")


def test_an_extended_step_is_marked() -> None:
    moved = own(closes_at=datetime(2026, 10, 20, 10, 0, tzinfo=UTC))
    assert [p.step.key for p in course_of(moved) if p.moved] == ["_applications"]
    assert [p for p in course_of(own(closes_at=policy().applications.closes_at)) if p.moved] == []


def test_what_is_counted_or_waited_for_asks_for_nothing() -> None:
    for states, words in {
        "closed": "“面试”已经截止，正在清点，您不需要做任何事。",
        "pending": "等待“面试”开始，您现在不需要做任何事。",
        "open": "“面试”正在进行，请按通知参加。",
        "done": "评审已经结束，结果正在审定。",
    }.items():
        found: Todo = todo(
            own({**COUNTED, "interview": states}, applied="submitted", files={"case_summary": "handed_in"})
        )
        assert say(found.what).startswith(words)
        assert not found.button
