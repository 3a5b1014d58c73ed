"""A whole database in one file, and back: whatever system it lies in, under any reader, proved by counts and hashes.

The file is a zip: ``manifest.json``, one ``tables/NAME.jsonl`` a table, and the bytes that rows hold as
``bytes/SHA256``. What is read is one snapshot, so writers may go on meanwhile; a copy from one database system may be
laid into another.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1000
CHUNK_OF_BYTES: Final = 50


class CopyError(Exception):
    """A file that is no whole copy, or a database that does not hold what the file says."""


@dataclass(frozen=True)
class Manifest:
    """What a copy holds: each table's columns with their kinds, the rows' number and fingerprint; facts."""

    facts: Mapping[str, str]
    tables: Mapping[str, Mapping[str, Any]]

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(int(table["rows"]) for table in self.tables.values())


KINDS: Final[Mapping[str, TypeEngine[Any]]] = {
    "datetime": sa.DateTime(timezone=True),
    "date": sa.Date(),
    "uuid": sa.Uuid(),
    "boolean": sa.Boolean(),
    "integer": sa.BigInteger(),
    "bytes": sa.LargeBinary(),
    "text": sa.String(),
}


def kind_of(column: sa.Column[Any]) -> str:
    """Return the kind of a column."""
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    for kind, example in KINDS.items():
        if isinstance(plain, type(example)) or (kind == "integer" and isinstance(plain, sa.Integer)):
            return kind
    raise CopyError(f"{column}: no kind for {plain!r}")


def dump(connection: Connection, metadata: MetaData, file: Path, *, facts: Mapping[str, str]) -> Manifest:
    """Write a copy of all tables, for its owner only; the file appears when it is whole.

    The connection must read one snapshot.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        part.touch(mode=0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            tables = {t.name: _write_table(connection, t, archive) for t in metadata.sorted_tables}
            manifest = Manifest(dict(facts), tables)
            said = {"format": FORMAT, "facts": manifest.facts, "tables": manifest.tables}
            archive.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return manifest


class _Counted:
    """Rows as they pass by: how many, and a fingerprint that does not depend on their order.

    Two database systems sort texts differently; the sum of the rows' hashes is the same for the same rows.
    """

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, line: bytes) -> bytes:
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(sha256(line).digest())) % 2**256
        return line

    @property
    def fingerprint(self) -> str:
        return f"{self._sum:064x}"

    def fits(self, described: Mapping[str, Any]) -> bool:
        return (self.rows, self.fingerprint) == (described["rows"], described["fingerprint"])


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> dict[str, Any]:
    counted = _Counted()
    columns = {column.name: kind_of(column) for column in table.columns}
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in _rows(connection, table, list(columns)):
            out.write(counted.add(_line(row)))
    for name, kind in columns.items():
        if kind == "bytes":
            _write_bytes(connection, table, name, archive)
    return {"columns": list(columns.items()), "rows": counted.rows, "fingerprint": counted.fingerprint}


def _write_bytes(connection: Connection, table: Table, column: str, archive: zipfile.ZipFile) -> None:
    there = set(archive.namelist())
    for (content,) in _rows(connection, table, [column]):
        if content is not None and (name := _name_of(content)) not in there:
            there.add(name)
            archive.writestr(name, content)


def _rows(connection: Connection, table: Table, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    heavy = any(kind_of(table.c[name]) == "bytes" for name in columns)
    query = sa.select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    yield from connection.execute(query, execution_options={"yield_per": CHUNK_OF_BYTES if heavy else CHUNK})


def _line(row: Sequence[Any]) -> bytes:
    return (json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n").encode()


def _name_of(content: bytes) -> str:
    return f"bytes/{sha256(content).hexdigest()}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case UUID():
            return str(value)
        case bytes():
            return _name_of(value)
        case _:
            return value


def read_manifest(file: Path) -> Manifest:
    """Return what a copy says that it holds.

    :raises CopyError: when it is no copy, or one of a later format.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            said = json.loads(archive.read(MANIFEST))
        if said["format"] != FORMAT:
            raise CopyError(f"{file}: format {said['format']} is not known")
        return Manifest(said["facts"], said["tables"])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise CopyError(f"{file}: {type(error).__name__}: {error}") from None


def load(
    connection: Connection, file: Path, *, progress: Callable[[str, int], None] = lambda _table, _rows: None
) -> Manifest:
    """Lay a copy into the empty tables of a database, in the caller's transaction; every table's hash is checked.

    :raises CopyError: when a table is not empty, or the file is damaged.
    """
    manifest = read_manifest(file)
    try:
        with zipfile.ZipFile(file) as archive:
            for name, described in manifest.tables.items():
                _load_table(connection, archive, name, described)
                progress(name, int(described["rows"]))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise CopyError(f"{file}: {type(error).__name__}: {error}") from None
    if connection.dialect.name == "postgresql":
        _set_sequences(connection, manifest)
    return manifest


def _load_table(connection: Connection, archive: zipfile.ZipFile, name: str, described: Mapping[str, Any]) -> None:
    columns = {column: str(kind) for column, kind in described["columns"]}
    table = sa.table(name, *(sa.column(column, KINDS[kind]) for column, kind in columns.items()))
    if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
        raise CopyError(f"{name}: the table is not empty")
    counted = _Counted()
    chunk = CHUNK_OF_BYTES if "bytes" in columns.values() else CHUNK
    with archive.open(f"tables/{name}.jsonl") as lines:
        while part := list(islice(lines, chunk)):
            read = (zip(columns.items(), json.loads(counted.add(line)), strict=True) for line in part)
            rows = [{column: _value(cell, kind, archive) for (column, kind), cell in cells} for cells in read]
            connection.execute(sa.insert(table), rows)
    if not counted.fits(described):
        raise CopyError(f"{name}: {counted.rows} rows, not the {described['rows']} of the manifest, or changed ones")


def _value(cell: Any, kind: str, archive: zipfile.ZipFile) -> Any:  # noqa: ANN401 - a cell of any kind
    if cell is None:
        return None
    match kind:
        case "datetime":
            return datetime.fromisoformat(cell)
        case "date":
            return date.fromisoformat(cell)
        case "uuid":
            return UUID(cell)
        case "bytes":
            content = archive.read(cell)
            if _name_of(content) != cell:
                raise CopyError(f"{cell}: damaged")
            return content
        case _:
            return cell


def _set_sequences(connection: Connection, manifest: Manifest) -> None:
    """Let numbers that the database gives begin after the highest that was laid in."""
    for name, described in manifest.tables.items():
        if ["id", "integer"] not in described["columns"]:
            continue
        sequence = connection.execute(sa.text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": f'"{name}"'}).scalar()
        if sequence:
            highest = f'(SELECT max(id) FROM "{name}")'
            connection.execute(sa.text(f"SELECT setval('{sequence}', coalesce({highest}, 0) + 1, false)"))


def differences(connection: Connection, metadata: MetaData, manifest: Manifest) -> list[str]:
    """Compare a database with a manifest, table by table; return what differs."""
    found = []
    for table in metadata.sorted_tables:
        described = manifest.tables.get(table.name)
        if described is None:
            continue
        counted = _Counted()
        for row in _rows(connection, table, [column for column, _kind in described["columns"]]):
            counted.add(_line(row))
        if not counted.fits(described):
            found.append(f"{table.name}: {described['rows']} → {counted.rows}")
    return found
