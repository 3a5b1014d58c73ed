"""A reviewer's lists: what waits by deadline, the declaration of interest, a round's candidates, printed sheets."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Response

from actions import declarations
from forms import sheets as forms
from queries import inboxes, sheets
from rules import sheets as law
from rules.access import Act
from rules.sheets import State
from rules.texts import Text, _
from web import papers, reviewing
from web.doors import Doors
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()

_PLACES: Final = {"open": 0, "pending": 1, "closed": 2, "done": 2}
"""What can be scored comes first, what is over last; by deadline among themselves."""

NO_FAULTS: Final[Mapping[str, Text]] = {}

STILL: Final = ("pending", "open")
"""Steps whose sheets can be filled in, now or later."""

WAITS: Final = (State.OPEN, State.DRAFT, State.RETURNED)


@doors.get("/reviews", act=Act.SCORE)
def reviews(visit: Visit) -> Response:
    """Show what waits for this reviewer, by deadline, across all rounds."""
    chairs = inboxes.chairs(visit.session, staff_no=visit.me.staff_no)
    policies = {c.the_round.id: visit.policy_of(c.the_round) for c in chairs}
    piles = sorted(inboxes.piles(visit.session, chairs=chairs, policies=policies), key=lambda p: _PLACES[p.stage.state])
    declared = sheets.declarations(visit.session, chairs=chairs)
    return visit.page("reviews.html", piles=piles, chairs=chairs, declared=declared, State=State, waits=WAITS)


@doors.get("/reviews/{code}", act=Act.SCORE)
def review_round(visit: Visit, code: str) -> Response:
    """Show this reviewer's candidates of a round; before the declaration of interest only how many they are."""
    return _round(visit, code)


def _round(visit: Visit, code: str, *, faults: Mapping[str, Text] = NO_FAULTS) -> Response:
    chairs, policy = reviewing.chairs_of(visit, code)
    the_round = chairs[0].the_round
    piles = reviewing.piles_of(visit, chairs, policy)
    declared = sheets.declarations(visit.session, chairs=chairs).get(the_round.id)
    values: dict[str, Any] = {
        "the_round": the_round,
        "chair": chairs[0],
        "piles": piles,
        "State": State,
        "waits": WAITS,
    }
    if declared is None or faults:
        values |= {"faults": faults, "statement": visit.text("statement"), "agreed": bool(visit.text("agreed"))}
        return visit.page("review_declare.html", status=422 if faults else 200, **values)
    visit.saw("review_list", the_round=the_round)
    lists = [(pile, reviewing.named(visit, pile, declared.statement)) for pile in piles]
    values |= {"states": law.STATES, "store": reviewing.store, "MANY": reviewing.MANY}
    return visit.page("review_round.html", lists=lists, declared=declared, **values)


@doors.post("/reviews/{code}/_declaration", act=Act.SCORE)
def declare_interest(visit: Visit, code: str) -> Response:
    """Note the declaration of interest; from then on the names are shown."""
    chairs, _policy = reviewing.chairs_of(visit, code)
    statement = visit.text("statement")
    unread = None if visit.text("agreed") else Text(_("请先确认已了解回避规定"))
    wrong = forms.reason(statement) if statement else None
    if faults := {name: why for name, why in (("agreed", unread), ("statement", wrong)) if why}:
        return _round(visit, code, faults=faults)
    for chair in chairs:
        declarations.declare(visit.session, chair=chair, statement=statement, actor=visit.actor, now=visit.now)
    return visit.go("review_round", code=code, said=Text(_("已申报，可以开始评分")))


@doors.get("/reviews/{code}/_printed/{stage}", act=Act.SCORE)
def printed_sheets(visit: Visit, code: str, stage: str) -> Response:
    """Show this reviewer's blank sheets of a stage, one on a page, for a day without screens."""
    chairs, policy = reviewing.chairs_of(visit, code)
    the_round = chairs[0].the_round
    declared = sheets.declarations(visit.session, chairs=chairs).get(the_round.id)
    if declared is None:
        return visit.go("review_round", code=code)
    pile = next((p for p in reviewing.piles_of(visit, chairs, policy) if p.stage.key == stage), None)
    if pile is None:
        raise NotFoundError(reviewing.NOT_YOURS)
    visit.saw("printed_sheets", the_round=the_round)
    everybody = reviewing.named(visit, pile, declared.statement) if pile.stage.state in STILL else []
    people = [one for one in everybody if one.place.state in WAITS and not one.conflict]
    addresses = {one.place.staff_no: papers.address(visit, pile, one.place.staff_no) for one in people}
    return visit.page(
        "review_printed.html",
        the_round=the_round,
        policy=policy,
        pile=pile,
        people=people,
        setting=papers.setting(pile.terms.criteria),
        addresses=addresses,
        codes={staff_no: papers.code(there) for staff_no, there in addresses.items()},
        DECIMALS=law.DECIMALS,
    )
