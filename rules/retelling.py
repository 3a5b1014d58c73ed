"""Where the steps of a round stand after all that its history tells: the same moves once more, from nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from rules import course
from rules.policies import Policy
from rules.workdays import NoticePeriod

SUPPLEMENTED: Final = "policy.supplemented"


class Event(NamedTuple):
    """One entry of a history: what was done to what, when, and what the entry says of it."""

    deed: str
    subject: str
    at: datetime
    said: Mapping[str, Any]


@dataclass(slots=True)
class Standing:
    """Where a step stands."""

    name: str
    kind: str
    grace_hours: int
    opens_at: datetime | None
    closes_at: datetime | None
    state: str = "pending"
    generation: int = 1
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    tallied_at: datetime | None = None


class Retelling:
    """The steps of one round, moved by one event after the other."""

    def __init__(self, policy: Policy, *, mode: str, time_zone: str) -> None:
        self._mode, self._zone = mode, ZoneInfo(time_zone)
        self._cancelled_at: datetime | None = None
        self.steps = {
            s.key: Standing(s.name, s.kind, s.grace_hours, s.opens_at, s.closes_at) for s in course.steps(policy, mode)
        }

    def follow(self, events: Iterable[Event]) -> dict[str, Standing]:
        """Let every event have its effect, and return where the steps stand then."""
        for event in events:
            if event.deed in _OF_ROUND:
                _OF_ROUND[event.deed](self, event)
            elif event.subject in self.steps and event.deed in _OF_STEP:
                _OF_STEP[event.deed](self, self.steps[event.subject], event)
        return self.steps

    def launched(self, event: Event) -> None:
        """Take a replay's real window of applications."""
        if window := event.said.get("window"):
            applications = self.steps[course.APPLICATIONS]
            applications.opens_at, applications.closes_at = map(datetime.fromisoformat, window)

    def supplemented(self, event: Event) -> None:
        """Give the steps to come the dates that a supplement plans for them, whatever moved them before."""
        for key, (_was, will) in event.said["windows"].items():
            step = self.steps[key]
            step.opens_at, step.closes_at = (at and datetime.fromisoformat(at) for at in will)

    def cancelled(self, event: Event) -> None:
        """Note when the round was stopped."""
        self._cancelled_at = event.at

    def restored(self, event: Event) -> None:
        """Move every deadline to come by the time that the round lay still."""
        lay_still = event.at - (self._cancelled_at or event.at)
        for step in self.steps.values():
            if step.state in {"pending", "open"} and step.kind != "notice":
                _move(step, lay_still)

    def opened(self, step: Standing, event: Event) -> None:
        """Open a step; a notice is open until its days are over."""
        step.state, step.opened_at = "open", event.at
        if step.kind == "notice":
            first, last = (date.fromisoformat(event.said[key]) for key in ("first_day", "last_day"))
            step.closes_at = course.notice_ends(NoticePeriod(first, last, ()), self._zone)
        elif self._mode == course.LIVE and step.opens_at and event.at < step.opens_at:
            step.opens_at = event.at  # opened early: what is handed in from then on counts

    def closed(self, step: Standing, event: Event) -> None:
        """Close a step."""
        step.state, step.closed_at = "closed", event.at

    def tallied(self, step: Standing, event: Event) -> None:
        """Note when a step was counted."""
        step.tallied_at = event.at

    def done(self, step: Standing, _event: Event) -> None:
        """Note that a step has its documents."""
        step.state = "done"

    def extended(self, step: Standing, event: Event) -> None:
        """Give a step its new deadline."""
        step.closes_at = datetime.fromisoformat(event.said["until"])

    def recounted(self, _step: Standing, event: Event) -> None:
        """Take back the results that were withdrawn."""
        for key in event.said["withdrawn"]:
            _take_back(self.steps[key])

    def reopened(self, step: Standing, event: Event) -> None:
        """Take back what was withdrawn, and open the step again."""
        self.recounted(step, event)
        step.state, step.opened_at, step.closed_at, step.closes_at = "open", event.at, None, None


def _move(step: Standing, by: timedelta) -> None:
    if step.state == "pending" and step.opens_at:
        step.opens_at += by
    if step.closes_at:
        step.closes_at += by


def _take_back(step: Standing) -> None:
    if step.state == "pending":
        return
    step.generation += 1
    step.state, step.tallied_at = "closed", None
    if step.kind in course.SPEAK_OF_RESULTS:
        step.state, step.opened_at, step.closed_at, step.closes_at = "pending", None, None, None


_OF_ROUND: Final[Mapping[str, Callable[[Retelling, Event], None]]] = {
    "round.launched": Retelling.launched,
    "round.cancelled": Retelling.cancelled,
    "round.restored": Retelling.restored,
    SUPPLEMENTED: Retelling.supplemented,
}

_OF_STEP: Final[Mapping[str, Callable[[Retelling, Standing, Event], None]]] = {
    "stage.opened": Retelling.opened,
    "stage.answered": Retelling.closed,
    "stage.closed": Retelling.closed,
    "stage.tallied": Retelling.tallied,
    "stage.done": Retelling.done,
    "stage.extended": Retelling.extended,
    "stage.recounted": Retelling.recounted,
    "stage.reopened": Retelling.reopened,
}
