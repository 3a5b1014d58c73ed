"""The directory of the centre: people, and whether they are still there."""

from typing import Annotated, Final

from fastapi import Header, Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from actions import people
from actions.books import Taken
from forms.rows import Checked
from models.people import Person
from queries import listings
from rules import records
from rules.access import Act
from rules.records import Personnel
from rules.scopes import Scope
from rules.texts import Text, _, enumerated
from web.api import tables
from web.api.call import Call, etag
from web.api.doors import ApiDoors
from web.api.faults import InvalidError
from web.api.shapes.common import Counts, Limit, Page, Rows, StaffNo
from web.api.shapes.people import LeaversBody, LeaversOut, PersonBody, PersonOut, PersonRow
from web.faults import NotFoundError

doors: Final = ApiDoors("people")
NAMED: Final = 10


@doors.door(
    "GET",
    "/people",
    act=Act.SEE_PEOPLE,
    scope=Scope.PEOPLE_READ,
    says=_("列出人员，按工号"),
    answer=Page[PersonOut],
)
def list_people(
    call: Call,
    after: Annotated[StaffNo | SkipJsonSchema[None], Query()] = None,
    limit: Annotated[Limit, Query()] = 50,
    active: Annotated[bool | SkipJsonSchema[None], Query()] = None,
) -> Response:
    """List people, by staff number."""
    found = listings.people(call.session, after=after or "", limit=limit + 1, active=active)
    call.saw("people")
    return call.answer(
        Page[PersonOut].of(
            found, limit, shown=lambda one: PersonOut.model_validate(one.model_dump()), key=lambda one: one.staff_no
        )
    )


@doors.door(
    "GET",
    "/people/{staff_no}",
    act=Act.SEE_PEOPLE,
    scope=Scope.PEOPLE_READ,
    says=_("读取一人"),
    answer=PersonOut,
    refusals=("not_found",),
    tagged=True,
)
def get_person(call: Call, staff_no: Annotated[StaffNo, Path()]) -> Response:
    """Read one person."""
    person = person_of(call, staff_no)
    call.saw("people", subject=staff_no)
    return call.answer(_person(person), tag=_tag(person))


def person_of(call: Call, staff_no: str) -> Person:
    """Return who has a staff number.

    :raises NotFoundError: when nobody has.
    """
    person = call.session.get(Person, staff_no)
    if person is None:
        raise NotFoundError(Text(_("名册中没有工号 {staff_no}"), {"staff_no": staff_no}))
    return person


@doors.door(
    "PUT",
    "/people/{staff_no}",
    act=Act.IMPORT_PEOPLE,
    scope=Scope.PEOPLE_WRITE,
    says=_("录入一人，或更正名册中的一人；内容相同的，什么也不变。更正须带上读到的 ETag（If-Match）和 reason。"),
    answer=PersonOut,
    refusals=("bad_request", "conflict", "reason_missing", "precondition_failed", "precondition_required"),
    status=(200, 201),
)
def put_person(
    call: Call,
    staff_no: Annotated[StaffNo, Path()],
    body: PersonBody,
    if_match: Annotated[str | SkipJsonSchema[None], Header()] = None,
) -> Response:
    """Take a person in, or change what the directory says of them."""
    del if_match  # looked at where the request is: it stands here for the OpenAPI document
    given = {"staff_no": staff_no, **body.model_dump(exclude={"reason"})}
    (row,) = (found := tables.read("people", [given], where="body")).records
    there = call.session.get(Person, staff_no)
    if there is not None and (not there.active or _of(there) != row):
        call.require_unchanged(_tag(there))
    _take_in(call, found, 1, body.reason)
    call.session.expire_all()
    person = call.session.get_one(Person, staff_no)
    return call.answer(_person(person), status=200 if there else 201, tag=_tag(person))


@doors.door(
    "POST",
    "/people/import",
    act=Act.IMPORT_PEOPLE,
    scope=Scope.PEOPLE_WRITE,
    says=_(
        "一次录入最多 1000 人，全部录入或都不录入；新的录入，相同的不变，不同的须写明 reason。"
        "没有写到的人不受影响；已离职的人写到了，就回到名册。"
    ),
    answer=Counts,
    refusals=("bad_request", "conflict", "reason_missing"),
)
def import_people(call: Call, body: Rows[PersonRow]) -> Response:
    """Take in up to 1,000 people, all or none; who is not named stays as they are."""
    found = tables.read("people", tables.of_body(body.rows))
    return call.answer(_take_in(call, found, len(body.rows), body.reason))


def _take_in(call: Call, found: Checked, given: int, reason: str | None) -> Counts:
    def take_in(rows: list[records.Person]) -> Taken:
        personnel = Personnel(people=rows)
        said = {"actor": call.actor, "now": call.now, "change_reason": reason}
        return people.take_in(call.session, personnel=personnel, **said)["people"]  # type: ignore[arg-type] # as the action asks

    return tables.counted(found, given=given, take_in=take_in)


@doors.door(
    "POST",
    "/people/leave",
    act=Act.IMPORT_PEOPLE,
    scope=Scope.PEOPLE_WRITE,
    says=_("记下谁已离职（最多 1000 人）：不再参加竞聘，账号不能再登录；记录保留，再次录入就回到名册。"),
    answer=LeaversOut,
    refusals=("bad_request",),
)
def leave_people(call: Call, body: LeaversBody) -> Response:
    """Mark people as having left; their records are kept."""
    named = set(body.staff_nos)
    if strangers := sorted(named - listings.known(call.session, staff_nos=named)):
        text = Text(_("名册中没有：{who}"), {"who": enumerated(strangers[:NAMED])})
        raise InvalidError([("body.staff_nos", text)])
    gone = people.depart(call.session, staff_nos=named, actor=call.actor, now=call.now)
    return call.answer(LeaversOut(left=len(gone), same=len(named) - len(gone)))


def _person(person: Person) -> PersonOut:
    return PersonOut.model_validate(person.model_dump())


def _of(person: Person) -> records.Person:
    return records.Person._make(getattr(person, f) for f in records.Person._fields)


def _tag(person: Person) -> str:
    return etag(*_of(person), person.active)
