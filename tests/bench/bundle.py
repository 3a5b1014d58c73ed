"""Write a big bundle: the sample's policy over a centre of any size, with twelve sheets for every applicant."""

import csv
import random
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from rules import records

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"
REVIEWERS = 40
OPENS = datetime.fromisoformat("2026-10-12T09:00:00+08:00")


class Panel(NamedTuple):
    """How many sheets an applicant gets at a stage, the highest mark, and what is judged."""

    sheets: int
    most: int
    criteria: tuple[str, ...]


PANELS = {
    "materials": Panel(2, 100, ("analysis", "initiative")),
    "potential": Panel(5, 10, ("communication", "adaptability", "customer_focus")),
    "roleplay": Panel(3, 10, ("deescalation", "multitasking", "resolution")),
    "rotation": Panel(2, 100, ("quality_desk", "operations_desk")),
}
"""Twelve sheets with 32 marks; the five of ``potential`` are trimmed."""

AREAS = ("product", "communication", "policy", "systems")
SESSIONS = 8


def write(folder: Path, *, applicants: int) -> Path:
    """Write a bundle with so many applicants, all eligible, nearly all with marks that take them to the end."""
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE / "policy.yaml", folder)
    chance = random.Random(1)
    everybody = [f"{n:06d}" for n in range(applicants + applicants // 5)]
    candidates = everybody[:applicants]
    _table(folder, "people", records.Person, _people(everybody, chance))
    periods = ("2024H2", "2025H1", "2025H2", "2026H1")
    _table(folder, "ratings", records.Rating, ((no, p, chance.choice("AAS")) for no in everybody for p in periods))
    quarters = ("2026Q1", "2026Q2", "2026Q3")
    kpis = ((no, q, "complaint_rate", f"0.{chance.randrange(60):02d}") for no in everybody for q in quarters)
    _table(folder, "kpis", records.Kpi, kpis)
    _table(folder, "incidents", records.Incident, ((no, "2026-03-01", "minor", "") for no in everybody[::20]))
    _table(folder, "honours", records.Honour, ((no, "服务之星", "2025-09-01") for no in everybody[::10]))
    _table(folder, "certificates", records.Certificate, ((no, "CCMP", no, "2025-01-01", "") for no in everybody[::9]))
    _table(folder, "applications", records.Application, _applications(candidates, chance))
    _table(folder, "reviewers", records.Reviewer, ((f"R{n:02d}", f"评委{n}", "phone", "") for n in range(REVIEWERS)))
    _table(folder, "marks", records.Mark, _marks(candidates, chance))
    came = ("present", "present", "present", "late", "excused")
    visits = ((no, n, chance.choice(came)) for no in candidates for n in range(1, SESSIONS + 1))
    _table(folder, "attendance", records.Attendance, visits)
    exam = ((no, area, f"{chance.randrange(600, 1000) / 10}") for no in candidates for area in AREAS)
    _table(folder, "exam", records.ExamScore, exam)
    return folder


def _table(folder: Path, name: str, kind: type[tuple[object, ...]], rows: Iterable[tuple[object, ...]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(kind._fields)  # type: ignore[attr-defined] # every kind is a named tuple
        writer.writerows(rows)


def _people(everybody: list[str], chance: random.Random) -> Iterator[tuple[object, ...]]:
    for no in everybody:
        line = chance.choice(["phone", "phone", "online", "vip"])
        hired = date(2019, 1, 1) + timedelta(chance.randrange(1800))
        grade = chance.choice(["Ⅱ", "II级", "Ⅲ", "Ⅳ"])
        yield no, f"员工{no}", line, f"{line}-{chance.randrange(1, 30)}", grade, hired, hired, "", f"u{no}@example.com"


def _applications(candidates: list[str], chance: random.Random) -> Iterator[tuple[object, ...]]:
    for no in candidates:
        yield no, (OPENS + timedelta(minutes=chance.randrange(4 * 24 * 60))).isoformat(), "submitted"


def _marks(candidates: list[str], chance: random.Random) -> Iterator[tuple[object, ...]]:
    for stage, panel in PANELS.items():
        tenths = panel.most == 10
        for no in candidates:
            for reviewer in chance.sample(range(REVIEWERS), panel.sheets):
                for criterion in panel.criteria:
                    mark = chance.randrange(65, 100)
                    yield stage, no, f"R{reviewer:02d}", criterion, mark / 10 if tenths else mark, "scored", ""
