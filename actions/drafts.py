"""Rounds in the making: begin, save, discard, restore, publish."""

import json
from datetime import datetime

from sqlmodel import Session, col, select, update

from actions import history, rounds
from models.drafts import Draft
from models.people import Person
from models.rounds import Round
from rules.policies import Policy
from rules.texts import RuleError, Text, _


class StaleDraftError(RuleError):
    """A draft that was saved by somebody else, or in another window, since it was opened."""

    def __init__(self) -> None:
        super().__init__(Text(_("这份草稿在您打开之后又保存过")))


def begin(session: Session, *, content: dict[str, object], actor: str, now: datetime) -> Draft:
    """Begin a draft."""
    made = Draft(
        title=_title(content),
        content=json.dumps(content, ensure_ascii=False),
        made_by=actor,
        made_at=now,
        saved_by=actor,
        saved_at=now,
    )
    session.add(made)
    session.flush()
    _say(session, made, "draft.begun", actor, now)
    return made


def save(
    session: Session, *, draft: Draft, content: dict[str, object], version: int, actor: str, now: datetime
) -> Draft:
    """Save what was typed, complete or not; the history notes a draft only when it begins and ends.

    :raises StaleDraftError: when the draft is no longer of that version.
    :raises RuleError: when it is no longer open.
    """
    _require_open(draft)
    text = json.dumps(content, ensure_ascii=False)  # in the order of the form, not of the alphabet
    if draft.version == version and draft.content == text:
        return draft
    mine = update(Draft).where(col(Draft.id) == draft.id, col(Draft.version) == version, col(Draft.state) == "open")
    values = {"content": text, "title": _title(content), "version": version + 1, "saved_by": actor, "saved_at": now}
    if not session.execute(mine.values(**values)).rowcount:  # type: ignore[attr-defined] # an UPDATE counts its rows
        raise StaleDraftError
    session.refresh(draft)
    return draft


def discard(session: Session, *, draft: Draft, actor: str, now: datetime) -> bool:
    """Put a draft aside; it can be restored. Returns whether it was open."""
    return _move(session, draft, "open", "discarded", actor, now)


def restore(session: Session, *, draft: Draft, actor: str, now: datetime) -> bool:
    """Take a discarded draft up again. Returns whether it was discarded."""
    return _move(session, draft, "discarded", "open", actor, now)


def publish(
    session: Session, *, draft: Draft, policy: Policy, policy_text: bytes, version: int, actor: str, now: datetime
) -> Round:
    """Launch the round of a draft, which freezes its policy; both or nothing.

    :raises StaleDraftError: when the draft is no longer of that version.
    :raises RuleError: when the time for applications is over, the directory is empty, or the round cannot be launched.
    """
    _require_open(draft)
    if draft.version != version:
        raise StaleDraftError
    if policy.applications.closes_at <= now:
        raise RuleError(Text(_("报名截止时间已经过去；请改为将来的时间")))
    if not session.exec(select(Person.staff_no).where(Person.active).limit(1)).first():
        raise RuleError(Text(_("名册是空的；请先导入人员")))
    if not _move(session, draft, "open", "published", actor, now):
        raise StaleDraftError
    made = rounds.launch(session, policy=policy, policy_text=policy_text, actor=actor, now=now)
    draft.round_id = made.id
    session.add(draft)
    return made


def _require_open(draft: Draft) -> None:
    if draft.state == "published":
        raise RuleError(Text(_("这份草稿已经发布，规则已经冻结；以后的变更请用补充公告")))
    if draft.state == "discarded":
        raise RuleError(Text(_("这份草稿已经放弃；要继续，请先恢复")))


def _move(session: Session, draft: Draft, old: str, new: str, actor: str, now: datetime) -> bool:  # noqa: PLR0917 - private, and said in one breath at each call
    mine = update(Draft).where(col(Draft.id) == draft.id, col(Draft.state) == old)
    won = bool(session.execute(mine.values(state=new, saved_by=actor, saved_at=now)).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows
    session.refresh(draft)
    if won:
        _say(session, draft, f"draft.{'restored' if new == 'open' else new}", actor, now)
    return won


def _say(session: Session, draft: Draft, deed: str, actor: str, now: datetime) -> None:
    detail: dict[str, object] = {"title": draft.title, "version": draft.version}
    history.record(session, chain=history.CENTRE, actor=actor, deed=deed, now=now, subject=str(draft.id), detail=detail)


def _title(content: dict[str, object]) -> str:
    title = content.get("title")
    return title[:200] if isinstance(title, str) else ""
