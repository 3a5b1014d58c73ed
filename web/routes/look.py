"""How the pages look and speak: theme and language, for this browser and for the account; works without a script."""

from typing import Final

from fastapi import Response
from fastapi.responses import RedirectResponse

from actions import accounts
from kit.i18n import LANGUAGES
from models.accounts import Account
from rules.access import Act
from web.doors import LANGUAGE_COOKIE, Doors
from web.visit import THEME_COOKIE, THEMES, Visit, ours

doors: Final = Doors()

YEAR: Final = 365 * 24 * 3600
CHOICES: Final = {"theme": (THEME_COOKIE, ("", *THEMES)), "language": (LANGUAGE_COOKIE, LANGUAGES)}


@doors.post("/look", act=Act.CHOOSE_LOOK)
def look(visit: Visit) -> Response:
    """Keep a theme or a language, and go back to the page."""
    answer = RedirectResponse(ours(visit.text("back")), status_code=303)
    secure = visit.request.url.scheme == "https"
    for field, (cookie, allowed) in CHOICES.items():
        chosen = visit.text(field)
        if field in visit.typed and chosen in allowed:
            answer.set_cookie(cookie, chosen, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
            if field == "language" and visit.who:
                account = visit.session.get_one(Account, visit.me.account_id)
                accounts.set_language(visit.session, account=account, language=chosen)
    return answer


@doors.get("/still-here", act=Act.USE_ACCOUNT)
def still_here(visit: Visit) -> Response:  # noqa: ARG001 - the door notes that the session is in use
    """Keep the session of somebody who types for long without sending."""
    return Response(status_code=204)
