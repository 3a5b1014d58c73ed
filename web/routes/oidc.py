"""The centre's own sign-in (OIDC): go there, come back, be let in."""

import logging
from typing import Any, Final
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from actions import accounts
from kit import oidc as protocol
from kit.oidc import Client, OidcError, UnreachableError
from kit.settings import settings
from models.accounts import Account
from models.database import transaction
from queries import accounts as read
from rules.access import Act
from rules.texts import Text, _
from web import cookies, entering
from web.doors import Doors
from web.faults import NotFoundError
from web.visit import Visit, ours

doors: Final = Doors()
log: Final = logging.getLogger("jingpin.web")

JOURNEY: Final = "jingpin_oidc"
AFTER: Final = "jingpin_after"


@doors.get("/login/oidc", act=Act.SIGN_IN)
def oidc(visit: Visit, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the centre's own sign-in."""
    from kit import oidc_talk  # noqa: PLC0415 - slow to import, and most centres never need it

    journey = protocol.set_out()
    try:
        address = oidc_talk.address(_client(visit), journey)
    except UnreachableError as error:
        return _failed(visit, error)
    answer = RedirectResponse(address, status_code=303)
    cookies.keep(answer, visit.request, JOURNEY, str(journey), seconds=protocol.LASTS_SECONDS)
    cookies.keep(answer, visit.request, AFTER, quote(ours(next)), seconds=protocol.LASTS_SECONDS)
    return answer


@doors.get("/login/oidc/back", act=Act.SIGN_IN)
def oidc_back(visit: Visit) -> Response:
    """Let in who comes back from the centre's own sign-in, if we know them.

    A GET that writes: it is the provider that sends the browser here, and the state stands for our token. The network
    is touched before the transaction begins, so that nobody waits for the provider but who came from there.
    """
    from kit import oidc_talk  # noqa: PLC0415 - see above

    client = _client(visit)
    try:
        journey = protocol.remembered(cookies.read(visit.request, JOURNEY))
        claims = oidc_talk.claims(client, journey, dict(visit.request.query_params))
    except OidcError as error:
        return _over(visit.request, _failed(visit, error))
    after = ours(unquote(cookies.read(visit.request, AFTER)) or "/")
    with transaction() as session:
        account = _known(session, visit, client, claims)
        answer = entering.let_in(visit, session=session, account=account, after=after) if account else None
    return _over(visit.request, answer or _unknown(visit, claims))


def _client(visit: Visit) -> Client:
    now = settings()
    if not now.oidc_issuer:
        raise NotFoundError(Text(_("没有启用单位统一登录")))
    back = now.address() + visit.url("oidc_back")
    return Client(now.oidc_issuer, now.oidc_client_id, now.oidc_client_secret, back)


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
