"""``jingpin worker``: carry out the rounds of a Prefect server that runs elsewhere; any number, on any machines."""

import asyncio
import os
import socket
from typing import Annotated

import typer

from cli import show
from cli.conducting import load_flow
from kit import logs, prefect_home
from kit.i18n import gettext as _
from kit.settings import settings
from models import schema
from models.database import engine
from rules.texts import RuleError, Text


def add_to(root: typer.Typer) -> None:
    """Add this command to the command line."""
    root.command("worker", help=_("启动工作进程，推进各轮次；须另有 Prefect 服务器，可在多台机器上运行"))(worker)


def worker(
    name: Annotated[str, typer.Option("--name", help=_("名称，显示在 Prefect 中；默认为主机名和进程号"))] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=64, help=_("同时推进几个轮次；默认见设置"))] = 0,
) -> None:
    """Work until told to stop; what is under way then is taken over by another worker, or goes on at the next start."""
    now = settings()
    if not now.prefect_api_url:
        raise RuleError(
            Text(_("单机运行不需要 worker：jingpin serve 自己推进轮次；多机运行请先设置 JINGPIN_PREFECT_API_URL"))
        )
    logs.begin(form=now.log_format, level=now.log_level)
    schema.upgrade(engine(), now.database_schema)
    os.environ["JINGPIN_HOME"] = str(now.home)  # a run's process starts in a folder of its own
    os.environ["JINGPIN_CACHE"] = str(now.cache.absolute())
    prefect_home.use_server(now.prefect_api_url, now.home / "prefect-client")
    # Only now: Prefect reads its environment when it is imported.
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - see above

    from clock import pool  # noqa: PLC0415 - imports Prefect

    called = name or f"{socket.gethostname()}-{os.getpid()}"
    with get_client(sync_client=True) as client:
        pool.deploy(client, load_flow())
    show.note(_("工作进程 {name} 已就绪：{url}").format(name=called, url=now.prefect_api_url))
    asyncio.run(pool.work(name=called, limit=limit or now.workers))
