"""Rows as bytes that are the same for the same rows: for hashes, for evidence that is kept, and back again.

A table is CSV with a header; dates and numbers stand as their exact text; ``None`` is an empty cell.
"""

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, get_args, get_type_hints

Row = TypeVar("Row", bound=tuple[Any, ...])


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as hex digits."""
    return hashlib.sha256(content).hexdigest()


def json_text(value: object) -> str:
    """Return a value as JSON that is the same for equal values: sorted keys, no blanks, real characters."""
    return _ENCODER.encode(value)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def pack(rows: Iterable[tuple[Any, ...]], kind: type[tuple[Any, ...]]) -> bytes:
    """Return named tuples of one kind as a compressed table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(kind._fields)  # type: ignore[attr-defined] # every kind is a named tuple
    writer.writerows(rows)
    return zlib.compress(out.getvalue().encode(), level=1)


def unpack(content: bytes, kind: type[Row], *, only: Collection[str] | None = None) -> list[Row]:
    """Return the named tuples that ``pack`` took; with ``only`` those whose first cell is among these texts."""
    reader = csv.reader(io.StringIO(zlib.decompress(content).decode(), newline=""))
    next(reader)
    readers = _cell_readers(kind)
    make: Callable[[Iterable[Any]], Row] = kind._make  # type: ignore[attr-defined] # every kind is a named tuple
    wanted = reader if only is None else (row for row in reader if row[0] in only)
    return [make(read(cell) if cell else None for read, cell in zip(readers, row, strict=True)) for row in wanted]


def _cell_readers(kind: type[Any]) -> Sequence[Callable[[str], Any]]:
    known: dict[type, Callable[[str], Any]] = {
        str: str,
        int: int,
        Decimal: Decimal,
        date: date.fromisoformat,
        datetime: datetime.fromisoformat,
    }
    hints = get_type_hints(kind)
    return [known[next(iter(get_args(hints[f])), hints[f])] for f in kind._fields]
