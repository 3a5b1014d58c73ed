"""What a reviewer types into a score sheet: marks and comments, each checked where it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from forms.characters import UNSEEN
from rules.policies import Criterion
from rules.sheets import DECIMALS, Written
from rules.texts import Text, _

LONGEST_MARK, LONGEST_COMMENT, LONGEST_REASON = 40, 2000, 1000

PLAIN: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?")
WIDE: Final = re.compile("[\uff10-\uff19\uff0e\u3002]")


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet as typed: ``written`` keeps everything, ``marks`` has what is sound, ``faults`` says of the others.

    ``missing`` are the criteria without a mark: no fault in a draft.
    """

    written: Mapping[str, Written]
    marks: Mapping[str, Decimal]
    faults: Mapping[str, Text]
    missing: tuple[str, ...]


def read(typed: Mapping[str, str], criteria: Sequence[Criterion]) -> SheetRead:
    """Read a sheet from fields ``mark.<criterion>`` and ``comment.<criterion>``."""
    written: dict[str, Written] = {}
    marks: dict[str, Decimal] = {}
    faults: dict[str, Text] = {}
    for c in criteria:
        mark = typed.get(f"mark.{c.key}", "").strip()[:LONGEST_MARK]
        comment = typed.get(f"comment.{c.key}", "").replace("\r\n", "\n").strip()
        written[c.key] = Written(mark, comment[: 2 * LONGEST_COMMENT])
        fault = _fault(mark, c) or _of_comment(comment)
        if fault:
            faults[c.key] = fault
        elif mark:
            marks[c.key] = Decimal(mark)
    return SheetRead(written, marks, faults, tuple(c.key for c in criteria if not written[c.key].mark))


def complete(sheet: SheetRead, criteria: Sequence[Criterion]) -> Mapping[str, Text]:
    """Return what keeps a sheet from being filed, by criterion: every criterion needs a mark; blank is not zero."""
    blank = {key: Text(_("还没有评分；0 分也要写 0")) for key in sheet.missing}
    faults = {**sheet.faults, **blank}
    return {c.key: faults[c.key] for c in criteria if c.key in faults}


def reason(text: str) -> Text | None:
    """Return what is wrong with a reason; ``None``: nothing."""
    if not text.strip():
        return Text(_("请写明理由：它会记入留痕"))
    if len(text) > LONGEST_REASON:
        return Text(_("太长：最多 {limit} 个字"), {"limit": LONGEST_REASON})
    return _unseen(text)


def _fault(mark: str, criterion: Criterion) -> Text | None:
    """Return why a mark is none, and what would be right."""
    said = {"max": f"{criterion.max:f}"}
    if not mark:
        return None
    if WIDE.search(mark):
        return Text(_("请用半角数字，如 {max}"), said)
    if not PLAIN.fullmatch(mark):
        return Text(_("请写 0 到 {max} 的普通数字，如 7.5；不带正负号、空格或单位"), said)
    if Decimal(mark) > criterion.max:
        return Text(_("超过满分：最多 {max}"), said)
    return _off_scale(mark, criterion)


def _off_scale(mark: str, criterion: Criterion) -> Text | None:
    if criterion.step is not None:
        said = {"step": f"{criterion.step:f}", "max": f"{criterion.max:f}"}
        return Text(_("应为 {step} 的整数倍，最多 {max}"), said) if Decimal(mark) % criterion.step else None
    decimals = len(mark.partition(".")[2])
    return Text(_("最多 {n} 位小数"), {"n": DECIMALS}) if decimals > DECIMALS else None


def _of_comment(comment: str) -> Text | None:
    if len(comment) > LONGEST_COMMENT:
        return Text(_("评语太长：最多 {limit} 个字"), {"limit": LONGEST_COMMENT})
    return _unseen(comment)


def _unseen(text: str) -> Text | None:
    return Text(_("文字中有看不见的控制字符；请删去后重新输入")) if UNSEEN.search(text) else None
