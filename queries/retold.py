"""Hold a round's own tables against what the history tells: its policy, steps, documents, confirmations, notices.

The history says what was done; from that follows what the tables must say. Findings as in ``queries.audit``.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session, SQLModel, select

from kit.canonical import digest
from models.applications import Material
from models.changes import Hold, Proposal
from models.documents import Document, Frozen
from models.drafts import Supplement
from models.hearings import Hearing
from models.history import Entry
from models.marks import Reviewer
from models.people import Person
from models.rounds import Confirmation, Notice, Round
from queries import altered, audit, results, stages
from queries.altered import Rows
from rules import course, workdays
from rules.books import BOOKS
from rules.deadlines import due_at
from rules.policies import Policy
from rules.retelling import SUPPLEMENTED, Event, Retelling
from rules.texts import RuleError, Text, _
from rules.workdays import Calendar, NoticePeriod


@dataclass(frozen=True, slots=True)
class Case:
    """A round under its policy, with its history read once."""

    session: Session
    the_round: Round
    policy: Policy
    entries: Sequence[Entry]

    def of(self, *deeds: str) -> list[tuple[Entry, dict[str, Any]]]:
        """Return the entries of certain deeds with what they say."""
        return [(e, json.loads(e.detail)) for e in self.entries if e.deed in deeds]

    def rows(self, model: type[SQLModel]) -> list[Any]:
        """Return the round's rows of a table."""
        query = select(model).where(model.round_id == self.the_round.id)  # type: ignore[attr-defined] # tables of rounds only
        return list(self.session.exec(query))

    def pairs(
        self, what: Text, told: Rows, stored: Rows, *, called: Callable[..., object] | None = None
    ) -> Iterator[Text]:
        """Compare rows by their keys."""
        return altered.pairs(what, told, stored, zone=self.the_round.time_zone, called=called)

    def differences(self, what: Text, told: Mapping[str, object], row: SQLModel) -> Iterator[Text]:
        """Compare the columns of one row."""
        return altered.differences(what, told, row, zone=self.the_round.time_zone)

    def person(self, staff_no: str) -> str:
        """Return somebody by name and number; asked only for what differs."""
        found = self.session.get(Person, staff_no)
        return f"{found.name} {staff_no}" if found else staff_no

    def paper(self, staff_no: str, _kind: str, version: int, name: str) -> Text:
        """Return what a document is called."""
        of = {"name": name, "n": version, "who": self.person(staff_no)}
        return Text(_("{who} 的“{name}”（第 {n} 版）") if staff_no else _("“{name}”（第 {n} 版）"), of)


def _numbered(number: int) -> Text:
    return Text(_("第 {n} 号"), {"n": number})


def _time(whose: str, n: int) -> Text:
    return Text(_("{whose}（第 {n} 次）"), {"whose": whose, "n": n})


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
    yield from case.pairs(Text(_("补充公告")), told, stored, called=_numbered)


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
    yield from case.pairs(Text(_("审定确认")), told, stored, called=_time)
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


def _materials(case: Case) -> Iterator[Text]:
    told: dict[Any, tuple[object, ...]] = {}
    for entry, said in case.of("materials.taken_in", "materials.taken_back"):
        for staff_no, name, sha256 in said["files"]:
            if entry.deed == "materials.taken_in":
                told[staff_no, name] = (sha256,)
            else:
                told.pop((staff_no, name), None)
    stored = {(m.staff_no, m.name): (m.sha256,) for m in case.rows(Material)}
    yield from case.pairs(Text(_("申报材料")), told, stored, called=lambda no, name: f"{case.person(no)} {name}")


def _hearings(case: Case) -> Iterator[Text]:
    told: dict[tuple[int], tuple[object, ...]] = {}
    for entry, said in case.of("hearing.raised", "hearing.answered", "hearing.withdrawn"):
        key = (said["number"],)
        if entry.deed == "hearing.raised":
            told[key] = (said["kind"], entry.subject, entry.evidence, "open", None, None, "")
        elif entry.deed == "hearing.answered":
            told[key] = (*told.get(key, ())[:3], "answered", entry.evidence, said["upheld"], entry.actor)
        else:
            told[key] = (*told.get(key, ())[:3], "withdrawn", *told.get(key, ())[4:])
    stored = {
        (h.number,): (
            h.kind,
            h.staff_no,
            digest(h.ground.encode()),
            h.state,
            digest(h.answer.encode()) if h.answer else None,
            h.upheld,
            h.answered_by,
        )
        for h in case.rows(Hearing)
    }
    yield from case.pairs(Text(_("复核申请和异议")), told, stored, called=_numbered)


def _holds(case: Case) -> Iterator[Text]:
    told: dict[Any, tuple[object, ...]] = {}
    held: dict[str, int] = {}
    for entry, said in case.of("candidate.held", "candidate.released"):
        no = entry.subject
        if entry.deed == "candidate.held":
            held[no] = held.get(no, 0) + 1
            told[no, held[no]] = (said["reason"], entry.actor, entry.at, "", None)
        else:
            told[no, held[no]] = (*told[no, held[no]][:3], entry.actor, entry.at)
    stored: dict[tuple[str, int], tuple[object, ...]] = {}
    for hold in sorted(case.rows(Hold), key=lambda h: h.held_at):
        n = sum(no == hold.staff_no for no, _n in stored) + 1
        stored[hold.staff_no, n] = (hold.reason, hold.held_by, hold.held_at, hold.released_by, hold.released_at)
    yield from case.pairs(Text(_("暂缓处理")), told, stored, called=lambda no, n: _time(case.person(no), n))


def _proposals(case: Case) -> Iterator[Text]:
    told: dict[tuple[int], tuple[object, ...]] = {}
    for entry, said in case.of("change.proposed", "change.carried_out", "change.rejected"):
        state = entry.deed.removeprefix("change.")
        decided = ("open", "") if state == "proposed" else (state, entry.actor)
        told[(said["number"],)] = (said["deed"], said["arguments"], said["reason"], said["proposed_by"], *decided)
    stored = {
        (p.number,): (p.deed, json.loads(p.arguments), p.reason, p.proposed_by, p.state, p.decided_by)
        for p in case.rows(Proposal)
    }
    yield from case.pairs(Text(_("提议")), told, stored, called=_numbered)


def _substitutes(case: Case) -> Iterator[Text]:
    told = {e.subject: said["to"] for e, said in case.of("substitute.named")}
    for reviewer in case.rows(Reviewer):
        if (reviewer.substitute_no or None) != (told.get(reviewer.reviewer_no) or None):
            said = {"name": reviewer.name, "no": reviewer.reviewer_no}
            yield Text(_("评委 {name} {no} 的替补人选被改动过"), said)


_LOOKS: Final[tuple[Callable[[Case], Iterator[Text]], ...]] = (
    _launch,
    _steps,
    _supplements,
    _directory,
    _documents,
    _confirmations,
    _notices,
    _materials,
    _hearings,
    _holds,
    _proposals,
    _substitutes,
)
