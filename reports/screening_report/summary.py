"""The screening in numbers: by business line and by rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from kit.i18n import gettext as _
from kit.jinja import day
from reports.arithmetic import rounded
from reports.internal.blocks import Body, Cell, Column, Fact, Row, Table, row, table
from reports.marks import WORDS, word
from reports.requirements import requirement, rule_name, rules_of
from reports.screening_report.view import Judged, ScreeningReport, Standing

NUMBER = 17.0  # millimetres


def facts(view: ScreeningReport) -> list[Fact]:
    """Return what was screened, under which policy, as of which day."""
    policy = view.policy
    return [
        Fact(_("竞聘岗位"), policy.post.name),
        Fact(_("竞聘方案"), _("{code}　第{version}版").format(code=policy.code, version=policy.version)),
        Fact(_("记录截止日"), day(policy.as_of)),
        Fact(_("审查条件"), _("{count}项").format(count=len(rules_of(policy)))),
    ]


def figures(view: ScreeningReport) -> list[Fact]:
    """Return the numbers that stand out."""
    counts = _Counts(view.people)
    lines = sum(heads > 0 for heads in view.heads.values())
    return [
        Fact(_("审查人数"), str(counts.everybody), _("{count}条业务线").format(count=lines)),
        Fact(_("符合资格"), str(counts.eligible), counts.share),
        Fact(_("其中特殊通道"), str(counts.special), _("只放宽工龄")),
        Fact(_("不符合"), str(counts.ineligible), _("其中{count}人到期可符合").format(count=counts.later)),
        Fact(_("记录不全"), str(counts.open), _("无法判断，须人工核实")),
    ]


class _Counts:
    """How many of some people stand where."""

    def __init__(self, people: Sequence[Judged]) -> None:
        standings = Counter(one.standing for one in people)
        self.everybody = len(people)
        self.eligible, self.open = standings[Standing.ELIGIBLE], standings[Standing.OPEN]
        self.ineligible = standings[Standing.INELIGIBLE]
        self.special = sum(one.screened.channel == "special" for one in people)
        self.later = sum(one.screened.qualifies_on is not None for one in people)

    @property
    def share(self) -> str:
        return _share(self.eligible, self.everybody)

    def row(self, name: str) -> Row:
        standard = self.eligible - self.special
        numbers = (self.everybody, self.eligible, standard, self.special, self.ineligible, self.later, self.open)
        texts = [str(number) for number in numbers]
        return row(name, *texts[:2], self.share, *texts[2:])


def by_line(view: ScreeningReport) -> Table:
    """Return who stands where, line by line."""
    heads = (
        _("人数"),
        _("符合资格"),
        _("占比"),
        _("标准条件"),
        _("特殊通道"),
        _("不符合"),
        _("到期可符合"),
        _("记录不全"),
    )
    columns = (Column(_("业务线")), *(Column(head, NUMBER, numeric=True) for head in heads))
    rows = [_Counts(_of_line(view, key)).row(name) for key, name in view.policy.lines.items()]
    return Table(columns, (Body(tuple(rows)), Body((_total(_Counts(view.people)),))))


def _total(counts: _Counts) -> Row:
    return tuple(Cell(cell.text, "sum") for cell in counts.row(_("合计")))


def _of_line(view: ScreeningReport, line: str) -> list[Judged]:
    return [one for one in view.people if one.person.business_line == line]


def by_rule(view: ScreeningReport) -> Table:
    """Return how each rule judged, and how many people it alone kept out."""
    heads = (*(word(verdict) for verdict in WORDS), _("只差此项"))
    columns = (Column(_("条件"), 22), Column(_("要求")), *(Column(head, NUMBER, numeric=True) for head in heads))
    return table(columns, _rule_rows(view))


def _rule_rows(view: ScreeningReport) -> Iterator[Row]:
    found = Counter((v.rule, v.verdict) for one in view.people for v in one.screened.verdicts)
    alone = Counter(missed[0] for one in view.people if len(missed := _missed(one)) == 1)
    for rule in rules_of(view.policy):
        numbers = [*(found[rule, verdict] for verdict in WORDS), alone[rule]]
        yield row(rule_name(rule), requirement(view.policy, rule), *map(str, numbers))


def _missed(one: Judged) -> list[str]:
    return [v.rule for v in one.screened.verdicts if v.verdict in {"fail", "unknown"}]


def seats(view: ScreeningReport) -> Table:
    """Return the seats of each line."""
    everybody = sum(view.heads.values())
    columns = (
        Column(_("业务线")),
        *(Column(text, 28, numeric=True) for text in (_("人数"), _("人数占比"), _("名额"), _("符合资格"))),
    )
    eligible = Counter(one.person.business_line for one in view.people if one.screened.eligible)
    rows = [
        row(
            name,
            str(heads := view.heads.get(line, 0)),
            _share(heads, everybody),
            str(view.seats.get(line, 0)),
            str(eligible[line]),
        )
        for line, name in view.policy.lines.items()
    ]
    numbers = (str(everybody), _share(everybody, everybody), str(sum(view.seats.values())), str(eligible.total()))
    total = tuple(Cell(text, "sum") for text in (_("合计"), *numbers))
    return Table(columns, (Body(tuple(rows)), Body((total,))))


def _share(part: int, whole: int) -> str:
    return f"{rounded(Fraction(100 * part, whole), 1)}%" if whole else "—"
