"""What candidates handed in: HR and observers look through and fetch it, HR returns it for correction."""

from typing import Final
from uuid import UUID

from fastapi import Response

from actions import handovers as actions
from models.applications import Handover
from queries import handovers
from reports.words import KNOWN, heading
from rules import course
from rules import handovers as law
from rules.access import Act
from rules.texts import RuleError, Text, _
from web import letters
from web.called import Called
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds/{code}/materials", act=Act.SEE_ROUND)
def handed_in(visit: Visit, code: str) -> Response:
    """List the files that stand or wait for a correction."""
    return _list(visit, framed(visit, code))


def _list(visit: Visit, frame: Frame, fault: Text | None = None, at: str = "") -> Response:
    visit.saw("materials", the_round=frame.the_round)
    return visit.page(
        "handed_in.html",
        status=409 if fault else 200,
        frame=frame,
        files=handovers.handed_in(visit.session, round_id=frame.the_round.id),
        slots=frame.policy.applications.materials,
        STATES=law.STATES,
        word=heading,
        fault=fault or "",
        at=at,
    )


def _find(visit: Visit, frame: Frame, handover_id: UUID) -> Handover:
    found = visit.session.get(Handover, handover_id)
    if found is None or found.round_id != frame.the_round.id or found.state == "draft":
        raise NotFoundError(Text(_("没有这个文件")))
    return found


@doors.get("/rounds/{code}/materials/{handover_id}", act=Act.SEE_ROUND)
def handed_in_file(visit: Visit, code: str, handover_id: UUID) -> Response:
    """Fetch a file that was handed in; drafts are their owner's alone."""
    frame = framed(visit, code)
    found = _find(visit, frame, handover_id)
    visit.saw("material", the_round=frame.the_round, subject=found.staff_no)
    content = handovers.content(visit.session, sha256=found.sha256)
    return attachment(content, name=f"{found.staff_no} {found.name}", media_type=found.media_type)


@doors.post("/rounds/{code}/materials/{handover_id}", act=Act.ENTER_EVIDENCE)
def send_back(visit: Visit, code: str, handover_id: UUID) -> Response:
    """Return a file for correction with a reason, and tell the candidate."""
    frame = framed(visit, code)
    found = _find(visit, frame, handover_id)
    try:
        done = actions.send_back(
            visit.session,
            the_round=frame.the_round,
            policy=frame.policy,
            handover=found,
            reason=visit.text("reason"),
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        return _list(visit, frame, error.text, str(handover_id))
    if done:
        _tell(visit, frame, found)
    text = _("{slot}（{staff_no}）已退回，候选人可以修改后重新提交")
    if not done:
        text = _("{slot}（{staff_no}）已经退回、撤回或有了新的版本")
    said = {"slot": heading(found.slot), "staff_no": Called(frame, [found.staff_no]).person(found.staff_no)}
    return visit.go("handed_in", said=Text(text, said), code=code)


def _tell(visit: Visit, frame: Frame, found: Handover) -> None:
    applications = frame.step(course.APPLICATIONS)
    first = frame.policy.stages[0].key if frame.policy.stages else course.APPLICATIONS
    letters.to_person(
        visit,
        "material_returned",
        the_round=frame.the_round,
        stage=applications if applications.state == "open" else frame.step(first),
        staff_no=found.staff_no,
        key=f"material/{found.id}/returned",
        slot=Text(KNOWN[found.slot]) if found.slot in KNOWN else found.slot,
    )
