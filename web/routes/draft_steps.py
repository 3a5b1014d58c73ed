"""The steps of the round wizard: shown, answered while one types, saved."""

import json
from typing import Final

from fastapi import Response

from actions import drafts
from actions.drafts import StaleDraftError
from forms import draft_fields
from forms.differences import differences
from forms.draft_tree import Tree
from models.drafts import Draft
from rules.access import Act
from rules.texts import Text, _
from web import draft_pages, drafting
from web.actors import Actors
from web.doors import Doors
from web.drafting_steps import ASKED, BY_KEY, following
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()

OF_ROWS: Final = frozenset({"add", "remove", "up", "down"})
"""What the buttons beside rows do."""


@doors.get("/drafts/{draft}", act=Act.PREPARE_ROUNDS, name="draft")
def first(visit: Visit, draft: str) -> Response:
    """Go to the first step."""
    return visit.go("draft_step", draft=draft_pages.found(visit, draft).id, step="post")


@doors.get("/drafts/{draft}/{step}", act=Act.PREPARE_ROUNDS, name="draft_step")
def step(visit: Visit, draft: str, step: str) -> Response:
    """Show one step."""
    kept = draft_pages.found(visit, draft)
    return draft_pages.show(visit, draft_pages.sheet_of(kept), _known(step))


@doors.post("/drafts/{draft}/answer/{step}", act=Act.PREPARE_ROUNDS, name="draft_answer", lasts=True)
def answer(visit: Visit, draft: str, step: str) -> Response:
    """Return what a step says of what is typed now, without saving it."""
    kept = draft_pages.found(visit, draft)
    if step not in draft_pages.ANSWERED:
        raise NotFoundError(Text(_("没有这一步")))
    return draft_pages.answer(visit, draft_pages.sheet_of(kept, _typed(visit, kept, step)), step)


@doors.post("/drafts/{draft}/{step}", act=Act.PREPARE_ROUNDS, name="save_draft")
def save(visit: Visit, draft: str, step: str) -> Response:
    """Save what was typed, complete or not, then stay, go on, or add, move or remove a row."""
    kept = draft_pages.found(visit, draft)
    if _known(step) not in ASKED:
        return visit.go("draft_step", draft=draft, step=step)
    tree = _typed(visit, kept, step)
    deed, _colon, path = visit.text("do").partition(":")
    tree = drafting.rearranged(tree, deed, path) if deed in OF_ROWS else _looked_through(tree, step)
    version = draft_pages.seen_version(visit)
    try:
        drafts.save(visit.session, draft=kept, content=tree, version=version, actor=visit.actor, now=visit.now)
    except StaleDraftError:
        return _conflict(visit, kept, tree, step)
    if deed in OF_ROWS:
        there = visit.go("draft_step", draft=draft, step=step)
        there.headers["location"] += f"#rows-{path.rpartition('[')[0] or path}"
        return there
    if deed == "next":
        return visit.go("draft_step", draft=draft, step=following(step))
    return visit.go("draft_step", draft=draft, step=step, said=Text(_("已保存")))


def _looked_through(tree: Tree, step: str) -> Tree:
    """Return the tree of a draft of which a step was saved: its gaps are faults now, what a file lacked is known."""
    kept = {key: value for key, value in tree.items() if key != "_left_out"}
    return {**kept, "_saved": sorted({*(tree.get("_saved") or []), step})}


def _conflict(visit: Visit, kept: Draft, mine: Tree, step: str) -> Response:
    """Show both values of everything that differs, and keep what was typed."""
    visit.session.refresh(kept)
    typed = [(name, value) for name, values in _fields(visit).items() for value in values]
    return visit.page(
        "draft_conflict.html",
        status=409,
        draft=kept,
        who=Actors(visit.session, [kept.saved_by])(kept.saved_by),
        step=step,
        rows=differences(json.loads(kept.content), mine),
        typed=[(name, value) for name, value in typed if name not in {"csrf", "version", "do"}],
    )


def _typed(visit: Visit, kept: Draft, step: str) -> Tree:
    return draft_fields.typed(json.loads(kept.content), _fields(visit), BY_KEY[step].roots)


def _fields(visit: Visit) -> dict[str, list[str]]:
    return {name: visit.texts(name) for name in visit.typed}


def _known(step: str) -> str:
    if step not in BY_KEY:
        raise NotFoundError(Text(_("没有这一步")))
    return step
