"""Rounds: the start page, and what a round looks like to whoever may see it."""

from typing import Final

from fastapi import Response

from queries import rounds
from rules.access import Act
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()


@doors.get("/", act=Act.USE_ACCOUNT)
def start(visit: Visit) -> Response:
    """Show what waits for whoever is signed in."""
    return visit.page("start.html", rounds=rounds.all_rounds(visit.session))
