"""From a template and its values to a paper that ``kit.pdf`` can set, in the house style."""

from datetime import datetime
from functools import cache
from pathlib import Path

from kit.pdf import Paper

HERE = Path(__file__).parent
BASE = "documents.css"


@cache
def style(path: Path) -> str:
    """Return the text of a style sheet, read once."""
    return path.read_text(encoding="utf-8")


def paper(html: str, *, title: str, issued: datetime, author: str = "", styles: tuple[Path, ...] = ()) -> Paper:
    """Return a paper in the base style, with further style sheets after it."""
    sheets = tuple(style(path) for path in (HERE / BASE, *styles))
    return Paper(html=html, css=sheets, title=title, issued=issued, author=author)
