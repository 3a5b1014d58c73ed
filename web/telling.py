"""Tell the owner of an account what happened to it, by a letter, if we know an address."""

from sqlmodel import Session

from actions import outbox
from actions.outbox import Letter
from kit.i18n import in_language
from messages.account_news import news
from models.accounts import Account
from queries.enrolment import address
from web.browsers import browser
from web.visit import Visit


def tell(visit: Visit, session: Session, account: Account, what: str) -> None:
    """Write a letter about one of ``messages.account_news.NEWS``; it is sent if what it tells of is committed."""
    email = address(session, staff_no=account.staff_no)
    if not email:
        return
    with in_language(account.language):
        agent = browser(visit.request.headers.get("user-agent", ""))
        written = news(what, name=account.name, login=account.login, at=visit.now, browser=agent)
    letter = Letter(
        key=f"account/{account.id}/{what}/{visit.now.isoformat()}",
        kind="account_news",
        recipient=account.staff_no or account.login,
        address=email,
        subject=written.subject,
        body=written.body,
    )
    outbox.write(session, [letter], now=visit.now)
