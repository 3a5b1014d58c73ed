"""Let somebody in who has shown who they are: by password, by a link, by the centre's own sign-in."""

from datetime import datetime, timedelta
from typing import Final

from fastapi import Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from actions import accounts, attempts
from models.accounts import Account
from web import cookies, telling
from web.doors import COOKIE
from web.tries import DEVICE
from web.visit import Visit, ours

DEVICE_LASTS: Final = timedelta(days=365)


def let_in(
    visit: Visit,
    *,
    session: Session,
    account: Account,
    after: str = "/",
    shown_at: datetime | None = None,
    proved: bool = False,
    news: str = "device",
) -> Response:
    """Begin a session and send the browser on; whoever was signed in on it before is signed out.

    When the account was not known on this browser, its owner is told by a letter: of that, or of other ``news``.
    """
    if visit.who:
        before = session.get_one(Account, visit.who.account_id)
        accounts.end_session(session, session_id=visit.who.session_id, account=before, now=visit.now)
    known = cookies.read(visit.request, DEVICE)
    device = attempts.remember_device(session, account=account, cookie=known, now=visit.now)
    agent = visit.request.headers.get("user-agent", "")
    new = device != known
    secret = accounts.begin_session(
        session, account=account, agent=agent, now=visit.now, proved=proved, shown_at=shown_at, new_device=new
    )
    if new:
        telling.tell(visit, session, account, news)
    answer = RedirectResponse(ours(after), status_code=303)
    cookies.keep(answer, visit.request, COOKIE, secret)
    cookies.keep(answer, visit.request, DEVICE, device, seconds=int(DEVICE_LASTS.total_seconds()))
    return answer
