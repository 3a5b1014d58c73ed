"""Draft the official documents: launch notice, supplements, result announcement, appointment notice."""

from collections.abc import Iterator
from datetime import timedelta

from forms import in_force
from forms.differences import differences
from forms.draft_files import from_yaml
from kit.i18n import gettext as _
from kit.i18n import language
from models.documents import Blob
from models.results import Result
from queries import decided, drafts
from reports.official import announcement, appointment, gathering, launch, layout, supplement
from reports.official.announcement import Announcement, Chosen
from reports.official.appointment import Appointee, AppointmentNotice
from reports.official.blocks import Official
from reports.official.gathering import level_groups, vacant_seats
from reports.official.launch import LaunchNotice
from reports.official.supplement import SupplementNotice
from rules import course
from tasks.case import Case, Draft, Filed

__all__ = ["level_groups", "vacant_seats"]

PDF = "application/pdf"


def launch_notice(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the launch notice, with the seats of each line."""
    view = LaunchNotice(
        policy=case.policy,
        policy_sha256=case.the_round.policy_sha256,
        issued_on=case.launched_on,
        seats={line: a.seats for line, a in case.allotments.items()},
        heads={line: a.heads for line, a in case.allotments.items()},
    )
    yield from _once(case, filed, "launch_notice", _("01 竞聘公告.pdf"), launch.document(view, language=language()))


def supplement_notices(case: Case, _filed: Filed) -> Iterator[Draft]:
    """Draft the notices of supplements that have none yet, whatever step the round is at."""
    round_id, zone = case.the_round.id, case.the_round.time_zone
    there = decided.supplement_papers(case.session, round_id=round_id)
    for one in drafts.supplements(case.session, round_id=round_id):
        if one.number in there:
            continue
        before, after = (case.session.get_one(Blob, sha256).content for sha256 in (one.policy_before, one.policy_after))
        old, new = (from_yaml(text) for text in (before, after))
        view = SupplementNotice(
            policy=in_force.policy(after),
            policy_sha256=one.policy_after,
            number=one.number,
            title=one.title,
            reason=one.reason,
            rows=differences(old, new, zone=zone),
            issued_on=case.day(one.made_at),
        )
        paper = layout.paper(supplement.document(view, language=language()), time_zone=zone)
        name = _("01 补充公告（第 {n} 号）.pdf").format(n=one.number)
        yield Draft(f"supplement:{one.number}", name, paper, version=1)


def result_announcement(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the public notice of the result."""
    final = case.working(course.FINAL)
    view = Announcement(
        policy=case.policy,
        chosen=[_chosen(case, r) for r in case.results if r.outcome == "selected"],
        period=case.period(),
        issued_on=case.notice.posted_on,
        level=list(level_groups(final)),
        vacant=vacant_seats(final),
    )
    yield from _once(
        case, filed, "announcement", _("04 结果公示.pdf"), announcement.document(view, language=language())
    )


def appointment_notice(case: Case, filed: Filed) -> Iterator[Draft]:
    """Draft the appointment notice, on the day after the notice ended; none if nobody was selected."""
    selected = [r for r in case.results if r.outcome == "selected"]
    if not selected:
        return
    after = case.period().last_day + timedelta(days=1)
    view = AppointmentNotice(
        policy=case.policy,
        people=[_appointee(case, r) for r in selected],
        effective_on=after,
        issued_on=after,
        period=case.period(),
    )
    yield from _once(
        case, filed, "appointment_notice", _("05 任职通知.pdf"), appointment.document(view, language=language())
    )


def _once(case: Case, filed: Filed, kind: str, name: str, document: Official) -> Iterator[Draft]:
    if (kind, "", PDF) not in filed:
        yield Draft(kind, name, layout.paper(document, time_zone=case.the_round.time_zone))


def _chosen(case: Case, result: Result) -> Chosen:
    return gathering.chosen(case.policy, case.people[result.staff_no], final=result.final, rank=result.rank)


def _appointee(case: Case, result: Result) -> Appointee:
    person, policy = case.people[result.staff_no], case.policy
    where, grade = gathering.unit(policy, person), gathering.grade(policy, person)
    return Appointee(result.staff_no, person.name, person.business_line, where, grade)
