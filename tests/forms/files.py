"""Tables and archives as bytes, and what is said of them."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from forms.faults import Fault, FormError
from forms.tables import read_table
from kit.i18n import say

Change = Callable[[Workbook, Any], object]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def csv_file(*rows: Sequence[object], end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


def xlsx_file(*rows: Sequence[object], change: Change | None = None) -> bytes:
    """Return a workbook with one sheet; ``change`` sees it before it is saved."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a zip with some of its parts changed; a part that is not there is made of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changes}:
            before = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes.get(name, bytes)(before))
    return out.getvalue()


def refused(content: bytes, name: str = "t.csv") -> list[str]:
    """Return what is said of a file that cannot be read as a table; it must be refused."""
    try:
        read_table(content, name=name)
    except FormError as error:
        return said(error.faults)
    raise AssertionError("it was read")


def said(faults: Sequence[Fault]) -> list[str]:
    return [say(fault.whole()) for fault in faults]
