"""Files that go inside a document, for programs and spreadsheets: everything that its tables say.

The CSV files open in a spreadsheet: they begin with a BOM, and a text that would be taken for a formula gets an
apostrophe before it. The JSON files hold every text as it is.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from kit.pdf import Attached
from kit.xlsx_tables import FORMULA


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, description: str) -> Attached:
    """Return a table as a file; ``None`` is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return Attached(name, out.getvalue().encode("utf-8-sig"), description)


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def json_file(name: str, value: object, *, description: str) -> Attached:
    """Return a value as a file, its numbers as their exact texts."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
    return Attached(name, f"{text}\n".encode(), description)
