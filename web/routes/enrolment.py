"""Accounts for many at once: the directory's people as candidates, a round's reviewers."""

from typing import Final

from fastapi import Response

from actions import enrolment, links, outbox
from actions.accounts import login_taken
from models.accounts import Account
from queries import enrolment as read
from queries.rounds import all_rounds
from rules.access import Act, Role
from rules.texts import Text, _
from web.doors import Doors
from web.routes.accounts import HOURS, invite
from web.visit import Visit

doors: Final = Doors()


@doors.get("/accounts/directory", act=Act.MANAGE_ACCOUNTS)
def enrol_directory(visit: Visit) -> Response:
    """Show how many of the directory would get an account."""
    without = read.without_account(visit.session)
    taken = read.taken_logins(visit.session)
    new = [p for p in without if enrolment.can_be_login(p.staff_no, taken)]
    refused = [(p, login_taken(p.staff_no)) for p in without if not enrolment.can_be_login(p.staff_no, taken)]
    return visit.page(
        "accounts_directory.html", new=new, by_mail=sum(bool(p.email) for p in new), refused=refused, hours=HOURS
    )


@doors.post("/accounts/directory", act=Act.MANAGE_ACCOUNTS, fresh=True)
def enrol_candidates(visit: Visit) -> Response:
    """Give the people of the directory accounts as candidates."""
    new = enrolment.candidates(visit.session, actor=visit.actor, now=visit.now)
    sent = _send(visit, new) if visit.text("mail") else 0
    said = Text(_("已开通 {n} 个候选人账号，发出 {sent} 个链接"), {"n": len(new), "sent": sent})
    return visit.go("list_accounts", said=said, query={"state": "new", "role": Role.CANDIDATE.value})


@doors.get("/accounts/reviewers", act=Act.MANAGE_ACCOUNTS)
def enrol_round(visit: Visit, code: str = "") -> Response:
    """Show which reviewers of a round would get an account, or the role."""
    the_round = visit.round_of(code) if code else None
    judges = read.judges(visit.session, round_id=the_round.id) if the_round else []
    taken = read.taken_logins(visit.session)
    rows = [(judge, enrolment.trouble(judge, taken)) for judge in judges]
    rounds = [r for r, _stage in all_rounds(visit.session) if r.mode == "live"]
    return visit.page("accounts_reviewers.html", rounds=rounds, the_round=the_round, rows=rows, hours=HOURS)


@doors.post("/accounts/reviewers", act=Act.MANAGE_ACCOUNTS, fresh=True)
def enrol_reviewers(visit: Visit) -> Response:
    """Give the reviewers of a round accounts, or the role."""
    the_round = visit.round_of(visit.text("code"))
    done = enrolment.reviewers(visit.session, the_round=the_round, actor=visit.actor, now=visit.now)
    sent = _send(visit, list(done.new)) if visit.text("mail") else 0
    numbers = {"new": len(done.new), "more": len(done.extended), "no": len(done.refused), "sent": sent}
    text = Text(_("新开通 {new} 个评委账号，{more} 个账号增加了评委角色，{no} 人未能开通；发出 {sent} 个链接"), numbers)
    return visit.go("enrol_round", said=text, query={"code": the_round.code})


def _send(visit: Visit, whose: list[Account]) -> int:
    """Send a link to each who has an e-mail address; returns how many."""
    known = read.addresses(visit.session)
    reached = [a for a in whose if a.staff_no in known]
    made = links.make_many(visit.session, whose=reached, actor=visit.actor, now=visit.now)
    letters = [invite(account, secret, known[account.staff_no or ""]) for account, secret in made]
    return outbox.write(visit.session, letters, now=visit.now) if letters else 0
