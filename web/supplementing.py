"""What a supplement changes, in words: read again from the texts of the policies that were kept."""

from collections.abc import Sequence

from sqlmodel import Session

from forms import draft_files, in_force
from forms.differences import differences
from models.drafts import Supplement
from queries import drafts
from rules.changes import Change
from rules.policies import Policy

Rows = list[tuple[str, str, str]]


def after(session: Session, change: Change) -> Policy | None:
    """Return the policy that a proposed supplement puts in force; nothing when something else was proposed."""
    if not change.policy_after:
        return None
    texts = drafts.policy_texts(session, sha256s=[change.policy_after])
    return in_force.policy(texts[change.policy_after])


def differs(session: Session, change: Change, *, zone: str) -> Rows:
    """Return what a proposed supplement changes; nothing when something else was proposed."""
    if not change.policy_after:
        return []
    texts = drafts.policy_texts(session, sha256s=[change.policy_before, change.policy_after])
    return between(texts[change.policy_before], texts[change.policy_after], zone=zone)


def each(session: Session, supplements: Sequence[Supplement], *, zone: str) -> list[tuple[Supplement, Rows]]:
    """Return supplements with what each of them changed."""
    wanted = {sha256 for one in supplements for sha256 in (one.policy_before, one.policy_after)}
    texts = drafts.policy_texts(session, sha256s=wanted)
    return [(one, between(texts[one.policy_before], texts[one.policy_after], zone=zone)) for one in supplements]


def between(before: bytes, after: bytes, *, zone: str) -> Rows:
    """Return where the texts of two policies differ."""
    return differences(draft_files.from_yaml(before), draft_files.from_yaml(after), zone=zone)
