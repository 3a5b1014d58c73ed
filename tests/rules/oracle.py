"""The bundle's rules once more: plain, slow, written from their text, sharing no line with ``rules`` or ``forms``.

``decide(folder)`` reads a bundle that is known to be sound and returns what its expected.json must hold. Numbers are
fractions; nothing is cached, sorted out beforehand or made quick, so that the text can be read beside it.
"""

import csv
import hashlib
import unicodedata
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, str]
Policy = dict[str, Any]
Tables = dict[str, list[Row]]
Results = dict[str, dict[str, Any]]
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
FILES = {
    "people": "staff_no name business_line team grade hired_on in_grade_since manager_no email",
    "ratings": "staff_no period rating",
    "incidents": "staff_no occurred_on severity description",
    "honours": "staff_no honour awarded_on",
    "certificates": "staff_no certificate number issued_on expires_on",
    "kpis": "staff_no period kpi value",
    "applications": "staff_no applied_at status",
    "reviewers": "reviewer_no name business_line staff_no",
    "marks": "stage staff_no reviewer_no criterion mark status comment",
    "attendance": "staff_no session status",
    "exam": "staff_no area score",
}


def decide(folder: Path) -> dict[str, Any]:
    """Return the result of a bundle in the shape of expected.json."""
    policy = yaml.load((folder / "policy.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - it gives texts only
    tables = {name: rows_of(folder / f"{name}.csv", columns.split()) for name, columns in FILES.items()}
    people = {row["staff_no"]: row for row in tables["people"]}
    for name in ("ratings", "incidents", "honours", "certificates", "kpis"):
        tables[name] = [row for row in tables[name] if row["staff_no"] in people]
    own = of_each(tables, people)
    screening = [screened(policy, tables, people[no], own[no]) for no in sorted(people)]
    heads = {line: sum(p["business_line"] == line for p in people.values()) for line in policy["lines"]}
    quota = seats_of(policy, int(policy["quota"]["seats"]), heads, int(policy["quota"].get("minimum", 0)))
    eligible = {one["staff_no"] for one in screening if one["eligible"]}
    results = {no: entered(policy, no, own[no], eligible) for no in people if own[no]["applications"]}
    for stage in policy["stages"]:
        score_stage(policy, tables["reviewers"], own, stage, results)
        if "advance" in stage:
            short_list(people, quota, stage, results)
    finish(policy, people, heads, quota, results)
    return {
        "code": policy["code"],
        "screening": screening,
        "quota": quota,
        "results": [shown(policy, results[no]) for no in sorted(results)],
    }


def rows_of(file: Path, columns: list[str]) -> list[Row]:
    """Return the rows of a file, each once; none of a file that is missing."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = [{column: row[column] for column in columns} for row in csv.DictReader(text)]
    return list({tuple(row.values()): row for row in rows}.values())


def of_each(tables: Tables, people: dict[str, Row]) -> dict[str, Tables]:
    """Return everybody's own rows."""
    own: dict[str, Tables] = {no: {name: [] for name in FILES} for no in people}
    for name in FILES:
        for row in tables[name]:
            if name != "reviewers" and row["staff_no"] in own:
                own[row["staff_no"]][name].append(row)
    return own


def shown(policy: Policy, result: dict[str, Any]) -> dict[str, Any]:
    components = {key: as_text(policy, value) for key, value in result["components"].items()}
    final = None if result["final"] is None else as_text(policy, result["final"])
    return {**result, "components": components, "final": final}


# Numbers


def digits(policy: Policy) -> int:
    return int(policy.get("rounding", {}).get("digits", 2))


def rounded(policy: Policy, value: Fraction) -> Fraction:
    unit = Fraction(1, 10 ** digits(policy))
    below = value // unit * unit
    half_up = policy.get("rounding", {}).get("mode", "half_up") == "half_up"
    return below + unit if half_up and value - below >= unit / 2 else below


def as_text(policy: Policy, value: Fraction) -> str:
    whole = str(int(value * 10 ** digits(policy))).zfill(digits(policy) + 1)
    return f"{whole[: -digits(policy)]}.{whole[-digits(policy) :]}" if digits(policy) else whole


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


# Days


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def months_from(start: date, months: int) -> date:
    """Return the same day of another month, or that month's last day."""
    year, month = start.year, start.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month > 12 else (year - 1, 12) if month < 1 else (year, month)
    return last_that_exists(year, month, start.day)


def last_that_exists(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        return last_that_exists(year, month, number - 1)


def last_day(period: str) -> date:
    year, rest = int(period[:4]), period[4:]
    if not rest:
        return date(year, 12, 31)
    if rest[0] == "-":
        return last_that_exists(year, int(rest[1:]), 31)
    return last_that_exists(year, int(rest[1:]) * (6 if rest[0] == "H" else 3), 31)


# Screening


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper().replace(" ", "")


def grade(text: str) -> str:
    text = plain(text)
    text = text.removesuffix("级")
    return ROMAN.get(text, text)


def screened(policy: Policy, tables: Tables, person: Row, own: Tables) -> dict[str, Any]:
    as_of, rules, verdicts = date.fromisoformat(policy["as_of"]), policy["eligibility"], {}
    if "grade" in rules:
        verdicts["grade"] = by_grade(policy, person)
    if "ratings" in rules:
        verdicts["ratings"] = by_ratings(policy, as_of, tables["ratings"], own["ratings"])
    if "incidents" in rules:
        verdicts["incidents"] = by_incidents(rules["incidents"], as_of, own["incidents"])
    if "tenure" in rules:
        verdicts["tenure"] = by_tenure(policy, as_of, person, own)
    for rule in rules.get("kpis", []):
        verdicts[f"kpi:{rule['key']}"] = by_kpi(rule, as_of, tables["kpis"], own["kpis"])
    eligible = set(verdicts.values()) <= {"pass", "relaxed"}
    channel = "special" if eligible and "relaxed" in verdicts.values() else "standard"
    return {"staff_no": person["staff_no"], "eligible": eligible, "channel": channel, "verdicts": verdicts}


def by_grade(policy: Policy, person: Row) -> str:
    scale = [grade(step) for step in policy["grades"]]
    if grade(person["grade"]) not in scale:
        return "unknown"
    least = scale.index(grade(policy["eligibility"]["grade"]["at_least"]))
    return "pass" if scale.index(grade(person["grade"])) >= least else "fail"


def by_ratings(policy: Policy, as_of: date, everybodys: list[Row], own: list[Row]) -> str:
    rule, scale = policy["eligibility"]["ratings"], [plain(step) for step in policy["ratings"]]
    ended = [period for period in {row["period"] for row in everybodys} if last_day(period) <= as_of]
    counted = 0
    for period in sorted(ended, key=last_day, reverse=True):
        rating = "".join(plain(row["rating"]) for row in own if row["period"] == period)
        if not rating:
            return "unknown"
        if rating in [plain(code) for code in rule.get("neutral", [])]:
            continue
        if rating not in scale:
            return "unknown"
        if scale.index(rating) < scale.index(plain(rule["at_least"])):
            return "fail"
        counted += 1
        if counted == int(rule["consecutive"]):
            return "pass"
    return "unknown"


def by_incidents(rule: Policy, as_of: date, own: list[Row]) -> str:
    since, might = months_from(as_of, -int(rule["within_months"])), False
    for row in own:
        occurred = day(row["occurred_on"])
        inside = occurred is None or since < occurred <= as_of
        named = not row["severity"] or row["severity"] in rule["none_of"]
        if inside and named and occurred and row["severity"]:
            return "fail"
        might = might or (inside and named)
    return "unknown" if might else "pass"


def by_tenure(policy: Policy, as_of: date, person: Row, own: Tables) -> str:
    rule, channel = policy["eligibility"]["tenure"], policy.get("special_channel")
    since = day(person[rule["counted_from"]])
    if since is None:
        return "unknown"
    if months_from(since, int(rule["months"])) <= as_of:
        return "pass"
    if channel and months_from(since, int(channel["relaxes"]["tenure"]["months"])) <= as_of:
        return "relaxed" if any(holds(key, as_of, own) for key in channel["any_of"]) else "fail"
    return "fail"


def holds(key: Policy, as_of: date, own: Tables) -> bool:
    if "honour" in key:
        first = months_from(as_of, -int(key["within_months"])) if "within_months" in key else date.min
        return any(
            row["honour"] == key["honour"]
            and row["awarded_on"]
            and first <= date.fromisoformat(row["awarded_on"]) <= as_of
            for row in own["honours"]
        )
    return any(
        row["certificate"] == key["certificate"]
        and (issued := day(row["issued_on"])) is not None
        and issued <= as_of
        and (day(row["expires_on"]) or date.max) >= as_of
        for row in own["certificates"]
    )


def by_kpi(rule: Policy, as_of: date, everybodys: list[Row], own: list[Row]) -> str:
    periods = {row["period"] for row in everybodys if row["kpi"] == rule["key"]}
    ended = [period for period in periods if last_day(period) <= as_of]
    wanted = sorted(ended, key=last_day)[-int(rule["periods"]) :]
    values = [Fraction(r["value"]) for r in own if r["kpi"] == rule["key"] and r["period"] in wanted and r["value"]]
    if len(values) < int(rule["periods"]):
        return "unknown"
    too_high = "at_most" in rule and mean(values) > Fraction(rule["at_most"])
    too_low = "at_least" in rule and mean(values) < Fraction(rule["at_least"])
    return "fail" if too_high or too_low else "pass"


# Seats


def seats_of(policy: Policy, seats: int, heads: dict[str, int], minimum: int) -> dict[str, int]:
    given = dict.fromkeys(heads, 0)
    given.update(shared(policy, seats, {line: n for line, n in heads.items() if n}, minimum, None))
    return given


def shared(
    policy: Policy, seats: int, heads: dict[str, int], minimum: int, most: dict[str, int] | None
) -> dict[str, int]:
    """Share seats out over lines with people, each from ``minimum`` up to ``most``."""
    if policy["quota"]["method"] == "largest_remainder":
        return by_remainder(policy, seats, heads, minimum, most)
    odd = policy["quota"]["method"] == "sainte_lague"
    given = dict.fromkeys(heads, minimum)
    for _ in range(seats - sum(given.values())):
        free = [line for line in heads if most is None or given[line] < most[line]]
        if free:
            worth = {line: Fraction(heads[line], 2 * given[line] + 1 if odd else given[line] + 1) for line in free}
            given[first(policy, worth, heads)] += 1
    return given


def first(policy: Policy, worth: dict[str, Fraction], heads: dict[str, int]) -> str:
    best = [line for line in worth if worth[line] == max(worth.values())]
    largest = [line for line in best if heads[line] == max(heads[one] for one in best)]
    return min(largest, key=lambda line: hashlib.sha256(f"{policy['code']}:{line}".encode()).hexdigest())


def by_remainder(
    policy: Policy, seats: int, heads: dict[str, int], minimum: int, most: dict[str, int] | None
) -> dict[str, int]:
    if not heads:
        return {}
    quotas = {line: Fraction(seats * n, sum(heads.values())) for line, n in heads.items()}
    given = {line: minimum for line, quota in quotas.items() if quota < minimum}
    if not given:
        shares = whole_and_remainders(policy, seats, quotas, heads)
        given = {line: most[line] for line, n in shares.items() if n > most[line]} if most else {}
        if not given:
            return shares
    others = {line: n for line, n in heads.items() if line not in given}
    return given | by_remainder(policy, seats - sum(given.values()), others, minimum, most)


def whole_and_remainders(
    policy: Policy, seats: int, quotas: dict[str, Fraction], heads: dict[str, int]
) -> dict[str, int]:
    shares = {line: int(quota) for line, quota in quotas.items()}
    remainders = {line: quota - int(quota) for line, quota in quotas.items()}
    while sum(shares.values()) < seats:
        line = first(policy, remainders, heads)
        shares[line] += 1
        del remainders[line]
    return shares


# Who takes part


def entered(policy: Policy, no: str, own: Tables, eligible: set[str]) -> dict[str, Any]:
    outcome = admitted(policy["applications"], own["applications"], eligible=no in eligible)
    return {"staff_no": no, "components": {}, "final": None, "rank": None, "outcome": outcome}


def admitted(window: Policy, rows: list[Row], *, eligible: bool) -> str | None:
    latest = max(rows, key=lambda row: datetime.fromisoformat(row["applied_at"]))
    at = datetime.fromisoformat(latest["applied_at"])
    if latest["status"] == "withdrawn":
        return "withdrawn"
    if at < datetime.fromisoformat(window["opens_at"]):
        return "early"
    if at > datetime.fromisoformat(window["closes_at"]):
        return "late"
    return None if eligible else "ineligible"


# Stages


def gate_of(stage: Policy) -> str:
    return stage["key"] if stage["kind"] == "review" else f"{stage['key']}.exam"


def score_stage(policy: Policy, reviewers: list[Row], own: dict[str, Tables], stage: Policy, results: Results) -> None:
    for no, result in results.items():
        if result["outcome"] is not None:
            continue
        if stage["kind"] == "review":
            components, leaves = reviewed(policy, reviewers, stage, no, own[no]["marks"]), False
        else:
            components, leaves = trained(policy, stage, own[no])
        result["components"].update(components)
        gate = components.get(gate_of(stage))
        if leaves or gate is None or gate < Fraction(stage.get("pass_mark", "0")):
            result["outcome"] = f"eliminated:{stage['key']}"


def reviewed(policy: Policy, reviewers: list[Row], stage: Policy, no: str, marks: list[Row]) -> dict[str, Fraction]:
    panel = stage.get("panel", {})
    sheets = [sheet for r in reviewers if r["staff_no"] != no and (sheet := sheet_of(stage, r, marks)) is not None]
    if len(sheets) < int(panel.get("quorum", 1)):
        return {}
    low, high = int(panel.get("drop_low", 0)), int(panel.get("drop_high", 0))
    if len(sheets) < int(panel.get("trim_from", 5)):
        low = high = 0
    if panel.get("trim_level", "total") == "total":
        value = trimmed_mean([sum(sheet, Fraction(0)) for sheet in sheets], low, high)
    else:
        value = sum((trimmed_mean(list(column), low, high) for column in zip(*sheets, strict=True)), Fraction(0))
    return {stage["key"]: rounded(policy, value)}


def sheet_of(stage: Policy, reviewer: Row, marks: list[Row]) -> list[Fraction] | None:
    """Return weight · mark ÷ max of each criterion, or nothing if the sheet does not count."""
    rows = [r for r in marks if r["stage"] == stage["key"] and r["reviewer_no"] == reviewer["reviewer_no"]]
    given = {row["criterion"]: row["mark"] for row in rows}
    if any(row["status"] != "scored" for row in rows) or not all(given.get(c["key"]) for c in stage["criteria"]):
        return None
    return [Fraction(c["weight"]) * Fraction(given[c["key"]]) / Fraction(c["max"]) for c in stage["criteria"]]


def trimmed_mean(values: list[Fraction], low: int, high: int) -> Fraction:
    values = list(values)
    for _ in range(low):
        values.remove(min(values))
    for _ in range(high):
        values.remove(max(values))
    return mean(values)


def trained(policy: Policy, stage: Policy, own: Tables) -> tuple[dict[str, Fraction], bool]:
    components, leaves = {}, False
    came = [row["status"] for row in own["attendance"]]
    due = int(stage["sessions"]) - came.count("excused")
    if due:
        attendance = rounded(policy, Fraction(100 * (came.count("present") + came.count("late")), due))
        components[f"{stage['key']}.attendance"] = attendance
        leaves = attendance < Fraction(stage["attendance"].get("at_least", "0"))
    scores = {row["area"]: row["score"] for row in own["exam"]}
    areas = stage["exam"]["areas"]
    if all(scores.get(area) for area in areas):
        exam = sum((Fraction(weight) * Fraction(scores[area]) / 100 for area, weight in areas.items()), Fraction(0))
        components[f"{stage['key']}.exam"] = rounded(policy, exam)
    return components, leaves or len(components) < 2


def short_list(people: dict[str, Row], quota: dict[str, int], stage: Policy, results: Results) -> None:
    still_in = {no: r["components"][gate_of(stage)] for no, r in results.items() if r["outcome"] is None}
    for no, value in still_in.items():
        line = people[no]["business_line"]
        better = sum(v > value for other, v in still_in.items() if people[other]["business_line"] == line)
        if better >= int(stage["advance"]["per_seat"]) * quota[line]:
            results[no]["outcome"] = f"eliminated:{stage['key']}"


# Final


def finish(
    policy: Policy,
    people: dict[str, Row],
    heads: dict[str, int],
    quota: dict[str, int],
    results: Results,
) -> None:
    for result in results.values():
        if result["outcome"] is None:
            weights, components = policy["final"]["weights"], result["components"]
            total = sum((Fraction(weight) * components[key] / 100 for key, weight in weights.items()), Fraction(0))
            result["final"] = rounded(policy, total)
            if result["final"] < Fraction(policy["final"].get("pass_mark", "0")):
                result["outcome"] = "eliminated:final"
    keys = {no: merit(policy, people[no], result) for no, result in results.items() if result["outcome"] is None}
    for no, key in keys.items():
        results[no]["rank"] = 1 + sum(other > key for other in keys.values())
        results[no]["outcome"] = "reserve"
    give_seats(policy, people, heads, quota, keys, results)


Merit = list[Fraction]


def merit(policy: Policy, person: Row, result: dict[str, Any]) -> Merit:
    """Return what people are compared by, one after the other; more is better."""
    chain = [result["final"]]
    for step in policy["final"].get("tie_break", []):
        hired = day(person["hired_on"])
        tenure = Fraction(-hired.toordinal() if hired else -(10**9))
        chain.append(tenure if step == "tenure" else result["components"][step])
    return chain


def give_seats(  # noqa: PLR0917 - everything takes part
    policy: Policy,
    people: dict[str, Row],
    heads: dict[str, int],
    quota: dict[str, int],
    keys: dict[str, Merit],
    results: Results,
) -> None:
    def of_line(line: str) -> dict[str, Merit]:
        return {
            no: key
            for no, key in keys.items()
            if people[no]["business_line"] == line and results[no]["outcome"] == "reserve"
        }

    unused = sum(fill(of_line(line), seats, results) for line, seats in quota.items())
    rule = policy["quota"].get("unused", "void")
    if rule == "void" or any(result["outcome"] == "tied" for result in results.values()):
        return
    if rule == "best_score":
        fill({no: key for line in quota for no, key in of_line(line).items()}, unused, results)
    else:
        most = {line: len(of_line(line)) for line in quota if of_line(line)}
        again = shared(policy, unused, {line: heads[line] for line in most}, 0, most)
        for line, seats in again.items():
            fill(of_line(line), seats, results)


def fill(queue: dict[str, Merit], seats: int, results: Results) -> int:
    """Give seats to the best of a queue; return how many nobody is there for."""
    while seats and queue:
        level = [no for no, key in queue.items() if key == max(queue.values())]
        outcome = "selected" if len(level) <= seats else "tied"
        for no in level:
            results[no]["outcome"] = outcome
            del queue[no]
        if outcome == "tied":
            return 0
        seats -= len(level)
    return seats
