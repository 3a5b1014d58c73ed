"""Read a decision as it stands: everybody's result in plain rows, and who said yes to it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from models.people import Person
from models.results import Result
from models.rounds import Confirmation, Notice, Round
from queries import results
from queries.books import table_of


class Standing(NamedTuple):
    """Where one applicant stands."""

    staff_no: str
    name: str
    line: str
    outcome: str | None
    rank: int | None
    final: Decimal | None


class Ranking(NamedTuple):
    """Everything that a confirmation is a yes to, and the fingerprint of it; rows by staff number.

    ``heads``: how many people of a line are in the directory, from which its seats follow.
    """

    rows: list[Standing]
    components: dict[str, dict[str, Decimal]]
    seats: dict[str, int]
    heads: dict[str, int]
    sha256: str


def ranking(session: Session, *, the_round: Round) -> Ranking:
    """Return everybody's result, in three questions whatever their number."""
    r, p = table_of(Result).c, table_of(Person).c
    query = (
        pick(r.staff_no, p.name, p.business_line, r.outcome, r.rank, r.final)
        .join_from(table_of(Result), table_of(Person), p.staff_no == r.staff_no)
        .where(r.round_id == the_round.id)
    )
    rows = [Standing._make(row) for row in session.execute(query.order_by(r.staff_no))]
    components = results.components(session, round_id=the_round.id)
    given = results.seats(session, round_id=the_round.id)
    seats = {line: a.seats for line, a in given.items()}
    heads = {line: a.heads for line, a in given.items()}
    told = [(row.staff_no, row.outcome, row.rank, row.final) for row in rows]
    return Ranking(rows, components, seats, heads, results.fingerprint_of(told, components, seats))


def said_yes(session: Session, *, the_round: Round, generation: int) -> set[str]:
    """Return who confirmed the results as they stand; a yes to earlier results counts no more."""
    sha256 = results.fingerprint(session, round_id=the_round.id)
    return {c.actor for c in confirmations(session, the_round=the_round, generation=generation, sha256=sha256)}


def confirmations(session: Session, *, the_round: Round, generation: int, sha256: str) -> Sequence[Confirmation]:
    """Return the confirmations of results of this fingerprint, the first first."""
    query = select(Confirmation).where(
        Confirmation.round_id == the_round.id,
        col(Confirmation.generation) == generation,
        col(Confirmation.results_sha256) == sha256,
    )
    return session.exec(query.order_by(col(Confirmation.confirmed_at))).all()


def notice(session: Session, *, the_round: Round) -> Notice | None:
    """Return the latest notice of a round; ``None`` before it is posted."""
    latest = select(Notice).where(Notice.round_id == the_round.id).order_by(col(Notice.generation).desc())
    return session.exec(latest).first()
