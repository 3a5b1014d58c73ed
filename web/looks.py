"""Templates and assets: where they lie, what every template may use."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from kit import jinja
from kit.i18n import language
from reports.charts import TEMPLATES as CHARTS

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

TEMPLATES: Final = jinja.environment(HERE / "templates", CHARTS)
TEMPLATES.globals["language"] = language


@cache
def asset(name: str) -> str:
    """Return the address of a file under ``static/``, with its content's hash: browsers may keep it for ever."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
