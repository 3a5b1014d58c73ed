"""What the cells of a table refer to: people, reviewers, and the lines, stages, criteria and sessions of the policy."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from forms.cells import CellError, known, no_such, too_much
from forms.columns import Column, Spec
from rules.policies import Criterion, Policy, ReviewTerms, TrainingTerms
from rules.records import Mark
from rules.texts import Text, _, enumerated

RowCheck = Callable[[Any], tuple[str, CellError] | None]
"""Looks at a whole row; returns the column and what is wrong with it."""

Link = tuple[Text, Collection[Any]]
"""What is said of a value that is not among those that there are."""


def linked(
    spec: Spec,
    *,
    people: Collection[str] | None,
    policy: Policy | None,
    reviewers: Collection[str] | None,
) -> list[Column]:
    """Return the columns of a table; where it is known what a cell may refer to, nothing else is read from it."""
    links = _to_people(spec, people, reviewers)
    if policy is not None:
        links |= _to_policy(spec, policy)
    return [c._replace(read=known(c.read, *links[c.name])) if c.name in links else c for c in spec.columns]


def _to_people(spec: Spec, people: Collection[str] | None, reviewers: Collection[str] | None) -> dict[str, Link]:
    links: dict[str, Link] = {}
    if people is not None and spec.strangers_are_faults:
        links["staff_no"] = (Text(_("名册（people.csv）中没有这个工号")), people)
    if reviewers is not None and spec.name in {"marks", "panels"}:
        links["reviewer_no"] = (no_such(Text(_("评委")), reviewers), reviewers)
    return links


def _to_policy(spec: Spec, policy: Policy) -> dict[str, Link]:
    if spec.name == "people":
        return {"business_line": (no_such(Text(_("业务线")), policy.lines), policy.lines)}
    if spec.name in {"marks", "panels"}:
        reviewed = [s.key for s in policy.stages if isinstance(s.terms, ReviewTerms)]
        return {"stage": (no_such(Text(_("评审环节")), reviewed), reviewed)}
    training = training_of(policy)
    if training and spec.name == "attendance":
        sessions = range(1, training.sessions + 1)
        return {"session": (no_such(Text(_("培训场次")), sessions), sessions)}
    if training and spec.name == "exam":
        return {"area": (no_such(Text(_("考试科目")), training.areas), training.areas)}
    return {}


def training_of(policy: Policy) -> TrainingTerms | None:
    """Return the terms of the policy's training, if it has any; without it attendance and exam are not used."""
    return next((s.terms for s in policy.stages if isinstance(s.terms, TrainingTerms)), None)


def foreign_stages(spec: Spec, policy: Policy | None) -> Callable[[str], bool] | None:
    """Return what tells the stages that the policy does not have: their rows are ignored, unchecked."""
    if spec.name not in {"marks", "panels"} or policy is None:
        return None
    stages = {s.key for s in policy.stages}
    return lambda cell: cell not in stages and cell.strip() not in stages | {""}


def row_check(spec: Spec, policy: Policy | None) -> RowCheck | None:
    """Return what looks at several cells of a row at once, for the tables that need it."""
    return _fits_criterion(policy) if policy is not None and spec.name == "marks" else None


def _fits_criterion(policy: Policy) -> RowCheck:
    known: Mapping[tuple[str, str], Criterion] = {
        (s.key, c.key): c for s in policy.stages if isinstance(s.terms, ReviewTerms) for c in s.terms.criteria
    }

    def look(row: Mark) -> tuple[str, CellError] | None:
        criterion = known.get((row.stage, row.criterion))
        if criterion is None:
            there = enumerated(c for s, c in known if s == row.stage)
            return "criterion", CellError(Text(_("这一环节没有这个评分项；有：{known}"), {"known": there}))
        if row.mark is not None and row.mark > criterion.max:
            return "mark", too_much(criterion.max)
        if row.mark is not None and criterion.step and row.mark % criterion.step:
            return "mark", CellError(Text(_("应为 {step} 的整数倍"), {"step": f"{criterion.step:f}"}))
        return None

    return look
