"""Requests for a human check and objections as HR answers them, and observers read them."""

from typing import Final

from fastapi import Response

from actions import hearings as actions
from models.hearings import Hearing
from models.stages import Stage
from queries import decisions as confirmed
from queries import hearings, results
from reports import marks, requirements
from rules import course
from rules import hearings as law
from rules.access import Act
from rules.screening import RuleVerdict, Screened
from rules.texts import RuleError, Text, _
from web import letters
from web.actors import Actors
from web.called import Called
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds/{code}/hearings", act=Act.SEE_ROUND, name="hearings")
def list_hearings(visit: Visit, code: str) -> Response:
    """List what was asked and objected to in a round; the open ones first."""
    frame = framed(visit, code)
    found = hearings.of_round(visit.session, round_id=frame.the_round.id)
    visit.saw("hearings", the_round=frame.the_round)
    ordered = sorted(found, key=lambda h: (h.state != "open", h.number))
    return visit.page(
        "hearings.html",
        frame=frame,
        hearings=ordered,
        notice=frame.step(course.NOTICE),
        HEARINGS=law,
        called=Called(frame, [h.staff_no for h in found]),
        named=Actors(visit.session, [h.answered_by for h in found]),
    )


@doors.get("/rounds/{code}/hearings/{number}", act=Act.SEE_ROUND, name="hearing")
def one_hearing(visit: Visit, code: str, number: int) -> Response:
    """Show one request or objection, what is known of whom it concerns, and where to answer."""
    frame = framed(visit, code)
    return _shown(visit, frame, _find(visit, frame, number))


def _find(visit: Visit, frame: Frame, number: int) -> Hearing:
    hearing = hearings.by_number(visit.session, round_id=frame.the_round.id, number=number)
    if hearing is None:
        raise NotFoundError(Text(_("本轮没有第 {number} 号申请或异议"), {"number": number}))
    return hearing


def _shown(  # noqa: PLR0917 - private, and said in one breath at each call
    visit: Visit, frame: Frame, hearing: Hearing, fault: Text | None = None, words: str = "", finding: str = ""
) -> Response:
    visit.saw("hearing", the_round=frame.the_round, subject=hearing.staff_no)
    people = [hearing.staff_no] if hearing.staff_no else []
    screened = results.screened(visit.session, round_id=frame.the_round.id, staff_nos=people) if people else []
    decision = frame.step(course.DECISION)
    yes = confirmed.said_yes(visit.session, the_round=frame.the_round, generation=decision.generation)
    return visit.page(
        "hearing.html",
        status=409 if fault else 200,
        frame=frame,
        hearing=hearing,
        notice=frame.step(course.NOTICE),
        called=Called(frame, [hearing.staff_no, hearing.raised_by]),
        named=Actors(visit.session, [hearing.received_by, hearing.answered_by]),
        verdicts=[_verdict(frame, v) for one in screened for v in _ordered(frame, one)],
        decided=visit.actor in yes,
        again=_reopenable(frame),
        fault=fault or "",
        words=words,
        finding=finding,
        HEARINGS=law,
    )


def _reopenable(frame: Frame) -> list[Stage]:
    """Return the steps that may be opened again to mend the result."""
    attended = [s for s in frame.steps if s.kind != "notice" and not course.unattended(s.kind, frame.the_round.mode)]
    return [s for s in attended if s.state in {"closed", "done"}]


def _ordered(frame: Frame, screened: Screened) -> list[RuleVerdict]:
    found = {v.rule: v for v in screened.verdicts}
    return [found[rule] for rule in requirements.rules_of(frame.policy) if rule in found]


def _verdict(frame: Frame, verdict: RuleVerdict) -> dict[str, str]:
    return {
        "name": requirements.rule_name(verdict.rule),
        "wanted": requirements.requirement(frame.policy, verdict.rule),
        "verdict": verdict.verdict,
        "word": marks.word(verdict.verdict),
        "value": requirements.brief(verdict),
        "source": requirements.source(verdict),
    }


@doors.post("/rounds/{code}/hearings/{number}", act=Act.ANSWER_HEARINGS)
def answer_hearing(visit: Visit, code: str, number: int) -> Response:
    """Answer one, and tell the person."""
    frame = framed(visit, code)
    hearing, words, finding = _find(visit, frame, number), visit.text("answer"), visit.text("upheld")
    try:
        if finding not in {"yes", "no"}:
            raise RuleError(Text(_("请选择成立或不成立")))  # noqa: TRY301 - all that is wrong is said in one place
        actions.answer(
            visit.session,
            the_round=frame.the_round,
            hearing=hearing,
            upheld=finding == "yes",
            words=words,
            actor=visit.actor,
            actor_staff_no=visit.me.staff_no,
            now=visit.now,
        )
    except RuleError as error:
        return _shown(visit, frame, hearing, error.text, words, finding)
    _tell(visit, frame, hearing)
    return visit.go("hearings", said=Text(_("第 {number} 号已答复，并已记入留痕"), {"number": number}), code=code)


def _tell(visit: Visit, frame: Frame, hearing: Hearing) -> None:
    if hearing.raised_by and hearing.channel == "pages":
        letters.to_person(
            visit,
            "hearing_answered",
            the_round=frame.the_round,
            stage=frame.step(course.NOTICE),
            staff_no=hearing.raised_by,
            key=f"hearing/{hearing.id}/answered",
            number=hearing.number,
            matter=Text(law.KINDS[hearing.kind]),
            finding=Text(law.FINDINGS[bool(hearing.upheld)]),
        )
