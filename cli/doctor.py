"""``jingpin doctor``: what is wrong with this installation or its rounds, and what to do about it."""

import importlib.metadata
import json as jsons
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import httpx
import typer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from cli import options, show
from cli.links import conductor_of
from forms.faults import FormError
from kit import fonts, prefect_home, prefect_template
from kit.i18n import gettext as _
from kit.i18n import labelled, say
from kit.settings import settings
from models import schema
from models.database import engine, reading
from queries import accounts, health
from rules.access import SECOND_FACTOR, WHOSE
from rules.texts import RuleError, Text
from tasks.terms import working_days

OK, WORTH_KNOWING, WRONG = "ok", "warning", "wrong"
SIGNS: Final = {OK: "✓", WORTH_KNOWING: "!", WRONG: "✗"}
ROOM: Final = 1024**3
"""Bytes that should be free beside the data."""
DRIFT: Final = timedelta(seconds=2)
AHEAD: Final = timedelta(days=45)
PACKAGES: Final = ("prefect", "fastapi", "sqlmodel", "weasyprint", "apscheduler")


class Finding(NamedTuple):
    """One thing that was looked at: how it stands, what was found, what to do."""

    subject: str
    state: str
    found: str
    remedy: str = ""


def add_to(root: typer.Typer) -> None:
    """Add this command to the command line."""
    root.command("doctor", help=_("检查安装、数据库、Prefect、时钟和各轮次：哪里不对、怎么办"))(doctor)


def doctor(json: options.Json = False) -> None:
    """Look at everything; exit status 1 when something is wrong."""
    findings = [finding for look in LOOKS for finding in _seen(look)]
    if json:
        show.as_json([f._asdict() for f in findings])
    else:
        for f in findings:
            show.line(f"{SIGNS[f.state]} {labelled(f.subject, f.found)}" + (f"  → {f.remedy}" if f.remedy else ""))
    if any(f.state == WRONG for f in findings):
        raise typer.Exit(1)


