"""The outbox: letters written once with the act that they tell of, taken by a sender, sent or tried again.

Every change of a message's state is a compare-and-set on its state and its number of tries: of two senders one wins,
and one that was cut off and comes back late changes nothing. Sending is no person's act: the message alone says it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Update, and_, func, not_, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from actions import history
from actions.books import batched_rows
from models.messages import Message
from queries import outbox
from queries.books import table_of
from queries.outbox import NO_ADDRESS, OVERTAKEN
from rules.retries import CUT_OFF, pause

LONGEST_ERROR = 500


class Letter(NamedTuple):
    """What is to be told to one address; ``key`` says what it tells of: nothing is told twice under one key."""

    key: str
    kind: str
    recipient: str
    address: str
    subject: str
    body: str
    round_id: UUID | None = None


def write(session: Session, letters: Iterable[Letter], *, now: datetime) -> int:
    """Put letters into the outbox; those whose key is there already are left out. Returns how many were new.

    A letter without an address is kept, as one that could not be sent.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    query = insert(table_of(Message)).on_conflict_do_nothing(index_elements=["key"]).returning(col(Message.key))
    parts = batched_rows(letters)
    return sum(len(session.execute(query, [_row(letter, now) for letter in part]).all()) for part in parts)


def _row(letter: Letter, now: datetime) -> dict[str, object]:
    kept = {"state": "waiting", "error": ""} if letter.address else {"state": "given_up", "error": NO_ADDRESS}
    return {"id": uuid4(), **letter._asdict(), **kept, "attempts": 0, "written_at": now, "due_at": now}


def take(session: Session, *, now: datetime, limit: int) -> list[Message]:
    """Take messages whose time has come for sending, and those whose sender was cut off; commit before sending them."""
    m = Message
    wanted = or_(
        and_(col(m.state) == "waiting", col(m.due_at) <= now),
        and_(col(m.state) == "sending", col(m.taken_at) <= now - CUT_OFF),
    )
    first = select(m.id).where(wanted).order_by(col(m.due_at), col(m.key)).limit(limit)
    mine = update(m).where(col(m.id).in_(first.with_for_update(skip_locked=True)), wanted)
    mine = mine.values(state="sending", taken_at=now, attempts=col(m.attempts) + 1)
    taken = session.scalars(mine.returning(m), execution_options={"populate_existing": True})
    return sorted(taken, key=lambda message: (message.due_at, message.key))


def sent(session: Session, *, message: Message, now: datetime) -> bool:
    """Note that a message that we took has been sent; false when somebody else has taken it since."""
    return _settle(session, message, state="sent", sent_at=now, error="")


def failed(session: Session, *, message: Message, error: str, now: datetime, for_good: bool = False) -> bool:
    """Note that a message that we took could not be sent: it waits for another try, or is given up.

    ``for_good`` gives up at once: no other try can help. Returns false when somebody else has taken it since.
    """
    wait = None if for_good else pause(message.attempts)
    if wait is None:
        return _settle(session, message, state="given_up", error=error[:LONGEST_ERROR])
    return _settle(session, message, state="waiting", due_at=now + wait, error=error[:LONGEST_ERROR])


def put_back(session: Session, *, message: Message) -> bool:
    """Let a message that we took and have not begun to send wait again, as if nobody had taken it."""
    return _settle(session, message, state="waiting", attempts=message.attempts - 1)


def _settle(session: Session, message: Message, **values: object) -> bool:
    mine = update(Message).where(
        col(Message.id) == message.id, col(Message.state) == "sending", col(Message.attempts) == message.attempts
    )
    return _changed(session, mine.values(taken_at=None, **values)) > 0


def drop_overtaken(session: Session) -> int:
    """Give up reminders whose step is over or whose deadline has moved: nobody needs them now. Returns how many."""
    dropped = 0
    for stage_id, prefixes in outbox.still_true(session).items():
        theirs = outbox.of_stage(stage_id)
        stale = not_(or_(*(col(Message.key).startswith(p, autoescape=True) for p in prefixes))) if prefixes else theirs
        mine = update(Message).where(col(Message.state) == "waiting", theirs, stale)
        dropped += _changed(session, mine.values(state="given_up", error=OVERTAKEN))
    return dropped


def retry(session: Session, *, ids: Collection[UUID], actor: str, now: datetime) -> int:
    """Let messages that were given up be tried again, from the first pause on. Returns how many there were."""
    given_up = update(Message).where(
        col(Message.id).in_(ids), col(Message.state) == "given_up", func.length(Message.address) > 0
    )
    revived = given_up.values(state="waiting", attempts=0, due_at=now, error="").returning(col(Message.round_id))
    rounds: Sequence[UUID | None] = session.scalars(revived).all()
    for round_id in sorted(set(rounds), key=str):
        detail: dict[str, object] = {"n": rounds.count(round_id)}
        history.record(
            session, chain=round_id or history.CENTRE, actor=actor, deed="messages.retried", now=now, detail=detail
        )
    return len(rounds)


def _changed(session: Session, mine: Update) -> int:
    return int(session.execute(mine).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows
