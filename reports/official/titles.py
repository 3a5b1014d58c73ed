"""A long title in lines of nearly equal length that do not cut words."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from typing import Final

from kit.i18n import gettext as _

WIDEST: Final = 19.0  # characters of the title's size in a line
CUT: Final = 40.0  # what cutting a word costs, in squared characters
WORDS: Final = re.compile(
    r"[0-9]+年?(?:第?[0-9一二三四]+季度)?|[A-Za-z0-9.+-]+|内部竞聘|公开竞聘|竞聘|关于|开展|拟任|人选|人员|任职|通知|公告|公示|结果|方案|管理|服务|客服|业务线"
)
NOTICES: Final = ("公告", "通知", "Notice", "Announcement")
"""How the title of a policy ends that names a notice already."""
NEVER_FIRST: Final = frozenset("，。、；：？！）》」』】〕”’的等")


def notice_title(title: str) -> str:
    """Return the title of the launch notice of a policy."""
    return title if title.endswith(NOTICES) else _("关于开展{title}的公告").format(title=title)


def title_lines(title: str, whole: Iterable[str] = ()) -> list[str]:
    """Return the title in as few lines as hold it, balanced; the last line is not the longest if that can be."""
    width = _width(title)
    if width <= WIDEST:
        return [title]
    count = int(-(-width // WIDEST))
    places = _places(title, whole)
    cuts = _best(title, count, places) or _best(title, count + 1, places)
    ends = [0, *cuts, len(title)]
    return [title[a:b].strip() for a, b in pairwise(ends)]


def _width(text: str) -> float:
    return sum(0.5 if c < "\u0250" else 1.0 for c in text)


def _places(title: str, whole: Iterable[str]) -> dict[int, float]:
    """Return every place where the title may be broken, with what that costs."""
    words = [m.span() for m in WORDS.finditer(title)]
    for word in filter(None, whole):
        words += [m.span() for m in re.finditer(re.escape(word), title)]
    cut = {place for start, end in words for place in range(start + 1, end)}
    return {p: CUT if p in cut else 0.0 for p in range(1, len(title)) if title[p] not in NEVER_FIRST}


def _best(title: str, count: int, places: dict[int, float]) -> Sequence[int]:
    """Return the cheapest places; candidates are those near the even division."""
    ideal = _width(title) / count
    near = [
        sorted(places, key=lambda p, k=k: abs(_width(title[:p]) - ideal * k) + places[p] / 8)[:12]  # type: ignore[misc]  # a lambda's default has no type
        for k in range(1, count)
    ]
    options = [cuts for cuts in product(*near) if all(a < b for a, b in pairwise(cuts))]
    return min(options, key=lambda cuts: _cost(title, cuts, places), default=())


def _cost(title: str, cuts: Sequence[int], places: dict[int, float]) -> float:
    widths = [_width(title[a:b]) for a, b in pairwise([0, *cuts, len(title)])]
    ideal = sum(widths) / len(widths)
    too_wide = sum(1000.0 for w in widths if w > WIDEST)
    return sum((w - ideal) ** 2 for w in widths) + sum(places[c] for c in cuts) + too_wide
