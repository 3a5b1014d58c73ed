"""What was refused, for whom and where: a line in the log and a count, without a name, an address or what was typed."""

import logging
from typing import Final

from fastapi import Request
from prometheus_client import Counter

from queries.accounts import Who
from queries.tokens import Bearer

log: Final = logging.getLogger("jingpin.refused")

COUNTED: Final = Counter("jingpin_refusals", "Requests refused since this process began", ["why"], registry=None)


def note(request: Request, why: str, who: Who | Bearer | None = None) -> None:
    """Note a refusal; the place is the route's, in which no number or secret of an address stands."""
    COUNTED.labels(why).inc()
    route = getattr(request.scope.get("route"), "path", "")
    account = str(who.account_id) if who else ""
    log.warning("refused", extra={"why": why, "method": request.method, "route": route, "account": account})
