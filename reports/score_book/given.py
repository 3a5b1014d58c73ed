"""Who took the seats: line by line, and what became of those that a line could not fill."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.i18n import gettext as _
from kit.i18n import labelled
from kit.jinja import joined
from reports.internal.blocks import Body, Cell, Column, Row, Table, row
from reports.score_book.view import ScoreBook
from rules import unused_seats
from rules.unused_seats import Share, UnusedSeats

Part = Mapping[str, Any]
NUMBER = 15.0  # millimetres


def by_line(view: ScoreBook) -> Table:
    """Return the seats of each line and who took them."""
    heads = (_("人数"), _("参加"), _("进入排名"), _("名额"), _("入选"), _("待加试"), _("空余"))
    numbered = (Column(head, NUMBER, numeric=True) for head in heads)
    columns = (Column(_("业务线"), 34), *numbered, Column(_("按本线名次取得名额的人员")))
    lines = view.ranking.get("lines", {})
    numbers = {line: _numbers(view, line, part) for line, part in lines.items()}
    rows = [_line_row(view, line, numbers[line], lines[line]) for line in view.policy.lines if line in lines]
    sums = [str(sum(column)) for column in zip(*numbers.values(), strict=True)] if numbers else ["0"] * len(heads)
    total = tuple(Cell(text, "sum") for text in (_("合计"), *sums, ""))
    return Table(columns, (Body(tuple(rows)), Body((total,))), look="narrow")


def _numbers(view: ScoreBook, line: str, part: Part) -> list[int]:
    own = [entry for entry in view.entries if entry.person.business_line == line]
    taking_part = sum(entry.took_part for entry in own)
    ranked = sum(entry.rank is not None for entry in own)
    given = [part["seats"], len(part["selected"]), len(part["tied"]), part["unused"]]
    return [view.heads.get(line, 0), taking_part, ranked, *given]


def _line_row(view: ScoreBook, line: str, numbers: Sequence[int], part: Part) -> Row:
    name = view.policy.lines.get(line, line)
    return row(name, *map(str, numbers), _taken(view, part) or "—")


def _taken(view: ScoreBook, part: Part) -> str:
    """Return who took seats of a line and who is level over those that are left."""
    return _takers(view, Share("", part["seats"], tuple(part["selected"]), tuple(part["tied"]), part["held"]))


def _takers(view: ScoreBook, share: Share) -> str:
    texts = [_people(view, share.selected)] if share.selected else []
    if share.tied:
        text = _("{people}完全相同，保留{held}个名额待加试")
        texts.append(text.format(people=_people(view, share.tied), held=share.held))
    return _("；").join(texts)


def _people(view: ScoreBook, numbers: Sequence[str]) -> str:
    entries = [view.by_no[no] for no in numbers]
    return joined([_("{name}（第{rank}名）").format(name=e.person.name, rank=e.rank) for e in entries])


def unused(view: ScoreBook) -> list[str]:
    """Return in sentences what became of the seats that lines could not fill."""
    found = unused_seats.read(view.policy, view.ranking)
    if not found.seats:
        return [_("各业务线都没有空余的名额。")] if sum(view.seats.values()) else [_("本轮没有名额。")]
    rule = _(unused_seats.RULES[found.rule])
    if found.waits:
        return [rule, _("有人员待加试，空余的{count}个名额一并保留，加试后再定。").format(count=found.seats)]
    return [rule, *_reused(view, found)]


def _reused(view: ScoreBook, found: UnusedSeats) -> Iterator[str]:
    given = [_reused_by(view, share) for share in found.shares if share.selected or share.tied]
    if given:
        yield _("空余的{count}个名额：{given}。").format(count=found.seats, given=_("；").join(given))
    if found.vacant:
        yield _("{count}个名额没有人选，空缺。").format(count=found.vacant)


def _reused_by(view: ScoreBook, share: Share) -> str:
    """Return who took unused seats, after the line that they were shared out to, if they were."""
    if not share.line:
        return _takers(view, share)
    name = _("{line}{seats}个").format(line=view.policy.lines.get(share.line, share.line), seats=share.seats)
    return labelled(name, _takers(view, share))


def outcomes(view: ScoreBook) -> Counter[str]:
    """Return how many people have which outcome."""
    return Counter(entry.outcome for entry in view.entries)
