"""Proposals that wait for a second person: what was proposed, what it would do, and the answer."""

from typing import Final

from fastapi import Response

from actions import changes
from models.changes import Proposal
from queries import changes as waiting
from rules.access import Act
from rules.changes import DEEDS, PROPOSALS
from rules.texts import RuleError, Text, _
from web import changing, supplementing
from web.actors import Actors
from web.called import Called
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds/{code}/proposals", act=Act.SEE_ROUND)
def proposals(visit: Visit, code: str) -> Response:
    """List what was proposed, with what it would do; another person agrees or rejects."""
    frame = framed(visit, code)
    everything = waiting.proposals(visit.session, round_id=frame.the_round.id)
    shown = [(p, changes.change_of(p)) for p in reversed(everything)]
    visit.saw("proposals", the_round=frame.the_round)
    called = Called(frame, [change.staff_no for _p, change in shown])
    return visit.page(
        "proposals.html",
        frame=frame,
        proposals=[(p, change, changing.about(frame, change, called)) for p, change in shown],
        named=Actors(visit.session, [login for p in everything for login in (p.proposed_by, p.decided_by)]),
        DEEDS=DEEDS,
        STATES=PROPOSALS,
    )


@doors.get("/rounds/{code}/proposals/{number}", act=Act.STEER_ROUND)
def proposal(visit: Visit, code: str, number: int) -> Response:
    """Show what a proposal would do, and ask whether to agree."""
    frame = framed(visit, code)
    return _proposal(frame, _found(frame, number), None)


def _found(frame: Frame, number: int) -> Proposal:
    everything = waiting.proposals(frame.visit.session, round_id=frame.the_round.id)
    found = next((p for p in everything if p.number == number), None)
    if found is None:
        raise NotFoundError(Text(_("本轮没有第 {number} 号提议"), {"number": number}))
    return found


def _proposal(frame: Frame, found: Proposal, fault: Text | None) -> Response:
    change = changes.change_of(found)
    shown = changing.effects(frame, change) if found.state == "open" else None
    return frame.visit.page(
        "proposal.html",
        status=409 if fault else 200,
        frame=frame,
        proposal=found,
        word=DEEDS[change.deed],
        about=changing.about(frame, change),
        preview=shown,
        rows=supplementing.differs(frame.visit.session, change, zone=frame.zone),
        fault=fault,
        mine=found.proposed_by == frame.visit.actor,
        named=Actors(frame.visit.session, [found.proposed_by]),
        STATES=PROPOSALS,
        harms=change.deed in changing.FORMS and changing.FORMS[change.deed].harms,
    )


def _agree(frame: Frame, found: Proposal) -> None:
    session, terms = frame.visit.session, frame.visit.terms_of(frame.the_round)
    after = supplementing.after(session, changes.change_of(found))
    changes.agree(session, the_round=frame.the_round, number=found.number, terms=terms, after=after)


def _reject(frame: Frame, found: Proposal) -> None:
    terms = frame.visit.terms_of(frame.the_round)
    changes.reject(frame.visit.session, the_round=frame.the_round, number=found.number, terms=terms)


@doors.post("/rounds/{code}/proposals/{number}", act=Act.STEER_ROUND, name="decide_proposal")
def decide(visit: Visit, code: str, number: int) -> Response:
    """Carry a proposal out, or put it aside."""
    frame = framed(visit, code)
    found = _found(frame, number)
    agree = visit.text("answer") == "agree"
    try:
        with visit.session.begin_nested():
            _agree(frame, found) if agree else _reject(frame, found)
    except RuleError as error:
        visit.session.expire_all()
        fresh = framed(visit, code)
        return _proposal(fresh, _found(fresh, number), error.text)
    said = _("第 {n} 号提议已执行：{deed}") if agree else _("第 {n} 号提议已否决；什么都没有改变")
    values = {"n": number, "deed": Text(DEEDS[changes.change_of(found).deed])}
    return visit.go("board" if agree else "proposals", code=code, said=Text(said, values))
