"""What must hold after the chaos: every round ended with the same results; nothing was lost, nothing was done twice."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import col, func, select

from models.database import reading
from models.documents import Document
from models.history import Entry, Signal
from models.messages import Message
from models.rounds import Round
from queries import results
from tests.chaos.people import EXPECTED

ONCE = ("round.launched", "round.finished", "stage.opened", "stage.closed", "stage.tallied", "stage.done")


def finished(codes: Sequence[str]) -> bool:
    """Return whether every round has ended."""
    with reading() as session:
        running = select(func.count()).where(col(Round.code).in_(codes), Round.state != "finished")
        return session.exec(running).one() == 0


def quiet() -> bool:
    """Return whether no message and no signal waits."""
    with reading() as session:
        waiting = select(func.count()).where(col(Message.state).in_(("waiting", "sending")))
        signals = select(func.count()).where(col(Signal.delivered_at).is_(None))
        return session.exec(waiting).one() + session.exec(signals).one() == 0


def faults(codes: Sequence[str]) -> list[str]:
    """Return what did not come out as it should have."""
    found: list[str] = []
    papers: Counter[int] = Counter()
    with reading() as session:
        for the_round in session.exec(select(Round).where(col(Round.code).in_(codes))).all():
            outcomes = {r.staff_no: r.outcome for r in results.of_round(session, round_id=the_round.id)}
            if outcomes != EXPECTED:
                found.append(f"{the_round.code}: {outcomes}")
            entries = session.exec(select(Entry.deed, Entry.subject).where(Entry.chain == str(the_round.id))).all()
            counts = Counter((deed, subject) for deed, subject in entries if deed in ONCE)
            found += [f"{the_round.code}: {deed} {subject} {n} times" for (deed, subject), n in counts.items() if n > 1]
            kept = session.exec(select(Document.kind, Document.staff_no).where(Document.round_id == the_round.id)).all()
            papers[len(kept)] += 1
        if len(papers) > 1:
            found.append(f"rounds have different numbers of documents: {dict(papers)}")
        found += [
            f"message {m.key} is {m.state}: {m.error}"
            for m in session.exec(select(Message).where(Message.state != "sent")).all()
            if m.error != "overtaken"
        ]
    return found


def messages_sent() -> int:
    """Return how many messages say that they were sent."""
    with reading() as session:
        return session.exec(select(func.count()).where(Message.state == "sent")).one()
