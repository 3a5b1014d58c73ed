"""Rounds in the making: which there are, and how one begins, is put aside, and taken up again."""

from typing import Final

from fastapi import Response
from starlette.datastructures import UploadFile

from actions import drafts
from forms import draft_fields, draft_files, draft_sources, starting_policy
from forms.draft_tree import Tree
from forms.faults import Fault, FormError
from kit.i18n import gettext
from queries import drafts as reads
from queries import rounds
from rules.access import Act
from rules.texts import Text, _
from web import draft_pages
from web.actors import Actors
from web.doors import Doors
from web.drafting_steps import ASKED
from web.visit import Visit

doors: Final = Doors()

MOST_BYTES: Final = 1024**2


@doors.get("/drafts", act=Act.PREPARE_ROUNDS, name="drafts")
def every(visit: Visit) -> Response:
    """Show what is in the making, and how to begin."""
    return _every(visit)


def _every(visit: Visit, *, faults: tuple[Fault, ...] = ()) -> Response:
    found = reads.every(visit.session)
    launched = [the_round for the_round, _stage in rounds.all_rounds(visit.session)]
    codes = {the_round.id: the_round.code for the_round in launched}
    named = gettext("{title}（{code}）")
    return visit.page(
        "drafts.html",
        status=422 if faults else 200,
        waiting=[d for d in found if d.state == "open"],
        published=[(d, codes.get(d.round_id, "")) for d in found if d.state == "published" and d.round_id],
        discarded=[d for d in found if d.state == "discarded"],
        earlier=[(f"round:{r.code}", named.format(title=r.title, code=r.code)) for r in launched],
        named=Actors(visit.session, [d.saved_by for d in found]),
        zone=draft_fields.ZONE,
        faults=faults,
    )


@doors.post("/drafts", act=Act.PREPARE_ROUNDS, name="begin_draft")
def begin(visit: Visit) -> Response:
    """Begin a draft: empty, from the template, from an earlier round, or from a file."""
    try:
        tree = _beginning(visit)
    except FormError as error:
        return _every(visit, faults=error.faults)
    made = drafts.begin(visit.session, content=tree, actor=visit.actor, now=visit.now)
    return visit.go("draft_step", draft=made.id, step="post")


def _beginning(visit: Visit) -> Tree:
    today = visit.now.date()
    match visit.text("from"):
        case "empty":
            return {}
        case "template":
            return draft_sources.moved(draft_files.from_yaml(starting_policy.TEXT.encode()), today=today)
        case "file":
            return _of_file(visit.typed.get("file"))
        case other:
            earlier = visit.round_of(other.removeprefix("round:"))
            return draft_sources.moved(draft_files.from_yaml(earlier.policy_text), today=today)


def _of_file(given: object) -> Tree:
    if not isinstance(given, UploadFile) or not given.filename:
        raise FormError([Fault(Text(_("请先选择 policy.yaml 文件")))])
    content = given.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FormError([Fault(Text(_("文件太大；竞聘方案不会超过 1 MB")))])
    taken = draft_files.taken(content, file=given.filename[:100])
    return {**taken.tree, "_saved": sorted(ASKED), "_left_out": taken.left_out}


@doors.post("/drafts/{draft}/discard", act=Act.PREPARE_ROUNDS, name="discard_draft")
def discard(visit: Visit, draft: str) -> Response:
    """Put a draft aside."""
    drafts.discard(visit.session, draft=draft_pages.found(visit, draft), actor=visit.actor, now=visit.now)
    return visit.go("drafts", said=Text(_("已放弃这份草稿；需要时可以在本页恢复")))


@doors.post("/drafts/{draft}/restore", act=Act.PREPARE_ROUNDS, name="restore_draft")
def restore(visit: Visit, draft: str) -> Response:
    """Take a draft up again."""
    drafts.restore(visit.session, draft=draft_pages.found(visit, draft), actor=visit.actor, now=visit.now)
    return visit.go("draft_step", draft=draft, step="post", said=Text(_("已恢复这份草稿")))
