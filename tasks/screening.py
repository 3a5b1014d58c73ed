"""Draft the screening report."""

from collections.abc import Iterator

from kit.i18n import gettext as _
from queries import results
from reports import screening_report as report
from reports.screening_report import Judged, ScreeningReport
from rules import course
from tasks.case import Case, Draft, Filed, in_volumes


def screening_report(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the report on everybody who was screened."""
    screened = results.screened(case.session, round_id=case.the_round.id)
    heads, seats = case.shared_out()
    view = ScreeningReport(
        policy=case.policy,
        policy_sha256=case.the_round.policy_sha256,
        issued=case.screened_at,
        people=[Judged(case.people[one.staff_no], one) for one in screened],
        heads=heads,
        seats=seats,
        seats_working=case.working(course.SCREENING)["seats"],
    )
    yield from in_volumes("screening_report", _("02 资格审查报告.pdf"), report.papers(view), filed)
