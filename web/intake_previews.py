"""What a table would do: its good rows beside what is there, its faults in words, the cells that change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from forms import headings
from forms.columns import SPECS
from forms.faults import Fault, FormError
from forms.headings import HEADINGS
from forms.rows import Checked, check
from forms.tables import Table, read_table
from kit.canonical import digest
from kit.i18n import gettext, say
from models.rounds import Round
from models.uploads import Upload
from queries import books, panels
from queries.books import SortedOut
from rules import course
from rules.texts import Text, _
from web.intake_desks import Desk


@dataclass(slots=True)
class Preview:
    """What a table would do: ``table`` is ``None`` when the file cannot be read at all."""

    table: Table | None
    read: Checked
    sorted_out: SortedOut = field(default_factory=lambda: SortedOut([], 0, []))
    absent: int = 0

    def seal(self) -> str:
        """Return what tells this preview from another, so that nobody agrees to what they have not seen."""
        said = (self.sorted_out.new, self.sorted_out.changed, self.sorted_out.same, len(self.read.faults), self.absent)
        return digest(repr(said).encode())


def look(session: Session, desk: Desk, kept: Upload) -> Preview:
    """Read and check a waiting table, and compare its good rows with what is there."""
    spec = SPECS[desk.book]
    try:
        table = headings.without_example(headings.understood(read_table(kept.content, name=kept.name), spec), spec)
    except FormError as error:
        return Preview(None, Checked(faults=list(error.faults)))
    read = check(table, spec, people=desk.people, policy=desk.policy, reviewers=desk.reviewers)
    if desk.not_after:
        _refuse_future(read, kept.name, desk.not_after)
    if desk.book == "panels" and desk.the_round and desk.the_round.mode == course.LIVE:
        _refuse_recused(session, read, kept.name, desk.the_round)
    found = books.sorted_out(session, book=desk.book, given=read.records, round_id=desk.round_id)
    return Preview(table, read, found, _absent(session, desk, read))


def _absent(session: Session, desk: Desk, read: Checked) -> int:
    """Return how many people who are here a list of people does not name."""
    if desk.book != "people" or read.faults or not read.records:
        return 0
    given = {person.staff_no for person in read.records}
    return sum(person.staff_no not in given for person in books.rows(session, book="people"))


def _refuse_future(read: Checked, name: str, now: datetime) -> None:
    """Move applications of a time that is still to come from the good rows to the faults."""
    text = Text(_("申请时间还没有到；请核对日期和时区"))
    _refuse(
        read,
        lambda line, row: (
            Fault(text, name, line, "applied_at", row.applied_at.isoformat()) if row.applied_at > now else None
        ),
    )


def _refuse_recused(session: Session, read: Checked, name: str, the_round: Round) -> None:
    """Move rows whose reviewer must stand back from the candidate from the good rows to the faults."""
    found = panels.recusals(session, round_id=the_round.id, rows=read.records)
    _refuse(
        read,
        lambda line, row: Fault(found[row], name, line, "reviewer_no", row.reviewer_no) if row in found else None,
    )


def _refuse(read: Checked, fault_of: Callable[[int, Any], Fault | None]) -> None:
    """Move rows that have a fault from the good rows to the faults."""
    rows = [(line, row, fault_of(line, row)) for line, row in zip(read.lines, read.records, strict=True)]
    read.faults += [fault for _line, _row, fault in rows if fault]
    good = [(line, row) for line, row, fault in rows if not fault]
    read.lines[:], read.records[:] = [line for line, _row in good], [row for _line, row in good]


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault as the page shows it."""

    line: int | None
    column: str
    value: str
    what: Text


def placed(fault: Fault, heads: Mapping[str, headings.Heading]) -> Placed:
    """Return a fault with its column's name in words."""
    name = fault.column or ""
    column = gettext(heads[name].word) if name in heads else name
    return Placed(fault.line, column, (fault.value or "")[:80], fault.text)


def changed_cells(book: str, changed: Sequence[tuple[Any, Any]]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return for each changed row its key, and column, old and new of each cell that differs."""
    key = SPECS[book].key
    return [
        (
            " / ".join(str(getattr(new, name)) for name in key),
            [
                (gettext(HEADINGS[book][name].word), _shown(old_value), _shown(new_value))
                for name, new_value, old_value in zip(new._fields, new, old, strict=True)
                if new_value != old_value
            ],
        )
        for new, old in changed
    ]


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def problems(book: str, faults: Sequence[Fault]) -> dict[int, str]:
    """Return what is wrong with each row, in words; what is wrong with the whole table stands at row 1."""
    heads = HEADINGS[book]
    found: dict[int, list[str]] = {}
    for fault in faults:
        shown = placed(fault, heads)
        text = Text(_("“{column}”{what}"), {"column": shown.column, "what": fault.text})
        found.setdefault(fault.line or 1, []).append(say(text if shown.column else fault.text))
    return {line: gettext("；").join(texts) for line, texts in found.items()}
