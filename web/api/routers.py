"""The routers of the API, one for a noun."""

from typing import Final

from web.api import applications, marks, people, reference, results, rounds

ALL: Final = (rounds.doors, people.doors, applications.doors, marks.doors, results.doors, reference.doors)
