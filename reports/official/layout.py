"""The layout of GB/T 9704: a document's blocks as HTML, and the paper to render."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from kit.i18n import gettext as _
from kit.i18n import in_language, language
from kit.jinja import day, environment, numeral
from kit.pdf import Paper
from kit.typeset import Grid, paragraph
from reports import pdf
from reports.official.blocks import Block, Heading, Official, Paragraph, Table
from reports.official.titles import title_lines

HERE: Final = Path(__file__).parent
GRID: Final = Grid()
MARK_SIZE, TEXT_WIDTH = 42.0, 442.0  # points
DOT: Final = "·"
YEAR_BRACKETS: Final = re.compile(r"[\[(（【〔﹝]\s*(\d{4})\s*[\])）】〕﹞]")


def html(document: Official) -> str:
    """Return the document as HTML; pure."""
    with in_language(document.language):
        return _html(document)


def _html(document: Official) -> str:
    organisation = document.organisation
    mark = _mark(organisation.name)
    return (
        environment(HERE)
        .get_template("official.html")
        .render(
            lang="zh-CN" if document.language == "zh" else document.language,
            title=document.title,
            title_lines=title_lines(document.title, document.whole),
            organisation=organisation.name,
            mark=mark,
            mark_size=min(MARK_SIZE, TEXT_WIDTH / max(len(mark), 1)),
            number=issue_number(document.number),
            addressees=document.addressees,
            blocks=list(_blocks(document)),
            signature=_signature(document),
            date=day(document.issued_on),
            notes=[_set(note) for note in document.notes],
        )
    )


def paper(document: Official, *, time_zone: str) -> Paper:
    """Return the paper to render, dated at the start of the day of issue."""
    issued = datetime.combine(document.issued_on, time(), ZoneInfo(time_zone))
    styles = (HERE / "official.css",)
    author = document.organisation.name or document.organisation.department
    return pdf.paper(html(document), title=document.title, issued=issued, author=author, styles=styles)


def _mark(name: str) -> str:
    """Return the red head's words: the organisation and 文件."""
    return name if not name or name.endswith("文件") else _("{name}文件").format(name=name)


def issue_number(number: str) -> str:
    """Return 客服人〔2026〕12号 however it was typed: the standard's brackets around the year, and no blanks."""
    return "".join(YEAR_BRACKETS.sub(r"〔\1〕", number).split())


def _signature(document: Official) -> str:
    """Return who signs: the organisation of the red head, with its seal over the date."""
    organisation = document.organisation
    return organisation.name or organisation.department or _("（发布单位印章）")


def _set(text: str) -> Markup:
    """Return a paragraph in lines on the grid; in other languages than Chinese the lines break by themselves."""
    return paragraph(text, GRID) if language() == "zh" else escape(text)


def _unbroken(text: str) -> Markup:
    """Return a text whose lines break after a dot between names, never before it."""
    parts = [part + DOT for part in text.split(DOT)]
    parts[-1] = parts[-1].removesuffix(DOT)
    if len(parts) == 1:
        return escape(text)
    return Markup().join(Markup('<span class="whole">{}</span>').format(part) for part in parts)


def _blocks(document: Official) -> Iterator[dict[str, Any]]:
    first = second = tables = 0
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            first, second = first + 1, 0
        second += isinstance(block, Heading) and block.level > 1
        tables += isinstance(block, Table)
        yield {"kind": type(block).__name__, **_shown(block, first, second, tables)}


def _shown(block: Block, first: int, second: int, tables: int) -> dict[str, Any]:
    match block:
        case Heading(text=text, level=1):
            return {"level": 1, "text": _("{numeral}、{text}").format(numeral=numeral(first), text=text)}
        case Heading(text=text):
            return {"level": 2, "text": _("（{numeral}）{text}").format(numeral=numeral(second), text=text)}
        case Paragraph(text=text):
            return {"text": _set(text), "leads": text.endswith(("：", ":"))}
        case Table():
            title = _("表{number} {title}").format(number=tables, title=block.title)
            rows = [[_unbroken(text) for text in row] for row in block.rows]
            cells = {"head": block.head, "rows": rows, "total": block.total, "widths": block.widths}
            return {"title": title, **cells}
