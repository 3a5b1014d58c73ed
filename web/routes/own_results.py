"""A candidate's own result with its calculation, paper and confirmation; one's own requests and objections."""

from typing import Any, Final

from fastapi import Response

from actions import hearings as actions
from models.documents import Document
from models.hearings import Acknowledgement, Hearing
from queries import decided, hearings, notices
from reports import candidate_result
from reports.candidate_result import CandidateResult
from rules import course
from rules import hearings as law
from rules.access import Act
from rules.texts import RuleError, Text, _
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.own_results import view_of
from web.own_rounds import OwnRound, own_round
from web.visit import Visit

doors: Final = Doors()


def _published(visit: Visit, code: str) -> OwnRound:
    """Return a round of one's own whose result is public.

    :raises NotFoundError: when it is not, or one has none.
    """
    own = own_round(visit, code)
    if not own.published or not own.took_part:
        raise NotFoundError(Text(_("您在本轮还没有可以查看的结果；结果在公示时公布")))
    return own


@doors.get("/my/rounds/{code}/result", act=Act.APPLY)
def own_result(visit: Visit, code: str) -> Response:
    """Show one's own result with the whole calculation."""
    own = _published(visit, code)
    view = view_of(visit.session, own=own)
    if view is None:
        raise NotFoundError(Text(_("您在本轮还没有可以查看的结果；结果在公示时公布")))
    notice, noted = own.step(course.NOTICE), _acknowledged(visit, own)
    if noted is None:
        _leave_note(visit, own)
    return visit.page(
        "own_result.html",
        own=own,
        notice=notice,
        said_so=noted,
        has_paper=_paper(visit, own) is not None,
        HEARINGS=law,
        **_values(view),
    )


def _values(view: CandidateResult) -> dict[str, Any]:
    """Return what the paper says; its stages under a name that the page's own parts do not have."""
    values = candidate_result.values(view)
    values["parts_of_it"] = values.pop("parts")
    return values


def _acknowledged(visit: Visit, own: OwnRound) -> Acknowledgement | None:
    generation = own.step(course.NOTICE).generation
    return hearings.acknowledgement(
        visit.session, round_id=own.the_round.id, staff_no=own.staff_no, generation=generation
    )


def _leave_note(visit: Visit, own: OwnRound) -> None:
    """Have it noted that somebody reads their own result for the first time."""
    generation = own.step(course.NOTICE).generation
    visit.leave(
        lambda session: actions.acknowledge(
            session,
            the_round=own.the_round,
            staff_no=own.staff_no,
            generation=generation,
            confirmed=False,
            actor=visit.actor,
            now=visit.now,
        )
    )


def _paper(visit: Visit, own: OwnRound) -> Document | None:
    version = own.step(course.NOTICE).generation
    return notices.document(
        visit.session, round_id=own.the_round.id, kind="candidate_result", version=version, staff_no=own.staff_no
    )


@doors.get("/my/rounds/{code}/result.pdf", act=Act.APPLY)
def own_paper(visit: Visit, code: str) -> Response:
    """Fetch one's own result as the paper that was filed."""
    own = _published(visit, code)
    paper = _paper(visit, own)
    if paper is None:
        raise NotFoundError(Text(_("您的个人结果还在制作，请稍后再来；页面上的内容与它相同")))
    if _acknowledged(visit, own) is None:
        _leave_note(visit, own)
    content = decided.content(visit.session, document=paper)
    return attachment(content, name=paper.name, media_type=paper.media_type)


@doors.post("/my/rounds/{code}/result", act=Act.APPLY)
def confirm_result(visit: Visit, code: str) -> Response:
    """Note that one has read one's own result; that is no waiver of an objection."""
    own = _published(visit, code)
    actions.acknowledge(
        visit.session,
        the_round=own.the_round,
        staff_no=own.staff_no,
        generation=own.step(course.NOTICE).generation,
        confirmed=True,
        actor=visit.actor,
        now=visit.now,
    )
    return visit.go("own_result", said=Text(_("已确认阅读；这不影响您提出异议")), code=code)


@doors.get("/my/rounds/{code}/hearings", act=Act.APPLY)
def own_hearings(visit: Visit, code: str, kind: str = law.OBJECTION) -> Response:
    """Show what one asked or objected to in a round, with the answers, and where to write."""
    return _hearings(visit, own_round(visit, code), kind)


def _hearings(visit: Visit, own: OwnRound, kind: str, *, fault: Text | None = None, ground: str = "") -> Response:
    return visit.page(
        "own_hearings.html",
        status=422 if fault else 200,
        own=own,
        kind=kind if kind in law.KINDS else law.OBJECTION,
        refusals={k: _refusal(own, k) for k in law.KINDS},
        notice=own.step(course.NOTICE),
        fault=fault or "",
        ground=ground,
        HEARINGS=law,
    )


def _refusal(own: OwnRound, kind: str) -> Text | None:
    """Return why a kind of request is not heard now."""
    notice = own.step(course.NOTICE)
    rejected = law.turned_away(eligible=own.screened.eligible if own.screened else None, outcome=own.outcome)
    try:
        law.require_heard(kind=kind, notice=notice.state, ends_at=notice.closes_at, rejected=rejected, now=own.now)
    except RuleError as error:
        return error.text
    return None


@doors.post("/my/rounds/{code}/hearings", act=Act.APPLY)
def raise_hearing(visit: Visit, code: str) -> Response:
    """Take in one's own request or objection."""
    own, kind, ground = own_round(visit, code), visit.text("kind"), visit.text("ground")
    if kind not in law.KINDS:
        return _hearings(visit, own, kind, fault=Text(_("请选择要提出的是什么")), ground=ground)
    try:
        made = actions.raise_own(
            visit.session,
            the_round=own.the_round,
            kind=kind,
            staff_no=own.staff_no,
            ground=ground,
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        return _hearings(visit, own, kind, fault=error.text, ground=ground)
    said = Text(_("已收到，编号为第 {number} 号；答复会出现在本页"), {"number": made.number})
    return visit.go("own_hearings", said=said, code=code)


@doors.post("/my/rounds/{code}/hearings/{number}/back", act=Act.APPLY)
def take_hearing_back(visit: Visit, code: str, number: int) -> Response:
    """Take back one's own request while nobody has answered it."""
    own = own_round(visit, code)
    mine: Hearing | None = next((h for h in own.hearings if h.number == number), None)
    if mine is None:
        raise NotFoundError(Text(_("没有第 {number} 号申请"), {"number": number}))
    done = actions.take_back(visit.session, the_round=own.the_round, hearing=mine, actor=visit.actor, now=visit.now)
    text = _("第 {number} 号已撤回") if done else _("第 {number} 号已经答复或撤回")
    return visit.go("own_hearings", said=Text(text, {"number": number}), code=code)