def _seen(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Look; a file that cannot be read is one more finding, and hides no other."""
    try:
        yield from look()
    except OSError as error:
        yield Finding(_("文件"), WRONG, show.file_problem(error), _("更正设置，或准备好这个文件"))


def _packages() -> Iterator[Finding]:
    versions = _("，").join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    yield Finding(_("程序"), OK, versions)


def _fonts() -> Iterator[Finding]:
    problems = fonts.check(settings().fonts)
    for problem in problems:
        yield Finding(_("字体与排版"), WRONG if problem.serious else WORTH_KNOWING, problem.text, problem.remedy)
    if not problems:
        yield Finding(_("字体与排版"), OK, _("字体和系统库齐全"))


def _home() -> Iterator[Finding]:
    home = settings().home
    if not home.is_dir():
        yield Finding(_("数据目录"), WRONG, str(home), _("运行 jingpin init"))
        return
    free = shutil.disk_usage(home).free
    size = _("{home}，余 {free} GB").format(home=home, free=round(free / 1024**3, 1))
    if free < ROOM:
        yield Finding(_("数据目录"), WRONG, size, _("腾出磁盘空间"))
    elif home.stat().st_mode & 0o077:
        remedy = f"chmod 700 {home}"
        yield Finding(_("数据目录"), WORTH_KNOWING, _("{home} 本机的其他用户也能进入").format(home=home), remedy)
    else:
        yield Finding(_("数据目录"), OK, size)
    if reports := sorted((home / "errors").glob("*.txt")):
        yield Finding(_("意外错误"), WORTH_KNOWING, _("{n} 份报告").format(n=len(reports)), str(reports[-1]))


def _database() -> Iterator[Finding]:
    where = engine().url.render_as_string(hide_password=True)
    try:
        schema.require_current(engine())
        with reading() as session:
            yield from _integrity(session, where)
    except schema.UnreachableError as error:
        yield Finding(_("数据库"), WRONG, say(error.text), _("检查数据库服务和 JINGPIN_DATABASE_URL"))
    except RuleError as error:
        yield Finding(_("数据库"), WRONG, say(error.text), _("先备份已有的数据库，再运行 jingpin init 建立或升级"))
    except DBAPIError as error:
        yield Finding(_("数据库"), WRONG, labelled(where, str(error.orig)), _("检查数据库服务和 JINGPIN_DATABASE_URL"))


def _integrity(session: Session, where: str) -> Iterator[Finding]:
    if session.get_bind().dialect.name == "sqlite":
        said = session.connection().execute(text("PRAGMA quick_check(1)")).scalar()
        if said != "ok":
            yield Finding(_("数据库"), WRONG, str(said), _("停止服务，从最近的备份恢复（jingpin restore）"))
            return
    yield Finding(_("数据库"), OK, where)


def _clock() -> Iterator[Finding]:
    now = datetime.now(UTC)
    with reading() as session:
        latest = health.last_entry(session)
        if session.get_bind().dialect.name == "postgresql":
            theirs: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
            if abs(theirs - now) > DRIFT:
                seconds = round((theirs - now).total_seconds(), 1)
                found = _("与数据库服务器相差 {seconds} 秒").format(seconds=seconds)
                yield Finding(_("时钟"), WRONG, found, _("两台机器都与时间服务器同步（NTP）"))
                return
    if latest and latest > now + DRIFT:
        found = _("留痕中有将来的时间 {at}").format(at=latest.isoformat(timespec="seconds"))
        yield Finding(_("时钟"), WRONG, found, _("校准本机时间：截止时间以服务器时间为准"))
        return
    yield Finding(_("时钟"), OK, now.isoformat(timespec="seconds"))


def _calendar() -> Iterator[Finding]:
    try:
        days = working_days()
        ahead = datetime.now(UTC).date() + AHEAD
        days.is_working(ahead)
    except RuleError as error:
        yield Finding(_("工作日历"), WORTH_KNOWING, say(error.text), _("假期安排公布后补充，否则公示期无法推算"))
    except FormError as error:
        yield Finding(_("工作日历"), WRONG, _("；").join(say(f.whole()) for f in error.faults), _("更正日历文件"))
    else:
        last: date = max(days.days)
        yield Finding(_("工作日历"), OK, _("有到 {last} 为止的官方数据").format(last=last.isoformat()))


def _transport() -> Iterator[Finding]:
    address = urlsplit(settings().address())
    if address.scheme == "https" or address.hostname in {"127.0.0.1", "localhost", "::1"}:
        yield Finding(_("访问地址"), OK, address.geturl())
        return
    remedy = _("前面放一个提供 https 的反向代理，写明 JINGPIN_PUBLIC_URL 和 JINGPIN_TRUSTED_PROXIES")
    found = _("{address}：密码和成绩以明文传输").format(address=address.geturl())
    yield Finding(_("访问地址"), WORTH_KNOWING, found, remedy)


def _second_factor() -> Iterator[Finding]:
    whose = settings().second_factor
    with reading() as session:
        missing = accounts.without_second_factor(session, roles=SECOND_FACTOR[whose])
    found = _("必须有的：{whose}；其中 {n} 个账号还没有，下次登录时设置").format(whose=_(WHOSE[whose]), n=missing)
    yield Finding(_("第二重验证"), OK, found)


def _prefect() -> Iterator[Finding]:
    now = settings()
    if now.prefect_api_url:
        yield from _prefect_elsewhere(now.prefect_api_url)
        return
    template = prefect_template.path_in(now.cache)
    if not template.exists():
        yield Finding("Prefect", WORTH_KNOWING, _("空数据库还没有准备好，首次启动会慢"), "jingpin prepare")
    conducted = conductor_of(now.home)
    found = _("内嵌，{version}；").format(version=prefect_home.version())
    if conducted is None:
        yield Finding("Prefect", WORTH_KNOWING, found + _("现在没有进程在推进轮次"), "jingpin serve")
    else:
        yield Finding("Prefect", OK, found + _("由进程 {pid} 推进，{url}").format(pid=conducted[0], url=conducted[1]))


def _prefect_elsewhere(url: str) -> Iterator[Finding]:
    try:
        httpx.get(f"{url}/health", timeout=5).raise_for_status()
        asked = httpx.post(f"{url}/work_pools/jingpin/workers/filter", json={}, timeout=5)
        workers = asked.json() if asked.is_success else []
    except (httpx.HTTPError, ValueError) as error:
        yield Finding(
            "Prefect", WRONG, labelled(url, str(error)), _("启动 Prefect 服务器，或更正 JINGPIN_PREFECT_API_URL")
        )
        return
    online = [w["name"] for w in workers if w.get("status") == "ONLINE"]
    if online:
        yield Finding("Prefect", OK, _("{url}，工作进程 {names}").format(url=url, names=_("、").join(sorted(online))))
    else:
        yield Finding("Prefect", WRONG, _("{url}，没有工作进程").format(url=url), "jingpin worker")


def _rounds() -> Iterator[Finding]:
    now = datetime.now(UTC)
    with reading() as session:
        numbers = health.rounds_by_state(session)
        overdue, stuck = health.overdue(session, now=now), health.stuck(session, now=now)
        blocked = [(code, stage.name, stage.blocked) for code, stage in health.blocked(session)]
    for late in overdue:
        at = late.since.isoformat(timespec="minutes") if late.since else ""
        found = _("{code} 的“{step}”应在 {at} 截止").format(code=late.code, step=_(late.step), at=at)
        yield Finding(_("轮次"), WRONG, found, _("时钟没有运行：启动 jingpin serve，会按原定时间截止"))
    for one in stuck:
        found = _("{code} 停在“{step}”，本可以继续").format(code=one.code, step=_(one.step))
        yield Finding(_("轮次"), WRONG, found, _("启动 jingpin serve；已在运行的，查看其日志"))
    for code, name, why in blocked:
        found = labelled(f"{code} {_(name)}", say(Text(**jsons.loads(why))))
        yield Finding(_("轮次"), WRONG, found, _("排除原因后会自动重试"))
    if not (overdue or stuck or blocked):
        yield Finding(_("轮次"), OK, _("进行中 {running}，已结束 {finished}，已取消 {cancelled}").format(**numbers))


def _messages() -> Iterator[Finding]:
    with reading() as session:
        counts, failing = health.messages(session), health.failing_messages(session)
        signals, oldest = health.signals_waiting(session)
    if failing:
        found = _("{n} 封还没有发出去，正在重试").format(n=failing)
        yield Finding(_("消息"), WORTH_KNOWING, found, _("检查 JINGPIN_SMTP_URL；jingpin messages list 写明原因"))
    if counts["given_up"]:
        found = _("{n} 封没有发出").format(n=counts["given_up"])
        yield Finding(_("消息"), WORTH_KNOWING, found, _("jingpin messages list 查看原因，messages retry 重发"))
    if not failing + counts["given_up"]:
        yield Finding(_("消息"), OK, _("已发 {sent}，待发 {waiting}").format(**counts))
    if oldest and oldest < datetime.now(UTC) - health.LATE:
        yield Finding(_("信号"), WRONG, _("{n} 个信号没有送达").format(n=signals), _("启动 jingpin serve"))


def _if_initialised(look: Callable[[], Iterator[Finding]]) -> Callable[[], Iterator[Finding]]:
    def careful() -> Iterator[Finding]:
        try:
            yield from look()
        except (DBAPIError, RuleError):
            return  # the database's own finding has said so

    return careful


LOOKS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _packages,
    _fonts,
    _home,
    _database,
    _prefect,
    _calendar,
    _if_initialised(_clock),
    _transport,
    _if_initialised(_second_factor),
    _if_initialised(_rounds),
    _if_initialised(_messages),
)
