"""Small centres by chance: a whole bundle, with every setting of a policy drawn and every oddity of evidence met.

Marks, scores and days are drawn from few values, so that people are level and stand just at a limit all the time.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml

from rules import records

AS_OF = ("2026-09-30", "2026-09-30", "2026-09-29", "2026-06-29", "2026-06-30", "2026-10-31")
OPENS, CLOSES = datetime.fromisoformat("2026-10-12T09:00:00+08:00"), datetime.fromisoformat("2026-10-16T18:00:00+08:00")
GONE = "gone"
LINES = ("phone", "online", "vip", "night", "mail")
GRADES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")
SPELLINGS = {"Ⅰ": ("I", "1", "Ⅰ 级"), "Ⅱ": ("ii", "2级", "Ⅱ"), "Ⅲ": ("Ⅲ级", "３", "III"), "Ⅳ": ("Ⅳ", "iv", "4 级")}
RATINGS = ("D", "C", "B", "B+", "A", "S")
GOOD, POOR = ("S", "A", "a", "B＋", "B+", "B", "L", "l"), ("C", "D", "", "优")
LOW, HIGH = ("0.3", "0.60", "0.50", "0.2", "0.55"), ("1.1", "0.7", "")
PERIODS = (
    ("2026H2", "2026H1", "2025H2", "2025H1", "2024H2"),
    ("2026Q4", "2026Q3", "2026Q2", "2026Q1", "2025Q4"),
    ("2026-10", "2026-09", "2026-06", "2026-05", "2026-04"),
    ("2026", "2025", "2024"),
)
INCIDENT_DAYS = ("2025-09-30", "2025-10-01", "2026-03-31", "2026-06-30", "2026-09-30", "2026-10-01", "")
SEVERITIES = ("major", "critical", "minor", "minor", "")
HONOURS, CERTIFICATES = ("服务之星", "服务之星", "优秀员工"), ("CCMP", "CCMP", "COPC")
KEY_DAYS = ("2024-09-29", "2024-09-30", "2025-10-01", "2026-09-30", "2026-10-01", "")
LAST_DAYS = ("", "", "2026-09-29", "2026-09-30", "2030-12-31")
LONG_AGO = ("2015-01-01", "2015-01-01", "2019-02-28")
HIRED = (*LONG_AGO, "2024-09-30", "2024-10-01", "2025-01-31", "2025-09-30", "2025-10-01", "2026-03-31", "")
SCORES = ("55", "60", "62.5", "80", "99.99", "100", "0", "")
VISITS = ("present", "present", "present", "late", "absent", "excused")
WEIGHTS = {
    1: (["100"],),
    2: (["50", "50"], ["70", "30"], ["33.333", "66.667"], ["100", "0"]),
    3: (["40", "30", "30"], ["20", "50", "30"], ["12.5", "37.25", "50.25"], ["60", "0", "40"]),
}
COLUMNS = {
    "people": records.Person._fields,
    "ratings": records.Rating._fields,
    "incidents": records.Incident._fields,
    "honours": records.Honour._fields,
    "certificates": records.Certificate._fields,
    "kpis": records.Kpi._fields,
    "applications": records.Application._fields,
    "reviewers": records.Reviewer._fields,
    "marks": records.Mark._fields,
    "attendance": records.Attendance._fields,
    "exam": records.ExamScore._fields,
}

Row = dict[str, str]
Tree = dict[str, Any]


def write(folder: Path, seed: int) -> None:
    """Write the bundle of a seed."""
    chance = Random(seed)
    policy = _policy(chance)
    (folder / "policy.yaml").write_text(yaml.dump(policy, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8")
    people = _people(chance, policy)
    reviewers = _reviewers(chance, people)
    tables = {
        "people": people,
        "reviewers": reviewers,
        **_records(chance, people),
        "applications": _applications(chance, people),
        "marks": _marks(chance, policy, people, reviewers),
        **_training_rows(chance, policy, people),
    }
    for name, rows in tables.items():
        if name in _needed(policy) or chance.random() < 0.7:
            _write_table(chance, folder / f"{name}.csv", COLUMNS[name], rows)


def _needed(policy: Tree) -> set[str]:
    """Return the files that must not be missing."""
    needed = {"people", "applications", "reviewers", "marks", *policy["eligibility"]}
    if "special_channel" in policy:
        needed |= {"honours", "certificates"}
    if any(stage["kind"] == "training" for stage in policy["stages"]):
        needed |= {"attendance", "exam"}
    return needed


def _write_table(chance: Random, file: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write rows in any order, columns in any order, some rows twice, a column more, perhaps a byte order mark."""
    again = [*rows, *(row for row in rows if chance.random() < 0.03)]
    header = chance.sample([*columns, "remark"], len(columns) + 1)
    with file.open("w", encoding=chance.choice(("utf-8", "utf-8-sig")), newline="") as text:
        writer = csv.writer(text)
        writer.writerow(header)
        for number, row in enumerate(chance.sample(again, len(again))):
            writer.writerow({"remark": str(number), **row}.get(column, "") for column in header)


