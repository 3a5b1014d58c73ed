"""What the directory records about people: ratings, incidents, honours, certificates, indicators."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Path, Response

from actions import people
from actions.books import Taken
from queries import listings
from queries import people as directory
from rules.access import Act
from rules.records import Personnel
from rules.scopes import Scope
from rules.texts import _
from web.api import tables
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.people import person_of
from web.api.shapes.common import Counts, Rows, StaffNo
from web.api.shapes.people import CertificateRow, HonourRow, IncidentRow, KpiRow, RatingRow, RecordsOut

doors: Final = ApiDoors("people")


@doors.door(
    "GET",
    "/people/{staff_no}/records",
    act=Act.SEE_PEOPLE,
    scope=Scope.RECORDS_READ,
    says=_("读取一人的全部记录：绩效等级、服务事故、荣誉、证书、业绩指标"),
    answer=RecordsOut,
    refusals=("not_found",),
    tagged=True,
)
def get_records(call: Call, staff_no: Annotated[StaffNo, Path()]) -> Response:
    """Read everything that is recorded about one person."""
    person_of(call, staff_no)
    found = directory.dossier(call.session, staff_no=staff_no)
    call.saw("records", subject=staff_no)
    body = RecordsOut.model_validate(
        {part: [_fields(part, row) for row in getattr(found, part)] for part in RecordsOut.model_fields}
    )
    return call.versioned(body)


def _fields(part: str, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of any of the tables
    kind = RecordsOut.model_fields[part].annotation.__args__[0]  # type: ignore[union-attr] # each is a list of a shape
    return {name: getattr(row, name) for name in kind.model_fields}


def _door(book: str, *, says: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Open the way into one of the directory's books."""
    return doors.door(
        "POST",
        f"/people/import/{book}",
        act=Act.IMPORT_PEOPLE,
        scope=Scope.RECORDS_WRITE,
        says=says,
        answer=Counts,
        refusals=("bad_request", "conflict", "reason_missing"),
    )


@_door("ratings", says=_("录入绩效等级；键是工号和周期"))
def import_ratings(call: Call, body: Rows[RatingRow]) -> Response:
    """Take in performance ratings."""
    return _import(call, "ratings", body)


@_door("incidents", says=_("录入服务事故；整行就是键，已录入的不能更改"))
def import_incidents(call: Call, body: Rows[IncidentRow]) -> Response:
    """Take in service incidents."""
    return _import(call, "incidents", body)


@_door("honours", says=_("录入荣誉；整行就是键，已录入的不能更改"))
def import_honours(call: Call, body: Rows[HonourRow]) -> Response:
    """Take in honours."""
    return _import(call, "honours", body)


@_door("certificates", says=_("录入证书；整行就是键，已录入的不能更改"))
def import_certificates(call: Call, body: Rows[CertificateRow]) -> Response:
    """Take in certificates."""
    return _import(call, "certificates", body)


@_door("kpis", says=_("录入业绩指标；键是工号、周期和指标"))
def import_kpis(call: Call, body: Rows[KpiRow]) -> Response:
    """Take in the values of indicators."""
    return _import(call, "kpis", body)


def _import(call: Call, book: str, body: Rows[Any]) -> Response:
    """Take rows into a book, all or none; rows about people who are not in the directory are passed over and told."""
    known = listings.known(call.session, staff_nos={row.staff_no for row in body.rows})
    found = tables.read(book, tables.of_body(body.rows), people=known)

    def take_in(rows: list[Any]) -> Taken:
        personnel = Personnel(**{"people": [], book: rows})
        return people.take_in(
            call.session, personnel=personnel, actor=call.actor, now=call.now, change_reason=body.reason
        )[book]

    return call.answer(tables.counted(found, given=len(body.rows), take_in=take_in))
