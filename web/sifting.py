"""Long tables without a script: filter by text, state and line, sort, a page at a time; all in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from queries.boards import Row
from web.visit import Visit

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is left of some rows; how the address says so."""

    rows: Sequence[Row]
    found: int
    all: int
    page: int
    asked: Mapping[str, str]
    states: Sequence[str]

    @classmethod
    def of(
        cls, visit: Visit, rows: Sequence[Row], *, orders: Mapping[str, Callable[[Row], Any]], first: str
    ) -> "Sieve":
        """Sift rows as the address asks; what it asks wrongly is left out."""
        query = visit.request.query_params
        asked = {name: query.get(name, "") for name in ("q", "state", "line", "sort", "stage")}
        wanted = [row for row in rows if _fits(row, asked)]
        name = asked["sort"].removeprefix("-")
        key = orders.get(name, orders[first])
        wanted.sort(key=key, reverse=asked["sort"].startswith("-"))
        number = query.get("page", "1")
        last = max(1, -(-len(wanted) // PAGE))
        page = min(int(number), last) if number.isdecimal() and len(number) < 7 and int(number) else 1  # noqa: PLR2004 - no such page
        states = list(dict.fromkeys(row.state for row in rows))
        part = wanted[(page - 1) * PAGE : page * PAGE]
        return cls(part, len(wanted), len(rows), page, asked, states)

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.found // PAGE))

    def with_(self, **changed: str) -> str:
        """Return the address's question with some of it changed."""
        return "?" + urlencode({k: v for k, v in {**self.asked, **changed}.items() if v})

    def sorting(self, name: str) -> str:
        """Return the address that sorts by a column; the other way round if it does so already."""
        return self.with_(sort=f"-{name}" if self.asked["sort"] == name else name)

    def direction(self, name: str) -> str:
        """Return what a head of a column says to a screen reader."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.asked["sort"], "none")


def _fits(row: Row, asked: Mapping[str, str]) -> bool:
    text = asked["q"].strip().casefold()
    return (
        (not text or text in row.name.casefold() or text in row.staff_no.casefold() or text in row.team.casefold())
        and asked["state"] in {"", row.state}
        and asked["line"] in {"", row.line}
    )
