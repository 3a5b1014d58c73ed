"""An envelope, and the mail in it: the same bytes each time that the same message is sent."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message on its way; ``sender`` and ``to`` are e-mail addresses, the sender's may have a name before it."""

    id: UUID
    sender: str
    to: str
    subject: str
    body: str
    written_at: datetime


class RefusedError(Exception):
    """The message can never be delivered as it is: no other try helps."""


def mail(envelope: Envelope) -> EmailMessage:
    """Return the mail in an envelope.

    Message-ID and idempotency key follow from the message's id, so a server or a reader who gets it twice can tell.

    :raises RefusedError: when an address is none.
    """
    sender = _address(envelope.sender)
    made = EmailMessage(SMTP)
    made["From"] = sender
    made["To"] = _address(envelope.to)
    made["Subject"] = " ".join(envelope.subject.split())
    made["Date"] = envelope.written_at
    made["Message-ID"] = f"<{envelope.id}@{sender.domain}>"
    made["Idempotency-Key"] = str(envelope.id)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(envelope.body, cte="base64")
    return made


def _address(text: str) -> Address:
    name, plain = parseaddr(text)
    try:
        made = Address(name, addr_spec=plain)
    except (HeaderParseError, ValueError, IndexError):
        made = Address()
    if not made.username or not made.domain or not (text == plain or text.endswith(f"<{plain}>")):
        raise RefusedError(f"not an e-mail address: {text!r}")
    return made
