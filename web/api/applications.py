"""Applications of a round, as HR registers them for others."""

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
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.shapes.applications import ApplicationOut, ApplyBody
from web.api.shapes.common import Code, Limit, Page, StaffNo, Words
from web.faults import NotFoundError

doors: Final = ApiDoors("applications")
ONE: Final = "/rounds/{code}/applications/{staff_no}"


@doors.door(
    "GET",
    "/rounds/{code}/applications",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    says=_("列出一轮的报名，每人一项，按工号"),
    answer=Page[ApplicationOut],
    refusals=("not_found",),
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
    return call.answer(
        Page[ApplicationOut].of(
            found, limit, shown=lambda one: _out(one, decided), key=lambda one: one.application.staff_no
        )
    )


@doors.door(
    "GET",
    ONE,
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    says=_("读取一人的报名"),
    answer=ApplicationOut,
    refusals=("not_found",),
)
def get_application(call: Call, code: Annotated[Code, Path()], staff_no: Annotated[StaffNo, Path()]) -> Response:
    """Read one person's application."""
    the_round = call.round_of(code)
    call.saw("applications", the_round=the_round, subject=staff_no)
    return call.answer(_one(call, the_round, staff_no))


@doors.door(
    "PUT",
    ONE,
    act=Act.ENTER_EVIDENCE,
    scope=Scope.APPLICATIONS_WRITE,
    says=_("代人报名，时间为现在；报名开放期间可用。已经报名的，什么也不变。"),
    answer=ApplicationOut,
    refusals=("bad_request", "not_found", "conflict"),
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
    says=_("代人撤回报名；报名开放期间可用。什么也不会删除：撤回是报名之后的又一条记录。已经撤回的，什么也不变。"),
    answer=ApplicationOut,
    refusals=("not_found", "conflict"),
)
def delete_application(
    call: Call,
    code: Annotated[Code, Path()],
    staff_no: Annotated[StaffNo, Path()],
    reason: Annotated[Words, Query()],
) -> Response:
    """Note that an application is withdrawn, while applications are open; the same again changes nothing."""
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
