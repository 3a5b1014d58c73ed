"""Where a table is taken in: into one of the directory's books, or one of a round's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlmodel import Session

from actions import evidence, people
from actions.books import Taken
from forms.references import training_of
from kit.i18n import gettext
from models.rounds import Round
from queries import books
from queries import people as directory
from rules.books import DIRECTORY, ROUND
from rules.policies import Policy
from rules.records import Personnel
from rules.texts import Text, _
from web.faults import NotFoundError
from web.visit import Visit

TakeIn = Callable[[Session, Sequence[Any], str, datetime, str], Taken]
"""Takes rows in: session, rows, actor, now, reason for changes."""

Places = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one table is taken in. ``closed`` says why nothing can be taken in now, if so."""

    book: str
    take_in: TakeIn
    back: str
    crumbs: Sequence[tuple[str, str]]
    the_round: Round | None = None
    policy: Policy | None = None
    people: Collection[str] | None = None
    reviewers: Collection[str] | None = None
    not_after: datetime | None = None
    closed: Text | None = None
    siblings: Sequence[tuple[str, str]] = ()

    @property
    def round_id(self) -> UUID | None:
        """Return the round that the rows belong to; ``None`` for the directory of the centre."""
        return self.the_round.id if self.the_round else None


def directory_desk(visit: Visit, places: Places) -> Desk:
    """Return the desk of one of the directory's books."""
    book = _known(places["book"], DIRECTORY)
    known = {p.staff_no for p in books.rows(visit.session, book="people", everyone=True)}

    def take_in(session: Session, rows: Sequence[Any], actor: str, now: datetime, reason: str) -> Taken:
        personnel = Personnel(**{"people": [], book: rows})
        return people.take_in(session, personnel=personnel, actor=actor, now=now, change_reason=reason)[book]

    closed = Text(_("名册是空的；请先导入人员名册")) if book != "people" and not known else None
    return Desk(
        book=book,
        take_in=take_in,
        back=visit.url("people"),
        crumbs=[(visit.url("people"), gettext("人员")), (visit.url("people_imports"), gettext("导入"))],
        people=None if book == "people" else known,
        closed=closed,
        siblings=[(visit.url("people_import", book=key), gettext(word)) for key, word in DIRECTORY.items()],
    )


def round_desk(visit: Visit, places: Places) -> Desk:
    """Return the desk of one of a round's books."""
    book, the_round = _known(places["book"], ROUND), visit.round_of(places["code"])
    policy = visit.policy_of(the_round)
    there = {p.staff_no for p in directory.frozen_part(visit.session, round_id=the_round.id, part="people")}
    reviewers = {r.reviewer_no for r in books.rows(visit.session, book="reviewers", round_id=the_round.id)}

    def take_in(session: Session, rows: Sequence[Any], actor: str, now: datetime, reason: str) -> Taken:
        return evidence.take_in(
            session, the_round=the_round, book=book, rows=rows, actor=actor, now=now, change_reason=reason
        )

    closed = None
    if not there:
        closed = Text(_("资格审查还没有完成，不能录入"))
    elif book in {"attendance", "exam"} and training_of(policy) is None:
        closed = Text(_("竞聘方案中没有培训环节，不使用考勤和考试成绩"))
    elif book in {"marks", "panels"} and not reviewers:
        closed = Text(_("本轮还没有评委；请先导入评委"))
    address = f"/rounds/{quote(the_round.code)}"
    return Desk(
        book=book,
        take_in=take_in,
        back=address,
        crumbs=[("/rounds", gettext("轮次")), (address, the_round.title)],
        the_round=the_round,
        policy=policy,
        people=there,
        reviewers=reviewers,
        not_after=visit.now if book == "applications" else None,
        closed=closed,
    )


def _known(book: str, among: Mapping[str, str]) -> str:
    if book not in among:
        raise NotFoundError(Text(_("没有这样的表：{book}"), {"book": book}))
    return book
