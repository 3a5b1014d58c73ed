"""Hold a round's own tables against what the history tells: its policy, steps, documents, confirmations, notices.

The history says what was done; from that follows what the tables must say. Findings as in ``queries.audit``.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Final

from sqlmodel import Session

from kit.canonical import digest
from models.documents import Document, Frozen
from models.drafts import Supplement
from models.rounds import Confirmation, Notice, Round
from queries import audit, results, retold_deeds, stages
from queries.retold_case import Case, nth_time, numbered
from rules import course, workdays
from rules.books import BOOKS
from rules.deadlines import due_at
from rules.policies import Policy
from rules.retelling import SUPPLEMENTED, Event, Retelling
from rules.texts import RuleError, Text, _
from rules.workdays import Calendar, NoticePeriod


def findings(session: Session, *, the_round: Round, policy: Policy) -> list[Text]:
    """Return where the round's tables differ from its history."""
    case = Case(session, the_round, policy, list(audit.entries(session, chain=the_round.id)))
    return [finding for look in _LOOKS for finding in look(case)]


def _launch(case: Case) -> Iterator[Text]:
    the_round = case.the_round
    launched = case.of("round.launched")
    if not launched:
        yield Text(_("留痕中没有这一轮的启动"))
        return
    entry, said = launched[0]
    supplements = case.of(SUPPLEMENTED)
    kept = supplements[-1][0].evidence if supplements else entry.evidence
    if not digest(the_round.policy_text) == the_round.policy_sha256 == kept:
        yield Text(_("冻结的竞聘方案被改动过：与启动时存档的不同"))
    ended = [(e.deed, e.at) for e, _detail in case.of("round.finished", "round.cancelled", "round.restored")]
    deed, at = ended[-1] if ended else ("", None)
    state = {"round.finished": "finished", "round.cancelled": "cancelled"}.get(deed, "running")
    told = {
        "code": entry.subject,
        "mode": said["mode"],
        "title": said["title"],
        "bundle_sha256": said["bundle"],
        "time_zone": case.policy.time_zone,
        "launched_at": entry.at,
        "state": state,
        "ended_at": at if state != "running" else None,
    }
    yield from case.differences(Text(_("轮次")), told, the_round)


def _steps(case: Case) -> Iterator[Text]:
    retelling = Retelling(case.policy, mode=case.the_round.mode, time_zone=case.the_round.time_zone)
    told = retelling.follow(Event(e.deed, e.subject, e.at, json.loads(e.detail)) for e in case.entries)
    stored = {s.key: s for s in stages.of_round(case.session, round_id=case.the_round.id)}
    for key in [*told, *(k for k in stored if k not in told)]:
        if key not in stored or key not in told:
            name = (stored.get(key) or told[key]).name
            yield Text(_("环节“{name}”被增删过"), {"name": course.said(name)})
            continue
        step = told[key]
        expected = {**asdict(step), "due_at": due_at(step.closes_at, step.grace_hours)}
        yield from case.differences(Text(_("环节“{name}”"), {"name": course.said(step.name)}), expected, stored[key])


def _supplements(case: Case) -> Iterator[Text]:
    """Check that each supplement changes the policy that was in force, and is kept as it was published."""
    in_force = next((e.evidence for e, _said in case.of("round.launched")), None)
    told: dict[tuple[int], tuple[object, ...]] = {}
    for entry, said in case.of(SUPPLEMENTED):
        if said["before"] != in_force:
            yield Text(_("第 {n} 号补充公告所依据的方案与当时执行的不同"), {"n": said["number"]})
        in_force = entry.evidence
        told[(said["number"],)] = (said["title"], said["reason"], said["before"], in_force, entry.actor, entry.at)
    stored = {
        (s.number,): (s.title, s.reason, s.policy_before, s.policy_after, s.made_by, s.made_at)
        for s in case.rows(Supplement)
    }
    yield from case.pairs(Text(_("补充公告")), told, stored, called=numbered)


