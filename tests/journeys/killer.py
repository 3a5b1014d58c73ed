"""Run the command line, and kill this process (SIGKILL) before or after it commits a certain deed.

``python -m tests.journeys.killer before|after DEED SUBJECT N -- arguments of jingpin``: at the Nth such commit.
"""

import os
import signal
import sys

from sqlalchemy import event
from sqlmodel import Session

from models.history import Entry


def arm(moment: str, deed: str, subject: str, nth: int) -> None:
    """Listen to this process's own transactions; Prefect's are of another class."""
    seen = 0

    def notice(session: Session, _context: object) -> None:
        said = session.info.setdefault("deeds", [])
        said += [(e.deed, e.subject) for e in session.new if isinstance(e, Entry)]

    def strike(session: Session) -> None:
        nonlocal seen
        seen += sum(d == deed and subject in {s, "*"} for d, s in session.info.get("deeds", ()))
        session.info["deeds"] = []
        if seen >= nth:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "before_flush", lambda session, context, _instances: notice(session, context))
    event.listen(Session, "before_commit" if moment == "before" else "after_commit", strike)


if __name__ == "__main__":
    arm(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    from cli.app import run

    sys.exit(run(sys.argv[6:]))
