"""What every page of a round shows around its own matter: title, state, steps, the ways to its other pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kit.i18n import say
from kit.jinja import day
from models.changes import Hold, Proposal
from models.hearings import Hearing
from models.rounds import Round
from models.stages import Stage
from queries import changes, hearings, panels, stages
from rules import course, outcomes
from rules.access import Act
from rules.hearings import OBJECTION
from rules.policies import Policy, ReviewTerms, StagePolicy
from rules.texts import Text, _
from web.faults import NotFoundError
from web.visit import Visit


class Tab(NamedTuple):
    """A way to one of the round's pages: the act that opens it, the path below the round's, what it is called."""

    act: Act
    path: str
    word: str
    kind: str = ""


TABS: Final[tuple[Tab, ...]] = (
    Tab(Act.SEE_ROUND, "", _("进度")),
    Tab(Act.SEE_ROUND, "/panels", _("评委分组"), "review"),
    Tab(Act.SEE_ROUND, "/attendance", _("考勤"), "training"),
    Tab(Act.SEE_ROUND, "/exam", _("考试成绩"), "training"),
    Tab(Act.SEE_RESULTS, "/decision", _("结果与审定")),
    Tab(Act.SEE_ROUND, "/materials", _("材料")),
    Tab(Act.SEE_ROUND, "/proposals", _("提议")),
    Tab(Act.SEE_ROUND, "/supplements", _("补充公告")),
    Tab(Act.SEE_ROUND, "/hearings", _("申请与异议")),
    Tab(Act.SEE_ROUND, "/timeline", _("时间线")),
    Tab(Act.SEE_DOCUMENTS, "/documents", _("文档")),
    Tab(Act.SEE_HISTORY, "/history", _("留痕")),
    Tab(Act.SEE_HISTORY, "/watch", _("监督")),
)
"""The pages of a round; ``kind``: only where the round has a stage of that kind."""


@dataclass(frozen=True)
class Frame:
    """A round as its pages show it; what a page does not ask for is not read."""

    visit: Visit
    the_round: Round

    @cached_property
    def steps(self) -> Sequence[Stage]:
        """Return the round's steps in order."""
        return stages.of_round(self.visit.session, round_id=self.the_round.id)

    @cached_property
    def at_hand(self) -> Stage | None:
        """Return the first step that is not done."""
        return next((s for s in self.steps if s.state != "done"), None)

    @cached_property
    def policy(self) -> Policy:
        """Return the policy that the round runs under."""
        return self.visit.policy_of(self.the_round)

    @cached_property
    def holds(self) -> Sequence[Hold]:
        """Return the candidates on hold."""
        return changes.on_hold(self.visit.session, round_id=self.the_round.id)

    @property
    def held(self) -> list[tuple[Hold, str]]:
        """Return the candidates on hold with their names."""
        people = panels.persons(self.visit.session, staff_nos={h.staff_no for h in self.holds})
        return [(h, people[h.staff_no].name if h.staff_no in people else "") for h in self.holds]

    @cached_property
    def objections(self) -> Sequence[Hearing]:
        """Return the objections that wait for an answer."""
        return hearings.of_round(self.visit.session, round_id=self.the_round.id, kind=OBJECTION, only_open=True)

    @cached_property
    def proposals(self) -> Sequence[Proposal]:
        """Return the proposals that wait for a second person."""
        return changes.proposals(self.visit.session, round_id=self.the_round.id, only_open=True)

    @property
    def zone(self) -> str:
        """Return the round's time zone."""
        return self.the_round.time_zone

    def day(self, at: datetime) -> str:
        """Return the day of an instant as people of the round read it, without the year."""
        return day(at.astimezone(ZoneInfo(self.zone)), year=False)

    def last_day(self, until: datetime) -> str:
        """Return the last day before an instant: midnight ends the day before."""
        return self.day(until - timedelta(microseconds=1))

    @property
    def path(self) -> str:
        """Return the address of the round's board."""
        return self.visit.url("board", code=self.the_round.code)

    def tabs(self) -> list[tuple[str, str]]:
        """Return the ways to the round's pages that whoever asks may open: address, word."""
        kinds = {s.kind for s in self.policy.stages} | {""}
        return [(self.path + t.path, t.word) for t in TABS if t.kind in kinds and self.visit.may(t.act)]

    def step(self, key: str) -> Stage:
        """Return a step by its key.

        :raises NotFoundError: when the round has none of this key.
        """
        found = next((s for s in self.steps if s.key == key), None)
        if found is None:
            raise NotFoundError(Text(_("本轮没有“{key}”这一环节"), {"key": key}))
        return found

    def terms_of(self, stage: Stage) -> StagePolicy | None:
        """Return what the policy says of a step; ``None`` for those that every round has."""
        return next((s for s in self.policy.stages if s.key == stage.key), None)

    def outcome(self, key: str | None) -> str:
        """Return an outcome in a word or two, in the language in force."""
        return say(outcomes.said(self.policy, key or ""))

    def review(self, key: str) -> tuple[Stage, ReviewTerms]:
        """Return a step of reviewers with its terms.

        :raises NotFoundError: when it is none.
        """
        stage = self.step(key)
        found = self.terms_of(stage)
        if found is None or not isinstance(found.terms, ReviewTerms):
            raise NotFoundError(Text(_("“{name}”不是由评委评分的环节"), {"name": course.said(stage.name)}))
        return stage, found.terms


def framed(visit: Visit, code: str) -> Frame:
    """Return the round of a code, for its pages."""
    return Frame(visit, visit.round_of(code))


def blocked(stage: Stage) -> Text | None:
    """Return why a step cannot go on; ``None`` when nothing stops it."""
    return blocked_by(stage.blocked) if stage.blocked else None


def blocked_by(kept: str) -> Text:
    """Return why a step could not go on, as it is kept."""
    return Text(**json.loads(kept))
