"""The page of one score sheet: what stands on it, the candidate's dossier beside it, the reviewer's own list."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response

from actions import changes
from forms import sheets as forms
from forms.sheets import SheetRead
from queries import changes as proposals
from queries import dossiers, sheets
from queries.desks import Desk
from rules import sheets as law
from rules.changes import Change
from rules.policies import Deed
from rules.sheets import State
from rules.texts import Text
from web import reviewing
from web.visit import Visit

NO_FAULTS: Final[Mapping[str, Text]] = {}


def show(
    visit: Visit,
    desk: Desk,
    *,
    typed: SheetRead | None = None,
    faults: Mapping[str, Text] | None = None,
    said: Mapping[str, Text] = NO_FAULTS,
    status: int = 200,
) -> Response:
    """Show a sheet: as it is kept, or as ``typed`` and not kept; ``said`` are the faults of the forms below it."""
    read = typed or forms.read(_as_fields(desk), desk.terms.criteria)
    shut = desk.shut(now=visit.now)
    return visit.page(
        "sheet.html",
        status=status,
        **names(desk),
        **_dossier(visit, desk),
        rounding=visit.policy_of(desk.chair.the_round).rounding,
        shut=shut,
        writable=shut is None and desk.conflict is None,
        store=reviewing.store(desk.chair, desk.stage, desk.candidate.staff_no),
        unheard=typed is not None,
        written=read.written,
        faults=read.faults if faults is None else faults,
        total=total(visit, desk, read),
        done=len(read.marks),
        steps=law.steps,
        DECIMALS=law.DECIMALS,
        statuses=law.STATUSES,
        states=law.STATES,
        key=secrets.token_urlsafe(16),
        saved=saved(visit, desk),
        own=_own(visit, desk),
        numbers=sheets.numbers(visit.session, desk=desk) if desk.state is State.FILED else None,
        asked=desk.state is State.FILED and _asked(visit, desk),
        said_of=said,
        given={name: visit.text(name) for name in ("reason", "status")},
    )


def names(desk: Desk) -> dict[str, Any]:
    """Return what every page about a sheet names."""
    places = {"code": desk.chair.the_round.code, "stage": desk.stage.key, "staff_no": desk.candidate.staff_no}
    return {"desk": desk, "places": places, "the_round": desk.chair.the_round, "State": State}


def may_read(desk: Desk) -> bool:
    """Return whether the candidate's dossier is open to this reviewer: to score, while the round runs."""
    running = desk.chair.the_round.state == "running"
    return running and desk.declaration is not None and desk.conflict is None and not desk.taken_away


def _dossier(visit: Visit, desk: Desk) -> dict[str, Any]:
    the_round, no = desk.chair.the_round, desk.candidate.staff_no
    readable = may_read(desk)
    if readable:
        visit.saw("score_sheet", the_round=the_round, subject=no)
    return {
        "may_read": readable,
        "files": dossiers.files(visit.session, round_id=the_round.id, staff_no=no) if readable else [],
        "applied_at": dossiers.applied_at(visit.session, round_id=the_round.id, staff_no=no) if readable else None,
        "lines": visit.policy_of(the_round).lines,
        "warning": law.named_in(_statement(desk), desk.candidate),
    }


def _statement(desk: Desk) -> str:
    return desk.declaration.statement if desk.declaration else ""


def _own(visit: Visit, desk: Desk) -> list[reviewing.Named]:
    """Return the reviewer's own list of the stage."""
    piles = reviewing.piles_of(visit, [desk.chair], visit.policy_of(desk.chair.the_round))
    pile = next((p for p in piles if p.stage.key == desk.stage.key), None)
    return reviewing.named(visit, pile, _statement(desk)) if pile else []


def _as_fields(desk: Desk) -> dict[str, str]:
    written = desk.written()
    marks = {f"mark.{key}": one.mark for key, one in written.items()}
    return marks | {f"comment.{key}": one.comment for key, one in written.items()}


def total(visit: Visit, desk: Desk, read: SheetRead) -> Decimal:
    """Return the total of what is soundly marked so far."""
    return law.total(read.marks, desk.terms.criteria, visit.policy_of(desk.chair.the_round).rounding)


def saved(visit: Visit, desk: Desk) -> str:
    """Return when a sheet was saved last; empty if never."""
    return clock(visit, desk, desk.sheet.saved_at) if desk.sheet else ""


def clock(visit: Visit, desk: Desk, at: datetime) -> str:
    """Return a time of day where the round is at home, with the day if it is not today."""
    zone = ZoneInfo(desk.chair.the_round.time_zone)
    here, today = at.astimezone(zone), visit.now.astimezone(zone).date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%m-%d %H:%M}"


def correction(desk: Desk, reason: str) -> Change:
    """Return the change that gives a filed sheet back to its reviewer."""
    return Change(
        Deed.CORRECT,
        reason,
        stage=desk.stage.key,
        staff_no=desk.candidate.staff_no,
        reviewer_no=desk.chair.reviewer_no,
    )


def _asked(visit: Visit, desk: Desk) -> bool:
    """Return whether a correction of this sheet was asked for and nobody has answered yet."""
    there = proposals.proposals(visit.session, round_id=desk.chair.the_round.id, only_open=True)
    asked = (changes.change_of(p) for p in there if p.deed == Deed.CORRECT.value)
    mine = (desk.stage.key, desk.candidate.staff_no, desk.chair.reviewer_no)
    return any((c.stage, c.staff_no, c.reviewer_no) == mine for c in asked)
