"""Rows that a program sends: read and checked as the rows of a spreadsheet are, taken in by the same actions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from actions.books import ChangeError, Taken
from forms.columns import SPECS
from forms.rows import Checked, check
from forms.tables import Table
from kit.i18n import say
from rules.policies import Policy
from rules.texts import Text, _, enumerated
from web.api.faults import ApiError, InvalidError
from web.api.shapes.common import Counts

NAMED: Final = 10
"""So many rows that differ are named in one message."""


def read(
    book: str,
    rows: Sequence[Mapping[str, object]],
    *,
    where: str = "body.rows.{n}",
    people: Collection[str] | None = None,
    policy: Policy | None = None,
    reviewers: Collection[str] | None = None,
) -> Checked:
    """Return rows as the records of a book; what is not given is not checked against. A message counts rows from 1.

    :raises InvalidError: when a row is not as it may be; names every one with its place in the request.
    """
    columns = [c.name for c in SPECS[book].columns]
    cells = [(n, tuple(_cell(row.get(name)) for name in columns)) for n, row in enumerate(rows, 1)]
    found = check(Table(book, tuple(columns), cells), SPECS[book], people=people, policy=policy, reviewers=reviewers)
    if found.faults:
        places = [(where.format(n=(f.line or 1) - 1) + (f".{f.column}" if f.column else ""), f) for f in found.faults]
        raise InvalidError([(place, fault.text) for place, fault in places])
    return found


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def of_body(rows: Sequence[BaseModel], **same: object) -> list[dict[str, object]]:
    """Return the rows of a body as cells by column; ``same``: what all rows have in common."""
    return [{**row.model_dump(), **same} for row in rows]


def counted(found: Checked, *, given: int, take_in: Callable[[list[Any]], Taken]) -> Counts:
    """Take rows in and return how many were new, equal, changed, or not taken in.

    :raises ApiError: when rows differ from what is there and no reason is given.
    """
    try:
        taken = take_in(found.records)
    except ChangeError as error:
        raise _unreasoned(error) from None
    notes = [say(note.text) for note in found.notes]
    return Counts(**taken._asdict(), ignored=given - len(found.records), notes=notes)


def _unreasoned(error: ChangeError) -> ApiError:
    who = enumerated(dict.fromkeys(new[0] for new, _old in error.rows[: NAMED * NAMED]))
    text = Text(_("{n} 行与已录入的内容不同（{who}）；确需更正的，请写明 reason"), {"n": len(error.rows), "who": who})
    return ApiError("reason_missing", text, where="body.reason")
