"""The list of rounds, and the board of one: what it waits for, who is done, who is late; reminders by one click."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Response

from actions import reminders as actions
from models.stages import Stage
from queries import boards, outbox, reminders, rounds
from queries import decisions as confirmed
from queries.boards import Sheets
from rules import course
from rules.access import Act
from rules.policies import ReviewTerms, TrainingTerms
from rules.texts import RuleError, Text, _
from web import reminding, standing
from web.actors import Actors
from web.boards import ORDERS, STATES
from web.doors import Doors
from web.frames import Frame, framed
from web.sifting import Sieve
from web.standing import Standing
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds", act=Act.SEE_ROUND, name="rounds")
def list_rounds(visit: Visit) -> Response:
    """List every round, newest first, with where it stands."""
    waits = boards.waiting_for_people(visit.session)
    found = rounds.all_rounds(visit.session)
    return visit.page("rounds.html", rounds=found, waits=waits, STATES=course.STATES)


@doors.get("/rounds/{code}", act=Act.SEE_ROUND)
def board(visit: Visit, code: str, stage: str = "") -> Response:
    """Show how a round gets on."""
    frame = framed(visit, code)
    shown = frame.step(stage) if stage else (frame.at_hand or frame.steps[-1])
    matter = _matter(frame, shown)
    sieve = Sieve.of(visit, matter.rows, orders=ORDERS, first="done" if matter.reviewers else "staff_no")
    visit.saw("board", the_round=frame.the_round)
    return visit.page(
        "board.html",
        frame=frame,
        shown=shown,
        matter=matter,
        sieve=sieve,
        standing=_standing(frame, shown, matter),
        named=Actors(visit.session, [hold.held_by for hold in frame.holds]),
        numbers=rounds.numbers(visit.session, round_id=frame.the_round.id),
        STATES=STATES,
        state_of=course.state,
        deeds=_deeds(frame, shown),
        said_of=frame.policy,
    )


def _matter(frame: Frame, stage: Stage) -> Sheets:
    """Return the people of a step, and its reviewers if it has any."""
    session, round_id = frame.visit.session, frame.the_round.id
    found = frame.terms_of(stage)
    if found and isinstance(found.terms, ReviewTerms):
        criteria = [c.key for c in found.terms.criteria]
        planned = found.terms.panel.reviewers or found.terms.panel.quorum
        return boards.sheets(session, stage=stage, criteria=criteria, planned=planned)
    if found and isinstance(found.terms, TrainingTerms):
        rows = boards.training(session, stage=stage, sessions=found.terms.sessions, areas=found.terms.areas)
        return Sheets(rows, [])
    if stage.key in {course.SCREENING, course.APPLICATIONS}:
        return Sheets(boards.applying(session, round_id=round_id), [])
    since = min(stage.position, next(s.position for s in frame.steps if s.key == course.FINAL))
    return Sheets(boards.people_in(session, round_id=round_id, since=since), [])


def _standing(frame: Frame, shown: Stage, matter: Sheets) -> Standing:
    """Say what the round waits for; of the step at hand, whichever is shown."""
    stage, now, zone = frame.at_hand, frame.visit.now, frame.zone
    still = standing.of_ended(frame.the_round) or standing.of_still(stage, zone, now)
    if still or stage is None:
        return still or standing.Standing(Text(""))
    here = matter if stage is shown else _matter(frame, stage)
    match stage.kind:
        case "applications":
            return standing.of_applications(stage, here.rows, zone)
        case "review":
            return standing.of_reviewers(stage, here.rows, here.reviewers, zone, now)
        case "training":
            return standing.of_training(stage, here.rows, zone)
        case "notice":
            return standing.of_notice(stage, zone, now, held=len(frame.holds), objections=len(frame.objections))
    yes = confirmed.said_yes(frame.visit.session, the_round=frame.the_round, generation=stage.generation)
    return standing.of_decision(missing=max(0, frame.policy.confirmations - len(yes)), held=len(frame.holds))


def _deeds(frame: Frame, stage: Stage) -> list[str]:
    """Return what HR may do to a step as it stands; the engine looks again before it is done."""
    if frame.the_round.state != "running" or course.unattended(stage.kind, frame.the_round.mode):
        return []
    if stage.kind in {"decision", "notice"}:
        return ["reopen"] if stage.kind == "decision" and stage.state in {"closed", "done"} else []
    if stage.state == "open":
        return ["extend", "close"]
    if stage.state == "pending":
        return ["extend"] if stage is not frame.at_hand else ["open", "extend"]
    return ["reopen"]


@doors.post("/rounds/{code}/remind", act=Act.STEER_ROUND)
def remind(visit: Visit, code: str) -> Response:
    """Remind one reviewer, or everybody whom the open step waits for."""
    frame = framed(visit, code)
    stage = frame.at_hand
    if frame.the_round.state != "running" or stage is None or stage.state != "open":
        raise RuleError(Text(_("现在没有开放的环节，不需要提醒")))
    found = _reminding(frame, stage, visit.text("reviewer_no"))
    actions.remind(
        visit.session, the_round=frame.the_round, stage=stage, letters=found.letters, actor=visit.actor, now=visit.now
    )
    return visit.go("board", code=code, said=found.said())


def _reminding(frame: Frame, stage: Stage, reviewer_no: str) -> reminding.Reminding:
    session = frame.visit.session
    told = outbox.keys_of(session, stage=stage)
    said: dict[str, Any] = {"told": told, "now": frame.visit.now}
    if stage.kind == "applications":
        people = reminders.not_applied(session, round_id=frame.the_round.id)
        return reminding.of_applicants(frame.the_round, stage, frame.policy, people, **said)
    work: Sequence[Any] = _matter(frame, stage).reviewers
    chosen = [w for w in work if reviewer_no in {"", w.seat.reviewer_no}]
    return reminding.of_reviewers(frame.the_round, stage, frame.policy, chosen, **said)
