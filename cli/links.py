"""Where a round's run stands in Prefect's own pages."""

import fcntl
from pathlib import Path

from kit.settings import settings
from models.rounds import Round


def conductor_of(home: Path) -> tuple[str, str] | None:
    """Return the process number of who conducts a home now, and the address of its Prefect; ``None``: nobody does."""
    lock = home / "conductor.lock"
    if not lock.exists():
        return None
    with lock.open("r+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            number, _line, url = file.read().partition("\n")
            return number or "?", url.strip()
    return None


def run_url(the_round: Round) -> str:
    """Return the address of a round's run in Prefect's pages; empty when no Prefect is running or it has no run."""
    now = settings()
    conducted = None if now.prefect_api_url else conductor_of(now.home)
    pages = now.prefect_api_url.removesuffix("/api") if now.prefect_api_url else (conducted or ("", ""))[1]
    return f"{pages}/runs/flow-run/{the_round.flow_run_id}" if pages and the_round.flow_run_id else ""
