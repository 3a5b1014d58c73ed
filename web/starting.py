"""What the start page says to HR: what is late, what waits, what comes next, in all rounds at once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from kit.i18n import say
from messages.letters import span
from models.drafts import Draft
from models.rounds import Round
from models.stages import Stage
from queries import boards, outbox, people, starting
from rules import course
from rules.access import Act
from rules.policies import ReviewTerms
from rules.texts import Text, _
from web.actors import Actors
from web.frames import blocked
from web.visit import Visit

NEXT: Final = 8
"""So many dates that come are shown."""


class Item(NamedTuple):
    """Something that waits: how it looks, what it is, where to go; ``the_round`` is its title."""

    kind: str
    text: Text
    address: str
    title: str = ""


class Coming(NamedTuple):
    """A date that comes."""

    at: datetime
    text: Text
    the_round: Round
    ends: bool = False


class First(NamedTuple):
    """One of the first things to do in a new centre: whether it is done, what it is, where and what to click."""

    done: bool
    text: Text
    address: str
    word: Text


class Start(NamedTuple):
    """Everything that the start page of HR shows."""

    items: list[Item]
    coming: list[Coming]
    drafts: Sequence[Draft]
    named: Actors
    first: Sequence[First]


def start(visit: Visit, *, rounds: bool) -> Start:
    """Return what is late, what waits and what comes next; ``rounds``: whether there are any yet."""
    steps = starting.steps(visit.session)
    items = sorted([*_of_rounds(visit, steps), *_of_centre(visit)], key=lambda item: item.kind != "bad")
    drafts = starting.open_drafts(visit.session) if visit.may(Act.PREPARE_ROUNDS) else ()
    named = Actors(visit.session, [draft.saved_by for draft in drafts])
    coming = sorted(_coming(steps, visit.now), key=lambda one: one.at)[:NEXT]
    return Start(items, coming, drafts, named, () if rounds or drafts else list(_first(visit)))


def _first(visit: Visit) -> Iterator[First]:
    """Yield what to do before there is any round."""
    there = people.anybody(visit.session)
    text = _("导入人员名册，再导入绩效等级等各项记录：资格审查和名额分配都以名册为准。")
    yield First(there, Text(text), visit.url("people_imports"), Text(_("导入人员和记录")))
    text = _("筹备一轮竞聘：填岗位、条件、环节和权重，边填边看谁符合条件。")
    yield First(False, Text(text), visit.url("drafts"), Text(_("筹备新的一轮")))
    text = _("发布竞聘公告：方案随即冻结，报名按时开放，各环节自动衔接。")
    yield First(False, Text(text), visit.url("rounds"), Text(_("查看轮次")))


def _of_rounds(visit: Visit, steps: Sequence[tuple[Round, Stage]]) -> Iterator[Item]:
    at_hand: dict[str, tuple[Round, Stage]] = {}
    for the_round, step in steps:
        at_hand.setdefault(the_round.code, (the_round, step))
    sheets = starting.open_sheets(visit.session, criteria=_criteria(visit, list(at_hand.values())))
    waits = boards.waiting_for_people(visit.session)
    heard = starting.open_hearings(visit.session)
    for the_round, step in at_hand.values():
        board = visit.url("board", code=the_round.code)
        yield from _of_step(visit, the_round, step, sheets.get(step.id), board)
        late = waits.get(the_round.id, boards.Late(0, 0))
        if late.proposals:
            text = Text(_("{n} 项提议等第二人同意"), {"n": late.proposals})
            yield Item("wait", text, visit.url("proposals", code=the_round.code), the_round.title)
        if late.holds:
            yield Item("wait", Text(_("{n} 位候选人暂缓处理中"), {"n": late.holds}), board, the_round.title)
        if the_round.id in heard:
            n, since = heard[the_round.id]
            said = {"n": n, "span": span(visit.now - since)}
            text = Text(_("{n} 件异议或申请等待答复，最早的已等 {span}"), said)
            yield Item("wait", text, f"{board}/hearings", the_round.title)


def _criteria(visit: Visit, at_hand: Sequence[tuple[Round, Stage]]) -> dict[UUID, int]:
    """Return how many marks make a sheet at each open step of reviewers."""
    found: dict[UUID, int] = {}
    for the_round, step in at_hand:
        if step.kind == "review" and step.state == "open":
            terms = next((s.terms for s in visit.policy_of(the_round).stages if s.key == step.key), None)
            if isinstance(terms, ReviewTerms):
                found[step.id] = len(terms.criteria)
    return found


def _of_step(visit: Visit, the_round: Round, step: Stage, sheets: starting.Sheets | None, board: str) -> Iterator[Item]:
    name = course.said(step.name)
    if why := blocked(step):
        yield Item("bad", Text(_("“{name}”受阻：{why}"), {"name": name, "why": why}), board, the_round.title)
    if step.state != "open":
        return
    late = step.closes_at is not None and step.closes_at <= visit.now and step.kind != "notice"
    past = span(visit.now - step.closes_at) if late and step.closes_at else ""
    if sheets:
        said = {"name": name, "reviewers": sheets.reviewers, "sheets": sheets.sheets, "past": past}
        if late:
            text = Text(_("“{name}”：{reviewers} 位评委的 {sheets} 份评分已逾期 {past}"), said)
            yield Item("bad", text, board, the_round.title)
        else:
            text = Text(_("“{name}”：等待 {reviewers} 位评委的 {sheets} 份评分"), said)
            yield Item("now", text, board, the_round.title)
    elif step.kind == "decision":
        yield Item("wait", Text(_("结果等待审定")), visit.url("decision", code=the_round.code), the_round.title)
    elif late:
        yield Item("bad", Text(_("“{name}”已逾期 {past}"), {"name": name, "past": past}), board, the_round.title)
    elif step.kind == "training":
        yield Item("now", Text(_("“{name}”：请录入考勤和考试成绩"), {"name": name}), board, the_round.title)


def _of_centre(visit: Visit) -> Iterator[Item]:
    counts = outbox.counts(visit.session)
    if counts["given_up"]:
        text = Text(_("{n} 条消息没有发出（没有地址，或多次失败）"), {"n": counts["given_up"]})
        yield Item("bad", text, "")


def _coming(steps: Sequence[tuple[Round, Stage]], now: datetime) -> Iterator[Coming]:
    for the_round, step in steps:
        name = say(Text(step.name)) if step.key.startswith("_") else step.name
        if step.state == "pending" and step.opens_at and step.opens_at > now:
            yield Coming(step.opens_at, Text(_("“{name}”开放"), {"name": name}), the_round)
        if step.closes_at and step.closes_at > now and step.state in {"pending", "open"}:
            yield Coming(step.closes_at, Text(_("“{name}”截止"), {"name": name}), the_round, ends=True)
