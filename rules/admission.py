"""Who takes part: the latest application counts, in time, of an eligible person."""

from collections.abc import Iterable, Mapping

from rules.policies import Policy
from rules.records import Application


def admit(policy: Policy, applications: Iterable[Application], eligible: Mapping[str, bool]) -> dict[str, str | None]:
    """Return every applicant's outcome by staff number: ``withdrawn early late ineligible``, ``None`` takes part."""
    latest: dict[str, Application] = {}
    for application in applications:
        before = latest.get(application.staff_no)
        if before is None or application.applied_at > before.applied_at:
            latest[application.staff_no] = application
    return {no: _outcome(policy, latest[no], eligible=eligible.get(no, False)) for no in sorted(latest)}


def _outcome(policy: Policy, application: Application, *, eligible: bool) -> str | None:
    window = policy.applications
    if application.status == "withdrawn":
        return "withdrawn"
    if application.applied_at < window.opens_at:
        return "early"
    if application.applied_at > window.closes_at:
        return "late"
    return None if eligible else "ineligible"
