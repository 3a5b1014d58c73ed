"""The start page: what waits for whoever is signed in, by role."""

from typing import Any, Final

from fastapi import Response

from queries import rounds, watching
from rules import course
from rules.access import Act
from web import own_todo, reviewing, starting
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()


@doors.get("/", act=Act.USE_ACCOUNT)
def start(visit: Visit) -> Response:
    """Show what waits for whoever is signed in; each role has its own block."""
    values: dict[str, Any] = {"own_todos": (), "piles": (), "start": None, "rounds": (), "watched": ()}
    if visit.may(Act.APPLY):
        values["own_todos"] = own_todo.waiting(visit)
    if visit.may(Act.SCORE):
        values["piles"] = reviewing.waiting(visit)
    if visit.may(Act.SIGN_HISTORY):
        values["watched"] = watching.waiting(visit.session, actor=visit.actor)
    if visit.may(Act.SEE_ROUND):
        values["rounds"] = rounds.all_rounds(visit.session)
    if visit.may(Act.STEER_ROUND):
        values["start"] = starting.start(visit, rounds=bool(values["rounds"]))
    return visit.page("start.html", STATES=course.STATES, **values)
