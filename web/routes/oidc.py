"""The centre's own sign-in (OIDC): go there, come back, be let in; show there once more who one is; sign out there.

The provider may be slow: these doors last, so that nobody waits for it but who goes there.
"""

import logging
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from actions import accounts
from kit import oidc as protocol
from kit.oidc import Client, Journey, OidcError, UnreachableError
from kit.settings import settings
from models.accounts import Account
from models.database import transaction
from queries import accounts as read
from rules.access import Act
from rules.texts import Text, _
from web import again, cookies, entering, refusals
from web.doors import Doors
from web.faults import NotFoundError
from web.visit import Visit, ours

doors: Final = Doors()
log: Final = logging.getLogger("jingpin.web")

JOURNEY: Final = "jingpin_oidc"
AFTER: Final = "jingpin_after"
NEVER: Final = datetime.fromtimestamp(0, UTC)
"""When somebody signed in whose provider does not say it."""


@doors.get("/login/oidc", act=Act.SIGN_IN, lasts=True)
def oidc(visit: Visit, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the centre's own sign-in."""
    return _leave(visit, after=ours(next))


@doors.get("/login/oidc/again", act=Act.USE_ACCOUNT, unproved=True, lasts=True)
def oidc_again(visit: Visit) -> Response:
    """Send the browser there to sign in once more, before a deed of weight."""
    return _leave(visit, after=visit.url("oidc_shown"), afresh=True)


@doors.get("/login/oidc/shown", act=Act.USE_ACCOUNT, unproved=True)
def oidc_shown(visit: Visit) -> Response:
    """Send whoever signed in there once more back to the window they came from."""
    return visit.page("oidc_shown.html")


@doors.get("/login/oidc/out", act=Act.SIGN_IN, lasts=True)
def oidc_out(visit: Visit) -> Response:
    """Send who has signed out here on to sign out there."""
    from kit import oidc_talk  # noqa: PLC0415 - slow to import, and most centres never need it

    back_to = settings().address() + visit.url("login")
    try:
        address = oidc_talk.end_of_session(_client(visit), back_to=back_to)
    except UnreachableError as error:
        return _failed(visit, error)
    if not address:
        return visit.page("oidc.html", fault=Text(_("单位统一登录没有退出的页面；在公用的电脑上，请关闭浏览器")))
    return RedirectResponse(address, status_code=303)


@doors.get("/login/oidc/back", act=Act.SIGN_IN, lasts=True)
def oidc_back(visit: Visit) -> Response:
    """Let in who comes back from the centre's own sign-in, if we know them.

    A GET that writes: it is the provider that sends the browser here, and the state stands for our token. The network
    is touched before the transaction begins.
    """
    from kit import oidc_talk  # noqa: PLC0415 - see above

    client = _client(visit)
    try:
        journey = protocol.remembered(cookies.read(visit.request, JOURNEY))
        claims = oidc_talk.claims(client, journey, dict(visit.request.query_params))
    except OidcError as error:
        return _over(visit.request, _failed(visit, error))
    signed_in_at = oidc_talk.signed_in_at(claims)
    proved = settings().oidc_second_factor in oidc_talk.ways_of(claims)
    after = ours(unquote(cookies.read(visit.request, AFTER)) or "/")
    with transaction() as session:
        account = _known(session, visit, client, claims)
        if account is None:
            answer = _unknown(visit, claims)
        elif after == visit.url("oidc_shown"):
            answer = _shown(visit, session, account, signed_in_at, journey)
        else:
            shown_at = min(signed_in_at or NEVER, visit.now)
            answer = entering.let_in(
                visit, session=session, account=account, after=after, shown_at=shown_at, proved=proved
            )
    return _over(visit.request, answer)


def _leave(visit: Visit, *, after: str, afresh: bool = False) -> Response:
    from kit import oidc_talk  # noqa: PLC0415 - see above

    journey = protocol.set_out()
    try:
        address = oidc_talk.address(_client(visit), journey, afresh=afresh)
    except UnreachableError as error:
        return _failed(visit, error)
    answer = RedirectResponse(address, status_code=303)
    cookies.keep(answer, visit.request, JOURNEY, str(journey), seconds=protocol.LASTS_SECONDS)
    cookies.keep(answer, visit.request, AFTER, quote(after), seconds=protocol.LASTS_SECONDS)
    return answer


def _client(visit: Visit) -> Client:
    now = settings()
    if not now.oidc_issuer:
        raise NotFoundError(Text(_("没有启用单位统一登录")))
    back = now.address() + visit.url("oidc_back")
    return Client(now.oidc_issuer, now.oidc_client_id, now.oidc_client_secret, back)


def _shown(
    visit: Visit, session: Session, account: Account, signed_in_at: datetime | None, journey: Journey
) -> Response:
    """Take it that the owner is there, if whoever is signed in here has just signed in there as the same."""
    if visit.who is None or visit.who.account_id != account.id:
        fault = Text(_("您在单位统一登录使用的不是这里登录的账号；请换回同一账号，再确认一次"))
    elif signed_in_at is None or signed_in_at.timestamp() < journey.began_at - protocol.SKEW_SECONDS:
        fault = Text(
            _("单位统一登录没有让您重新登录，不能作为确认；请在那里退出后再试，或请系统管理员发给您设定密码的链接")
        )
    else:
        again.renew(visit, session)
        return visit.go("oidc_shown")
    refusals.note(visit.request, "oidc", visit.who)
    return visit.page("oidc.html", status=403, fault=fault)


def _known(session: Session, visit: Visit, client: Client, claims: dict[str, Any]) -> Account | None:
    """Return whose account it is: by the subject that it is known by, else, the first time, by login or number."""
    subject = f"{client.issuer} {claims['sub']}"
    account = read.by_subject(session, subject=subject)
    if account is None:
        account = _claimed(session, claims)
        if account and account.subject is None and read.may_enter(session, account=account):
            accounts.know_as(session, account=account, subject=subject, actor=account.login, now=visit.now)
    fits = account is not None and account.subject == subject and read.may_enter(session, account=account)
    return account if fits else None


def _claimed(session: Session, claims: dict[str, Any]) -> Account | None:
    claim = str(claims.get(settings().oidc_claim) or "").strip()
    if not claim:
        return None
    return read.by_login(session, login=claim) or read.by_staff_no(session, staff_no=claim)


def _over(request: Request, answer: Response) -> Response:
    for name in (JOURNEY, AFTER):
        cookies.drop(answer, request, name)
    return answer


def _failed(visit: Visit, error: OidcError) -> Response:
    refusals.note(visit.request, "oidc", visit.who)
    log.warning("the centre's own sign-in did not succeed: %s", error)
    if isinstance(error, UnreachableError):
        fault = Text(_("现在连不上单位统一登录；请稍后再试，或用登录名和密码登录"))
    else:
        fault = Text(_("单位统一登录没有完成，或用的时间太长；请从登录页重新开始"))
    return visit.page("oidc.html", status=502 if isinstance(error, UnreachableError) else 400, fault=fault)


def _unknown(visit: Visit, claims: dict[str, Any]) -> Response:
    claim = str(claims.get(settings().oidc_claim) or claims["sub"])
    said = {"who": claim, "email": settings().hr_email}
    with_whom = _("单位统一登录认出您是“{who}”，但本系统没有可用的对应账号；请联系系统管理员，或写信给 {email}")
    without = _("单位统一登录认出您是“{who}”，但本系统没有可用的对应账号；请联系系统管理员")
    fault = Text(with_whom if said["email"] else without, said)
    return visit.page("oidc.html", status=403, fault=fault)
