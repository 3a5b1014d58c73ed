"""A round whose tables are held against its history: what both say, and what a difference is called."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, SQLModel, select

from models.history import Entry
from models.people import Person
from models.rounds import Round
from queries import altered
from queries.altered import Rows
from rules.policies import Policy
from rules.texts import Text, _


@dataclass(frozen=True, slots=True)
class Case:
    """A round under its policy, with its history read once."""

    session: Session
    the_round: Round
    policy: Policy
    entries: Sequence[Entry]

    def of(self, *deeds: str) -> list[tuple[Entry, dict[str, Any]]]:
        """Return the entries of certain deeds with what they say."""
        return [(e, json.loads(e.detail)) for e in self.entries if e.deed in deeds]

    def rows(self, model: type[SQLModel]) -> list[Any]:
        """Return the round's rows of a table."""
        query = select(model).where(model.round_id == self.the_round.id)  # type: ignore[attr-defined] # tables of rounds only
        return list(self.session.exec(query))

    def pairs(
        self, what: Text, told: Rows, stored: Rows, *, called: Callable[..., object] | None = None
    ) -> Iterator[Text]:
        """Compare rows by their keys."""
        return altered.pairs(what, told, stored, zone=self.the_round.time_zone, called=called)

    def differences(self, what: Text, told: Mapping[str, object], row: SQLModel) -> Iterator[Text]:
        """Compare the columns of one row."""
        return altered.differences(what, told, row, zone=self.the_round.time_zone)

    def person(self, staff_no: str) -> str:
        """Return somebody by name and number; asked only for what differs."""
        found = self.session.get(Person, staff_no)
        return f"{found.name} {staff_no}" if found else staff_no

    def paper(self, staff_no: str, _kind: str, version: int, name: str) -> Text:
        """Return what a document is called."""
        of = {"name": name, "n": version, "who": self.person(staff_no)}
        return Text(_("{who} 的“{name}”（第 {n} 版）") if staff_no else _("“{name}”（第 {n} 版）"), of)


def numbered(number: int) -> Text:
    """Return what something numbered is called."""
    return Text(_("第 {n} 号"), {"n": number})


def nth_time(whose: str, n: int) -> Text:
    """Return what the n-th of somebody's is called."""
    return Text(_("{whose}（第 {n} 次）"), {"whose": whose, "n": n})
