"""Strengths and place in the field: the criteria as a radar (or bars), each component on a scale with everyone's."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kit.i18n import gettext as _
from reports.arithmetic import fraction, rounded
from reports.candidate_result.view import CandidateResult
from reports.charts import places
from reports.charts.places import Place, Scale
from reports.charts.radar import Axis, Radar, drawable, radar
from reports.field import FINAL, FLOOR, Field, Spread, criteria_of, criterion_key
from reports.words import component
from rules.stages import KINDS


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: the person's mean and everyone's median, 0–100; ``at`` for a bar.

    ``span``: how many rows the stage's name covers, 0 below its first.
    """

    stage: str
    span: int
    name: str
    value: str
    median: str
    at: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Strengths:
    """All criteria that were judged; a radar if there are neither too few nor too many."""

    rows: tuple[Criterion, ...]
    radar: Radar | None
    compared: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One component against the field; ``at`` is missing for a group that is too small."""

    name: str
    own: str
    count: int
    median: str
    quartiles: str
    below: str
    at: Place | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The rows on one scale; ``small`` if some group was too small to be described."""

    rows: tuple[Row, ...]
    scale: Scale
    small: bool
    floor: int = FLOOR


def strengths(view: CandidateResult) -> Strengths | None:
    """Return the criteria of every sheet that counted, in the order of the stages."""
    found = list(_criteria(view))
    if not found:
        return None
    axes = [axis for _stage, axis in found]
    rows = [
        Criterion(
            stage,
            0 if n and found[n - 1][0] == stage else sum(other == stage for other, _axis in found),
            axis.name,
            rounded(axis.value, 1),
            "—" if axis.median is None else rounded(axis.median, 1),
            (rounded(axis.value * 2, 2), "" if axis.median is None else rounded(axis.median * 2, 2)),
        )
        for n, (stage, axis) in enumerate(found)
    ]
    drawn = radar(axes) if drawable(axes) else None
    return Strengths(tuple(rows), drawn, any(axis.median is not None for axis in axes))


def _criteria(view: CandidateResult) -> Iterator[tuple[str, Axis]]:
    own = criteria_of(view.entry)
    for stage in view.policy.stages:
        for criterion in getattr(stage.terms, "criteria", ()):
            key = criterion_key(stage.key, criterion.key)
            if key in own and criterion.weight:
                spread = view.field.spread(key)
                yield stage.name, Axis(criterion.name, own[key], spread.median if spread else None)


def standing(view: CandidateResult) -> Standing | None:
    """Return each component and the final score against everyone's, on one scale."""
    values = {key: fraction(value) for key, value in view.entry.components.items()}
    if not values:
        return None
    order = [key for stage in view.policy.stages for key in KINDS[stage.kind].components(stage) if key in values]
    if view.entry.final is not None:
        values[FINAL] = fraction(view.entry.final)
        order.append(FINAL)
    spreads = {key: spread for key in order if (spread := view.field.spread(key))}
    ends = [s.low for s in spreads.values()] + [values[key] for key in spreads]
    scale = places.scale(ends)
    rows = [_row(view, key, values[key], spreads.get(key), scale) for key in order]
    return Standing(tuple(rows), scale, small=len(spreads) < len(order))


def _row(view: CandidateResult, key: str, own: Fraction, spread: Spread | None, scale: Scale) -> Row:
    digits, field = view.policy.rounding.digits, view.field
    name = _("综合成绩") if key == FINAL else component(view.policy, key)
    if spread is None:
        return Row(name, rounded(own, digits), field.count(key), "—", "—", "—", None)
    quartiles = f"{rounded(spread.lower, digits)}～{rounded(spread.upper, digits)}"
    at = places.place(scale, spread, own)
    median = rounded(spread.median, digits)
    return Row(name, rounded(own, digits), spread.size, median, quartiles, _below(field, key, own), at)


def _below(field: Field, key: str, own: Fraction) -> str:
    return f"{field.percent_below(key, own)}%"
