"""Files of candidates: kept as drafts, handed in, taken back, returned for correction. Nothing is deleted.

What is handed in stands in ``Material`` under the name of its slot, which is what bundles, exports and the audit read.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from actions import documents, history
from models.applications import Handover, Material
from models.history import Entry
from models.rounds import Round
from queries import handovers, stages
from rules import handovers as law
from rules.policies import Policy
from rules.texts import RuleError, Text, _


def upload(
    session: Session,
    *,
    the_round: Round,
    policy: Policy,
    staff_no: str,
    slot: str,
    file: tuple[str, str, bytes],
    now: datetime,
) -> Handover:
    """Keep a checked file (name, media type, content) as the draft of a slot; an earlier draft is superseded.

    The same content again changes nothing.

    :raises RuleError: when the slot is not open, or there is no such slot, or it has too many versions.
    """
    name, media_type, content = file
    mine = _open(session, the_round, policy, staff_no, [slot], now)
    sha256 = documents.keep(session, content)
    draft = next((v for v in mine if v.state == "draft"), None)
    if draft and (draft.sha256, draft.name) == (sha256, name):
        return draft
    if len(mine) >= law.MOST_VERSIONS:
        raise RuleError(Text(_("这一项已经有 {n} 个版本，不能再上传；请联系人力资源"), {"n": len(mine)}))
    if draft:
        draft.state = "superseded"
        session.add(draft)
    made = Handover(
        round_id=the_round.id,
        staff_no=staff_no,
        slot=slot,
        version=len(mine) + 1,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=sha256,
        uploaded_at=now,
    )
    session.add(made)
    session.flush()
    return made


def hand_in(
    session: Session,
    *,
    the_round: Round,
    policy: Policy,
    staff_no: str,
    slots: Collection[str],
    actor: str,
    now: datetime,
) -> Entry | None:
    """Hand in the drafts of some slots and return the receipt; ``None``: there is no draft (a second click).

    :raises RuleError: when a slot is not open, or one has not applied.
    """
    mine = _open(session, the_round, policy, staff_no, slots, now)
    applied = handovers.application(session, round_id=the_round.id, staff_no=staff_no)
    if applied is None or applied.status != "submitted":
        raise RuleError(Text(_("请先报名，再提交材料；草稿已经保存")))
    drafts = [v for v in mine if v.state == "draft"]
    if not drafts:
        return None
    for before in mine:
        if before.slot in {d.slot for d in drafts} and before.state in {"handed_in", "returned"}:
            before.state = "superseded"
            session.add(before)
    for draft in drafts:
        _drop(session, the_round, staff_no, draft.slot, actor, now, but=_name(draft))
        draft.state, draft.handed_in_at = "handed_in", now
        session.add(draft)
        session.merge(Material(round_id=the_round.id, staff_no=staff_no, name=_name(draft), sha256=draft.sha256))
    session.flush()
    return _record(session, the_round, "materials.taken_in", drafts, actor, now)


def take_back(
    session: Session, *, the_round: Round, policy: Policy, staff_no: str, slot: str, actor: str, now: datetime
) -> Entry | None:
    """Take back what was handed in for a slot; ``None``: nothing was (a second click).

    :raises RuleError: when the slot is not open.
    """
    mine = _open(session, the_round, policy, staff_no, [slot], now)
    standing = next((v for v in mine if v.state in {"handed_in", "returned"}), None)
    if standing is None:
        return None
    standing.state = "taken_back"
    session.add(standing)
    return _drop(session, the_round, staff_no, slot, actor, now)


def send_back(
    session: Session, *, the_round: Round, policy: Policy, handover: Handover, reason: str, actor: str, now: datetime
) -> bool:
    """Return a file for correction; it stands until a better one is handed in. False: it does not stand any more.

    :raises RuleError: when there is no reason, or nothing could be handed in instead.
    """
    history.require_reason(reason)
    applications, review = handovers.steps(stages.locked(session, round_id=the_round.id), policy)
    session.refresh(handover, with_for_update=True)
    if handover.state != "handed_in":
        return False
    if the_round.state != "running" or not law.may_hand_in(applications, review, returned=True, now=now):
        raise RuleError(Text(_("第一个评审环节已经截止，退回后候选人也不能再提交；确有必要的，请先重新开放")))
    handover.state, handover.reason = "returned", reason.strip()
    session.add(handover)
    detail: dict[str, object] = {"slot": handover.slot, "version": handover.version, "reason": handover.reason}
    history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="materials.returned",
        now=now,
        subject=handover.staff_no,
        detail=detail,
        evidence=handover.sha256,
    )
    return True


def _open(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, policy: Policy, staff_no: str, slots: Collection[str], now: datetime
) -> Sequence[Handover]:
    """Return one's versions for these slots, if all of them are open; nobody closes the step meanwhile."""
    if unknown := [slot for slot in slots if slot not in policy.applications.materials]:
        raise RuleError(Text(_("本轮没有“{slot}”这一项材料"), {"slot": unknown[0]}))
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
    applications, review = handovers.steps(stages.locked(session, round_id=the_round.id), policy)
    mine = handovers.versions(session, round_id=the_round.id, staff_no=staff_no)
    for slot in slots:
        returned = any(v.state == "returned" for v in mine if v.slot == slot)
        law.require_hand_in(applications, review, returned=returned, now=now)
    return [v for v in mine if v.slot in slots]


def _name(version: Handover) -> str:
    return law.file_name(version.slot, version.name.rpartition(".")[2])


def _drop(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, staff_no: str, slot: str, actor: str, now: datetime, *, but: str = ""
) -> Entry | None:
    """Take the files of a slot out of what stands, but for the one that is replaced anyway."""
    gone = [
        m for m in handovers.materials(session, round_id=the_round.id, staff_no=staff_no, slot=slot) if m.name != but
    ]
    if not gone:
        return None
    files = [[staff_no, m.name, m.sha256] for m in gone]
    for material in gone:
        session.delete(material)
    session.flush()
    return history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="materials.taken_back",
        now=now,
        subject=staff_no,
        detail={"files": files},
    )


def _record(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, deed: str, versions: Sequence[Handover], actor: str, now: datetime
) -> Entry:
    detail: dict[str, object] = {
        "files": [[v.staff_no, _name(v), v.sha256] for v in versions],
        "versions": [[v.slot, v.version, v.size] for v in versions],
    }
    subject = versions[0].staff_no
    return history.record(session, chain=the_round.id, actor=actor, deed=deed, now=now, subject=subject, detail=detail)
