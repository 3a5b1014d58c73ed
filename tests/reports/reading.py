"""Read documents as a reader does: their text in lines, and the arithmetic in it worked out again."""

import ast
import io
import re
from fractions import Fraction
from html import unescape
from typing import NamedTuple

import pypdf

MILLIMETRES = 25.4 / 72
PAGE_NUMBER_BELOW = 264
BLANKS = re.compile(r"[ \u3000\u00a0]+")
LINE_ENDS = re.compile(r"</(?:tr|p|h\d|table|text)>|<br>")
TAGS = re.compile(r"<[^>]*>")
OPERATORS = str.maketrans({"×": "*", "÷": "/"})


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF, page after page, with single blanks."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(BLANKS.sub(" ", page.extract_text()) for page in pages)


def lines_of(html: str) -> list[str]:
    """Return the text of an HTML document, a table's row or a paragraph a line."""
    body = html.partition("<body>")[2]
    cells = re.sub(r"</t[dh]>|</small>", " ", body.replace("\n", ""))
    lines = LINE_ENDS.sub("\n", cells).split("\n")
    texts = (BLANKS.sub(" ", unescape(TAGS.sub("", line))).strip() for line in lines)
    return [text for text in texts if text]


def worked_out(expression: str) -> Fraction:
    """Return what a sum on paper comes to: ``(40×8.5 + 60×9) ÷ 10``; percents are hundredths."""
    text = re.sub(r"([\d.]+)%", r"(\1 / 100)", expression.translate(OPERATORS))
    return _value(ast.parse(text.strip(), mode="eval").body, text.strip())


def _value(node: ast.expr, source: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(source, node) or "")
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left, source) + _value(right, source)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left, source) * _value(right, source)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _value(left, source) / _value(right, source)
    raise AssertionError(source)


def agrees(shown: str, value: Fraction) -> bool:
    """Tell whether a number on paper is the value: exactly, or, with "…" behind it, up to its last digit."""
    if not shown.endswith("…"):
        return Fraction(shown) == value
    digits = len(shown.removesuffix("…").partition(".")[2])
    return Fraction(shown.removesuffix("…")) == Fraction(value * 10**digits // 1, 10**digits) != value


class Run(NamedTuple):
    """A piece of text on a page: millimetres from the left and from the top to its baseline, its face, its points."""

    text: str
    left: float
    down: float
    face: str
    size: float


def runs_of(pdf: bytes) -> list[list[Run]]:
    """Return the pieces of text of each page, as they are set."""
    return [_runs(page) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def _runs(page: pypdf.PageObject) -> list[Run]:
    found: list[Run] = []
    height = float(page.mediabox.height)

    def see(text: str, cm: list[float], tm: list[float], face: dict[str, str] | None, size: float) -> None:
        if text.strip():
            left, up = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
            name = (face or {}).get("/BaseFont", "").partition("+")[2]
            found.append(Run(text.strip(), left * MILLIMETRES, (height - up) * MILLIMETRES, name, size * cm[0]))

    page.extract_text(visitor_text=see)
    return found


def body_lines(page: list[Run]) -> dict[float, str]:
    """Return the lines of a page by their baselines, without the page number below them."""
    lines: dict[float, str] = {}
    for run in page:
        if run.down < PAGE_NUMBER_BELOW:
            lines[round(run.down, 1)] = lines.get(round(run.down, 1), "") + run.text
    return lines
