"""Hold what people handed in, asked for and decided about one another against what the history tells."""

import json
from collections.abc import Iterator
from typing import Any

from kit.canonical import digest
from models.applications import Material
from models.changes import Hold, Proposal
from models.hearings import Hearing
from models.marks import Reviewer
from queries.retold_case import Case, nth_time, numbered
from rules.texts import Text, _


def materials(case: Case) -> Iterator[Text]:
    """Check the files that candidates handed in."""
    told: dict[Any, tuple[object, ...]] = {}
    for entry, said in case.of("materials.taken_in", "materials.taken_back"):
        for staff_no, name, sha256 in said["files"]:
            if entry.deed == "materials.taken_in":
                told[staff_no, name] = (sha256,)
            else:
                told.pop((staff_no, name), None)
    stored = {(m.staff_no, m.name): (m.sha256,) for m in case.rows(Material)}
    yield from case.pairs(Text(_("申报材料")), told, stored, called=lambda no, name: f"{case.person(no)} {name}")


def hearings(case: Case) -> Iterator[Text]:
    """Check the requests and objections, and what was answered."""
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
    yield from case.pairs(Text(_("复核申请和异议")), told, stored, called=numbered)


def holds(case: Case) -> Iterator[Text]:
    """Check the holds, and their release."""
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
    yield from case.pairs(Text(_("暂缓处理")), told, stored, called=lambda no, n: nth_time(case.person(no), n))


def proposals(case: Case) -> Iterator[Text]:
    """Check the proposals, and what became of them."""
    told: dict[tuple[int], tuple[object, ...]] = {}
    for entry, said in case.of("change.proposed", "change.carried_out", "change.rejected"):
        state = entry.deed.removeprefix("change.")
        decided = ("open", "") if state == "proposed" else (state, entry.actor)
        told[(said["number"],)] = (said["deed"], said["arguments"], said["reason"], said["proposed_by"], *decided)
    stored = {
        (p.number,): (p.deed, json.loads(p.arguments), p.reason, p.proposed_by, p.state, p.decided_by)
        for p in case.rows(Proposal)
    }
    yield from case.pairs(Text(_("提议")), told, stored, called=numbered)


def substitutes(case: Case) -> Iterator[Text]:
    """Check the reviewers’ substitutes."""
    told = {e.subject: said["to"] for e, said in case.of("substitute.named")}
    for reviewer in case.rows(Reviewer):
        if (reviewer.substitute_no or None) != (told.get(reviewer.reviewer_no) or None):
            said = {"name": reviewer.name, "no": reviewer.reviewer_no}
            yield Text(_("评委 {name} {no} 的替补人选被改动过"), said)
