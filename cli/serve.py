"""``jingpin serve``: pages, clock and embedded Prefect in one process, until SIGTERM."""

import errno
import logging
import os
import signal
import socket
import threading
from contextlib import ExitStack
from typing import Annotated

import typer

from cli import show
from cli.conducting import load_flow
from clock import ticks
from clock.conductor import Conductor, HomeTakenError
from clock.schedule import Schedule
from kit import logs, prefect_home
from kit.i18n import gettext as _
from kit.settings import address, settings
from models import schema
from models.database import engine
from rules.texts import RuleError, Text

log = logging.getLogger("jingpin.clock")

RETRY_SECONDS = 15.0
STOP_SECONDS = 8.0
"""Less than the ten after which whoever stops a service loses patience."""


def add_to(root: typer.Typer) -> None:
    """Add this command to the command line."""
    root.command("serve", help=_("启动服务：网页、时钟和内嵌的 Prefect，同在一个进程"))(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help=_("监听的地址；默认见设置"))] = "",
    port: Annotated[int, typer.Option("--port", help=_("监听的端口；默认见设置"))] = 0,
    demo: Annotated[bool, typer.Option("--demo", help=_("数据库是空的时，放入演示数据和每种角色的账号"))] = False,
) -> None:
    """Serve until told to stop; pages answer at once, while Prefect still starts."""
    from web.app import make_app  # noqa: PLC0415 - slow to import, and the other commands' help needs no web server
    from web.server import PageServer  # noqa: PLC0415 - see above

    now = settings()
    now.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    logs.begin(form=now.log_format, level=now.log_level)
    schema.upgrade(engine(), now.database_schema)
    listener = _listen(host or now.host, port or now.port)
    if demo:
        from cli import sample  # noqa: PLC0415 - what invents people is not needed by who has some

        sample.fill(address(*listener.getsockname()[:2]))
    ending = threading.Event()
    conduct = _wake_workers if now.prefect_api_url else _conduct
    conducting = threading.Thread(target=conduct, args=(ending,), name="conduct")
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda *_: _begin_to_end(ending))  # also when it comes before the pages are there
    show.note(_("网页 {url}，按 Ctrl+C 停止").format(url=address(*listener.getsockname()[:2])))
    with Schedule(ticks.of_time()):
        conducting.start()
        try:
            PageServer(make_app(), told_to_stop=lambda: _begin_to_end(ending)).run(sockets=[listener])
        finally:
            ending.set()
            conducting.join()


def _begin_to_end(ending: threading.Event) -> None:
    """Let the conductor end beside the pages, and everything when the time is over.

    What cannot end in time (Prefect that still starts, a long step) goes on from its top at the next start.
    """
    if not ending.is_set():
        ending.set()
        show.note(_("正在停止：手头的步骤做完，或留到下次启动时继续；最多 {n} 秒").format(n=round(STOP_SECONDS)))
        last = threading.Timer(STOP_SECONDS, os._exit, (0,))
        last.daemon = True
        last.start()


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address of this machine, before anything else is started.

    :raises RuleError: when it cannot be had.
    """
    said = {"host": host, "port": port}
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as undone:
            listener = undone.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()  # who comes now waits a moment for the first answer
            undone.pop_all()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise RuleError(Text(_("端口 {port} 已被占用；请停止占用它的服务，或用 --port 换一个"), said)) from None
        raise RuleError(Text(_("不能监听 {host}:{port}：{what}"), {**said, "what": error.strerror})) from None
    return listener


def _wake_workers(ending: threading.Event) -> None:
    """Make rounds ready for the workers of a Prefect server elsewhere; any number of processes may do so."""
    now = settings()
    prefect_home.use_server(now.prefect_api_url, now.home / "prefect-client")
    from clock.remote import Remote  # noqa: PLC0415 - imports Prefect

    remote = Remote(load_flow(), takeover_seconds=now.takeover_seconds, last_progress=ticks.last_progress)
    show.note(_("Prefect {url}").format(url=now.prefect_api_url))
    with Schedule(ticks.of_waking(remote)):
        ending.wait()


def _conduct(ending: threading.Event) -> None:
    """Conduct this home's rounds until the end; while another process does, or Prefect cannot start, try again."""
    now, told = settings(), False
    while not ending.is_set():
        try:
            with Conductor(now.home, load_flow, workers=now.workers, port=now.prefect_port) as conductor:
                show.note(_("Prefect {url}").format(url=conductor.ui_url))
                with Schedule(ticks.of_waking(conductor)):
                    while conductor.is_up() and not ending.wait(ticks.TICK):
                        pass
            if not ending.is_set():
                log.error("Prefect has ended; it is started again, and signals wait until then")
        except HomeTakenError:
            if not told:
                show.note(_("另一个进程正在推进各轮次；这里先只提供网页，它结束后接手"))
            told = True
            ending.wait(ticks.TICK)
        except Exception:
            log.exception("Prefect did not start; pages and clock go on without it, and it is tried again")
            ending.wait(RETRY_SECONDS)
