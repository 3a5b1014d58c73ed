"""The directory of the centre."""

from typing import Annotated, Any, Final

from fastapi import Header, Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from actions import people
from actions.books import ChangeError
from forms.cells import CellError
from forms.columns import SPECS
from models.people import Person
from queries import listings
from rules import records
from rules.access import Act
from rules.records import Personnel
from rules.scopes import Scope
from rules.texts import Text, _, enumerated
from web.api.doors import ApiDoors, Call, etag
from web.api.faults import ApiError, InvalidError
from web.api.shapes import ImportBody, ImportOut, Limit, Page, PersonBody, PersonOut, StaffNo
from web.faults import NotFoundError

doors: Final = ApiDoors("people")
NAMED: Final = 10


@doors.door("GET", "/people", act=Act.SEE_PEOPLE, scope=Scope.PEOPLE_READ, answer=Page[PersonOut])
def list_people(
    call: Call,
    after: Annotated[StaffNo | SkipJsonSchema[None], Query()] = None,
    limit: Annotated[Limit, Query()] = 50,
    active: Annotated[
        bool | SkipJsonSchema[None], Query(description="only those who are there, or only those who have left")
    ] = None,
) -> Response:
    """List people, by staff number."""
    found = listings.people(call.session, after=after or "", limit=limit + 1, active=active)
    call.saw("people")
    return call.answer(
        Page[PersonOut](items=[_person(p) for p in found[:limit]], next=_last(found, limit) if found[limit:] else None)
    )


def _last(found: Any, limit: int) -> str:  # noqa: ANN401 - rows of people
    return str(found[limit - 1].staff_no)


@doors.door(
    "GET",
    "/people/{staff_no}",
    act=Act.SEE_PEOPLE,
    scope=Scope.PEOPLE_READ,
    answer=PersonOut,
    refusals=(404,),
    tagged=True,
)
def get_person(call: Call, staff_no: Annotated[StaffNo, Path()]) -> Response:
    """Read one person."""
    person = call.session.get(Person, staff_no)
    if person is None:
        raise NotFoundError(Text(_("名册中没有工号 {staff_no}"), {"staff_no": staff_no}))
    call.saw("people", subject=staff_no)
    return call.answer(_person(person), tag=_tag(person))


@doors.door(
    "PUT",
    "/people/{staff_no}",
    act=Act.IMPORT_PEOPLE,
    scope=Scope.PEOPLE_WRITE,
    answer=PersonOut,
    refusals=(400, 409, 412, 413, 428),
    status=(200, 201),
)
def put_person(
    call: Call,
    staff_no: Annotated[StaffNo, Path()],
    body: PersonBody,
    if_match: Annotated[
        str | SkipJsonSchema[None], Header(description="the ETag that was read; needed to change a person")
    ] = None,
) -> Response:
    """Take a person in, or change what the directory says of them; the same again changes nothing.

    A change needs the ETag that was read (`If-Match`) and a `reason`.
    """
    del if_match  # looked at where the request is: it stands here for the OpenAPI document
    row = _row({"staff_no": staff_no, **body.model_dump(exclude={"reason"})}, "body")
    there = call.session.get(Person, staff_no)
    if there is not None and (not there.active or _of(there) != row):
        call.require_unchanged(_tag(there))
    _take_in(call, [row], body.reason)
    call.session.expire_all()
    person = call.session.get_one(Person, staff_no)
    return call.answer(_person(person), status=200 if there else 201, tag=_tag(person))


@doors.door(
    "POST",
    "/people/import",
    act=Act.IMPORT_PEOPLE,
    scope=Scope.PEOPLE_WRITE,
    answer=ImportOut,
    refusals=(400, 409, 413),
)
def import_people(call: Call, body: ImportBody) -> Response:
    """Take in up to 1,000 people, all or none; who is not named stays as they are."""
    rows: list[records.Person] = []
    faults: list[tuple[str, Text]] = []
    for number, given in enumerate(body.people):
        try:
            rows.append(_row(given.model_dump(), f"body.people.{number}"))
        except InvalidError as error:
            faults += error.faults
    numbers = [row.staff_no for row in rows]
    twice = sorted({no for no in numbers if numbers.count(no) > 1}) if len(set(numbers)) < len(numbers) else []
    if twice:
        text = Text(_("工号重复：{who}"), {"who": enumerated(twice[:NAMED])})
        faults.append(("body.people", text))
    if faults:
        raise InvalidError(faults)
    taken = _take_in(call, rows, body.reason)
    return call.answer(ImportOut(new=taken.new, same=taken.same, changed=taken.changed))


def _take_in(call: Call, rows: list[records.Person], reason: str | None) -> Any:  # noqa: ANN401 - the counts
    try:
        taken = people.take_in(
            call.session, personnel=Personnel(people=rows), actor=call.actor, now=call.now, change_reason=reason
        )
    except ChangeError as error:
        who = enumerated(new.staff_no for new, _old in error.rows[:NAMED])
        text = Text(_("{n} 人与名册中的不同（{who}）；确需更正的，请写明 reason"), {"n": len(error.rows), "who": who})
        raise ApiError(409, "reason_missing", text, where="body.reason") from None
    return taken["people"]


def _row(given: dict[str, str | None], where: str) -> records.Person:
    """Return a row of the directory, read as a cell of a spreadsheet is read."""
    values, faults = [], []
    for column in SPECS["people"].columns:
        cell = given[column.name]
        try:
            values.append(column.read(cell) if cell is not None else None)
        except CellError as error:
            faults.append((f"{where}.{column.name}", error.text))
    if faults:
        raise InvalidError(faults)
    return records.Person._make(values)


def _person(person: Person) -> PersonOut:
    return PersonOut.model_validate({f: getattr(person, f) for f in PersonOut.model_fields})


def _of(person: Person) -> records.Person:
    return records.Person._make(getattr(person, f) for f in records.Person._fields)


def _tag(person: Person) -> str:
    return etag(*_of(person), person.active)
