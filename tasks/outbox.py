"""Send what waits in the outbox: by SMTP, else as files; to chat groups. Functions without Prefect, for the clock.

Exactly once cannot be promised over SMTP: between the server's answer and our commit lies a moment after which a
process that was killed leaves nobody who knows. Such a message is tried again with the same Message-ID and idempotency
key, by which servers and mail programs tell that it is the same; and as each message is noted before the next is sent,
a kill can double one message of each sender at most. As a file it has the same name: there it is exactly once.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Final, NamedTuple

from actions import outbox
from kit.settings import settings
from messages import chat, smtp, spool
from messages.envelopes import Envelope, RefusedError
from models.database import reading, transaction
from models.messages import Message
from queries import outbox as waiting
from tasks.occasions import CHAT

BATCH: Final = 20
SECONDS: Final = 3.0
"""For how long one call begins to send more; the next call first drops the reminders that are overtaken by then."""

HOLD_SECONDS: Final = 60.0
"""For how long messages that were taken are begun, far from when we would be taken for dead; the rest is put back."""

Deliver = Callable[[Envelope], object]


class Sent(NamedTuple):
    """How many messages were sent, and how many could not be."""

    sent: int
    failed: int


def send_due(*, now: datetime, seconds: float = SECONDS, hold: float = HOLD_SECONDS) -> Sent:
    """Send the messages whose time has come, until there are none or the seconds are over.

    Any number of senders may do so at once: each message is taken by compare-and-set, committed before the network is
    touched. Reminders of what is over are dropped.
    """
    with reading() as session:
        if not waiting.anything_due(session, now=now):
            return Sent(0, 0)
    with transaction() as session:
        outbox.drop_overtaken(session)
    ends = time.monotonic() + seconds
    done: list[bool] = []
    while time.monotonic() < ends and (batch := _take(now)):
        done += _send(batch, now, hold)
    return Sent(sum(done), len(done) - sum(done))


def _take(now: datetime) -> list[Message]:
    with transaction() as session:
        return outbox.take(session, now=now, limit=BATCH)


def _send(batch: Sequence[Message], now: datetime, hold: float) -> Iterator[bool]:
    ends = time.monotonic() + hold
    chats = [m for m in batch if m.address.startswith(CHAT)]
    mails = [m for m in batch if not m.address.startswith(CHAT)]
    yield from _send_each(chats, _say, now, ends)
    try:
        with _post() if mails else nullcontext(_say) as deliver:
            yield from _send_each(mails, deliver, now, ends)
    except OSError as error:  # there is no connection: none of those that are left could be sent
        for message in mails:
            yield _failed(message, error, now)


def _send_each(messages: list[Message], deliver: Deliver, now: datetime, ends: float) -> Iterator[bool]:
    """Send one after the other, taking each from the list; put back what cannot be begun before the time ends."""
    while messages:
        message = messages.pop(0)
        if time.monotonic() < ends:
            yield _send_one(message, deliver, now)
        else:
            with transaction() as session:
                outbox.put_back(session, message=message)


@contextmanager
def _post() -> Iterator[Deliver]:
    url, folder = settings().smtp_url, settings().home / spool.FOLDER
    if url:
        with smtp.connected(url) as deliver:
            yield deliver
    else:
        yield lambda envelope: spool.deliver(folder, envelope)


def _say(envelope: Envelope) -> None:
    groups = {chat.name(url): url for url in settings().chat_urls}
    name = envelope.to.removeprefix(CHAT)
    if name not in groups:
        raise RefusedError(waiting.NO_GROUP)
    chat.deliver(groups[name], envelope)


def _send_one(message: Message, deliver: Deliver, now: datetime) -> bool:
    try:
        deliver(_envelope(message))
    except (OSError, RefusedError) as error:
        return _failed(message, error, now)
    with transaction() as session:
        outbox.sent(session, message=message, now=now)
    return True


def _failed(message: Message, error: Exception, now: datetime) -> bool:
    with transaction() as session:
        said, for_good = str(error) or type(error).__name__, isinstance(error, RefusedError)
        outbox.failed(session, message=message, error=said, now=now, for_good=for_good)
    return False


def _envelope(message: Message) -> Envelope:
    return Envelope(
        id=message.id,
        sender=settings().mail_from,
        to=message.address,
        subject=message.subject,
        body=message.body,
        written_at=message.written_at,
    )
