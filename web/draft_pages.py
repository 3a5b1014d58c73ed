"""The pages of a draft, one for each step: what every step shows, and what only one of them does."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import Response

from forms import draft_policies, in_force
from forms.draft_tree import Tree
from kit.canonical import digest
from kit.i18n import gettext
from kit.settings import settings
from models.drafts import Draft
from models.rounds import Round
from queries import drafts as reads
from reports.official import launch
from reports.official.blocks import Official
from reports.official.launch import LaunchNotice
from rules.changes import DEEDS
from rules.policies import Policy
from rules.texts import Text, _
from web import directory, foresight, planning
from web.drafting import Sheet
from web.drafting_steps import ASKED, STEPS
from web.faults import NotFoundError
from web.visit import Visit


def found(visit: Visit, draft: str) -> Draft:
    """Return the draft that an address names.

    :raises NotFoundError: when there is none.
    """
    try:
        asked = UUID(draft)
    except ValueError:
        asked = UUID(int=0)
    kept = reads.one(visit.session, draft_id=asked)
    if kept is None:
        raise NotFoundError(Text(_("没有这份草稿")))
    return kept


def sheet_of(draft: Draft, tree: Tree | None = None) -> Sheet:
    """Return a draft as it is saved, or as its tree would be."""
    tree = json.loads(draft.content) if tree is None else tree
    return Sheet(draft, tree, draft_policies.judged(tree), draft.version)


def seen_version(visit: Visit) -> int:
    """Return the version of the draft that whoever sends a form has seen."""
    text = visit.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - far more than anybody saves


def launch_notice(visit: Visit, policy: Policy, sheet: Sheet) -> Official:
    """Return the launch notice as it would be published now."""
    heads, seats = foresight.heads_and_seats(visit.session, policy)
    view = LaunchNotice(
        policy=policy,
        policy_sha256=digest(sheet.judged.text),
        issued_on=visit.now.date(),
        seats=seats,
        heads=heads,
    )
    return launch.document(view, language=settings().document_language)


def show(visit: Visit, sheet: Sheet, step: str, *, fault: Text | None = None) -> Response:
    """Show a step; with a fault when what was asked could not be done."""
    return visit.page(
        f"draft_{step}.html",
        status=409 if fault else 200,
        sheet=sheet,
        draft=sheet.draft,
        step=step,
        steps=STEPS,
        fault=fault,
        asked=ASKED,
        **_VALUES[step](visit, sheet),
    )


def answer(visit: Visit, sheet: Sheet, step: str) -> Response:
    """Return what a step says of what is typed, as the piece of its page that a script puts in place."""
    return visit.part(_ANSWERS[step], sheet=sheet, **_VALUES[step](visit, sheet))


def _post(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    return {"shared": foresight.shared(visit.session, sheet.tree), "there": directory.spellings(visit.session)}


def _conditions(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    visit.saw("draft")
    return {"answer": foresight.answer(visit.session, sheet.tree), "there": directory.spellings(visit.session)}


def _stages(_visit: Visit, sheet: Sheet) -> dict[str, Any]:
    return {"plan": planning.plan(sheet.tree, in_force.working_days())}


def _rules(_visit: Visit, _sheet: Sheet) -> dict[str, Any]:
    return {"deeds": [(deed.value, gettext(word)) for deed, word in DEEDS.items()]}


def _notice(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    if sheet.judged.read is None:
        return {"document": None}
    return {"document": launch_notice(visit, sheet.judged.read.policy, sheet)}


def _publish(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    policy = sheet.judged.read.policy if sheet.judged.read else None
    launched = sheet.draft.round_id if sheet.draft else None
    return {
        "policy": policy,
        "people": len(directory.today(visit.session).people),
        "launched": visit.session.get(Round, launched) if launched else None,
        "plan": planning.plan(sheet.tree, in_force.working_days()),
        "over": policy is not None and policy.applications.closes_at <= visit.now,
    }


_VALUES: Final[Mapping[str, Callable[[Visit, Sheet], dict[str, Any]]]] = {
    "post": _post,
    "conditions": _conditions,
    "stages": _stages,
    "rules": _rules,
    "notice": _notice,
    "publish": _publish,
}
"""What each step shows that the others do not."""

_ANSWERS: Final[Mapping[str, str]] = {
    "post": "draft_seats.html",
    "conditions": "draft_answer.html",
    "stages": "draft_plan.html",
}
"""The piece of a step's page that follows what is typed."""
ANSWERED: Final = frozenset(_ANSWERS)