# The policy


def _policy(chance: Random) -> Tree:
    lines = {line: line for line in LINES[: chance.randint(1, 5)]}
    stages = list(_stages(chance))
    mode = chance.choice(("half_up", "truncate"))
    return {
        "version": 1,
        "code": f"T{chance.randrange(10**6)}",
        "title": "测试轮次",
        "as_of": chance.choice(AS_OF),
        "post": {"code": "P", "name": "主管", "track": "management"},
        "lines": lines,
        "grades": list(GRADES),
        "ratings": list(RATINGS),
        "eligibility": _eligibility(chance),
        **_sometimes(chance, 0.7, special_channel=_channel(chance)),
        "quota": _quota(chance, len(lines)),
        "applications": {"opens_at": OPENS.isoformat(), "closes_at": CLOSES.isoformat(), "materials": []},
        "stages": stages,
        "final": _final(chance, stages),
        "rounding": _sometimes(chance, 0.8, digits=chance.choice((0, 0, 1, 2, 3, 7)), mode=mode),
    }


def _sometimes(chance: Random, often: float, **keys: Any) -> Tree:
    """Return some of the keys, each by its own chance."""
    return {key: value for key, value in keys.items() if chance.random() < often}


def _eligibility(chance: Random) -> Tree:
    ratings = {"at_least": chance.choice(("C", "B", "b＋")), "consecutive": chance.choice((1, 1, 2, 3))}
    named = chance.choice((["major"], ["major", "critical"]))
    since = chance.choice(("hired_on", "in_grade_since"))
    bounds = {"complaints": {"at_most": "0.60"}, "praise": {"at_least": "0.2", "at_most": "0.55"}}
    return _sometimes(
        chance,
        0.3,
        grade={"at_least": chance.choice(("Ⅰ", "2", "II级"))},
        ratings={**ratings, **_sometimes(chance, 0.8, neutral=["L"])},
        incidents={"none_of": named, "within_months": chance.choice((3, 6, 12))},
        tenure={"counted_from": since, "months": chance.choice((0, 12, 20, 24))},
        kpis=[
            {"key": key, "periods": chance.choice((1, 1, 2, 3)), **bounds[key]}
            for key in chance.sample(list(bounds), chance.randint(1, 2))
        ],
    )


def _channel(chance: Random) -> Tree:
    honour = {"honour": "服务之星", **_sometimes(chance, 0.7, within_months=chance.choice((12, 24)))}
    keys = chance.sample([honour, {"certificate": "CCMP"}], chance.randint(1, 2))
    return {"any_of": keys, "relaxes": {"tenure": {"months": chance.choice((0, 6, 12))}}}


def _quota(chance: Random, lines: int) -> Tree:
    minimum = chance.choice((0, 0, 1, 1, 2))
    return {
        "seats": chance.randint(minimum * lines, minimum * lines + chance.choice((1, 3, 6))),
        "by": "business_line",
        "method": chance.choice(("sainte_lague", "dhondt", "largest_remainder")),
        **({"minimum": minimum} if minimum or chance.random() < 0.5 else {}),
        **_sometimes(
            chance, 0.8, unused=chance.choice(("void", "best_score", "best_score", "reapportion", "reapportion"))
        ),
    }


def _stages(chance: Random) -> Iterator[Tree]:
    keys = ("materials", "interview", "roleplay", "rotation")[: chance.randint(1, 3)]
    training_at = chance.choice((None, 0, len(keys)))
    for place, key in enumerate((*keys, None)):
        if place == training_at:
            yield {"key": "theory", "kind": "training", **_every_stage(chance), **_training(chance)}
        if key is not None:
            yield {"key": key, "kind": "review", **_every_stage(chance), **_review(chance)}


def _every_stage(chance: Random) -> Tree:
    pass_mark = chance.choice(("30", "50", "62.5"))
    short = {"per_seat": chance.choice((1, 2, 3))}
    return {"name": "环节", **_sometimes(chance, 0.4, pass_mark=pass_mark), **_sometimes(chance, 0.15, advance=short)}


