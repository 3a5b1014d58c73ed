"""One's own account: language, password, second factor, sessions."""

from typing import Final

from fastapi import Response

from rules.access import Act
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()


@doors.get("/account/second-factor", act=Act.USE_ACCOUNT)
def second_factor(visit: Visit) -> Response:
    """Show how to set up the second factor, or where to give its code."""
    return visit.page("second_factor.html")
