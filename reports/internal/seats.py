"""How seats were shared out, step by step, from the working of ``rules.seats``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kit.i18n import gettext, prose
from reports.arithmetic import fraction, shown
from reports.internal.blocks import Cell, Column, Row, Table, row, table
from rules.policies import Policy, SeatMethod
from rules.texts import _

Step = Mapping[str, Any]
ABREAST: Final = 6
"""With more lines than these, only the two largest quotients of a step are shown."""

FIRST, LAST = 10, 20
"""What is shown of the steps of a long sharing; the file inside the document has them all."""

METHODS: Final = {
    SeatMethod.SAINTE_LAGUE: _(
        "名额逐个分配，每个给“人数÷除数”之商最大的业务线；除数依次为1、3、5……，即已得名额的2倍加1。"
    ),
    SeatMethod.DHONDT: _("名额逐个分配，每个给“人数÷除数”之商最大的业务线；除数依次为1、2、3……，即已得名额加1。"),
    SeatMethod.LARGEST_REMAINDER: _(
        "各业务线的份额为名额×人数÷总人数；先得份额的整数部分，余下的名额按小数部分从大到小各得1个。"
    ),
}


def method(policy: Policy) -> str:
    """Return how the policy's method works, with the minimum and what decides between level lines."""
    quota = policy.quota
    least = ""
    if quota.minimum and quota.method is SeatMethod.LARGEST_REMAINDER:
        least = gettext("份额不足{count}个的业务线得{count}个，其余名额在其余业务线之间重新计算。")
    elif quota.minimum:
        least = gettext("有人员的业务线先各得{count}个，计入已得名额。")
    ties = gettext("相同的，人数多者先得；人数也相同的，“{code}:业务线代码”的SHA-256值小者先得。")
    return prose(gettext(METHODS[quota.method]), least.format(count=quota.minimum), ties.format(code=policy.code))


def tables(policy: Policy, heads: Mapping[str, int], working: Sequence[Step], *, rest_in: str = "") -> list[Table]:
    """Return the steps as tables: one for a divisor method, one for each round of largest remainder.

    ``rest_in`` names a file that has all steps: then the middle of a long sharing is left out.
    """
    if any("quotas" in step for step in working):
        rounds = len(working)
        return [_quotas(policy, heads, step, number, rounds) for number, step in enumerate(working, 1)]
    if not working:
        return []
    made = _abreast if len(heads) <= ABREAST else _two_best
    columns, rows = made(policy, heads, working)
    return [table(columns, _shortened(rows, len(columns), rest_in) if rest_in else rows)]


def _name(policy: Policy, line: str) -> str:
    return policy.lines.get(line, line)


def _quotas(policy: Policy, heads: Mapping[str, int], step: Step, number: int, rounds: int) -> Table:
    title = gettext("第{number}轮").format(number=number) if rounds > 1 else ""
    columns = (
        Column(gettext("业务线")),
        *(
            Column(text, 28, numeric=True)
            for text in (gettext("人数"), gettext("份额"), gettext("余数"), gettext("名额"))
        ),
    )
    return table(columns, _quota_rows(policy, heads, step), title=title)


def _quota_rows(policy: Policy, heads: Mapping[str, int], step: Step) -> Iterator[Row]:
    given = step.get("minimum") or step["seats"]
    for line, quota in step["quotas"].items():
        exact = fraction(quota)
        whole = exact.numerator // exact.denominator
        seats = given.get(line)
        more = seats is not None and seats > whole
        rest = "" if "minimum" in step else shown(exact - whole)
        yield (
            *row(_name(policy, line), str(heads[line]), shown(exact)),
            Cell(rest, "strong" if more else ""),
            Cell(gettext("下一轮计算") if seats is None else str(seats), "strong" if more else ""),
        )


Grid = tuple[Sequence[Column], Sequence[Row]]


def _abreast(policy: Policy, heads: Mapping[str, int], working: Sequence[Step]) -> Grid:
    lines = [line for line in heads if heads[line]]
    columns = (
        Column(gettext("名额"), 24),
        *(Column(_name(policy, line), 0, numeric=True, sub=_people(heads[line])) for line in lines),
        Column(gettext("归属"), 52),
    )
    return columns, [*_minimum(policy, working, lines), *_quotients(policy, heads, working, lines)]


def _people(count: int) -> str:
    return gettext("{count}人").format(count=count)


def _minimum(policy: Policy, working: Sequence[Step], lines: Sequence[str]) -> Iterator[Row]:
    given = {step["line"]: step["minimum"] for step in working if "minimum" in step}
    if given:
        count = gettext("第1至{last}个").format(last=sum(given.values()))
        each = (gettext("保底{count}个").format(count=given[line]) if line in given else "" for line in lines)
        names = gettext("每条业务线") if len(given) > 1 else _name(policy, next(iter(given)))
        yield row(count, *each, names)


def _quotients(
    policy: Policy, heads: Mapping[str, int], working: Sequence[Step], lines: Sequence[str]
) -> Iterator[Row]:
    for step in working:
        if "seat" in step:
            best = step["line"]
            divided = (
                Cell(_divided(heads[line], step["quotients"][line]), "strong" if line == best else "") for line in lines
            )
            yield Cell(_number(step)), *divided, Cell(_name(policy, best), "strong", _tie(heads, step))


def _number(step: Step) -> str:
    return gettext("第{number}个").format(number=step["seat"])


def _divided(heads: int, quotient: str) -> str:
    """Return ``168÷3=56``; the divisor follows from the exact quotient."""
    return f"{heads}÷{shown(heads / fraction(quotient))}={shown(quotient)}"


def _tie(heads: Mapping[str, int], step: Step) -> str:
    others = [line for line in step["level"] if line != step["line"]]
    if not others:
        return ""
    if all(heads[line] < heads[step["line"]] for line in others):
        return gettext("商相同，人数多")
    return gettext("商和人数相同，SHA-256值小")


def _two_best(policy: Policy, heads: Mapping[str, int], working: Sequence[Step]) -> Grid:
    columns = (
        Column(gettext("名额"), 24),
        Column(gettext("归属")),
        Column(gettext("最大的商"), 36, numeric=True),
        Column(gettext("其次")),
        Column(gettext("其次的商"), 36, numeric=True),
    )
    lines = [line for line in heads if heads[line]]
    given = [(*r[:1], Cell(r[-1].text), Cell("—"), Cell(""), Cell("")) for r in _minimum(policy, working, lines)]
    return columns, [*given, *_best_two(policy, heads, working)]


def _best_two(policy: Policy, heads: Mapping[str, int], working: Sequence[Step]) -> Iterator[Row]:
    for step in working:
        if "seat" in step:
            best, quotients = step["line"], step["quotients"]
            second = max((line for line in quotients if line != best), key=lambda line: fraction(quotients[line]))
            yield (
                Cell(_number(step)),
                Cell(_name(policy, best), "strong", _tie(heads, step)),
                Cell(_divided(heads[best], quotients[best]), "strong"),
                *row(_name(policy, second), _divided(heads[second], quotients[second])),
            )


def _shortened(rows: Sequence[Row], width: int, rest_in: str) -> list[Row]:
    left_out = len(rows) - FIRST - LAST
    if left_out <= 0:
        return list(rows)
    text = gettext("……中间{count}步的计算见本文件内附的{name}……").format(count=left_out, name=rest_in)
    return [*rows[:FIRST], (Cell(text, "soft", span=width),), *rows[-LAST:]]