def _review(chance: Random) -> Tree:
    names = ("speech", "tact", "calm")[: chance.randint(1, 3)]
    criteria = [
        {"key": key, "name": key, "weight": weight, "max": chance.choice(("5", "10", "100", "7.5"))}
        for key, weight in _weighed(chance, names).items()
    ]
    return {"criteria": criteria, **_sometimes(chance, 0.8, panel=_panel(chance))}


def _panel(chance: Random) -> Tree:
    high, low = chance.randint(0, 2), chance.randint(0, 2)
    level = chance.choice(("total", "criterion"))
    return {
        "reviewers": 5,
        **_sometimes(chance, 0.8, drop_high=high, drop_low=low, trim_level=level),
        **_sometimes(chance, 0.5, quorum=chance.randint(1, 3)),
        **({"trim_from": chance.randint(high + low + 1, 6)} if chance.random() < 0.8 else {}),
    }


def _training(chance: Random) -> Tree:
    areas = ("product", "policy", "systems")[: chance.randint(1, 3)]
    return {
        "sessions": chance.randint(1, 4),
        "attendance": _sometimes(chance, 0.6, at_least=chance.choice(("33.34", "50", "66.67"))),
        "exam": {"areas": _weighed(chance, areas)},
    }


def _final(chance: Random, stages: Sequence[Tree]) -> Tree:
    components = [key for stage in stages for key in _components(stage)]
    chain = chance.sample([*components, "tenure"], chance.randint(0, len(components)))
    return {
        "weights": _weighed(chance, chance.sample(components, min(len(components), chance.randint(1, 3)))),
        **_sometimes(chance, 0.6, pass_mark=chance.choice(("40", "60", "80")), tie_break=chain),
    }


def _components(stage: Tree) -> tuple[str, ...]:
    return (stage["key"],) if stage["kind"] == "review" else ("theory.attendance", "theory.exam")


def _weighed(chance: Random, keys: Sequence[str]) -> Row:
    """Return weights that sum to 100; some are nothing, some have decimals."""
    return dict(zip(keys, chance.choice(WEIGHTS[len(keys)]), strict=True))


# People and their records


def _people(chance: Random, policy: Tree) -> list[Row]:
    lines = chance.sample(list(policy["lines"]), chance.randint(1, len(policy["lines"])))  # the others have nobody
    sizes = [chance.randint(1, 4) for _line in lines]
    return [
        {
            "staff_no": f"{no:03d}",
            "name": f"员工{no}",
            "business_line": chance.choices(lines, sizes)[0],
            "grade": _grade(chance),
            "hired_on": chance.choice(HIRED),
            "in_grade_since": chance.choice(HIRED),
        }
        for no in chance.sample(range(1, 99), chance.randint(4, 30))
    ]


def _grade(chance: Random) -> str:
    grade = chance.choice(GRADES if chance.random() < 0.2 else GRADES[1:])
    return chance.choice(SPELLINGS[grade] if chance.random() < 0.95 else ("", "Ⅷ"))


