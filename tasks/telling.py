"""Whom each kind of step waits for, and what they are told: when it opens, and on the rungs of the ladder."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

from actions import panels
from actions.outbox import Letter
from kit.i18n import gettext
from messages.letters import Late
from queries import panels as seated
from queries import reminders
from queries.panels import Holder, Seat
from queries.reminders import Contact
from rules.policies import Audience, ReviewTerms
from rules.stages import KINDS as STAGE_KINDS
from rules.texts import Text, _
from tasks.occasions import Occasion

CLOCK: Final = "clock"
"""Who acts when a deadline does."""


class Telling(Protocol):
    """What is told at one kind of step."""

    def opened(self, occasion: Occasion) -> Iterable[Letter]:
        """Tell that the step is open, to whoever has not been told."""
        ...

    def changed(self, occasion: Occasion) -> Iterable[Letter]:
        """Tell what has changed for somebody since the step opened."""
        ...

    def rung(self, occasion: Occasion, number: int, to: frozenset[Audience]) -> Iterable[Letter]:
        """Carry out a rung of the ladder; ``number`` tells its letters from those of other rungs."""
        ...


class Applications:
    """Applications wait for people who may apply; whether they do is theirs to decide."""

    def opened(self, _occasion: Occasion) -> Iterable[Letter]:
        """Tell nobody: the launch notice calls for applications."""
        return ()

    def changed(self, _occasion: Occasion) -> Iterable[Letter]:
        """Tell nobody: nothing changes."""
        return ()

    def rung(self, occasion: Occasion, number: int, to: frozenset[Audience]) -> Iterator[Letter]:
        """Remind those who may apply and have not; tell HR how many they are."""
        missing = reminders.not_applied(occasion.session, round_id=occasion.the_round.id)
        if Audience.WAITING in to:
            for person in missing:
                key = occasion.key(number, "applicant", person.staff_no)
                yield from _to_person(occasion, "reminder_applicant", person, key=key, kind="reminder")
        if missing and to - {Audience.WAITING}:
            numbers = {
                "applied": reminders.applicants(occasion.session, round_id=occasion.the_round.id),
                "missing": len(missing),
                "unreachable": sum(not person.email for person in missing),
            }
            yield from occasion.to_hr("hr_applications", key=occasion.key(number), kind="late", **numbers)


class Assessed:
    """A stage whose results HR enters: candidates are told that it is open, HR what is missing."""

    def opened(self, occasion: Occasion) -> Iterator[Letter]:
        """Tell the candidates who are still in."""
        for person in reminders.candidates(occasion.session, round_id=occasion.the_round.id):
            key = occasion.key("opened", "candidate", person.staff_no, deadline=False)
            yield from _to_person(occasion, "opened_candidate", person, key=key, kind="opened")

    def changed(self, _occasion: Occasion) -> Iterable[Letter]:
        """Tell nobody: nothing changes."""
        return ()

    def rung(self, occasion: Occasion, number: int, _to: frozenset[Audience]) -> Iterator[Letter]:
        """Tell HR, whomever the rung speaks to: nobody else can do anything."""
        round_id = occasion.the_round.id
        if missing := reminders.without_exam(occasion.session, round_id=round_id):
            numbers = {"candidates": len(reminders.candidates(occasion.session, round_id=round_id)), "missing": missing}
            yield from occasion.to_hr("hr_results", key=occasion.key(number), kind="late", **numbers)


class Reviewed(Assessed):
    """A stage of a panel: its reviewers are reminded, HR reads who is late, and in the end substitutes step in."""

    def opened(self, occasion: Occasion) -> Iterator[Letter]:
        """Tell the candidates, and the reviewers of their sheets; who takes sheets over is told of that instead."""
        yield from super().opened(occasion)
        taken_over = {h.to_no for h in reminders.handed_over(occasion.session, stage=occasion.stage)}
        for holder in _holders(occasion):
            if holder.seat.reviewer_no not in taken_over:
                key = occasion.key("opened", "reviewer", holder.seat.reviewer_no, deadline=False)
                yield from _to_holder(occasion, "opened_reviewer", holder, key=key, kind="opened")

    def changed(self, occasion: Occasion) -> Iterator[Letter]:
        """Tell both reviewers where sheets changed hands, whoever did it; HR too, if it was the clock."""
        seats = seated.seats(occasion.session, round_id=occasion.the_round.id)
        for one in reminders.handed_over(occasion.session, stage=occasion.stage):
            giver, taker = seats[one.from_no], seats[one.to_no]
            key = occasion.key("handed over", one.number, deadline=False)
            said: dict[str, Any] = {"kind": "handed over", "sheets": one.sheets}
            yield from _to_seat(occasion, "taken_from", giver, key=f"{key}/from", other=taker.name, **said)
            yield from _to_seat(occasion, "taken_over", taker, key=f"{key}/to", other=giver.name, **said)
            if one.actor == CLOCK:
                said |= {"name": giver.name, "other": taker.name}
                yield from occasion.to_hr("hr_handed_over", key=key, **said)

    def rung(self, occasion: Occasion, number: int, to: frozenset[Audience]) -> Iterator[Letter]:
        """Let substitutes step in, remind who is still late, and tell HR who that is and where nobody can step in."""
        if not seated.panels(occasion.session, round_id=occasion.the_round.id, stage=occasion.stage.key):
            yield from occasion.to_hr("hr_no_panel", key=occasion.key(number), kind="late")
        before = {h.seat.reviewer_no for h in _holders(occasion)}
        stuck = _step_in(occasion) if Audience.SUBSTITUTE in to else {}
        late = [h for h in _holders(occasion) if h.seat.reviewer_no in before]
        if Audience.WAITING in to:
            for holder in late:
                key = occasion.key(number, "reviewer", holder.seat.reviewer_no)
                yield from _to_holder(occasion, "reminder_reviewer", holder, key=key, kind="reminder")
        if late and (Audience.HR in to or stuck or not all(h.seat.email for h in late)):
            named = [_late(holder, stuck.get(holder.seat.reviewer_no)) for holder in late]
            yield from occasion.to_hr("hr_reviewers", key=occasion.key(number), kind="late", late=named)


KINDS: Final[Mapping[str, Telling]] = {
    "applications": Applications(),
    **dict.fromkeys(STAGE_KINDS, Assessed()),
    "review": Reviewed(),
}
"""The kinds of steps at which anything is told; a kind of stage that has nothing of its own is assessed."""


def _holders(occasion: Occasion) -> list[Holder]:
    terms: ReviewTerms = next(s.terms for s in occasion.policy.stages if s.key == occasion.stage.key)
    return seated.holders(occasion.session, stage=occasion.stage, criteria=[c.key for c in terms.criteria])


def _late(holder: Holder, stuck: Text | None) -> Late:
    return Late(holder.seat.name, len(holder.staff_nos), reachable=bool(holder.seat.email), stuck=stuck)


def _step_in(occasion: Occasion) -> dict[str, Text]:
    """Hand the open sheets of everyone who is late to their substitutes; return why for whom nobody can step in."""
    seats = seated.seats(occasion.session, round_id=occasion.the_round.id)
    holders = _holders(occasion)
    late = {h.seat.reviewer_no for h in holders}
    stuck: dict[str, Text] = {}
    for holder in holders:
        substitute = seats.get(holder.seat.substitute_no or "")
        if substitute is None:
            stuck[holder.seat.reviewer_no] = Text(_("没有指定替补"))
        elif substitute.reviewer_no in late:
            stuck[holder.seat.reviewer_no] = Text(_("替补{name}自己也没有完成"), {"name": substitute.name})
        elif against := _objections(occasion, holder, substitute):
            said = {"name": substitute.name, "n": against}
            stuck[holder.seat.reviewer_no] = Text(_("替补{name}须回避其中 {n} 位候选人，或已在评审他们"), said)
        else:
            _hand_over(occasion, holder, substitute)
    return stuck


def _objections(occasion: Occasion, holder: Holder, substitute: Seat) -> int:
    found = seated.objections(occasion.session, stage=occasion.stage, seat=substitute, staff_nos=holder.staff_nos)
    return len(found)


def _hand_over(occasion: Occasion, holder: Holder, substitute: Seat) -> None:
    panels.replace(
        occasion.session,
        the_round=occasion.the_round,
        stage=occasion.stage,
        reviewer_no=holder.seat.reviewer_no,
        by_no=substitute.reviewer_no,
        reason=gettext(_("逾期未完成，按竞聘方案改由替补完成")),
        terms=occasion.terms(CLOCK),
    )


def _to_holder(occasion: Occasion, template: str, holder: Holder, *, key: str, kind: str) -> Iterator[Letter]:
    yield from _to_seat(occasion, template, holder.seat, key=key, kind=kind, sheets=len(holder.staff_nos))


def _to_seat(
    occasion: Occasion, template: str, seat: Seat, *, key: str, kind: str, **values: object
) -> Iterator[Letter]:
    contact = Contact(seat.staff_no or seat.reviewer_no, seat.name, seat.email)
    yield from _to_person(occasion, template, contact, key=key, kind=kind, **values)


def _to_person(
    occasion: Occasion, template: str, person: Contact, *, key: str, kind: str, **values: object
) -> Iterator[Letter]:
    """Write to somebody who has an address and has not been told; HR reads of those who have none."""
    if person.email and not occasion.has_told(key):
        values["name"] = person.name
        yield occasion.letter(template, key=key, kind=kind, to=person.staff_no, address=person.email, **values)
