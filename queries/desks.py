"""One score sheet on its reviewer's desk: what stands on it, and whether it may be written on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.sheets import Declaration, Sheet
from models.stages import Stage
from queries.inboxes import Chair, standing
from rules import course, records
from rules.policies import ReviewTerms
from rules.sheets import State, Written
from rules.texts import Text, _


@dataclass(frozen=True, slots=True)
class Desk:
    """One sheet on its reviewer's desk, with all that decides what may be done with it."""

    chair: Chair
    stage: Stage
    terms: ReviewTerms
    candidate: records.Person
    taken_away: bool
    left: bool
    conflict: Text | None
    declaration: Declaration | None
    sheet: Sheet | None
    marks: Mapping[str, records.Mark]

    @property
    def state(self) -> State:
        """Return where the sheet stands."""
        if self.sheet is not None and self.sheet.state == "returned":
            return State.RETURNED
        filled = sum(m.mark is not None for key, m in self.marks.items() if key in self.criteria)
        declined = any(m.status != "scored" for m in self.marks.values())
        return standing(self.sheet.state if self.sheet else "", filled, len(self.criteria), declined=declined)

    @property
    def status(self) -> str:
        """Return what the filed marks say: ``scored``, ``abstained``, ``recused``; ``scored`` when there are none."""
        return next((m.status for m in self.marks.values() if m.status != "scored"), "scored")

    @property
    def criteria(self) -> tuple[str, ...]:
        """Return the keys of the criteria."""
        return tuple(c.key for c in self.terms.criteria)

    @property
    def version(self) -> int:
        """Return the number of the latest save; 0: none."""
        return self.sheet.version if self.sheet else 0

    def written(self) -> dict[str, Written]:
        """Return what stands on the sheet by criterion: what counts once it is filed, till then what was saved last."""
        saved = entries_of(self.sheet) if self.sheet else {}
        counts = {key: _as_written(mark) for key, mark in self.marks.items()}
        there = {**saved, **counts} if self.state is State.FILED else {**counts, **saved}
        return {key: there.get(key, Written()) for key in self.criteria}

    def shut(self, *, now: datetime, filed: bool = False) -> Text | None:
        """Return why nothing may be written on the sheet now; ``None``: it may.

        ``filed``: whether a sheet that is filed may be given back to its reviewer.
        """
        the_round, stage = self.chair.the_round, self.stage
        name = {"name": course.said(stage.name)}
        overdue = stage.due_at is not None and stage.due_at < now
        reasons = (
            (the_round.state != "running", Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code})),
            (self.declaration is None and not filed, Text(_("请先申报利害关系，再打开评分表"))),
            (self.taken_away, Text(_("这份评分表已改由其他评委完成，不能再填写"))),
            (stage.state == "pending", Text(_("“{name}”还没有开放，不能评分"), name)),
            (stage.state != "open" or overdue, Text(_("“{name}”已经截止，不能再评分"), name)),
            (self.left, Text(_("候选人已不在本环节，这份评分表不再需要"))),
            (self.state is State.FILED and not filed, Text(_("这份评分表已经提交并锁定；确需改动的，请申请更正"))),
        )
        return next((why for holds, why in reasons if holds), None)


def _as_written(mark: records.Mark) -> Written:
    return Written("" if mark.mark is None else f"{mark.mark:f}", mark.comment or "")


def entries_of(sheet: Sheet) -> dict[str, Written]:
    """Return what was saved on a sheet."""
    return {key: Written(*pair) for key, pair in json.loads(sheet.entries).items()}