def _records(chance: Random, people: Sequence[Row]) -> dict[str, list[Row]]:
    """Return rows about people, and a few about somebody who has left: they count for nothing."""
    nos = [p["staff_no"] for p in people] + [GONE] * (chance.random() < 0.5)
    few, half = chance.sample(nos, len(nos) // 4), chance.sample(nos, len(nos) // 2)
    return {
        "ratings": list(_ratings(chance, nos)),
        "kpis": [row for key in ("complaints", "praise") for row in _kpis(chance, nos, key)],
        "incidents": [
            {
                "staff_no": no,
                "occurred_on": chance.choice(INCIDENT_DAYS),
                "severity": chance.choice(SEVERITIES),
                "description": str(number),
            }
            for number, no in enumerate([*few, *few[:2]])
        ],
        "honours": [
            {"staff_no": no, "honour": chance.choice(HONOURS), "awarded_on": chance.choice(KEY_DAYS)} for no in half
        ],
        "certificates": [
            {
                "staff_no": no,
                "certificate": chance.choice(CERTIFICATES),
                "number": no,
                "issued_on": chance.choice(KEY_DAYS),
                "expires_on": chance.choice(LAST_DAYS),
            }
            for no in chance.sample(half, len(half) // 2) + few
        ],
    }


def _ratings(chance: Random, nos: Iterable[str]) -> Iterator[Row]:
    for no, period in _periods_of(chance, nos):
        if chance.random() < 0.97:
            rating = chance.choice(GOOD if chance.random() < 0.95 else POOR)
            yield {"staff_no": no, "period": period, "rating": rating}


def _periods_of(chance: Random, nos: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield everybody's periods of one kind; one of them, perhaps, only those have who have left."""
    periods = chance.choice(PERIODS)
    unknown = chance.choice((None, *periods))
    return ((no, period) for no in nos for period in periods if no == GONE or period != unknown)


def _kpis(chance: Random, nos: Iterable[str], key: str) -> Iterator[Row]:
    for no, period in _periods_of(chance, nos):
        if chance.random() < 0.97:
            value = chance.choice(LOW if chance.random() < 0.9 else HIGH)
            yield {"staff_no": no, "kpi": key, "period": period, "value": value}


# Evidence


def _applications(chance: Random, people: Sequence[Row]) -> list[Row]:
    """Return applications, some of them late or taken back; often a line has hardly any, so that its seats are left."""
    rows: dict[tuple[str, datetime], Row] = {}
    quiet = chance.choice(people)["business_line"] if chance.random() < 0.85 else None
    for person in people:
        times = (0, 0, 0, 1) if person["business_line"] == quiet else (0, 1, 1, 1, 1, 1, 1, 2, 3)
        for _ in range(chance.choice(times)):
            at = OPENS + timedelta(hours=chance.randrange(100))
            if chance.random() < 0.15:
                at = chance.choice((OPENS, CLOSES, OPENS - timedelta(seconds=1), CLOSES + timedelta(seconds=1)))
            said = chance.choice((at, at.astimezone(UTC))).isoformat()
            status = "withdrawn" if chance.random() < 0.04 else "submitted"
            row = {"staff_no": person["staff_no"], "applied_at": said, "status": status}
            rows.setdefault((person["staff_no"], at), row)
    return list(rows.values())


def _reviewers(chance: Random, people: Sequence[Row]) -> list[Row]:
    nos = [p["staff_no"] for p in people]
    return [
        {"reviewer_no": f"R{n}", "name": f"评委{n}", "staff_no": chance.choice(nos) if chance.random() < 0.4 else ""}
        for n in range(1, chance.randint(4, 8))
    ]


def _marks(chance: Random, policy: Tree, people: Sequence[Row], reviewers: Sequence[Row]) -> list[Row]:
    """Return marks for nearly everybody, also for those who are not in a stage, and one of a stage that is no more."""
    often, levels = chance.choice((0.2, 0.9, 1)), chance.choice(((60, 80, 80, 100), range(60, 100)))
    able = {p["staff_no"]: chance.choice(levels) for p in people}
    rows = [
        {"stage": stage["key"], "staff_no": no, "reviewer_no": reviewer["reviewer_no"], **given}
        for stage in policy["stages"]
        if stage["kind"] == "review"
        for no in able
        for reviewer in reviewers
        if chance.random() < 0.85
        for given in _sheet(chance, stage, able[no], often)
    ]
    old = {"stage": "old", "staff_no": GONE, "reviewer_no": "R99", "criterion": "x", "mark": "9999", "status": "?"}
    return [*rows, old] if chance.random() < 0.5 else rows


def _sheet(chance: Random, stage: Tree, able: int, often: float) -> Iterator[Row]:
    """Yield the rows of a sheet: often what the person is worth, else anything; one in eight is not as it should be."""
    odd = chance.random() < 0.12
    for criterion in stage["criteria"]:
        share = able if chance.random() < often else chance.randint(30, 100)
        mark, status = format(Decimal(criterion["max"]) * share / 100, "f"), "scored"
        if odd:
            status, mark = chance.choice((("scored", ""), ("abstained", mark), ("recused", mark), ("scored", mark)))
        if not odd or chance.random() < 0.8:
            yield {"criterion": criterion["key"], "mark": mark, "status": status}


def _training_rows(chance: Random, policy: Tree, people: Sequence[Row]) -> dict[str, list[Row]]:
    """Return attendance and exam; a policy without training ignores them, whatever they hold."""
    [stage] = [s for s in policy["stages"] if s["kind"] == "training"] or [_training(chance)]
    nos = [p["staff_no"] for p in people]
    attendance = [
        {"staff_no": no, "session": str(session), "status": chance.choice(VISITS)}
        for no in nos
        for session in range(1, stage["sessions"] + 1)
        if chance.random() < 0.9
    ]
    exam = [
        {"staff_no": no, "area": area, "score": chance.choice(SCORES) if chance.random() < 0.1 else "75"}
        for no in nos
        for area in stage["exam"]["areas"]
        if chance.random() < 0.98
    ]
    return {"attendance": attendance, "exam": exam}
