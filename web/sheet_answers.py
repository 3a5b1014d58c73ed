"""What a POST of a score sheet is answered with: heard, on to the next, refused, or two contents to choose from.

A script of ours (it sends the header ``X-CSRF``) gets data, or the piece of a page that says why not.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse, RedirectResponse

from actions.sheet_saves import ConflictError, Save
from forms import sheets as forms
from forms.sheets import SheetRead
from kit.i18n import say
from queries.desks import Desk
from rules.texts import RuleError, Text, _
from web import reviewing, sheet_page
from web.faults import NotFoundError
from web.visit import Visit

MOST_DIGITS = 9
"""Of a version: no sheet is saved so often."""


def read(visit: Visit, code: str, stage: str, staff_no: str) -> tuple[Desk, SheetRead]:
    """Return a sheet of whoever asks, and what they typed.

    :raises NotFoundError: when it is not theirs, or was typed by another reviewer in the same browser.
    """
    desk = reviewing.desk_of(visit, code, stage, staff_no)
    if visit.text("reviewer_no") != desk.chair.reviewer_no:
        raise NotFoundError(reviewing.NOT_YOURS)
    fields = {name: value for name, value in visit.typed.items() if isinstance(value, str)}
    return desk, forms.read(fields, desk.terms.criteria)


def save_of(visit: Visit, *, version: int | None = None) -> Save:
    """Return the save that a page asks for, over the version that it names unless another is given."""
    if version is None:
        named = visit.text("version")
        version = int(named) if named.isdecimal() and len(named) <= MOST_DIGITS else -1
    return Save(visit.text("key"), version, visit.actor, visit.now)


def tried(
    visit: Visit, desk: Desk, typed: SheetRead | None, call: Callable[[], Response], *, in_one: bool = False
) -> Response:
    """Do something whole or not at all; what was refused is said, with what was typed.

    ``in_one``: what is done is one write, so there is nothing to take back when it is refused.
    """
    try:
        with nullcontext() if in_one else visit.session.begin_nested():
            return call()
    except RuleError as error:
        if typed is None or not isinstance(error, ConflictError):
            return _told(visit, "sheet_refused", desk, typed, error.text)
        visit.session.expire_all()
        newer = reviewing.desk_of(visit, desk.chair.the_round.code, desk.stage.key, desk.candidate.staff_no)
        return _told(visit, "sheet_conflict", newer, typed, error.text)


def _told(visit: Visit, name: str, desk: Desk, typed: SheetRead | None, why: Text) -> Response:
    """Return a page, or its piece for a script, that says why not, with both contents side by side."""
    mine = typed.written if typed else {}
    theirs = desk.written()
    values: dict[str, Any] = {
        **sheet_page.names(desk),
        "why": why,
        "mine": mine,
        "theirs": theirs,
        "theirs_json": json.dumps({key: list(pair) for key, pair in theirs.items()}, ensure_ascii=False),
        "saved": sheet_page.saved(visit, desk),
        "key": secrets.token_urlsafe(16),
        "rows": [c for c in desk.terms.criteria if c.key in mine],
    }
    if by_script(visit):
        return visit.part(f"{name}_part.html", status=409, **values)
    return visit.page("sheet_unsaved.html", status=409, part=f"{name}_part.html", **values)


def incomplete(visit: Visit, desk: Desk, typed: SheetRead, faults: Mapping[str, Text]) -> Response:
    """Return what keeps a sheet from being filed."""
    if by_script(visit):
        return JSONResponse({"faults": _said(faults)}, status_code=422)
    return sheet_page.show(visit, desk, typed=typed, faults=faults, status=422)


def heard(visit: Visit, desk: Desk, typed: SheetRead, version: int) -> Response:
    """Return that a sheet was saved."""
    time = sheet_page.clock(visit, desk, visit.now)
    if not by_script(visit):
        return visit.go(
            "review_sheet", **sheet_page.names(desk)["places"], said=Text(_("已保存 {time}"), {"time": time})
        )
    total = sheet_page.total(visit, desk, typed)
    said = {"version": version, "saved": time, "total": f"{total:f}", "faults": _said(typed.faults)}
    return JSONResponse(said)


def _said(faults: Mapping[str, Text]) -> dict[str, str]:
    return {key: say(text) for key, text in faults.items()}


def on(visit: Visit, desk: Desk, said: Text) -> Response:
    """Send the browser, or the script, on to the next sheet."""
    visit.session.flush()
    after = reviewing.next_address(visit, desk)
    made = visit.go("reviews", said=said)
    answer: Response = JSONResponse({"next": after}) if by_script(visit) else RedirectResponse(after, status_code=303)
    answer.raw_headers += [(name, value) for name, value in made.raw_headers if name == b"set-cookie"]
    return answer


def by_script(visit: Visit) -> bool:
    """Return whether a script of ours asks."""
    return "x-csrf" in visit.request.headers
