"""The example centre in a database of one's own: its people, its rounds, an account for each role.

``jingpin serve --demo`` calls this once, while the database is empty; the conductor then takes the rounds on.
"""

import os
import secrets
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlmodel import Session, select

from actions import accounts, people, second_factors
from cli import replay, sample_rounds, show
from demo import centre
from forms import bundles
from forms.bundles import Bundle
from forms.faults import FormError
from kit.i18n import gettext as _
from models.database import reading, transaction
from models.people import Person
from models.rounds import Round
from queries import accounts as read
from queries import results
from rules import course
from rules.access import ROLES, Role
from rules.texts import RuleError

ACTOR: Final = "demo"

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
    show.note(_("正在放入演示数据：300 人的名册和三轮竞聘：公示中、评审中、报名中…"))
    bundle = bundles.read(centre.BUNDLE)
    now = datetime.now(UTC)
    with transaction() as session:
        made = _rounds(session, bundle, now=now)
        given = _accounts(session, bundle, made[0], now=now)
    _tell(given, made, address=address)


def _rounds(session: Session, bundle: Bundle, *, now: datetime) -> list[Round]:
    """Make the rounds that today allows; without any, take the example in as a replay, which needs no calendar."""
    people.take_in(session, personnel=bundle.personnel, actor=ACTOR, now=now)
    made = []
    for make in (sample_rounds.posted, sample_rounds.live, sample_rounds.called):
        try:
            made.append(make(session, bundle, now=now))
        except (FormError, RuleError) as error:
            show.note(_("没有进行中的演示轮次：{what}").format(what=str(error)))
            break
    return made or [replay.take_in(session, bundle, mode=course.REPLAY, with_documents=True, now=now)]


def _accounts(session: Session, bundle: Bundle, over: Round, *, now: datetime) -> list[Given]:
    """Make an account for each role; the reviewer and the candidate are people of the rounds."""
    numbers = _people(session, bundle, over)
    names = {p.staff_no: p.name for p in bundle.personnel.people}
    given = []
    for role in Role:
        number = numbers.get(role)
        name = names.get(number or "") or _(ROLES[role])
        if read.by_login(session, login=role.value) is None:
            given.append(_account(session, role, name=name, staff_no=number, now=now))
    return given


def _people(session: Session, bundle: Bundle, over: Round) -> dict[Role, str]:
    """Return who of the directory the reviewer and the candidate are: one with sheets to fill, one with a result.

    The candidate is among the reserve: they went through all stages, and ask why they are not on the list.
    """
    panels = [p for p in sample_rounds.panels(bundle) if p.stage == sample_rounds.STAGE]
    of_staff = {r.reviewer_no: r.staff_no for r in bundle.evidence.reviewers if r.staff_no}
    sheets = Counter(of_staff[p.reviewer_no] for p in panels if p.reviewer_no in of_staff)
    sheets += Counter(  # whose candidates handed in files has more to look at
        of_staff[p.reviewer_no] for p in panels if p.reviewer_no in of_staff and p.staff_no in bundle.materials
    )
    reserve = [r for r in results.of_round(session, round_id=over.id) if r.outcome == "reserve"]
    candidate = min(reserve, key=lambda r: r.rank or 0).staff_no if reserve else panels[0].staff_no
    return {Role.REVIEWER: str(max(sorted(sheets), key=sheets.__getitem__)), Role.CANDIDATE: candidate}


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


def _tell(given: Sequence[Given], made: Sequence[Round], *, address: str) -> None:
    columns = {"role": _("角色"), "login": _("登录名"), "password": _("密码")}
    rows = [{"role": _(ROLES[g.role]), "login": g.login, "password": g.password} for g in given]
    show.table(rows, columns=columns, json_wanted=False, empty="")
    for one in given:
        if one.secret:
            show.line(_("系统管理员登录时还要验证码；在手机验证器里输入密钥 {secret}").format(secret=one.secret))
            show.line(_("没有验证器时，运行这个命令得到验证码：{command}").format(command=_code_of(one.secret)))
    show.line(_("登录：{address}/login").format(address=address))
    said = {
        sample_rounds.POSTED: _("轮次 {code}：结果已审定，约一分钟后公示，候选人可以看自己的成绩"),
        sample_rounds.LIVE: _("轮次 {code}：停在第一个评审环节，评委可以评分"),
        sample_rounds.OPEN: _("轮次 {code}：正在报名，候选人可以报名、提交材料"),
    }
    for the_round in made:
        if the_round.code in said:
            show.line(said[the_round.code].format(code=the_round.code))


def _code_of(secret: str) -> str:
    """Return a command that prints the code of now: whoever only tries the pages may have no authenticator at hand."""
    python = min(sys.executable, os.path.relpath(sys.executable), key=len)
    return f"{python} -c 'import pyotp; print(pyotp.TOTP(\"{secret}\").now())'"
