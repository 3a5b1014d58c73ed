"""Tables as an XLSX workbook: the same bytes for the same tables, and nothing in a cell is ever a formula.

Numbers are numbers, except those of more than 15 digits, which spreadsheets cannot hold. Everything else is text, also
what begins with ``=``: such a cell is quoted, so that it stays a text when somebody edits it. Every date in the file is
that of the document.
"""

from collections.abc import Iterable
from datetime import datetime

from kit.xlsx_tables import Table


def workbook(tables: Iterable[Table], *, title: str, issued: datetime, author: str = "") -> bytes:
    """Return the workbook; a table with more rows than a sheet holds goes on in the next sheet."""
    from kit import xlsx_writing  # noqa: PLC0415 - openpyxl is slow to import, and most commands write no workbook

    return xlsx_writing.workbook(tables, title=title, issued=issued, author=author)
