"""What the letters of a step are written from, and how one is addressed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlmodel import Session

from actions.outbox import Letter
from actions.steps import Terms
from kit.settings import settings
from messages import chat, letters
from messages.letters import About
from models.rounds import Round
from models.stages import Stage
from queries import outbox
from rules.policies import Policy
from tasks.terms import terms_of

HR: Final = "hr"
CHAT: Final = "chat:"
"""How an address begins that is a chat group; its name follows, never its secret."""


@dataclass(frozen=True, eq=False)
class Occasion:
    """An open step of a round at a moment, at which there may be something to tell."""

    session: Session
    the_round: Round
    stage: Stage
    policy: Policy
    now: datetime

    @cached_property
    def about(self) -> About:
        """Return what every letter of the step says of it."""
        return About(
            title=" ".join(self.the_round.title.split()),
            stage_name=self.stage.name,
            closes_at=self.stage.closes_at,
            due_at=self.stage.due_at,
            time_zone=self.the_round.time_zone,
            organisation=self.policy.organisation,
            now=self.now,
        )

    @cached_property
    def _told(self) -> frozenset[str]:
        return outbox.keys_of(self.session, stage=self.stage)

    def has_told(self, key: str) -> bool:
        """Return whether the outbox holds a letter of this key."""
        return key in self._told

    def terms(self, actor: str) -> Terms:
        """Return the terms under which somebody acts at this moment."""
        return replace(terms_of(self.the_round, actor=actor), now=self.now)

    def key(self, *what: object, deadline: bool = True) -> str:
        """Return what a letter is known by; without ``deadline`` it is not told again when the deadline moves."""
        return outbox.key(self.stage, *what, deadline=deadline)

    def letter(self, template: str, *, key: str, kind: str, to: str, address: str, **values: object) -> Letter:
        """Write a letter to one person."""
        written = letters.write(template, self.about, **values)
        return Letter(key, kind, to, address, written.subject, written.body, self.the_round.id)

    def to_hr(self, template: str, *, key: str, kind: str, **values: object) -> Iterator[Letter]:
        """Write a letter to HR, by e-mail and to every chat group; kept as undeliverable if neither is known."""
        addresses = {f"{key}/{a if a.startswith(CHAT) else HR}": a for a in hr_addresses(self.policy)}
        for own, address in addresses.items():
            if not self.has_told(own):
                yield self.letter(template, key=own, kind=kind, to=HR, address=address, **values)


def hr_addresses(policy: Policy) -> list[str]:
    """Return where HR is told: the address of the policy, else of the settings, and the chat groups."""
    mail = policy.organisation.email or settings().hr_email
    groups = [f"{CHAT}{chat.name(url)}" for url in settings().chat_urls]
    return [mail, *groups] if mail or not groups else groups
