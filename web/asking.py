"""What a visit to a page and a call of the API have in common: they ask for rounds, and act under their terms."""

from abc import ABC, abstractmethod
from datetime import datetime

from sqlmodel import Session

from actions.steps import Terms
from forms import in_force
from models.rounds import Round
from queries import rounds
from rules.policies import Policy
from rules.texts import Text, _
from web.faults import NotFoundError


class Asking(ABC):
    """Somebody who asks, in a transaction, at an instant."""

    __slots__ = ()

    session: Session
    now: datetime

    @property
    @abstractmethod
    def actor(self) -> str:
        """Return whom the history names."""

    def round_of(self, code: str) -> Round:
        """Return the round of a code in the address.

        :raises NotFoundError: when there is none.
        """
        found = rounds.find(self.session, code=code)
        if found is None:
            raise NotFoundError(Text(_("没有编号为“{code}”的竞聘轮次"), {"code": code}))
        return found

    def policy_of(self, the_round: Round) -> Policy:
        """Return the policy that a round runs under."""
        return in_force.policy(the_round.policy_text)

    def terms_of(self, the_round: Round) -> Terms:
        """Return what an action of now is carried out under."""
        calendar = in_force.working_days()
        return Terms(policy=self.policy_of(the_round), calendar=calendar, actor=self.actor, now=self.now)
