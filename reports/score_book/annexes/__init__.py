"""One annex a stage: every sheet's total, or every exam score, and how the stage's score came of them.

A kind of stage has a module here with ``table(view, stage, people)``; one without shows its scores alone.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from kit.i18n import gettext as _
from reports.entries import Entry
from reports.internal.blocks import Column, Table
from reports.internal.blocks import table as block
from reports.score_book.annexes import review, training
from reports.score_book.annexes.shared import ending, opening, scores, who
from reports.score_book.view import ScoreBook
from reports.words import component
from rules.policies import StagePolicy
from rules.stages import KINDS

TableOf = Callable[[ScoreBook, StagePolicy, Sequence[Entry]], Table]


class Annex(NamedTuple):
    """A stage with the people who entered it, by staff number."""

    number: int
    stage: StagePolicy
    people: Sequence[Entry]

    def part(self, first: int, end: int) -> "Annex":
        """Return the annex with some of the people."""
        return self._replace(people=self.people[first:end])

    def table(self, view: ScoreBook) -> Table:
        """Return the table of the annex."""
        return TABLES.get(self.stage.kind, _plain)(view, self.stage, self.people)

    @property
    def note(self) -> str:
        """Return what signs and columns of the table mean."""
        return NOTES[self.stage.kind]() if self.stage.kind in NOTES else ""


def annexes(view: ScoreBook) -> Iterator[Annex]:
    """Return the annexes in the order of the stages."""
    for number, stage in enumerate(view.policy.stages, 1):
        people = [entry for entry in view.entries if stage.key in entry.stages]
        yield Annex(number, stage, sorted(people, key=lambda entry: entry.person.staff_no))


def _plain(view: ScoreBook, stage: StagePolicy, people: Sequence[Entry]) -> Table:
    keys = KINDS[stage.kind].components(stage)
    names = [Column(component(view.policy, key), 24, numeric=True) for key in keys]
    rows = ((*who(view, entry), *scores(stage, entry), *ending(view, stage, entry)) for entry in people)
    return block((*opening(), *names, Column(_("结论"))), rows, look="narrow")


TABLES: Final[dict[str, TableOf]] = {"review": review.table, "training": training.table}
NOTES: Final[dict[str, Callable[[], str]]] = {"review": review.note, "training": training.note}
