"""Entries of a round's history in words: who, what, about whom, and what else they say."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from kit.i18n import gettext, say
from kit.jinja import day, day_time, joined
from models.history import Entry
from reports.words import word
from rules import deeds, hearings
from rules.changes import DEEDS
from rules.policies import Deed, ReviewTerms
from rules.texts import Text
from web.actors import Actors
from web.called import Called
from web.entry_words import CHANNELS, FACTS, MOST, OF_DEED, REASONS, STATUSES, UNSAID
from web.frames import Frame, blocked_by


class Line(NamedTuple):
    """An entry as a page shows it."""

    entry: Entry
    actor: str
    deed: str
    subject: str
    facts: list[tuple[str, str]]


class Narrator:
    """Says what entries of a round say; the names of everybody in them are read at once."""

    def __init__(self, frame: Frame, entries: Sequence[Entry]) -> None:
        self._frame, self._entries = frame, entries
        self._details: list[dict[str, Any]] = [json.loads(entry.detail) for entry in entries]
        self._steps = {s.key: say(Text(s.name)) if s.key.startswith("_") else s.name for s in frame.steps}
        self._criteria = {
            (s.key, c.key): c.name
            for s in frame.policy.stages
            if isinstance(s.terms, ReviewTerms)
            for c in s.terms.criteria
        }
        self._called = Called(frame, set(self._numbers()) - set(self._steps))
        logins = [entry.actor for entry in entries] + [str(d.get("proposed_by") or "") for d in self._details]
        self._actors = Actors(frame.visit.session, logins)

    def _numbers(self) -> Iterator[str]:
        """Yield whatever may be a staff number."""
        for entry, detail in zip(self._entries, self._details, strict=True):
            yield entry.subject
            for said in (detail, detail.get("arguments") or {}):
                for key in ("candidate", "staff_no", "raised_by", "candidates", "short"):
                    value = said.get(key)
                    yield from map(str, value if isinstance(value, list) else [value or ""])

    def lines(self) -> Iterator[Line]:
        """Yield the entries as a page shows them."""
        for entry, detail in zip(self._entries, self._details, strict=True):
            facts = [fact for key, value in _flat(detail) for fact in self._fact(entry, key, value)]
            yield Line(entry, self._actors(entry.actor), said(entry.deed), self._subject(entry), facts)

    def _subject(self, entry: Entry) -> str:
        if entry.deed == "history.signed":
            return ""  # the signature's own number, which stands nowhere else
        if entry.deed == "substitute.named":
            return self.reviewer(entry.subject)
        return self._steps.get(entry.subject) or self.person(entry.subject)

    def _fact(self, entry: Entry, key: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any value of JSON
        named = OF_DEED.get((entry.deed, key)) or FACTS.get(key)
        if named is None or (entry.deed, key) in UNSAID or _is_nothing(value):
            return
        shown = self._marks(entry, value) if key == "marks" else self._shown(entry, key, value)
        if shown:
            yield gettext(named), shown

    def _shown(self, entry: Entry, key: str, value: Any) -> str:  # noqa: ANN401 - any value of JSON
        if isinstance(value, list):
            return self._listed([self._shown(entry, key, one) for one in value[:MOST]], len(value))
        if key in {"from", "to"} and entry.deed in {"sheets.handed_over", "substitute.named"}:
            return self.reviewer(str(value))
        if key == "reason":
            return gettext(REASONS[value]) if entry.deed == "stage.closed" and value in REASONS else str(value)
        if isinstance(value, str | bool):
            return _SAYS.get(key, Narrator.plain)(self, value)
        return str(value)

    def _listed(self, shown: Sequence[str], of: int) -> str:
        if len(shown) == of:
            return joined(shown)
        return gettext("{names}等 {n} 项").format(names=joined(shown), n=of)

    def _marks(self, entry: Entry, marks: Mapping[str, Sequence[str | None]]) -> str:
        """Return the marks of a sheet that were changed; those that are given for the first time stand on the sheet."""
        changed = [
            gettext("{name}：由 {old} 改为 {new}").format(
                name=self._criteria.get((entry.subject, key), key), old=_mark(old), new=_mark(new)
            )
            for key, (old, new) in marks.items()
            if old is not None and old != new
        ]
        return gettext("；").join(changed)

    def person(self, staff_no: str) -> str:
        """Return somebody of the directory by name and number."""
        return self._called.person(staff_no)

    def reviewer(self, number: str) -> str:
        """Return a reviewer of the round by name and number."""
        return self._called.reviewer(number)

    def actor(self, login: str) -> str:
        """Return whoever proposed something."""
        return self._actors(login)

    def step(self, key: str) -> str:
        """Return what a step is called."""
        return self._steps.get(key, key)

    def blocked(self, why: str) -> str:
        """Return why a step could not go on."""
        return say(blocked_by(why))

    def plain(self, text: str) -> str:
        """Return a text as it stands, a step by its name, an instant as people of the round read it."""
        try:
            return day_time(datetime.fromisoformat(text), self._frame.zone) if "T" in text else day(_date(text))
        except ValueError:
            return self.step(text)


_SAYS: Final[Mapping[str, Callable[[Narrator, Any], str]]] = {
    "candidate": Narrator.person,
    "candidates": Narrator.person,
    "staff_no": Narrator.person,
    "short": Narrator.person,
    "raised_by": Narrator.person,
    "reviewer": Narrator.reviewer,
    "reviewer_no": Narrator.reviewer,
    "by_no": Narrator.reviewer,
    "proposed_by": Narrator.actor,
    "stage": Narrator.step,
    "why": Narrator.blocked,
    "deed": lambda _narrator, value: gettext(DEEDS[Deed(value)]) if value in set(Deed) else str(value),
    "kind": lambda _narrator, value: gettext(hearings.KINDS.get(value, value)),
    "channel": lambda _narrator, value: gettext(CHANNELS.get(value, value)),
    "upheld": lambda _narrator, value: gettext(hearings.FINDINGS[bool(value)]),
    "slot": lambda _narrator, value: word(str(value)),
}


def said(deed: str) -> str:
    """Return what was done, in words."""
    return say(deeds.said(deed))


def _flat(detail: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Return what an entry says, what was proposed among it."""
    return [*(detail.get("arguments") or {}).items(), *detail.items()]


def _date(text: str) -> date:
    """Return a date as the history keeps it: 2026-12-01.

    :raises ValueError: when it is none; a number of eight digits is a number.
    """
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day without a time


def _mark(value: str | None) -> str:
    return gettext(STATUSES.get(value or "", value or "—"))


def _is_nothing(value: Any) -> bool:  # noqa: ANN401 - any value of JSON
    """Return whether there is nothing to say of a value; a plain no is something."""
    return value is not False and not value
