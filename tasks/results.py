"""Draft what is made of everyone's results: each candidate's own, and the score book."""

from collections.abc import Iterator
from datetime import datetime, time

from kit.i18n import gettext as _
from kit.i18n import language
from queries import decided
from reports import candidate_result
from reports import score_book as book
from reports.score_book import ScoreBook
from rules import course
from tasks.case import PDF, Case, Draft, Filed, in_volumes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def candidate_results(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the result of every applicant whose own is not filed yet."""
    wanted = [e for e in case.entries if ("candidate_result", e.person.staff_no, PDF) not in filed]
    if not wanted:
        return
    heads, seats = case.shared_out()
    for view in candidate_result.views(
        decided.in_force(case.session, the_round=case.the_round, policy=case.policy),
        case.entries,
        seats=seats,
        heads=heads,
        ranking=case.working(course.FINAL),
        issued=issued(case),
        notice=case.period(),
    ):
        staff_no = view.entry.person.staff_no
        if ("candidate_result", staff_no, PDF) not in filed:
            name = _("{staff_no} 个人竞聘结果.pdf").format(staff_no=staff_no)
            yield Draft("candidate_result", name, candidate_result.paper(view, spoken=language()), staff_no=staff_no)


def score_book(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the score book, as a document in volumes and as a workbook."""
    heads, seats = case.shared_out()
    view = ScoreBook(
        policy=decided.in_force(case.session, the_round=case.the_round, policy=case.policy),
        policy_sha256=case.the_round.policy_sha256,
        issued=issued(case),
        entries=case.entries,
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
