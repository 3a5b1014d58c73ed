"""What the reviewer's pages share: whose sheets are asked for, the own order, whose turn is next."""

from dataclasses import dataclass
from typing import Final

from models.stages import Stage
from queries import inboxes, sheets
from queries.desks import Desk
from queries.inboxes import Chair, Pile
from rules import records
from rules import sheets as law
from rules.policies import Policy
from rules.sheets import Place
from rules.texts import Text, _
from web.faults import NotFoundError
from web.visit import Visit

NOT_YOURS: Final = Text(_("没有这份评分表，或它不由您评分；请从“评分”进入"))


MANY: Final = 12
"""A longer list can be searched."""


@dataclass(frozen=True, slots=True)
class Named:
    """One sheet of a list with its candidate's name and what speaks against scoring them, if the names may be shown."""

    place: Place
    person: records.Person
    conflict: Text | None
    warning: Text | None

    @property
    def against(self) -> Text | None:
        """Return what speaks against scoring them: they must stand back, or should look again."""
        return self.conflict or self.warning


def waiting(visit: Visit) -> list[Pile]:
    """Return the sheets of whoever asks, by stage: for the inbox and the block of the start page."""
    chairs = inboxes.chairs(visit.session, staff_no=visit.me.staff_no)
    policies = {c.the_round.id: visit.policy_of(c.the_round) for c in chairs}
    return [p for p in inboxes.piles(visit.session, chairs=chairs, policies=policies) if p.stage.state == "open"]


def chairs_of(visit: Visit, code: str) -> tuple[list[Chair], Policy]:
    """Return where whoever asks sits in a round, and its policy.

    :raises NotFoundError: when they are no reviewer there; whether there is such a round is not said.
    """
    chairs = inboxes.chairs(visit.session, staff_no=visit.me.staff_no, code=code)
    if not chairs:
        raise NotFoundError(NOT_YOURS)
    return chairs, visit.policy_of(chairs[0].the_round)


def piles_of(visit: Visit, chairs: list[Chair], policy: Policy) -> list[Pile]:
    """Return the sheets of whoever asks in one round, each list in their own order."""
    found = inboxes.piles(visit.session, chairs=chairs, policies={c.the_round.id: policy for c in chairs})
    return [pile._replace(places=_ordered(pile)) for pile in found]


def _ordered(pile: Pile) -> tuple[Place, ...]:
    chair = pile.chair
    there = {place.staff_no: place for place in pile.places}
    seed = f"{chair.the_round.code}:{pile.stage.key}:{chair.reviewer_no}"
    return tuple(there[no] for no in law.own_order(there, seed=seed))


def desk_of(visit: Visit, code: str, stage: str, staff_no: str) -> Desk:
    """Return one sheet of whoever asks.

    :raises NotFoundError: when it is not theirs, or there is no such thing.
    """
    chairs, policy = chairs_of(visit, code)
    found = sheets.desk(visit.session, chairs=chairs, stage=stage, staff_no=staff_no, policy=policy)
    if found is None:
        raise NotFoundError(NOT_YOURS)
    return found


def named(visit: Visit, pile: Pile, statement: str) -> list[Named]:
    """Return a list with names; only for somebody who has declared their interests."""
    numbers = [place.staff_no for place in pile.places]
    people = sheets.conflicts(visit.session, chair=pile.chair, staff_nos=numbers)
    return [
        Named(
            place,
            people[place.staff_no][0],
            people[place.staff_no][1],
            law.named_in(statement, people[place.staff_no][0]),
        )
        for place in pile.places
        if place.staff_no in people
    ]


def next_address(visit: Visit, desk: Desk) -> str:
    """Return where the next open sheet lies: that of the fewest filed sheets; without one, the round's lists."""
    code = desk.chair.the_round.code
    policy = visit.policy_of(desk.chair.the_round)
    there = piles_of(visit, [desk.chair], policy)
    here = next((p for p in there if p.stage.key == desk.stage.key), None)
    if here:
        filed = sheets.counted(visit.session, stage=desk.stage, criteria=desk.criteria)
        places = [place._replace(filed=filed.get(place.staff_no, 0)) for place in here.places]
        if after := law.next_one(places, after=desk.candidate.staff_no):
            return visit.url("review_sheet", code=code, stage=desk.stage.key, staff_no=after)
    return visit.url("review_round", code=code)


def store(chair: Chair, stage: Stage, staff_no: str) -> str:
    """Return under what name a browser keeps what was typed into a sheet and not saved yet."""
    return f"jingpin:{chair.the_round.code}:{stage.key}:{staff_no}:{chair.reviewer_no}"
