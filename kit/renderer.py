"""Many PDFs on all cores: warm processes that are fed one paper at a time.

Plain child processes and pipes instead of ``multiprocessing``: it works from any thread, does not import the
caller's main program again, and a child ends as soon as its pipe closes, even when the parent was killed.
"""

import contextlib
import gc
import json
import os
import struct
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Final, Self, TypeVar, cast

from kit import pdf
from kit.fonts import FontSet
from kit.pdf import Attached, Paper

ROOT: Final = Path(__file__).resolve().parent.parent
HEAD: Final = struct.Struct(">?Q")  # done well?, length
COLLECT_EVERY: Final = 50
AHEAD: Final = 2  # papers prepared beyond those that are being set, for each process
Key = TypeVar("Key")


class RenderError(Exception):
    """A paper could not be set; names the paper and says why."""


class Renderer:
    """A pool of rendering processes; safe to use from several threads. Processes start when first needed.

    One that dies is replaced, and its paper is tried once more.
    """

    def __init__(self, fonts: FontSet, *, workers: int = 2, patience: float = 600) -> None:
        self._fonts, self._count, self._patience = fonts, workers, patience
        self._idle: SimpleQueue[_Child | None] = SimpleQueue()
        for _slot in range(workers):
            self._idle.put(None)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="pdf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; what is being set is finished first."""
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            if child := self._idle.get():
                child.close()

    def render(self, paper: Paper) -> bytes:
        """Return the PDF of one paper, set by one of the processes."""
        return self._threads.submit(self._set, paper).result()

    def map(self, papers: Iterable[tuple[Key, Paper]]) -> Iterator[tuple[Key, bytes]]:
        """Return the PDFs in the order of ``papers``, which are drawn only as fast as PDFs are taken."""
        waiting: deque[tuple[Key, Future[bytes]]] = deque()
        try:
            for key, paper in papers:
                waiting.append((key, self._threads.submit(self._set, paper)))
                if len(waiting) > self._count * AHEAD:
                    yield _taken(waiting)
            while waiting:
                yield _taken(waiting)
        finally:
            for _key, future in waiting:
                future.cancel()

    def _set(self, paper: Paper) -> bytes:
        child = self._idle.get()
        try:
            for last_try in (False, True):
                if child and not child.alive():
                    child.close()
                    child = None
                child = child or _Child(self._fonts)
                try:
                    return child.render(paper, self._patience)
                except _ChildDied:
                    if last_try:
                        raise RenderError(f"The rendering process died over {paper.title!r}") from None
            raise AssertionError  # pragma: no cover - the loop returns or raises
        finally:
            self._idle.put(child)


def _taken(waiting: deque[tuple[Key, Future[bytes]]]) -> tuple[Key, bytes]:
    key, future = waiting.popleft()
    return key, future.result()


class _ChildDied(Exception):  # noqa: N818 - an event that is handled here, not an error for callers
    pass


class _Child:
    """One rendering process, used by one thread at a time."""

    def __init__(self, fonts: FontSet) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "kit.renderer", str(fonts.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            process_group=0,  # Ctrl+C at a terminal is the parent's to answer; when it ends, so do we
        )
        self._sender = cast("BinaryIO", self._process.stdin)
        self._receiver = cast("BinaryIO", self._process.stdout)

    def alive(self) -> bool:
        return self._process.poll() is None

    def render(self, paper: Paper, patience: float) -> bytes:
        alarm = threading.Timer(patience, self._process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            _send(self._sender, _packed(paper), well=True)
            well, answer = _receive(self._receiver)
        except (OSError, EOFError, ValueError):
            self._process.kill()
            self.close()
            raise _ChildDied from None
        finally:
            alarm.cancel()
        if not well:
            raise RenderError(f"{paper.title!r}: {answer.decode()}")
        return answer

    def close(self) -> None:
        for pipe in (self._sender, self._receiver):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()


def _packed(paper: Paper) -> bytes:
    values = asdict(paper)
    values["issued"] = paper.issued.isoformat()
    for attached in values["attachments"]:
        attached["content"] = b64encode(attached["content"]).decode()
    return json.dumps(values).encode()


def _unpacked(content: bytes) -> Paper:
    values = json.loads(content)
    values["issued"] = datetime.fromisoformat(values["issued"])
    values["attachments"] = tuple(
        Attached(a["name"], b64decode(a["content"]), a["description"]) for a in values["attachments"]
    )
    return Paper(**values)


def _send(pipe: BinaryIO, content: bytes, *, well: bool) -> None:
    pipe.write(HEAD.pack(well, len(content)) + content)
    pipe.flush()


def _receive(pipe: BinaryIO) -> tuple[bool, bytes]:
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    well, length = HEAD.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return well, content


def _work(fonts: FontSet) -> None:
    """Set papers from standard input until it closes; stray prints go to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    papers: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(papers,), daemon=True).start()
    _warm(fonts)
    done = 0
    while True:
        try:
            answer, well = pdf.render(_unpacked(papers.get()), fonts), True
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            answer, well = f"{type(error).__name__}: {error}".encode(), False
        _send(answers, answer, well=well)
        done += 1
        if done % COLLECT_EVERY == 0:
            gc.collect()


def _listen(papers: "SimpleQueue[bytes]") -> None:
    """Pass papers on; when the parent is gone, end at once, even in the middle of a paper."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            papers.put(_receive(sys.stdin.buffer)[1])
    os._exit(0)


def _warm(fonts: FontSet) -> None:
    words = "".join(f"<p style='font-family: Latin, {role}'>1一" for role in ("Song", "Title", "Hei", "Kai", "Fang"))
    pdf.render(Paper(words, (), "-", datetime(2000, 1, 1, tzinfo=UTC)), fonts)
    gc.collect()
    gc.freeze()
    gc.disable()


if __name__ == "__main__":
    _work(FontSet(Path(sys.argv[1])))
