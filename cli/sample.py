"""The example centre in a database of one's own: its people, a round that ends by itself, one in the middle, accounts.

``jingpin serve --demo`` calls this once, while the database is empty; the conductor then takes both rounds on.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

import pyotp
from sqlmodel import Session, select

from actions import accounts, evidence, rounds, second_factors, stages
from actions.steps import Terms
from cli import replay, show
from demo import centre
from forms import bundles, in_force, policies
from forms.bundles import Bundle
from forms.faults import FormError
from kit.i18n import gettext as _
from models.database import reading, transaction
from models.people import Person
from models.rounds import Round
from queries import accounts as read
from queries import stages as standing
from rules import course
from rules.access import ROLES, Role
from rules.records import Application, Assignment
from rules.texts import RuleError

ACTOR: Final = "demo"
LIVE: Final = "LIVE-DEMO"
STAGE: Final = "materials"

OPENED: Final = date(2026, 10, 20)
"""The day of the example's policy that is today in the live round: the first stage is open since yesterday."""

INSTANT: Final = re.compile(rb"'(\d{4}-\d\d-\d\d)(T[\d:+]+)'")


SYLLABLES: Final = [c + v for c in "bdfghjkmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "en", "on")]
"""Passwords are to be typed from a terminal: five words of two syllables, 69 bits."""


class Given(NamedTuple):
    """An account of the demonstration with what opens it."""

    role: Role
    login: str
    password: str
    secret: str = ""


def fill(address: str) -> None:
    """Fill an empty database and print an account for each role; one that is not empty stays as it is."""
    with reading() as session:
        empty = not session.exec(select(Person.staff_no).limit(1)).first()
        empty = empty and not session.exec(select(Round.id).limit(1)).first()
    if not empty:
        show.note(_("数据库里已有内容，没有再放入演示数据"))
        show.note(_("忘记密码：系统管理员用 jingpin init --again，其他人请系统管理员在网页的“账号”里发给链接"))
        return
    show.note(_("正在放入演示数据：300 人的名册、一轮已结束的竞聘、一轮进行中的竞聘…"))
    bundle = bundles.read(centre.BUNDLE)
    now = datetime.now(UTC)
    with transaction() as session:
        replay.take_in(session, bundle, mode=course.REPLAY, with_documents=True, now=now)
        live = _live(session, bundle, now=now)
        given = _accounts(session, bundle, now=now)
    _tell(given, address=address, live=live is not None)


def _live(session: Session, bundle: Bundle, *, now: datetime) -> Round | None:
    """Launch a round whose applications closed some days ago and whose first stage is due now, if today allows one.

    It is screened here, so that people can hand in; everything else, documents too, is left to the conductor.
    """
    try:
        text = shifted(bundle.policy_text, by=(now.date() - OPENED).days)
        policy = policies.read(text).policy
        began = policy.applications.opens_at
        terms = Terms(policy=policy, calendar=in_force.working_days(), actor=ACTOR, now=began)
        the_round = rounds.launch(session, policy=policy, policy_text=text, actor=ACTOR, now=began)
    except (FormError, RuleError) as error:
        show.note(_("没有进行中的演示轮次：{what}").format(what=str(error)))
        return None
    screening = standing.by_key(session, the_round=the_round, key=course.SCREENING)
    stages.open_next(session, stage_id=screening.id, terms=terms)
    stages.tally(session, stage_id=screening.id, terms=terms)
    _hand_in(session, the_round, bundle, by=began - bundle.policy.applications.opens_at)
    return the_round


def shifted(text: bytes, *, by: int) -> bytes:
    """Return the example's policy as the one of another round, so many days later."""

    def moved(found: re.Match[bytes]) -> bytes:
        day = date.fromisoformat(found[1].decode()) + timedelta(days=by)
        return b"'" + day.isoformat().encode() + found[2] + b"'"

    text = INSTANT.sub(moved, text)
    text = re.sub(rb"(?m)^code: .*$", f"code: {LIVE}".encode(), text, count=1)
    return re.sub(rb"(?m)^title: .*$", "title: 高级客服专家内部竞聘（进行中的演示）".encode(), text, count=1)


def _hand_in(session: Session, the_round: Round, bundle: Bundle, *, by: timedelta) -> None:
    """Hand in what people of the example did, as much later: applications, reviewers, panels of the first stage."""
    given = bundle.evidence
    books: dict[str, Sequence[Any]] = {
        "applications": [Application(a.staff_no, a.applied_at + by, a.status) for a in given.applications],
        "reviewers": given.reviewers,
        "panels": [Assignment(p.stage, p.staff_no, p.reviewer_no) for p in given.panels if p.stage == STAGE],
    }
    for book, rows in books.items():
        at = the_round.launched_at
        evidence.take_in(session, the_round=the_round, book=book, rows=rows, actor=ACTOR, now=at)


def _accounts(session: Session, bundle: Bundle, *, now: datetime) -> list[Given]:
    """Make an account for each role; the reviewer and the candidate are people of the live round."""
    numbers = _people(bundle)
    names = {p.staff_no: p.name for p in bundle.personnel.people}
    given = []
    for role in Role:
        number = numbers.get(role)
        name = names.get(number or "") or _(ROLES[role])
        if read.by_login(session, login=role.value) is None:
            given.append(_account(session, role, name=name, staff_no=number, now=now))
    return given


def _people(bundle: Bundle) -> dict[Role, str]:
    """Return who of the directory the reviewer and the candidate are: two who have something to do."""
    panels = [p for p in bundle.evidence.panels if p.stage == STAGE]
    of_staff = {r.reviewer_no: r.staff_no for r in bundle.evidence.reviewers if r.staff_no}
    judged = next(p for p in panels if p.reviewer_no in of_staff)
    return {Role.REVIEWER: str(of_staff[judged.reviewer_no]), Role.CANDIDATE: judged.staff_no}


def _account(session: Session, role: Role, *, name: str, staff_no: str | None, now: datetime) -> Given:
    password = "-".join(secrets.choice(SYLLABLES) + secrets.choice(SYLLABLES) for _n in range(5))
    account = accounts.add(
        session,
        login=role.value,
        name=name,
        staff_no=staff_no,
        password=password,
        roles={role},
        actor=ACTOR,
        now=now,
    )
    if role is not Role.ADMIN:
        return Given(role, role.value, password)
    second_factors.begin(session, account=account)
    account.totp_since = now  # whoever reads the terminal sets up an authenticator with the secret printed there
    session.add(account)
    return Given(role, role.value, password, account.totp_secret)


def _tell(given: Sequence[Given], *, address: str, live: bool) -> None:
    columns = {"role": _("角色"), "login": _("登录名"), "password": _("密码")}
    rows = [{"role": _(ROLES[g.role]), "login": g.login, "password": g.password} for g in given]
    show.table(rows, columns=columns, json_wanted=False, empty="")
    for one in given:
        if one.secret:
            show.line(_("系统管理员登录时还要验证码；在手机验证器里输入密钥 {secret}").format(secret=one.secret))
            code = pyotp.TOTP(one.secret).now()
            show.line(_("没有验证器时，这个验证码在半分钟内可用：{code}").format(code=code))
    show.line(_("登录：{address}/login").format(address=address))
    if live:
        show.line(_("轮次 {code} 停在第一个评审环节，另一轮约一分钟后走完").format(code=LIVE))
