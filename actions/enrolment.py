"""Give accounts to many at once: to the people of the directory, to the reviewers of a round."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlmodel import Session, insert

from actions import accounts, documents, history
from actions.books import batched_rows
from kit.canonical import json_text
from models.accounts import Account, AccountRole
from models.rounds import Round
from queries import accounts as read
from queries import enrolment
from rules import access
from rules.access import Role
from rules.texts import Text


class Enrolled(NamedTuple):
    """Accounts that are new, those that got the role, and the people who could not get it, with the reason."""

    new: Sequence[Account]
    extended: Sequence[Account]
    refused: Sequence[tuple[str, Text]]


def candidates(session: Session, *, actor: str, now: datetime) -> list[Account]:
    """Give everybody of the directory who has none an account as a candidate; the login is the staff number.

    Whose number is another's login is left out.
    """
    taken = enrolment.taken_logins(session)
    people = [p for p in enrolment.without_account(session) if can_be_login(p.staff_no, taken)]
    new = [
        Account(id=uuid4(), login=p.staff_no.casefold(), name=p.name, staff_no=p.staff_no, made_at=now) for p in people
    ]
    if not new:
        return []
    for part in batched_rows(new):
        session.execute(insert(Account), [account.model_dump() for account in part])
        session.execute(insert(AccountRole), [{"account_id": a.id, "role": Role.CANDIDATE.value} for a in part])
    history.record(
        session,
        chain=history.CENTRE,
        actor=actor,
        deed="accounts.added",
        now=now,
        detail={"n": len(new), "roles": [Role.CANDIDATE]},
        evidence=documents.keep(session, json_text([a.login for a in new]).encode()),
    )
    return new


def can_be_login(staff_no: str, taken: frozenset[str]) -> bool:
    """Return whether a staff number can be the login of its owner."""
    login = staff_no.casefold()
    return login not in taken and len(login) <= read.LONGEST_LOGIN


def reviewers(session: Session, *, the_round: Round, actor: str, now: datetime) -> Enrolled:
    """Give every reviewer of a round an account, or the role to the account that they have; a second time nothing."""
    new: list[Account] = []
    extended: list[Account] = []
    refused: list[tuple[str, Text]] = []
    taken = enrolment.taken_logins(session)
    for judge in enrolment.judges(session, round_id=the_round.id):
        if problem := trouble(judge, taken):
            refused.append((judge.name, problem))
        elif judge.account is None:
            said = {"login": judge.number, "name": judge.name, "staff_no": judge.number}
            new.append(accounts.add(session, roles={Role.REVIEWER}, actor=actor, now=now, **said))
        elif Role.REVIEWER not in judge.roles:
            roles = judge.roles | {Role.REVIEWER}
            accounts.set_roles(session, account=judge.account, roles=roles, actor=actor, now=now)
            extended.append(judge.account)
    return Enrolled(new, extended, refused)


def trouble(judge: enrolment.Judge, taken: frozenset[str]) -> Text | None:
    """Return why a reviewer cannot get the role; ``None``: nothing stands against it."""
    if judge.account is None:
        return None if can_be_login(judge.number, taken) else accounts.login_taken(judge.number)
    return access.clash(judge.roles | {Role.REVIEWER})
