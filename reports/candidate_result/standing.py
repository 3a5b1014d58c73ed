"""Strengths and place in the field: the criteria as a radar (or bars), each component on a scale with everyone's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from kit.i18n import gettext as _
from kit.jinja import joined
from reports.arithmetic import fraction, rounded
from reports.candidate_result.medians import DIGITS, median
from reports.candidate_result.view import CandidateResult
from reports.charts import places
from reports.charts.places import Place, Scale
from reports.charts.radar import Axis, Radar, drawable, radar
from reports.field import FINAL, FLOOR, Field, Spread, areas_of, criteria_of, criterion_key
from reports.words import component, heading
from rules.stages import KINDS

NAMED: Final = 3
"""How many strong and how many weak points are named."""
NONE: Final = "—"


class Bar(NamedTuple):
    """One criterion as a bar from 0 to 100, with everyone's median as a mark on it."""

    name: str
    value: str
    median: str
    length: str
    mark: str


@dataclass(frozen=True, slots=True)
class Strengths:
    """All criteria that were judged: a radar if there are neither too few nor too many, else bars; and in words."""

    radar: Radar | None
    bars: tuple[Bar, ...]
    compared: bool
    sentences: tuple[tuple[str, str], ...]


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
    axes = list(_axes(view))
    if not axes:
        return None
    drawn = radar(axes) if drawable(axes) else None
    bars = () if drawn else tuple(map(_bar, axes))
    compared = any(axis.median is not None for axis in axes)
    return Strengths(drawn, bars, compared, tuple(_sentences(view)))


def _axes(view: CandidateResult) -> Iterator[Axis]:
    own = criteria_of(view.entry)
    for stage in view.policy.stages:
        for criterion in getattr(stage.terms, "criteria", ()):
            key = criterion_key(stage.key, criterion.key)
            if key in own and criterion.weight:
                spread = view.field.spread(key)
                yield Axis(criterion.name, own[key], spread.median if spread else None)


def _bar(axis: Axis) -> Bar:
    value = rounded(axis.value, DIGITS)
    if axis.median is None:
        return Bar(axis.name, value, NONE, value, "")
    middle = rounded(axis.median, DIGITS)
    return Bar(axis.name, value, middle, value, middle)


def _sentences(view: CandidateResult) -> Iterator[tuple[str, str]]:
    """Name what lies furthest above everyone's median, and furthest below."""
    found = list(_differences(view))
    above = sorted((d for d in found if d[1] > 0), key=lambda d: -d[1])[:NAMED]
    below = sorted((d for d in found if d[1] < 0), key=lambda d: d[1])[:NAMED]
    if above:
        yield _("相对较强"), _listed(above, _("{name}（高{by}）"))
    if below:
        yield _("可以提高"), _listed(below, _("{name}（低{by}）"))


def _listed(differences: Sequence[tuple[str, Decimal]], form: str) -> str:
    return joined([form.format(name=name, by=f"{abs(by):f}") for name, by in differences])


def _differences(view: CandidateResult) -> Iterator[tuple[str, Decimal]]:
    """Return how far the person lies from everyone's median, as the numbers in the grids say it."""
    own = {**criteria_of(view.entry), **areas_of(view.entry)}
    for stage in view.policy.stages:
        criteria = {c.key: c.name for c in getattr(stage.terms, "criteria", ()) if c.weight}
        areas = {key: heading(key) for key in getattr(stage.terms, "areas", ())}
        for key, name in (criteria | areas).items():
            found = criterion_key(stage.key, key)
            if found in own and (middle := median(view.field, found)):
                yield name, Decimal(rounded(own[found], DIGITS)) - Decimal(middle)


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
        return Row(name, rounded(own, digits), field.count(key), NONE, NONE, NONE, None)
    some = min(digits, DIGITS)
    quartiles = _("{low}～{high}").format(low=rounded(spread.lower, some), high=rounded(spread.upper, some))
    at, middle = places.place(scale, spread, own), rounded(spread.median, some)
    return Row(name, rounded(own, digits), spread.size, middle, quartiles, _below(field, key, own), at)


def _below(field: Field, key: str, own: Fraction) -> str:
    return f"{field.percent_below(key, own)}%"
