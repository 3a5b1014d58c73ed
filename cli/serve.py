"""``jingpin serve``: pages, clock and embedded Prefect in one process, until SIGTERM."""

import threading
from typing import Annotated

import typer
import uvicorn

from cli import show
from cli.conducting import load_flow
from clock.conductor import Conductor, HomeTakenError
from clock.schedule import Schedule
from clock.ticks import TICK, ticks
from kit.i18n import gettext as _
from kit.settings import settings
from models import schema
from models.database import engine
from web.app import make_app


def add_to(root: typer.Typer) -> None:
    """Add this command to the command line."""
    root.command("serve", help=_("启动服务：网页、时钟和内嵌的 Prefect，同在一个进程"))(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help=_("监听的地址；默认见设置"))] = "",
    port: Annotated[int, typer.Option("--port", help=_("监听的端口；默认见设置"))] = 0,
) -> None:
    """Serve until told to stop; pages answer at once, while Prefect still starts."""
    now = settings()
    now.home.mkdir(parents=True, exist_ok=True)
    schema.upgrade(engine(), now.database_schema)
    ending = threading.Event()
    conducting = threading.Thread(target=_conduct, args=(ending,), name="conduct")
    conducting.start()
    show.note(_("网页 http://{host}:{port}，按 Ctrl+C 停止").format(host=host or now.host, port=port or now.port))
    try:
        uvicorn.run(make_app(), host=host or now.host, port=port or now.port, log_level="warning")
    finally:
        ending.set()
        conducting.join()


def _conduct(ending: threading.Event) -> None:
    """Conduct this home's rounds until the end; while another process does, wait for one's turn."""
    now = settings()
    while not ending.is_set():
        try:
            with Conductor(now.home, load_flow, workers=now.workers, port=now.prefect_port) as conductor:
                show.note(_("Prefect {url}").format(url=conductor.ui_url))
                with Schedule(ticks(conductor)):
                    ending.wait()
        except HomeTakenError:
            ending.wait(TICK)
