"""Templates and assets: where they lie, what every template may use."""

from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kit import jinja
from kit.i18n import language
from reports.charts import TEMPLATES as CHARTS
from web.browsers import browser

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

TEMPLATES: Final = jinja.environment(HERE / "templates", CHARTS)
ZONE: Final = "Asia/Shanghai"
"""The time zone of what belongs to no round; a round has its own."""

TEMPLATES.globals.update(language=language, ZONE=ZONE)
TEMPLATES.filters["browser"] = browser


def clock_time(at: datetime) -> str:
    """Return the time of day outside any round, 10:32."""
    return f"{at.astimezone(ZoneInfo(ZONE)):%H:%M}"


@cache
def asset(name: str) -> str:
    """Return the address of a file under ``static/``, with its content's hash: browsers may keep it for ever."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
