"""The directory: everybody, one person with all records, and taking people and records in from spreadsheets."""

from collections.abc import Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import Final

from fastapi import Response

from forms import in_force
from forms.headings import HEADINGS
from kit.i18n import gettext
from queries import people as reads
from queries import rounds
from queries.people import Wanted
from rules.access import Act
from rules.books import DIRECTORY
from rules.texts import Text, _
from web import intake, intake_desks
from web.doors import Doors
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()

SIZE: Final = 50
ROUNDS: Final = 5
"""So many of the latest rounds are asked what business lines are called."""

MOST_DIGITS: Final = 7
COLUMNS: Final = (
    ("staff_no", _("工号")),
    ("name", _("姓名")),
    ("business_line", _("业务线")),
    ("team", _("班组")),
    ("grade", _("职级")),
    ("hired_on", _("入职日期")),
)


@doors.get("/people", act=Act.SEE_PEOPLE)
def people(visit: Visit) -> Response:
    """Show the directory: searched, narrowed, sorted, a page at a time."""
    asked = dict(visit.request.query_params)
    here, sort = asked.get("here", "yes"), asked.get("sort", "staff_no")
    wanted = Wanted(
        words=asked.get("q", "").strip(),
        line=asked.get("line", ""),
        team=asked.get("team", ""),
        grade=asked.get("grade", ""),
        here=here if here in {"yes", "no", "all"} else "yes",
        sort=sort if sort in reads.SORTS else "staff_no",
        downwards=bool(asked.get("down")),
    )
    at = _page(asked.get("page", ""))
    found = reads.find(visit.session, wanted=wanted, page=at, size=SIZE)
    visit.saw("people")
    return visit.page(
        "people.html",
        found=found,
        wanted=wanted,
        columns=COLUMNS,
        asked={key: asked[key] for key in ("q", "line", "team", "grade", "here") if asked.get(key)},
        page=at,
        pages=max(ceil(found.n / SIZE), 1),
        choices=_choices,
        lines=_lines(visit),
        narrowed=wanted._replace(sort="staff_no", downwards=False) != Wanted(),
    )


def _page(typed: str) -> int:
    """Return which page is asked for; what is no such number is the first."""
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < MOST_DIGITS and int(typed) else 1


def _choices(values: Sequence[str], names: Mapping[str, str] = MappingProxyType({})) -> list[tuple[str, str]]:
    """Return what a filter may be set to, everything first."""
    return [("", gettext("全部")), *((value, names.get(value, value)) for value in values)]


def _lines(visit: Visit) -> dict[str, str]:
    """Return what the latest rounds call the business lines: the directory has only their keys."""
    texts = rounds.latest_policies(visit.session, limit=ROUNDS)
    return {key: name for text in reversed(texts) for key, name in in_force.policy(text).lines.items()}


@doors.get("/people/import", act=Act.IMPORT_PEOPLE, name="people_imports")
def imports(visit: Visit) -> Response:
    """Show which tables there are to take in."""
    books = [
        (visit.url("people_import", book=book), gettext(word), [gettext(h.word) for h in HEADINGS[book].values()])
        for book, word in DIRECTORY.items()
    ]
    return visit.page("people_imports.html", books=books)


intake.mount(
    doors, "/people/import/{book}", act=Act.IMPORT_PEOPLE, desk_of=intake_desks.directory_desk, name="people_import"
)


@doors.get("/people/{staff_no}", act=Act.SEE_PEOPLE)
def person(visit: Visit, staff_no: str) -> Response:
    """Show one person with everything that is recorded about them."""
    found = reads.dossier(visit.session, staff_no=staff_no)
    if found is None:
        raise NotFoundError(Text(_("名册中没有工号为“{staff_no}”的人"), {"staff_no": staff_no}))
    visit.saw("person", subject=staff_no)
    return visit.page("person.html", found=found, lines=_lines(visit))
