"""The files inside the screening report: every verdict as CSV, the sharing of the seats as JSON."""

from collections.abc import Sequence

from kit.pdf import Attached
from reports.attached import csv_file, json_file
from reports.requirements import rules_of
from reports.screening_report.view import Judged, ScreeningReport

PERSON = ("staff_no", "name", "business_line", "team", "eligible", "channel", "qualifies_on")


def verdicts(view: ScreeningReport, people: Sequence[Judged]) -> Attached:
    """Return the verdicts on some people, one row a person."""
    rules = rules_of(view.policy)
    head = (*PERSON, *(f"{rule} {part}" for rule in rules for part in ("verdict", "value", "threshold")))
    rows = (_row(rules, one) for one in people)
    return csv_file("screening.csv", head, rows, description="screening verdicts")


def _row(rules: Sequence[str], one: Judged) -> list[str | None]:
    person, screened = one
    found = {v.rule: v for v in screened.verdicts}
    day = screened.qualifies_on.isoformat() if screened.qualifies_on else None
    eligible = "yes" if screened.eligible else "no"
    who = [person.staff_no, person.name, person.business_line, person.team, eligible, screened.channel, day]
    parts = ((v.verdict, v.value, v.threshold) if (v := found.get(rule)) else (None, None, None) for rule in rules)
    return [*who, *(part for three in parts for part in three)]


def seats(view: ScreeningReport) -> Attached:
    """Return heads, seats and every step of their sharing."""
    quota = view.policy.quota
    value = {
        "code": view.policy.code,
        "seats": quota.seats,
        "method": quota.method,
        "minimum": quota.minimum,
        "heads": dict(view.heads),
        "shared": dict(view.seats),
        "steps": list(view.seats_working),
    }
    return json_file("seats.json", value, description="sharing of the seats")
