"""Measure out a round over time: plan against what was, days that are not worked in grey, a line for now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

WIDTH: Final = 1000
LABEL: Final = 150
ROW: Final = 34
HEAD: Final = 28
MOST_TICKS: Final = 12
LEAST: Final = 3
"""The shortest bar that can be seen."""


class Span(NamedTuple):
    """One step: when it was planned to be open, and when it was; open still, or not known, is ``None``."""

    name: str
    plan_from: datetime | None
    plan_to: datetime | None
    was_from: datetime | None
    was_to: datetime | None


class Bar(NamedTuple):
    """A bar from ``x`` on, ``width`` long."""

    x: int
    width: int


class Lane(NamedTuple):
    """One step's row: its name, its middle, the planned and the real bar."""

    name: str
    y: int
    plan: Bar | None
    was: Bar | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything ready to draw, in units of the picture."""

    height: int
    lanes: list[Lane]
    rest: list[Bar]
    ticks: list[tuple[int, date]]
    now: int | None


def timeline(
    spans: Sequence[Span], *, now: datetime, zone: ZoneInfo, is_working: Callable[[date], bool | None]
) -> Timeline | None:
    """Measure out the steps of a round; ``None`` when not one time is known.

    ``is_working`` says ``None`` of days that nobody knows about: they are not drawn as days of rest.
    """
    spans = [_until(span, now) for span in spans]
    known = [at for span in spans for at in span[1:] if isinstance(at, datetime)]
    if not known:
        return None
    first, last = min(known).astimezone(zone).date(), max(known).astimezone(zone).date()
    days = (last - first).days + 1
    scale = _Scale(datetime(first.year, first.month, first.day, tzinfo=zone), days)
    lanes = [
        Lane(
            span.name,
            HEAD + ROW * n + ROW // 2,
            scale.bar(span.plan_from, span.plan_to),
            scale.bar(span.was_from, span.was_to),
        )
        for n, span in enumerate(spans)
    ]
    every = [first + timedelta(days=n) for n in range(days)]
    rest = [Bar(scale.x(scale.midnight(day)), scale.day) for day in every if is_working(day) is False]
    step = max(1, -(-days // MOST_TICKS))
    ticks = [(x, day) for day in every[::step] if (x := scale.x(scale.midnight(day))) <= WIDTH - ROW]
    here = scale.x(now) if first <= now.astimezone(zone).date() <= last else None
    return Timeline(HEAD + ROW * len(spans) + 8, lanes, rest, ticks, here)


def _until(span: Span, now: datetime) -> Span:
    """Return a step that is still open as far as it has come."""
    return span._replace(was_to=max(span.was_from, now)) if span.was_from and span.was_to is None else span


class _Scale:
    """From instants to units of the picture."""

    def __init__(self, start: datetime, days: int) -> None:
        self._start, self._days = start, days
        self.day = max(1, (WIDTH - LABEL) // days)

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self._start.tzinfo)

    def x(self, at: datetime) -> int:
        seconds = (at - self._start).total_seconds()
        return LABEL + round(seconds * (WIDTH - LABEL) / (self._days * 86400))

    def bar(self, begin: datetime | None, end: datetime | None) -> Bar | None:
        if begin is None and end is None:
            return None
        x = self.x(begin or end or self._start)
        return Bar(x, max(LEAST, self.x(end or begin or self._start) - x))
