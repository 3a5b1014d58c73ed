"""Draft the official documents: launch notice, result announcement, appointment notice."""

from collections.abc import Iterator
from datetime import timedelta

from kit.i18n import gettext as _
from kit.i18n import language
from models.results import Result
from reports.official import announcement, appointment, launch, layout
from reports.official.announcement import Announcement, Chosen, Level
from reports.official.appointment import Appointee, AppointmentNotice
from reports.official.blocks import Official
from reports.official.launch import LaunchNotice
from rules import course
from rules.records import Person
from rules.scales import Scale, grade_key
from tasks.case import Case, Draft, Filed

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


def _unit(case: Case, staff_no: str) -> str:
    person = case.people[staff_no]
    line = case.policy.lines[person.business_line]
    return f"{line} {person.team}" if person.team else line


def _grade(case: Case, person: Person) -> str:
    """Return the grade as the policy spells it: Ⅱ级, however it stands in the records."""
    if not person.grade:
        return ""
    rank = Scale(case.policy.grades, grade_key).rank(person.grade)
    spelled = person.grade if rank is None else case.policy.grades[rank]
    return spelled if spelled.endswith("级") else _("{grade}级").format(grade=spelled)


def _chosen(case: Case, result: Result) -> Chosen:
    person = case.people[result.staff_no]
    unit = _unit(case, result.staff_no)
    grade = _grade(case, person)
    return Chosen(result.staff_no, person.name, person.business_line, unit, grade, result.final, result.rank)


def _appointee(case: Case, result: Result) -> Appointee:
    person = case.people[result.staff_no]
    unit = _unit(case, result.staff_no)
    return Appointee(result.staff_no, person.name, person.business_line, unit, _grade(case, person))


def level_groups(final: dict) -> Iterator[Level]:  # type: ignore[type-arg] # the working of the final step
    """Return who waits for an extra test: by line, or under no line where seats were given over all lines."""
    lines = {**final["lines"], **final["unused"].get("lines", {})}
    for line, given in lines.items():
        if given["tied"]:
            yield Level(line, len(given["tied"]), given["held"])
    if final["unused"].get("tied"):
        yield Level("", len(final["unused"]["tied"]), final["unused"]["held"])


def vacant_seats(final: dict) -> dict[str, int]:  # type: ignore[type-arg] # the working of the final step
    """Return the seats that stay empty by line; under ``""`` what is left of those that were given once more."""
    unused = final["unused"]
    taken = len(unused.get("selected", ())) + sum(
        len(n["selected"]) + n["held"] for n in unused.get("lines", {}).values()
    )
    taken += unused.get("held", 0) if "selected" in unused else 0
    if not taken:
        return {line: given["unused"] for line, given in final["lines"].items()}
    return {"": unused["seats"] - taken}
