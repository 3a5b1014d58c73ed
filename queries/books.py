"""Read the books: the rows that were taken in, as the records of the law."""

from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Select, Table, select
from sqlmodel import Session, SQLModel

from models.books import BOOKS

PORTION = 5000

FEW = 1000
"""So many values are looked for one by one; for more, whole books are read."""


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined] # SQLModel adds it to table models


def columns(model: type[SQLModel], *names: str) -> Select[Any]:
    """Select some columns of a table as plain values: rows that nobody changes need no session to watch them."""
    return select(*(getattr(model, name) for name in names))


def rows(
    session: Session,
    *,
    book: str,
    round_id: UUID | None = None,
    where: Mapping[str, object] | None = None,
    among: Mapping[str, Collection[object] | None] | None = None,
    everyone: bool = False,
) -> list[Any]:
    """Return a book's rows as its named tuples, in the order they came in; of one round if the book is a round's.

    ``where`` names the value of a column, ``among`` those that it may have. People who have left are left out, unless
    ``everyone`` is wanted.
    """
    entry = BOOKS[book]
    table = table_of(entry.table)
    query = select(*(table.c[f] for f in entry.record._fields)).order_by(*table.primary_key.columns)
    if entry.of_round:
        query = query.where(table.c.round_id == round_id)
    if book == "people" and not everyone:
        query = query.where(table.c.active)
    for column, value in (where or {}).items():
        query = query.where(table.c[column] == value)
    for column, values in (among or {}).items():
        if values is not None:
            query = query.where(table.c[column].in_(values))
    make = entry.record._make
    portions = session.connection().execute(query).partitions(PORTION)
    return [make(row) for portion in portions for row in portion]


class SortedOut(NamedTuple):
    """Rows that are not there yet, the number of those that are there as they are, and changed ones: new and old."""

    new: list[Any]
    same: int
    changed: list[tuple[Any, Any]]


def _few(values: Iterable[Any]) -> set[Any] | None:
    """Return the different values of a part of a key, if they are few: nothing else is worth comparing with."""
    found = set(values)
    return found if len(found) <= FEW and None not in found else None


def sorted_out(session: Session, *, book: str, given: Iterable[Any], round_id: UUID | None = None) -> SortedOut:
    """Compare rows (of unique key) with what is in a book; people who have left count as being there."""
    entry, given = BOOKS[book], list(given)
    key = itemgetter(*(entry.record._fields.index(f) for f in entry.key))
    near = {field: _few(row[entry.record._fields.index(field)] for row in given) for field in entry.key}
    there = {key(row): row for row in rows(session, book=book, round_id=round_id, among=near, everyone=True)}
    new, same, changed = [], 0, []
    for row in given:
        old = there.get(key(row))
        if old is None:
            new.append(row)
        elif old == row:
            same += 1
        else:
            changed.append((row, old))
    return SortedOut(new, same, changed)
