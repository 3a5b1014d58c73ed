"""One's own data: what is kept, and a copy of all of it."""

from typing import Final

from fastapi import Response

from actions import history
from reports.own_data import archive
from rules.access import Act
from web.doors import Doors
from web.downloads import attachment
from web.own_data import files
from web.own_rounds import own_number
from web.visit import Visit

doors: Final = Doors()


@doors.get("/my/data", act=Act.APPLY, name="own_data")
def own_copy(visit: Visit) -> Response:
    """Say what is kept about oneself, and where to get a copy."""
    return visit.page("own_data.html", staff_no=own_number(visit))


@doors.post("/my/data", act=Act.APPLY)
def export_own_data(visit: Visit) -> Response:
    """Hand over a copy of everything about oneself; the history notes that it was."""
    staff_no = own_number(visit)
    content = archive(files(visit, staff_no), made=visit.now)
    history.record(
        visit.session,
        chain=history.CENTRE,
        actor=visit.actor,
        deed="data.exported",
        now=visit.now,
        subject=staff_no,
        detail={"bytes": len(content)},
    )
    return attachment(content, name=f"{staff_no} {visit.now:%Y-%m-%d}.zip", media_type="application/zip")
