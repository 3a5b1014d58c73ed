"""Applications of a round."""

from typing import Annotated, Final

from fastapi import Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from actions import registrations
from models.rounds import Round
from queries import listings, stages
from queries.listings import Applied
from rules import course
from rules.access import Act
from rules.disclosure import BY_THE_RECORDS
from rules.scopes import Scope
from rules.texts import Text, _
from web.api.doors import ApiDoors, Call
from web.api.shapes import ApplicationOut, ApplyBody, Code, Limit, Page, StaffNo, Words
from web.faults import NotFoundError

doors: Final = ApiDoors("applications")
ONE: Final = "/rounds/{code}/applications/{staff_no}"


@doors.door(
    "GET",
    "/rounds/{code}/applications",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    answer=Page[ApplicationOut],
    refusals=(404,),
)
def list_applications(
    call: Call,
    code: Annotated[Code, Path()],
    after: Annotated[StaffNo | SkipJsonSchema[None], Query()] = None,
    limit: Annotated[Limit, Query()] = 50,
) -> Response:
    """List the applications of a round, one for each person, by staff number."""
    the_round = call.round_of(code)
    found = listings.applications(call.session, round_id=the_round.id, after=after or "", limit=limit + 1)
    decided = _is_decided(call, the_round)
    call.saw("applications", the_round=the_round)
    last = found[limit - 1].application.staff_no if found[limit:] else None
    return call.answer(Page[ApplicationOut](items=[_out(a, decided) for a in found[:limit]], next=last))


@doors.door(
    "PUT",
    ONE,
    act=Act.ENTER_EVIDENCE,
    scope=Scope.APPLICATIONS_WRITE,
    answer=ApplicationOut,
    refusals=(400, 404, 409, 413),
    status=(200, 201),
)
def put_application(
    call: Call, code: Annotated[Code, Path()], staff_no: Annotated[StaffNo, Path()], body: ApplyBody
) -> Response:
    """Register an application as of now, while applications are open; the same again changes nothing."""
    del body  # it says `submitted`, and nothing else can be said
    the_round = call.round_of(code)
    made = registrations.register(call.session, the_round=the_round, staff_no=staff_no, actor=call.actor, now=call.now)
    return call.answer(_one(call, the_round, staff_no), status=201 if made else 200)


@doors.door(
    "DELETE",
    ONE,
    act=Act.ENTER_EVIDENCE,
    scope=Scope.APPLICATIONS_WRITE,
    answer=ApplicationOut,
    refusals=(404, 409),
)
def delete_application(
    call: Call,
    code: Annotated[Code, Path()],
    staff_no: Annotated[StaffNo, Path()],
    reason: Annotated[Words, Query(description="why; it stands in the history")],
) -> Response:
    """Note that an application is withdrawn, while applications are open; the same again changes nothing.

    Nothing is deleted: a withdrawal is one more act beside the application.
    """
    the_round = call.round_of(code)
    _one(call, the_round, staff_no)
    registrations.unregister(
        call.session, the_round=the_round, staff_no=staff_no, reason=reason, actor=call.actor, now=call.now
    )
    return call.answer(_one(call, the_round, staff_no))


def _one(call: Call, the_round: Round, staff_no: str) -> ApplicationOut:
    found = listings.application(call.session, round_id=the_round.id, staff_no=staff_no)
    if found is None:
        raise NotFoundError(Text(_("{staff_no} 没有报名本轮"), {"staff_no": staff_no}))
    return _out(found, _is_decided(call, the_round))


def _is_decided(call: Call, the_round: Round) -> bool:
    there = stages.of_round(call.session, round_id=the_round.id)
    return any(s.key == course.DECISION and s.state == "done" for s in there)


def _out(applied: Applied, decided: bool) -> ApplicationOut:  # noqa: FBT001 - private
    """Return an application; how the ranking came out is told only once it is decided."""
    one, outcome = applied
    if not (decided or outcome in BY_THE_RECORDS or (outcome or "").startswith("eliminated:")):
        outcome = None
    return ApplicationOut.model_validate(
        {
            "staff_no": one.staff_no,
            "applied_at": one.applied_at,
            "status": one.status,
            "outcome": outcome,
        }
    )
