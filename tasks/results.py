"""Draft what is made of everyone's results: each candidate's own, and the score book."""

import json
from collections.abc import Iterator
from datetime import datetime, time
from functools import lru_cache

from kit.i18n import gettext as _
from queries import books, results
from reports import candidate_result
from reports import score_book as book
from reports.entries import Entry, StageScore
from reports.score_book import ScoreBook
from rules import course
from rules.records import Application
from tasks.case import PDF, Case, Draft, Filed, in_volumes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def candidate_results(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the result of every applicant whose own is not filed yet."""
    wanted = [e for e in entries(case) if ("candidate_result", e.person.staff_no, PDF) not in filed]
    if not wanted:
        return
    for view in candidate_result.views(
        case.policy,
        entries(case),
        seats={line: a.seats for line, a in case.allotments.items()},
        ranking=case.working(course.FINAL),
        issued=issued(case),
        notice=case.period(),
    ):
        staff_no = view.entry.person.staff_no
        if ("candidate_result", staff_no, PDF) not in filed:
            name = _("{staff_no} 个人竞聘结果.pdf").format(staff_no=staff_no)
            yield Draft("candidate_result", name, candidate_result.paper(view), staff_no=staff_no)


def score_book(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the score book, as a document in volumes and as a workbook."""
    heads, seats = case.shared_out()
    view = ScoreBook(
        policy=case.policy,
        policy_sha256=case.the_round.policy_sha256,
        issued=issued(case),
        entries=entries(case),
        heads=heads,
        seats=seats,
        seats_working=case.working(course.SCREENING)["seats"],
        ranking=case.working(course.FINAL),
    )
    if ("score_book", "", XLSX) not in filed:
        yield Draft("score_book", _("03 成绩汇总表.xlsx"), book.workbook(view), media_type=XLSX)
    yield from in_volumes("score_book", _("03 成绩汇总表.pdf"), book.papers(view), filed)


def issued(case: Case) -> datetime:
    """Return the date of the result documents, at the start of the day on which the notice is posted."""
    return datetime.combine(case.notice.posted_on, time(), case.zone)


@lru_cache(maxsize=1)
def entries(case: Case) -> list[Entry]:
    """Return every applicant's round, by staff number; read once for all the documents of a step."""
    round_id = case.the_round.id
    numbers = [r.staff_no for r in case.results]
    screened = {s.staff_no: s for s in results.screened(case.session, round_id=round_id, staff_nos=numbers)}
    applied = _latest(books.rows(case.session, book="applications", round_id=round_id))
    stages = _stages(case)
    return [
        Entry(
            person=case.people[r.staff_no],
            outcome=r.outcome or "",
            applied_at=applied.get(r.staff_no),
            screened=screened.get(r.staff_no),
            stages=stages.get(r.staff_no, {}),
            final=r.final,
            rank=r.rank,
            working=json.loads(r.working),
        )
        for r in case.results
    ]


def _latest(applications: list[Application]) -> dict[str, datetime]:
    return {a.staff_no: a.applied_at for a in sorted(applications, key=lambda a: a.applied_at)}


def _stages(case: Case) -> dict[str, dict[str, StageScore]]:
    components = results.components(case.session, round_id=case.the_round.id)
    ids = {case.stages[s.key].id: s.key for s in case.policy.stages}
    found: dict[str, dict[str, StageScore]] = {}
    for stage_id, people in results.stage_workings(case.session, stage_ids=list(ids)).items():
        key = ids[stage_id]
        for staff_no, (left, working) in people.items():
            own = {k: v for k, v in components.get(staff_no, {}).items() if k.partition(".")[0] == key}
            found.setdefault(staff_no, {})[key] = StageScore(own, working, left)
    return found
