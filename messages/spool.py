"""Mail as files, for those without a mail server: each message one ``.eml`` file, which any mail program opens."""

import os
from datetime import UTC
from pathlib import Path

from messages.envelopes import Envelope, mail

FOLDER = "outbox"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def deliver(folder: Path, envelope: Envelope) -> Path:
    """Write a message into a folder, whole or not at all; the same message again is the same file.

    :raises RefusedError: when an address is none.
    """
    content = bytes(mail(envelope))
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    file = folder / f"{envelope.written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{envelope.id}.eml"
    half = file.with_suffix(f".{os.getpid()}.half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
    return file
