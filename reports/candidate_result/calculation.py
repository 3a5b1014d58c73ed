"""The final score as on paper, and how level people were told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kit.i18n import gettext, prose, say
from kit.i18n import gettext as _
from kit.jinja import day, joined
from reports import arithmetic
from reports.arithmetic import column, shown
from reports.candidate_result.view import CandidateResult
from reports.words import METHODS, component, percent
from rules.policies import Policy
from rules.ranking import TENURE


@dataclass(frozen=True, slots=True)
class Line:
    """One component: weight × score = product."""

    name: str
    weight: str
    value: str
    product: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """The lines, their sum, and what rounding makes of it (nothing to say if it changes nothing).

    ``left_out``: the components that decided who went on, but do not count here.
    """

    lines: tuple[Line, ...]
    total: str
    rounding: str
    final: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TieStep:
    """One step of the chain: what was compared, the person's value, and whether it told people apart."""

    name: str
    value: str
    after: str


def calculation(view: CandidateResult) -> Calculation | None:
    """Return the calculation of the final score, if there is one."""
    made = written_out(view.policy, view.entry.final, view.entry.working)
    if made is None:
        return None
    left_out = [key for key in view.entry.components if key not in view.policy.final.weights]
    return replace(made, left_out=tuple(component(view.policy, key) for key in left_out))


def written_out(policy: Policy, final: Decimal | None, working: Mapping[str, Any]) -> Calculation | None:
    """Return how a final score came about; ``None`` when there is none."""
    if final is None or not working:
        return None
    terms, digits = working["terms"], policy.rounding.digits
    products = column([*(t["product"] for t in terms), working["sum"]], least=digits)
    lines = [
        Line(component(policy, t["component"]), percent(Decimal(t["weight"])), t["value"], product)
        for t, product in zip(terms, products, strict=False)
    ]
    said = f"{final:f}"
    rounding = "" if shown(working["sum"], least=digits) == said else arithmetic.rounding(policy.rounding)
    return Calculation(tuple(lines), products[-1], rounding, said)


def ranking(view: CandidateResult) -> list[str]:
    """Return how the rank came about and what it meant for the seats, in sentences."""
    if view.entry.rank is None:
        return []
    return list(filter(None, [prose(_shared_out(view), _in_line(view)), prose(*map(say, view.unused)), _level(view)]))


def _shared_out(view: CandidateResult) -> str:
    """Return how the seats came to the lines: what is needed to share them out once more."""
    contest, quota = view.contest, view.policy.quota
    if len(view.shares) == 1:
        return _("共{seats}个名额。").format(seats=contest.all_seats)
    lines = [_("{line}{heads}人{seats}个").format(line=line, heads=n, seats=seats) for line, n, seats in view.shares]
    text = _("{all_seats}个名额按各业务线人数以{method}分配：{lines}。")
    if quota.minimum:
        text = _("{all_seats}个名额按各业务线人数以{method}分配，每条业务线至少{minimum}个：{lines}。")
    method = gettext(METHODS[quota.method])
    return text.format(all_seats=contest.all_seats, method=method, minimum=quota.minimum, lines=joined(lines))


def _in_line(view: CandidateResult) -> str:
    contest = view.contest
    text = _("{line}有{ranked}人进入排名，您列第{line_rank}名。")
    if contest.line_level:
        text = _("{line}有{ranked}人进入排名，您并列第{line_rank}名。")
    return text.format(line=view.line, ranked=contest.ranked, line_rank=contest.line_rank)


def _level(view: CandidateResult) -> str:
    if view.tie is None:
        return _("没有人与您的综合成绩相同。")
    others = _("与您综合成绩相同的另有{others}人，").format(others=view.tie.others)
    return prose(others, _chain(view, view.policy.final.tie_break))


def _chain(view: CandidateResult, chain: tuple[str, ...]) -> str:
    if not chain:
        return _("方案没有规定同分时的比较项目，名次并列。")
    names = joined([component(view.policy, by) for by in chain])
    return _("依次比较{names}：").format(names=names)


def tie_steps(view: CandidateResult) -> list[TieStep]:
    """Return the steps of the chain until nobody is level any more."""
    steps: list[TieStep] = []
    for by, level, ahead in view.tie.steps if view.tie else ():
        steps.append(TieStep(component(view.policy, by), _compared(view, by), _after(view, level, ahead)))
        if not level:
            break
    return steps


def _after(view: CandidateResult, level: int, ahead: int) -> str:
    if level:
        return _("仍有{count}人与您相同").format(count=level)
    if not ahead:
        return _("分出先后，您在前")
    others = view.tie.others if view.tie else 0
    return _("分出先后，您在后") if ahead == others else _("分出先后，{ahead}人在您前面").format(ahead=ahead)


def _compared(view: CandidateResult, by: str) -> str:
    if by != TENURE:
        return f"{view.entry.components[by]:f}"
    hired_on = view.entry.person.hired_on
    return _("{day}入职").format(day=day(hired_on)) if hired_on else _("没有入职日期")
