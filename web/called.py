"""What the people and reviewers of a round are called on its pages: name and number, read at once for a page."""

from collections.abc import Iterable
from functools import cached_property

from queries import panels
from queries.panels import Seat
from web.frames import Frame


class Called:
    """Names by number; a number that nobody has stands as it is."""

    def __init__(self, frame: Frame, staff_nos: Iterable[str | None] = ()) -> None:
        self._frame = frame
        wanted = {no for no in staff_nos if no}
        self._people = panels.persons(frame.visit.session, staff_nos=wanted) if wanted else {}

    @cached_property
    def _seats(self) -> dict[str, Seat]:
        return panels.seats(self._frame.visit.session, round_id=self._frame.the_round.id)

    def person(self, staff_no: str) -> str:
        """Return somebody of the directory."""
        found = self._people.get(staff_no)
        return f"{found.name} {staff_no}" if found else staff_no

    def reviewer(self, number: str) -> str:
        """Return a reviewer of the round."""
        found = self._seats.get(number) if number else None
        return f"{found.name} {number}" if found else number
