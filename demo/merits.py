"""What the records say of people: ratings, indicators, incidents, honours, certificates. Ability shows in all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from demo.chance import bell, day, falls, stream, within
from demo.people import TODAY, Member
from rules.dates import add_months
from rules.periods import parse
from rules.records import Certificate, Honour, Incident, Kpi, Personnel, Rating

HALF_YEARS: Final = ("2024H2", "2025H1", "2025H2", "2026H1")
QUARTERS: Final = ("2026Q1", "2026Q2", "2026Q3")
STEPS: Final = ((1.9, "S"), (0.8, "A"), (-0.7, "B+"), (-1.6, "B"), (-2.4, "C"))
"""From which merit a rating is given; below the last: D."""

ON_LEAVE: Final = "L"
CEREMONIES: Final = (date(2024, 6, 28), date(2024, 12, 27), date(2025, 6, 27), date(2025, 12, 26), date(2026, 6, 26))
"""When the title 服务之星 is awarded; the first lies outside the policy's 24 months."""

MINOR: Final = (
    "工单备注漏填客户诉求，回访时发现",
    "转接前未告知客户等待时间，被抽检扣分",
    "未按时回拨，客户二次来电催办",
    "套餐说明口径有误，当日已致电更正",
    "通话中静默超过规定时长",
)
MAJOR: Final = (
    "与客户争执，引发升级投诉",
    "未核验身份即告知账户信息",
    "错误承诺全额退款，造成赔付",
    "故障高峰期擅自下线，影响接通率",
)


def personnel(members: Sequence[Member], seed: int) -> Personnel:
    """Return everything that screening may need, by staff number."""
    rows = {
        part: [row for m in members for row in draw(m, stream(seed, f"{part} {m.person.staff_no}"))]
        for part, draw in DRAWN.items()
    }
    return Personnel(people=[m.person for m in members], **rows)


def _since(member: Member) -> date:
    return member.person.hired_on or date(2024, 1, 1)


def _ratings(member: Member, chance: Random) -> Iterator[Rating]:
    """Yield a rating for each half-year of which the person saw the better part."""
    for period in HALF_YEARS:
        merit = 0.9 * member.ability + 0.55 * bell(chance) + 0.1
        rating: str | None = next((r for least, r in STEPS if merit >= least), "D")
        if falls(chance, 0.03):
            rating = ON_LEAVE
        elif falls(chance, 0.008):
            rating = None  # never handed in
        if _since(member) < parse(period).last - timedelta(days=90):
            yield Rating(member.person.staff_no, period, rating)


def _kpis(member: Member, chance: Random) -> Iterator[Kpi]:
    """Yield complaints in a thousand contacts and satisfied customers in a hundred, for each full quarter."""
    no, usual = member.person.staff_no, 0.06 * bell(chance)
    for period in QUARTERS:
        complaints = within(0.42 - 0.11 * member.ability + usual + 0.07 * bell(chance), 0.02, 3)
        satisfied = within(91.6 + 1.9 * member.ability + 0.9 * bell(chance), 60, 99.9)
        if _since(member) < parse(period).last - timedelta(days=90):
            yield Kpi(no, period, "complaint_rate", _decimal(complaints, 2))
            yield Kpi(no, period, "satisfaction", _decimal(satisfied, 1))


def _decimal(value: float, digits: int) -> Decimal:
    return Decimal(f"{value:.{digits}f}")


def _incidents(member: Member, chance: Random) -> Iterator[Incident]:
    for severity, share, what in (("minor", 0.09, MINOR), ("major", 0.07, MAJOR)):
        happened = day(chance, date(2024, 10, 1), TODAY)
        description = chance.choice(what)
        if falls(chance, within(share - 0.03 * member.ability, 0.005, 0.3)) and happened > _since(member):
            yield Incident(member.person.staff_no, happened, severity, description)


def _honours(member: Member, chance: Random) -> Iterator[Honour]:
    for awarded in CEREMONIES:
        if falls(chance, within(0.02 + 0.05 * member.ability, 0, 1)) and _since(member) < awarded - timedelta(days=120):
            yield Honour(member.person.staff_no, "服务之星", awarded)
    if falls(chance, 0.05) and _since(member) > date(2025, 1, 1):
        yield Honour(member.person.staff_no, "优秀新人", _since(member) + timedelta(days=90))


def _certificates(member: Member, chance: Random) -> Iterator[Certificate]:
    """Yield certificates, most of which hold for three years; some have run out, some do not run out."""
    no = member.person.staff_no
    for kind, share in (("CCMP", 0.07), ("COPC", 0.03)):
        issued = day(chance, date(2021, 6, 1), date(2026, 8, 31))
        number = f"{kind}-{issued.year}-{chance.randrange(100, 10_000):05d}"
        ends = None if falls(chance, 0.15) else add_months(issued, 36) - timedelta(days=1)
        if falls(chance, within(share + 0.04 * member.ability, 0.01, 1)):
            yield Certificate(no, kind, number, issued, ends)


DRAWN: Final[Mapping[str, Callable[[Member, Random], Iterator[Any]]]] = {
    "ratings": _ratings,
    "incidents": _incidents,
    "honours": _honours,
    "certificates": _certificates,
    "kpis": _kpis,
}
