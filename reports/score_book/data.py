"""The files inside the score book: everybody's result as CSV and JSON, and every sheet that the scores came from."""

from collections.abc import Iterator, Sequence
from typing import Any

from kit.pdf import Attached
from reports.attached import csv_file, json_file
from reports.entries import Entry
from reports.score_book.order import groups
from reports.score_book.view import ScoreBook

SHEETS = ("stage", "staff_no", "reviewer_no", "total", "not_counted", "left_out")


def files(view: ScoreBook) -> list[Attached]:
    """Return the files of the score book; the first is what its signatures are for."""
    return [_results_json(view), _results_csv(view), _sheets_csv(view)]


def ordered(view: ScoreBook) -> list[Entry]:
    """Return everybody in the order of the score book."""
    return [entry for group in groups(view) for entry in group.people]


def _results_json(view: ScoreBook) -> Attached:
    value = {
        "code": view.policy.code,
        "policy_sha256": view.policy_sha256,
        "quota": dict(view.seats),
        "seats_working": list(view.seats_working),
        "ranking": dict(view.ranking),
        "results": [_result(view, entry) for entry in ordered(view)],
    }
    return json_file("results.json", value, description="everybody's result and how the seats were given")


def _result(view: ScoreBook, entry: Entry) -> dict[str, Any]:
    person = entry.person
    return {
        "staff_no": person.staff_no,
        "name": person.name,
        "business_line": person.business_line,
        "components": {key: f"{value:f}" for key, value in entry.components.items()},
        "final": None if entry.final is None else f"{entry.final:f}",
        "rank": entry.rank,
        "rank_in_line": view.line_ranks.get(person.staff_no),
        "outcome": entry.outcome,
    }


def _results_csv(view: ScoreBook) -> Attached:
    head = ("rank", "rank_in_line", "staff_no", "name", "business_line", *view.components, "final", "outcome")
    return csv_file("results.csv", head, map(list, _result_rows(view)), description="everybody's result")


def _result_rows(view: ScoreBook) -> Iterator[Sequence[object]]:
    for entry in ordered(view):
        one = _result(view, entry)
        scores = (one["components"].get(key) for key in view.components)
        who = (one["rank"], one["rank_in_line"], one["staff_no"], one["name"], one["business_line"])
        yield (*who, *scores, one["final"], one["outcome"])


def _sheets_csv(view: ScoreBook) -> Attached:
    rows = (row for stage in view.policy.stages for row in _sheet_rows(view, stage.key))
    return csv_file("sheets.csv", SHEETS, rows, description="every score sheet's total")


def _sheet_rows(view: ScoreBook, stage: str) -> Iterator[Sequence[object]]:
    entered = [entry for entry in view.entries if stage in entry.stages]
    for entry in sorted(entered, key=lambda one: one.person.staff_no):
        for sheet in entry.stages[stage].working.get("sheets", ()):
            about = (sheet["total"], sheet["why_not"], sheet["dropped"])
            yield (stage, entry.person.staff_no, sheet["reviewer"], *about)
