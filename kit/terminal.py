"""Text for a terminal whose characters are one or two columns wide: broken into lines, set in columns.

Chinese is broken between any two characters, except before a closing mark or after an opening one; words and
numbers of other scripts stay whole as long as they fit.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells

GAP = 2
LEAST = 6
"""A column is not made narrower than this, however long the others are."""

NEVER_FIRST = frozenset("，。、；：！？）》」』】〕”’…—·,.;:!?)]}%")
NEVER_LAST = frozenset("（《「『【〔“‘([{")


def wrap(text: str, width: int) -> list[str]:
    """Return a text in lines of at most ``width`` columns; at least one line, and no blanks at their ends."""
    return [line for part in text.split("\n") for line in _lines(part, width)]


def _lines(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for atom in _atoms(text):
        if cell_len(line) + cell_len(atom.rstrip()) <= width:
            line += atom
            continue
        if line.strip():
            lines.append(line.rstrip())
        *whole, line = chop_cells(atom.lstrip(), width) or [""]
        lines += whole
    return [*lines, line.rstrip()]


def _atoms(text: str) -> Iterator[str]:
    """Yield the pieces of a text that are not broken, each with the blanks that follow it."""
    start = 0
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        if _may_break(before, after):
            yield text[start:place]
            start = place
    yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return before.isspace() or before == "/" or max(cell_len(before), cell_len(after)) > 1


def table(rows: Sequence[Sequence[str]], headings: Sequence[str], *, width: int, right: Sequence[bool]) -> list[str]:
    """Return a table in lines of at most ``width`` columns: the headings first; ``right`` aligns numbers."""
    everything = [headings, *rows]
    columns = range(len(headings))
    natural = [max(cell_len(row[n]) for row in everything) for n in columns]
    whole = [max(cell_len(atom.rstrip()) for row in everything for atom in _atoms(row[n])) for n in columns]
    widths = _widths(natural, whole, width)
    lines: list[str] = []
    for row in everything:
        cells = [wrap(cell, widths[n]) for n, cell in enumerate(row)]
        for number in range(max(map(len, cells))):
            parts = [cell[number] if number < len(cell) else "" for cell in cells]
            padded = [_padded(part, widths[n], right=right[n]) for n, part in enumerate(parts)]
            lines.append((" " * GAP).join(padded).rstrip())
    return lines


def _widths(natural: Sequence[int], whole: Sequence[int], width: int) -> list[int]:
    """Return the columns' widths: those give way first that lose least, far above the width of their longest piece."""
    widths = list(natural)
    room = width - GAP * (len(widths) - 1)
    while sum(widths) > room and (spare := [(w - whole[n], w, n) for n, w in enumerate(widths) if w > LEAST]):
        widths[max(spare)[2]] -= 1
    return widths


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


def definitions(pairs: Sequence[tuple[str, str]], *, width: int, indent: int = 2, most: int = 30) -> list[str]:
    """Return terms with their explanations beside them; a term longer than ``most`` columns has a line of its own."""
    longest = max((n for term, _said in pairs if (n := cell_len(term)) <= most), default=most)
    margin = " " * (indent + longest + GAP)
    lines: list[str] = []
    for term, said in pairs:
        first, *rest = wrap(said, width - len(margin))
        if cell_len(term) > longest:
            lines += [f"{' ' * indent}{term}", f"{margin}{first}".rstrip()]
        else:
            lines.append(f"{' ' * indent}{_padded(term, longest, right=False)}{' ' * GAP}{first}".rstrip())
        lines += [f"{margin}{line}" for line in rest]
    return lines
