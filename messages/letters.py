"""Letters: decided values → subject and plain text, in the language in force. No candidate is named in any of them.

Each kind of letter is a template of plain text: its first line is the subject.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from kit.i18n import gettext as _
from kit.i18n import prose
from kit.jinja import day_time, text_environment
from rules.policies import Organisation
from rules.texts import Text

HERE: Final = Path(__file__).parent / "templates"
HOUR: Final = timedelta(hours=1)
HOURS_OF_A_DAY: Final = 24


class Written(NamedTuple):
    """A letter's subject and body."""

    subject: str
    body: str


class Late(NamedTuple):
    """A reviewer who is late: by name, with the number of open sheets; ``stuck`` says why nobody can step in."""

    name: str
    sheets: int
    reachable: bool = True
    stuck: Text | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about: a step of a round, its deadline, who writes, and when."""

    title: str
    stage_name: str
    closes_at: datetime | None
    due_at: datetime | None
    time_zone: str
    organisation: Organisation
    now: datetime

    @property
    def stage(self) -> str:
        """Return the step's name."""
        return _(self.stage_name)

    @property
    def is_late(self) -> bool:
        """Return whether the deadline has passed."""
        return self.closes_at is not None and self.closes_at <= self.now

    @property
    def deadline(self) -> str:
        """Return the deadline as people of the round read it; empty: there is none."""
        return self._local(self.closes_at)

    @property
    def until(self) -> str:
        """Return the end of the grace, which is the deadline where there is none."""
        return self._local(self.due_at or self.closes_at)

    @property
    def late(self) -> str:
        """Return how long ago the deadline was."""
        return span(self.now - self.closes_at) if self.closes_at else ""

    @property
    def signature(self) -> str:
        """Return who writes."""
        return prose(self.organisation.name, self.organisation.department)

    @property
    def contact(self) -> str:
        """Return whom to ask: what the policy names of person, telephone and e-mail."""
        named = self.organisation
        return " ".join(part for part in (named.contact, named.phone, named.email) if part)

    def _local(self, at: datetime | None) -> str:
        if at is None:
            return ""
        zone = _("北京时间") if self.time_zone == "Asia/Shanghai" else self.time_zone
        return _("{time}（{zone}）").format(time=day_time(at, self.time_zone), zone=zone)


def span(length: timedelta) -> str:
    """Return a length of time in days and hours; less than an hour is said so."""
    hours = length // HOUR
    if hours < 1:
        return _("不到 1 小时")
    days, rest = divmod(hours, HOURS_OF_A_DAY)
    if days and rest:
        return _("{days} 天 {hours} 小时").format(days=days, hours=rest)
    return _("{days} 天").format(days=days) if days else _("{hours} 小时").format(hours=rest)


def write(kind: str, about: About, **values: object) -> Written:
    """Write a letter of one kind, in the language in force; a value that the template needs and misses is an error."""
    text = text_environment(HERE).get_template(f"{kind}.j2").render(about=about, **values)
    subject, _end, body = text.strip().partition("\n")
    return Written(subject, re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n")
