"""What is taken along of a round: its documents, and the bundle from which anybody can recount it."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import Path, Response

from models.documents import Document
from models.rounds import Round
from queries import decided, stages
from rules import disclosure
from rules.access import Act, Reach
from rules.scopes import Scope
from rules.texts import Text, _
from web import proof
from web.api.call import Call
from web.api.doors import ApiDoors
from web.api.faults import ApiError
from web.api.shapes.common import Code, Listed
from web.api.shapes.results import DocumentOut
from web.faults import NotFoundError

doors: Final = ApiDoors("results")


@doors.door(
    "GET",
    "/rounds/{code}/documents",
    act=Act.SEE_DOCUMENTS,
    scope=Scope.DOCUMENTS_READ,
    says=_("列出一轮的文档（公告、公示、成绩汇总表、各人的结果），按生成的先后；候选人只有本人的，公示之后才有"),
    answer=Listed[DocumentOut],
    refusals=("not_found",),
)
def list_documents(call: Call, code: Annotated[Code, Path()]) -> Response:
    """List the documents of a round; a candidate's own only, once the result is public."""
    the_round = call.round_of(code)
    found = _allowed(call, the_round, decided.documents(call.session, round_id=the_round.id))
    call.saw("documents", the_round=the_round, subject="" if call.reach is Reach.ALL else call.bearer.staff_no or "")
    return call.answer(Listed[DocumentOut](items=[DocumentOut.model_validate(one) for one in found]))


def _allowed(call: Call, the_round: Round, documents: Sequence[Document]) -> Sequence[Document]:
    """Return which documents whoever asks may have: HR and observers all, a candidate their own of a public result."""
    if call.reach is Reach.ALL:
        return documents
    steps = [(s.key, s.state) for s in stages.of_round(call.session, round_id=the_round.id)]
    own = call.bearer.staff_no if disclosure.published(steps) else None
    return [d for d in documents if own and d.staff_no == own]


@doors.door(
    "GET",
    "/rounds/{code}/documents/{document_id}",
    act=Act.SEE_DOCUMENTS,
    scope=Scope.DOCUMENTS_READ,
    says=_("取得一份文档；ETag 就是它的 SHA-256"),
    media_type="*/*",
    refusals=("not_found",),
    tagged=True,
)
def get_document(call: Call, code: Annotated[Code, Path()], document_id: Annotated[UUID, Path()]) -> Response:
    """Fetch one document."""
    the_round = call.round_of(code)
    found = call.session.get(Document, document_id)
    if found is None or found.round_id != the_round.id or not _allowed(call, the_round, [found]):
        raise NotFoundError(Text(_("没有这份文档")))
    call.saw("document", the_round=the_round, subject=found.staff_no)
    content = decided.content(call.session, document=found)
    return call.file(content, name=found.name, media_type=found.media_type)


@doors.door(
    "GET",
    "/rounds/{code}/bundle",
    act=Act.SEE_HISTORY,
    scope=Scope.BUNDLE_READ,
    says=_(
        "取得一轮的数据包（zip）：方案、名册、报名、评分、考勤和考试成绩，任何人都能据此重新计算；不含材料原件。综合成绩算出之前没有，以免泄露评分。"
    ),
    media_type="application/zip",
    refusals=("not_found", "not_decided"),
    tagged=True,
)
def get_bundle(call: Call, code: Annotated[Code, Path()]) -> Response:
    """Fetch all that a round was decided from, once it is ranked."""
    the_round = call.round_of(code)
    if fault := proof.too_early(call.session, the_round):
        raise ApiError("not_decided", fault)
    call.saw("bundle", the_round=the_round)
    return call.file(proof.bundle(the_round), name=f"{the_round.code}.zip", media_type="application/zip")
