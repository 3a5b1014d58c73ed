"""Decided values → a bundle: the interchange form that ``forms.bundles`` reads back to equal values.

A bundle is data for programs, so cells stand as they are, also those that begin with ``=``.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules import records
from rules.records import Evidence, Personnel

KINDS: Mapping[str, type[Any]] = {
    "people": records.Person,
    "ratings": records.Rating,
    "incidents": records.Incident,
    "honours": records.Honour,
    "certificates": records.Certificate,
    "kpis": records.Kpi,
    "applications": records.Application,
    "reviewers": records.Reviewer,
    "panels": records.Assignment,
    "marks": records.Mark,
    "attendance": records.Attendance,
    "exam": records.ExamScore,
}


def write(
    directory: Path,
    *,
    policy_text: bytes,
    personnel: Personnel,
    evidence: Evidence,
    materials: Mapping[str, Iterable[tuple[str, bytes]]],
    facts: Mapping[str, str],
) -> None:
    """Write a bundle into a directory, which is made when missing."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "policy.yaml").write_bytes(policy_text)
    for group in (personnel, evidence):
        for part in fields(group):
            _write_table(directory / f"{part.name}.csv", KINDS[part.name], getattr(group, part.name))
    for staff_no, files in materials.items():
        folder = directory / "materials" / staff_no
        for name, content in files:
            _write_material(folder, name, content)
    if facts:
        text = json.dumps(dict(facts), ensure_ascii=False, indent=1) + "\n"
        (directory / "round.json").write_text(text, encoding="utf-8")


def _write_material(folder: Path, name: str, content: bytes) -> None:
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        raise ValueError(name)  # names were checked when they came in; nothing is ever written elsewhere
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _write_table(file: Path, kind: type[Any], rows: Sequence[Any]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(kind._fields)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
