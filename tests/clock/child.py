"""A process that conducts a home and does what its standard input says; it notes whom it tries to reach.

``python -m tests.clock.child HOME``: ``wake ID CODE``, ``idle``, ``state ID``, ``stop SECONDS``, ``end``; each line is
answered by one.
"""

import faulthandler
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from prefect import Flow

    from clock.conductor import Conductor

REACHED: list[str] = []
EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in EVENTS:
        address = arguments[-1] if event.startswith("socket.send") else arguments[0 if "get" in event else 1]
        REACHED.append(str(address[0]) if isinstance(address, tuple) else str(address))


def main(home: Path) -> None:
    from clock.conductor import Conductor, HomeTakenError

    conductor = Conductor(home, _load)
    try:
        conductor.start()
    except HomeTakenError:
        print("taken", flush=True)  # noqa: T201 - this is how it answers
        return
    print("started", flush=True)  # noqa: T201 - this is how it answers
    for line in sys.stdin:
        print(_answer(conductor, *line.split()), flush=True)  # noqa: T201 - this is how it answers


def _load() -> "Flow[..., None]":
    from tests.clock import toy

    return toy.load()


def _answer(conductor: "Conductor", word: str, *rest: str) -> object:
    if word == "wake":
        conductor.wake(UUID(rest[0]), rest[1]).result()
    elif word == "idle":
        return conductor.wait_idle(60)
    elif word == "state":
        return conductor.state_of(UUID(rest[0]))
    elif word == "stop":
        return conductor.stop(float(rest[0]))
    elif word == "reached":
        return " ".join(sorted(set(REACHED)))
    return "done"


if __name__ == "__main__":
    faulthandler.enable()
    sys.addaudithook(_watch)
    main(Path(sys.argv[1]))