def _directory(case: Case) -> Iterator[Text]:
    """Check the frozen directory; a round of the first release did not note its hashes."""
    stored = {f.name: f.sha256 for f in case.rows(Frozen)}
    tallies = [said for e, said in case.of("stage.tallied") if e.subject == course.SCREENING]
    told = tallies[-1].get("directory", stored) if tallies else {}
    for part in sorted({*stored, *told}):
        if stored.get(part) != told.get(part):
            yield Text(_("冻结的名册（{part}）被改动过：与资格审查时的不同"), {"part": Text(BOOKS.get(part, part))})


def _documents(case: Case) -> Iterator[Text]:
    told = {
        (e.subject, said["kind"], said["version"], said["name"]): (e.evidence, e.at, said["fonts"])
        for e, said in case.of("document.filed")
    }
    stored = {(d.staff_no, d.kind, d.version, d.name): (d.sha256, d.made_at, d.fonts) for d in case.rows(Document)}
    yield from case.pairs(Text(_("文档")), told, stored, called=case.paper)


def _confirmations(case: Case) -> Iterator[Text]:
    told = {(e.actor, said["generation"]): (said["results"], e.at) for e, said in case.of("decision.confirmed")}
    stored = {(c.actor, c.generation): (c.results_sha256, c.confirmed_at) for c in case.rows(Confirmation)}
    yield from case.pairs(Text(_("审定确认")), told, stored, called=nth_time)
    steps = stages.of_round(case.session, round_id=case.the_round.id)
    decision = next((s for s in steps if s.kind == "decision"), None)
    if decision is None or decision.state not in {"closed", "done"}:
        return
    now = results.fingerprint(case.session, round_id=case.the_round.id)
    wanted = case.policy.confirmations if case.the_round.mode == course.LIVE else 1
    said_yes = [key for key, (sha256, _at) in told.items() if (key[1], sha256) == (decision.generation, now)]
    if len(said_yes) < wanted:
        said = {"n": len(said_yes), "wanted": wanted}
        yield Text(_("现在的结果只有 {n} 人确认过（应有 {wanted} 人）：审定之后结果被改动过"), said)


def _notices(case: Case) -> Iterator[Text]:
    told = {said["generation"]: said for e, said in case.of("stage.opened") if e.subject == course.NOTICE}
    stored = {n.generation: n for n in case.rows(Notice)}
    for generation in sorted({*told, *stored}):
        if generation not in told or generation not in stored:
            yield Text(_("第 {n} 次公示的记录被增删过"), {"n": generation})
            continue
        said, notice = told[generation], stored[generation]
        expected = {f: date.fromisoformat(said[f]) for f in ("posted_on", "first_day", "last_day")}
        yield from case.differences(Text(_("第 {n} 次公示"), {"n": generation}), expected, notice)
        if not _adds_up(notice, case.policy) or digest(notice.calendar.encode()) != said.get(
            "calendar", digest(notice.calendar.encode())
        ):
            yield Text(_("第 {n} 次公示的工作日被改动过"), {"n": generation})


def _adds_up(notice: Notice, policy: Policy) -> bool:
    """Return whether the days of a notice follow from the calendar that was kept with it."""
    kept = {date.fromisoformat(day): works for day, works in json.loads(notice.calendar)["days"].items()}
    terms = policy.notice
    try:
        period = workdays.notice_period(
            notice.posted_on,
            working_days=terms.working_days,
            count_first_day=terms.count_first_day,
            calendar=Calendar(kept, ""),
        )
    except RuleError:
        return False
    days = tuple(date.fromisoformat(day) for day in json.loads(notice.working_days))
    return period == NoticePeriod(notice.first_day, notice.last_day, days)


_LOOKS: Final[tuple[Callable[[Case], Iterator[Text]], ...]] = (
    _launch,
    _steps,
    _supplements,
    _directory,
    _documents,
    _confirmations,
    _notices,
    retold_deeds.materials,
    retold_deeds.hearings,
    retold_deeds.holds,
    retold_deeds.proposals,
    retold_deeds.substitutes,
)
