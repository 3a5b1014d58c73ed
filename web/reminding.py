"""Reminders that HR asks for with one click: to the reviewers, or to those who may apply and have not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from actions.outbox import Letter
from kit.i18n import in_language
from kit.settings import settings
from messages import letters
from messages.letters import About
from models.rounds import Round
from models.stages import Stage
from queries import outbox
from queries.boards import Workload
from queries.reminders import Contact
from rules.policies import Policy
from rules.texts import Text, _, enumerated

FEW: Final = 8


class Reminding(NamedTuple):
    """Letters to write; who is reminded, who was within this hour, and who has no address."""

    letters: list[Letter]
    reminded: list[str]
    already: list[str]
    unreachable: list[str]

    def said(self) -> Text:
        """Return who was reminded, and who was not and why."""
        parts = [
            Text(template, {"n": len(names), "who": _few(names)})
            for template, names in (
                (_("已提醒 {n} 人：{who}"), self.reminded),
                (_("这一小时内已经提醒过 {n} 人：{who}"), self.already),
                (_("{n} 人没有邮箱，请当面或电话提醒：{who}"), self.unreachable),
            )
            if names
        ]
        return Text("{parts}", {"parts": parts or [Text(_("没有需要提醒的人"))]})


def _few(names: Sequence[str]) -> Text:
    shown = enumerated(names[:FEW])
    return shown if len(names) <= FEW else Text(_("{names}……"), {"names": shown})


def of_reviewers(  # noqa: PLR0917 - what every reminder is made of
    the_round: Round, stage: Stage, policy: Policy, work: Sequence[Workload], told: frozenset[str], now: datetime
) -> Reminding:
    """Write to reviewers who still have sheets open."""
    open_ones = [w for w in work if w.open]
    people = [Contact(w.seat.staff_no or w.seat.reviewer_no, w.seat.name, w.seat.email) for w in open_ones]
    sheets = {p.staff_no: {"sheets": len(w.open)} for p, w in zip(people, open_ones, strict=True)}
    return _remind(the_round, stage, policy, "reminder_reviewer", people, sheets, told, now)


def of_applicants(  # noqa: PLR0917 - what every reminder is made of
    the_round: Round, stage: Stage, policy: Policy, people: Sequence[Contact], told: frozenset[str], now: datetime
) -> Reminding:
    """Write to those who may apply and have not."""
    return _remind(the_round, stage, policy, "reminder_applicant", people, {}, told, now)


def _remind(  # noqa: PLR0917 - private, and all of it is one thought
    the_round: Round,
    stage: Stage,
    policy: Policy,
    template: str,
    people: Sequence[Contact],
    values: dict[str, dict[str, int]],
    told: frozenset[str],
    now: datetime,
) -> Reminding:
    found = Reminding([], [], [], [])
    with in_language(settings().language):
        about = _about(the_round, stage, policy, now)
        for person in people:
            key = outbox.key(stage, "by hand", f"{now.astimezone(UTC):%Y-%m-%dT%H}", person.staff_no)
            if not person.email:
                found.unreachable.append(person.name)
            elif key in told:
                found.already.append(person.name)
            else:
                found.reminded.append(person.name)
                said = {"name": person.name, **values.get(person.staff_no, {})}
                found.letters.append(_letter(the_round, template, about, key, person, said))
    return found


def _letter(  # noqa: PLR0917 - private, and all of it is one thought
    the_round: Round, template: str, about: About, key: str, person: Contact, said: dict[str, object]
) -> Letter:
    written = letters.write(template, about, **said)
    return Letter(key, "reminder", person.staff_no, person.email or "", written.subject, written.body, the_round.id)


def _about(the_round: Round, stage: Stage, policy: Policy, now: datetime) -> About:
    return About(
        title=" ".join(the_round.title.split()),
        stage_name=stage.name,
        closes_at=stage.closes_at,
        due_at=stage.due_at,
        time_zone=the_round.time_zone,
        organisation=policy.organisation,
        now=now,
    )
