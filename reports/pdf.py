"""From a template and its values to a paper that ``kit.pdf`` can set, in the house style."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from kit.i18n import language
from kit.pdf import Attached, Paper

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


def with_files(made: Paper, files: Iterable[Attached]) -> Paper:
    """Return a paper with files inside."""
    return replace(made, attachments=tuple(files))


def language_tag() -> str:
    """Return the language in force as documents name it."""
    return "zh-CN" if language() == "zh" else language()
