"""Chinese paragraphs broken into lines as a careful compositor would: flush on both sides, on a grid of cells.

A browser's line breaking leaves a ragged edge in Chinese text, because it stretches only spaces. Here the breaks of a
whole paragraph are chosen together: no line begins with a closing mark or ends with an opening one, marks that meet
are set closer, a mark that would not fit is squeezed in rather than carried over, the paragraph does not end in a line
of one character, and what is left over is spread between the characters. Lengths are in cells, one Chinese character
each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from markupsafe import Markup, escape

OPENING: Final = frozenset("（《「『【〔“‘〈")
CLOSING: Final = frozenset("，。、；：？！）》」』】〕”’〉")
NEVER_FIRST: Final = CLOSING | frozenset("…·％%‰℃～々〃")
JOINED: Final = frozenset({"——", "……"})
UNITS: Final = frozenset("年月日时分秒号个名人次份项倍位")
SOFT_LENGTH: Final = 24  # longer "words" (addresses, hashes) may be broken anywhere
GAP: Final = 0.06  # between Chinese and Latin text; more would look like a blank to programs that read the PDF
INNER_SQUEEZE: Final = 0.25  # what a mark inside a line may give up
NEVER: Final = 1e9
# Advance widths of Times and its metric twins, in thousandths of an em, for ! to ~.
_TIMES = (
    "333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 "
    "500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 "
    "722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 "
    "278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541"
)
ADVANCES: Final = dict(zip(map(chr, range(0x21, 0x7F)), (int(n) / 1000 for n in _TIMES.split()), strict=True))


@dataclass(frozen=True, slots=True)
class Grid:
    """A line: ``cells`` of ``pitch`` points each, set in type of ``size`` points; the first line is indented."""

    cells: int = 28
    pitch: float = 15.78
    size: float = 16
    indent: int = 2

    def latin(self, word: str) -> float:
        """Return the width of Latin letters and digits."""
        return sum(ADVANCES.get(c, 0.5) for c in word) * self.size / self.pitch


class Token(NamedTuple):
    """What is never broken: one Chinese character, a Latin word, or a blank."""

    text: str
    kind: str  # "chinese", "latin", "blank"


class Line(NamedTuple):
    """Tokens from ``first`` up to ``end``; each gap is stretched, each mark squeezed by so many cells."""

    first: int
    end: int
    stretch: float = 0
    squeeze: float = 0
    trim: float = 0


def paragraph(text: str, grid: Grid) -> Markup:
    """Return the text as HTML lines, escaped; a plain line break in it is only a blank."""
    found = _Paragraph(_tokens(" ".join(text.split())), grid)
    return Markup("<br>").join(found.html(line) for line in found.lines())


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    for kind, part in _runs(text):
        if (kind == "latin" and len(part) <= SOFT_LENGTH) or (kind == "chinese" and part in JOINED):
            tokens.append(Token(part, kind))
        else:
            tokens.extend(Token(c, kind) for c in part)
    return tokens


def _runs(text: str) -> Iterator[tuple[str, str]]:
    start = 0
    for end in range(1, len(text) + 1):
        kind = _kind(text[start])
        goes_on = end < len(text) and _kind(text[end]) == kind
        if goes_on and (kind == "latin" or text[start : end + 1] in JOINED):
            continue
        yield kind, text[start:end]
        start = end


def _kind(character: str) -> str:
    if character == " ":
        return "blank"
    return "latin" if character < "\u0250" and character not in "·×÷±°" else "chinese"


class _Paragraph:
    """The tokens of a paragraph with their widths, and the search for the best lines."""

    def __init__(self, tokens: Sequence[Token], grid: Grid) -> None:
        self.tokens, self.grid = tokens, grid

    @cached_property
    def overlap_after(self) -> list[float]:
        """What a closing mark gives up because another mark follows."""
        pairs = zip(self.tokens, [*self.tokens[1:], Token("", "")], strict=True)
        return [0.5 if a.text in CLOSING and b.text in CLOSING | OPENING else 0.0 for a, b in pairs]

    @cached_property
    def overlap_before(self) -> list[float]:
        """What an opening mark gives up because another opening mark comes before it."""
        pairs = zip([Token("", ""), *self.tokens], self.tokens, strict=False)
        return [0.5 if a.text in OPENING and b.text in OPENING else 0.0 for a, b in pairs]

    @cached_property
    def leads(self) -> list[float]:
        """The gap before each token where Chinese and Latin text meet."""
        pairs = zip([Token("", ""), *self.tokens], self.tokens, strict=False)
        return [GAP if {a.kind, b.kind} == {"chinese", "latin"} and not _marks(a, b) else 0.0 for a, b in pairs]

    @cached_property
    def widths(self) -> list[float]:
        """The width of each token without gaps and overlaps."""
        return [self._width(t) for t in self.tokens]

    def _width(self, token: Token) -> float:
        if token.kind == "chinese":
            return len(token.text)
        return 0.25 if token.kind == "blank" else self.grid.latin(token.text)

    @cached_property
    def _reach(self) -> list[float]:
        steps = zip(self.widths, self.leads, self.overlap_before, self.overlap_after, strict=True)
        return [0, *accumulate(w + lead - before - after for w, lead, before, after in steps)]

    @cached_property
    def _chinese(self) -> list[int]:
        return [0, *accumulate(t.kind == "chinese" for t in self.tokens)]

    @cached_property
    def _squeezable(self) -> list[int]:
        marks = (CLOSING | OPENING) - frozenset("？！")
        free = zip(self.tokens, self.overlap_after, self.overlap_before, strict=True)
        return [0, *accumulate(t.text in marks and not a and not b for t, a, b in free)]

    def lines(self) -> list[Line]:
        """Return the lines whose costs together are least."""
        count = len(self.tokens)
        best: list[tuple[float, Line | None]] = [(0, None)] + [(NEVER * 10, None)] * count
        for end in range(1, count + 1):
            penalty = self._penalty(end)
            if penalty >= NEVER:
                continue
            for first in self._possible_starts(end):
                line, cost = self._fit(first, end)
                total = best[first][0] + cost + penalty
                if total < best[end][0]:
                    best[end] = (total, line)
        return self._traced(best)

    def _possible_starts(self, end: int) -> Iterator[int]:
        """Return where a line up to ``end`` may begin: neither absurdly short nor too long to be squeezed."""
        reach, cells = self._reach, self.grid.cells
        shortest = 0 if end == len(self.tokens) else cells * 0.4
        for first in range(end - 1, -1, -1):
            length = reach[end] - reach[first]
            if length > cells * 1.25 and first < end - 1:
                return
            if length >= shortest or first == 0:
                yield first

    @staticmethod
    def _traced(best: Sequence[tuple[float, Line | None]]) -> list[Line]:
        lines, line = [], best[-1][1]
        while line:
            lines.append(line)
            line = best[line.first][1]
        return lines[::-1]

    def _penalty(self, end: int) -> float:
        """Return what it costs to break before token ``end``."""
        if end == len(self.tokens):
            return 0
        before, after = self.tokens[end - 1], self.tokens[end]
        if after.text[0] in NEVER_FIRST or before.text in OPENING or after.kind == "blank":
            return NEVER
        if before.kind == after.kind == "latin":  # inside a long address or hash
            return 0.2 if before.text in "@./-_:?=&" or self._is_code(end) else 2
        return 1.0 if before.kind == "latin" and after.text in UNITS else 0

    def _is_code(self, end: int) -> bool:
        """Tell whether the characters around a place are those of a hash, which has no syllables."""
        around = "".join(t.text for t in self.tokens[max(end - 6, 0) : end + 6])
        return set(around) <= set("0123456789abcdef")

    def _fit(self, first: int, end: int) -> tuple[Line, float]:
        room = self.grid.cells - (self.grid.indent if first == 0 else 0)
        last, final = self.tokens[end - 1], end == len(self.tokens)
        tail = self._reach[end] + self.overlap_after[end - 1] - (self.widths[end - 1] if last.kind == "blank" else 0)
        spare = room - (tail - self._reach[first] - self.leads[first] + self.overlap_before[first])
        if spare < 0:
            return self._squeezed(first, end, -spare)
        if final:
            lonely = end - first < 3 and first > 0 and self._chinese[end] - self._chinese[first] == end - first  # noqa: PLR2004 - a character and its full stop
            return Line(first, end), 20.0 if lonely else 0.0
        gaps = self._chinese[end] - self._chinese[first] - (last.kind == "chinese")
        stretch = spare / max(gaps, 1)
        return Line(first, end, stretch=stretch), (stretch * 30) ** 2

    def _squeezed(self, first: int, end: int, needed: float) -> tuple[Line, float]:
        """Return the line with its last mark trimmed first and the other marks squeezed for the rest."""
        trim = min(needed, 0.5) if self.tokens[end - 1].text in CLOSING else 0.0
        inner = first + (self.tokens[first].text in OPENING)  # an opening mark at the edge keeps its width
        marks = self._squeezable[end - bool(trim)] - self._squeezable[inner]
        squeeze = (needed - trim) / marks if marks else needed - trim
        cost = trim + (squeeze * 4) ** 2 if squeeze <= (INNER_SQUEEZE if marks else 1e-6) else NEVER + needed
        return Line(first, end, squeeze=squeeze if marks else 0, trim=trim), cost

    def html(self, line: Line) -> Markup:
        """Return one line as HTML."""
        parts: list[Markup] = []
        for k in range(line.first, line.end):
            left, right = self._margins(k, line)
            parts.append(self._piece(self.tokens[k], left, right))
        spacing = self.grid.pitch - self.grid.size + line.stretch * self.grid.pitch
        return Markup('<span style="letter-spacing:{}pt">{}</span>').format(_number(spacing), Markup().join(parts))

    def _margins(self, k: int, line: Line) -> tuple[float, float]:
        """Return what is added before and after a token; negative if it is narrower than its width."""
        token = self.tokens[k]
        left = 0.0 if k == line.first else self.leads[k] - self.overlap_before[k]
        right = -line.trim if k == line.end - 1 else -self.overlap_after[k]
        if self._squeezable[k + 1] > self._squeezable[k]:
            if token.text in OPENING and k > line.first:
                left -= line.squeeze
            elif token.text in CLOSING and k < line.end - 1:
                right -= line.squeeze
        return left, right

    def _piece(self, token: Token, left: float, right: float) -> Markup:
        """Return a token as HTML; a mark that gives up some of its width comes from the half-width face."""
        rules = ["letter-spacing:0"] if token.kind != "chinese" else []
        if left < 0 or right < 0:
            rules.append("font-family:Half")
            left, right = left + (left < 0) / 2, right + (right < 0) / 2
        rules += [
            f"margin-{side}:{_number(by * self.grid.pitch)}pt" for side, by in (("left", left), ("right", right)) if by
        ]
        if not rules:
            return escape(token.text)
        return Markup('<span style="{}">{}</span>').format(";".join(rules), token.text)


def _marks(first: Token, second: Token) -> bool:
    return bool({first.text, second.text} & (CLOSING | OPENING))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if round(value, 3) else "0"
