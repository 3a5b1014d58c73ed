"""Many PDFs at once: in order, with back-pressure, and no process outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit import fonts, pdf
from kit.fonts import FontSet
from kit.pdf import Attached, Paper
from kit.renderer import Renderer, RenderError
from kit.settings import settings

ROOT = Path(__file__).parents[2]
PARENT = """
import sys, time
from pathlib import Path
from datetime import UTC, datetime
from kit.fonts import FontSet
from kit.pdf import Paper
from kit.renderer import Renderer
renderer = Renderer(FontSet(Path(sys.argv[1])), workers=2)
list(renderer.map((n, Paper("<p>1", (), "1", datetime(2026, 1, 1, tzinfo=UTC))) for n in range(4)))
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def prepared() -> FontSet:
    return fonts.prepare(settings().cache, settings().fonts)


@pytest.fixture(scope="module")
def renderer(prepared: FontSet) -> Iterator[Renderer]:
    with Renderer(prepared, workers=2) as one:
        yield one


def a_paper(number: int = 0, **more: Any) -> Paper:
    values: dict[str, Any] = {"title": f"文件{number}", "issued": datetime(2026, 10, 21, tzinfo=UTC), **more}
    return Paper(html=f"<p style='font-family: Latin, Song'>第{number}号", css=(), **values)


def children_of(process: int) -> set[int]:
    """Return the living rendering processes that a process has started."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return {int(child) for text in lists for child in text.read_text().split() if is_rendering(int(child))}


def is_rendering(process: int) -> bool:
    try:
        return b"kit.renderer" in Path(f"/proc/{process}/cmdline").read_bytes()  # empty for one that has died
    except OSError:
        return False


def test_papers_come_back_in_order_and_as_one_process_makes_them(renderer: Renderer, prepared: FontSet) -> None:
    made = list(renderer.map((n, a_paper(n)) for n in range(8)))
    assert [key for key, _content in made] == list(range(8))
    assert made[5][1] == pdf.render(a_paper(5), prepared)


def test_attachments_reach_the_processes(renderer: Renderer, prepared: FontSet) -> None:
    paper = a_paper(attachments=(Attached("a.bin", bytes(range(256))),))
    assert renderer.render(paper) == pdf.render(paper, prepared)


def test_papers_are_drawn_only_as_fast_as_pdfs_are_taken(renderer: Renderer) -> None:
    drawn: list[int] = []

    def papers() -> Iterator[tuple[int, Paper]]:
        for n in range(100):
            drawn.append(n)
            yield n, a_paper(n)

    stream = renderer.map(papers())
    next(stream)
    stream.close()  # type: ignore[attr-defined] # it is a generator
    assert len(drawn) < 10


def test_it_works_from_several_threads(renderer: Renderer, prepared: FontSet) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(renderer.render, map(a_paper, range(6))))
    assert made == [pdf.render(a_paper(n), prepared) for n in range(6)]


def test_a_paper_that_cannot_be_set_is_named(renderer: Renderer) -> None:
    broken = a_paper(7, attachments=(Attached("a", b""),), author=3)
    with pytest.raises(RenderError, match="文件7"):
        renderer.render(broken)
    assert renderer.render(a_paper())


def test_a_process_that_dies_is_replaced(renderer: Renderer) -> None:
    before = renderer.render(a_paper(1))
    for child in children_of(os.getpid()):
        os.kill(child, signal.SIGKILL)
    assert renderer.render(a_paper(1)) == before


def test_a_paper_that_never_ends_is_given_up(prepared: FontSet) -> None:
    with Renderer(prepared, workers=1, patience=0.01) as impatient, pytest.raises(RenderError, match="文件3"):
        impatient.render(a_paper(3))


def test_processes_end_with_their_parent_even_when_it_is_killed(prepared: FontSet) -> None:
    command = [sys.executable, "-c", PARENT, str(prepared.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "ready\n"
        children = children_of(parent.pid)
        assert len(children) == 2
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(map(is_rendering, children)):
        assert time.monotonic() < deadline, "a rendering process is still there"
        time.sleep(0.05)


def test_an_interrupt_at_the_terminal_is_not_for_the_processes(renderer: Renderer) -> None:
    renderer.render(a_paper())
    groups = {os.getpgid(child) for child in children_of(os.getpid())}
    assert groups
    assert os.getpgrp() not in groups


def test_closing_ends_the_processes(prepared: FontSet) -> None:
    before = children_of(os.getpid())
    with Renderer(prepared, workers=1) as one:
        one.render(a_paper())
        started = children_of(os.getpid()) - before
        assert len(started) == 1
    assert not any(map(is_rendering, started))
