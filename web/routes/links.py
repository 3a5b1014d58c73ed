"""One-time links: choose a password, once."""

from typing import Final

from fastapi import Response

from actions import links, passwords
from rules.access import Act
from rules.passwords import SHORTEST
from rules.texts import RuleError, Text, _
from web import entering
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()


@doors.get("/link/{secret}", act=Act.SIGN_IN)
def link(visit: Visit, secret: str) -> Response:
    """Show where to choose a password."""
    return _page(visit, secret)


@doors.post("/link/{secret}", act=Act.SIGN_IN, name="use_link")
def use_link(visit: Visit, secret: str) -> Response:
    """Keep the password that somebody chose, and let them in."""
    password, again = visit.typed.get("password"), visit.typed.get("again")
    if not isinstance(password, str) or password != again:
        return _page(visit, secret, fault=Text(_("两次输入的密码不一样；请重新输入")))
    try:
        with visit.session.begin_nested():  # both, or neither
            found, account = links.find(visit.session, secret=secret, now=visit.now)
            links.use(visit.session, link=found, account=account, now=visit.now)
            passwords.choose(visit.session, account=account, password=password, now=visit.now)
    except RuleError as error:
        return _page(visit, secret, fault=error.text)
    return entering.let_in(visit, session=visit.session, account=account, news="link")


def _page(visit: Visit, secret: str, fault: Text | None = None) -> Response:
    values = {"secret": secret, "shortest": SHORTEST, "fault": fault}
    try:
        _found, account = links.find(visit.session, secret=secret, now=visit.now)
    except RuleError as error:
        return visit.page("link.html", status=410, account=None, void=error.text, **values)
    return visit.page("link.html", status=422 if fault else 200, account=account, void=None, **values)
