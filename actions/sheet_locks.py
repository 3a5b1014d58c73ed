"""Keep filed score sheets locked, whichever way marks come in."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.rounds import Round
from models.sheets import Sheet
from queries import books
from rules.records import Mark
from rules.texts import RuleError, Text, _, enumerated

NAMED = 10


def refuse_filed(session: Session, *, the_round: Round, rows: Sequence[Mark]) -> None:
    """Refuse marks that differ from those of a sheet that its reviewer has filed: only they may correct them.

    :raises RuleError: naming the sheets.
    """
    filed = _filed(session, the_round, rows)
    theirs = [r for r in rows if (r.stage, r.staff_no, r.reviewer_no) in filed]
    for key in sorted({r.stage for r in theirs}):
        there = set(books.rows(session, book="marks", round_id=the_round.id, where={"stage": key}))
        if changed := sorted({f"{r.reviewer_no}→{r.staff_no}" for r in theirs if r.stage == key and r not in there}):
            said = {"n": len(changed), "sheets": enumerated(changed[:NAMED])}
            raise RuleError(
                Text(_("{n} 份评分表已由评委本人提交并锁定，不能另行录入；确需改动的，请更正评分表：{sheets}"), said)
            )


def _filed(session: Session, the_round: Round, rows: Sequence[Mark]) -> set[tuple[str, str, str]]:
    """Return the filed sheets that rows may touch; of one candidate's only theirs are read."""
    people = {r.staff_no for r in rows}
    query = select(Sheet.stage, Sheet.staff_no, Sheet.reviewer_no).where(
        Sheet.round_id == the_round.id, Sheet.state == "filed", col(Sheet.stage).in_({r.stage for r in rows})
    )
    if len(people) == 1:
        query = query.where(col(Sheet.staff_no).in_(people))
    return set(session.exec(query).all())
