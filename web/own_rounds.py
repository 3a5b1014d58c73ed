"""A round as one candidate may see it: their own verdicts, application, files and requests, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.applications import Application, Handover
from models.hearings import Hearing
from models.rounds import Round
from models.stages import Stage
from queries import handovers
from queries import own_rounds as queries
from queries import rounds as all_rounds
from queries.own_rounds import Own
from rules import course, disclosure
from rules import handovers as law
from rules.handovers import Step
from rules.policies import Policy
from rules.screening import Screened
from rules.texts import RuleError, Text, _
from web.faults import NotFoundError
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class OwnRound:
    """One's own side of a round; ``outcome`` is what one may know of it by now, ``confirmed`` that it was read."""

    the_round: Round
    policy: Policy
    steps: Sequence[Stage]
    staff_no: str
    now: datetime
    screened: Screened | None
    application: Application | None
    outcome: str | None
    versions: Sequence[Handover]
    hearings: Sequence[Hearing]
    confirmed: bool

    def step(self, key: str) -> Stage:
        """Return a step by its key."""
        return next(s for s in self.steps if s.key == key)

    @property
    def published(self) -> bool:
        """Return whether the result is public."""
        return disclosure.published([(s.key, s.state) for s in self.steps])

    @property
    def applied(self) -> bool:
        """Return whether an application stands."""
        return self.application is not None and self.application.status == "submitted"

    @property
    def took_part(self) -> bool:
        """Return whether there is a result of one's own to read once it is public."""
        return self.application is not None

    @property
    def is_in(self) -> bool:
        """Return whether one is still in, as far as one may know."""
        return self.applied and self.outcome is None

    @property
    def zone(self) -> str:
        """Return the round's time zone."""
        return self.the_round.time_zone

    @property
    def current(self) -> Stage | None:
        """Return the first step that is not done."""
        return next((s for s in self.steps if s.state != "done"), None)

    @property
    def may_apply(self) -> bool:
        """Return whether one can apply, or take the application back, by a click now."""
        step = self.step(course.APPLICATIONS)
        try:
            law.require_applications(
                Step(step.state, step.closes_at, step.due_at),
                opens_at=step.opens_at or self.the_round.launched_at,
                now=self.now,
            )
        except RuleError:
            return False
        return self.the_round.state == "running"

    def may_hand_in(self, slot: str) -> bool:
        """Return whether files of a slot are taken now."""
        applications, review = handovers.steps(self.steps, self.policy)
        returned = any(v.state == "returned" for v in self.versions if v.slot == slot)
        running = self.the_round.state == "running"
        return running and law.may_hand_in(applications, review, returned=returned, now=self.now)

    def slot(self, key: str, *states: str) -> Handover | None:
        """Return the latest version of a slot in one of some states."""
        mine = [v for v in self.versions if v.slot == key and v.state in states]
        return mine[-1] if mine else None

    def returned(self) -> list[str]:
        """Return the slots that wait for a correction and can be corrected."""
        return [s for s in self.policy.applications.materials if self.slot(s, "returned") and self.may_hand_in(s)]

    def missing(self) -> list[str]:
        """Return the slots of which nothing stands and that are still open."""
        slots = self.policy.applications.materials
        return [s for s in slots if not self.slot(s, "handed_in", "returned") and self.may_hand_in(s)]


def own_round(visit: Visit, code: str) -> OwnRound:
    """Return a round as whoever asks may see it.

    :raises NotFoundError: when there is none, or it is a rehearsal or a replay, which concern nobody.
    """
    the_round = visit.round_of(code)
    if the_round.mode != course.LIVE:
        raise NotFoundError(Text(_("没有编号为“{code}”的竞聘轮次"), {"code": code}))
    return of_round(visit, the_round)


def of_round(visit: Visit, the_round: Round) -> OwnRound:
    """Return one's own side of a round."""
    return of_rounds(visit, [the_round])[0]


def of_rounds(visit: Visit, some: Sequence[Round]) -> list[OwnRound]:
    """Return one's own side of some rounds, in as many questions to the database as of one."""
    staff_no = own_number(visit)
    found = queries.of_person(visit.session, staff_no=staff_no, round_ids=[r.id for r in some])
    return [_own(visit, staff_no, the_round, found) for the_round in some]


def _own(visit: Visit, staff_no: str, the_round: Round, found: Own) -> OwnRound:
    policy, steps = visit.policy_of(the_round), found.steps[the_round.id]
    return OwnRound(
        the_round=the_round,
        policy=policy,
        steps=steps,
        staff_no=staff_no,
        now=visit.now,
        screened=found.screened.get(the_round.id),
        application=found.applications.get(the_round.id),
        outcome=disclosure.disclosed(
            found.outcomes.get(the_round.id),
            steps=[(s.key, s.state) for s in steps],
            stage_keys=[s.key for s in policy.stages],
        ),
        versions=found.versions.get(the_round.id, []),
        hearings=found.hearings.get(the_round.id, []),
        confirmed=any((the_round.id, s.generation) in found.confirmed for s in steps if s.key == course.NOTICE),
    )


def own_number(visit: Visit) -> str:
    """Return the staff number of whoever asks.

    :raises RuleError: when the account stands for nobody in the directory.
    """
    if not visit.me.staff_no:
        raise RuleError(Text(_("您的账号没有对应的工号，不能参加竞聘；请系统管理员补上工号")))
    return visit.me.staff_no


def live_rounds(visit: Visit) -> list[tuple[Round, Stage | None]]:
    """Return the rounds that people take part in, newest first, with where each stands."""
    return [(r, step) for r, step in all_rounds.all_rounds(visit.session) if r.mode == course.LIVE]
