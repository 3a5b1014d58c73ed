"""A round's progress: a line for each step in a log, words for the bar on a terminal."""

import io

from rich.console import Console

from cli.progress import Where, lines, said, sight

STEPS = ["资格审查", "报名", "公示"]


def log() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=200)


def printed(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return [line.rsplit("（", 1)[0] for line in console.file.getvalue().splitlines()]


def test_a_log_gets_one_line_for_each_step_and_nothing_twice() -> None:
    console = log()
    with sight(console) as tell:
        for over in (0, 1, 1, 3, 3):
            tell(Where(STEPS, over))
    assert printed(console) == ["启动流程引擎", "1/3 资格审查：完成", "2/3 报名：完成", "3/3 公示：完成"]


def test_documents_are_counted_at_the_step_that_made_them() -> None:
    console = log()
    tell = lines(console)
    tell(Where(STEPS, 2, documents=2, expected=40))
    tell(Where(STEPS, 2, documents=30, expected=40))
    tell(Where(STEPS, 3, documents=42, expected=40))
    assert printed(console)[1:] == ["1/3 资格审查：完成", "2/3 报名：完成", "3/3 公示：完成，文档 42 份"]


def test_a_log_has_no_control_characters() -> None:
    console = log()
    with sight(console) as tell:
        tell(Where(STEPS, 3))
    assert isinstance(console.file, io.StringIO)
    assert "\x1b" not in console.file.getvalue()


def test_the_bar_says_which_step_is_under_way_and_how_many_documents_lie_ready() -> None:
    assert said(Where(STEPS, 0)) == "1/3 资格审查"
    assert said(Where(STEPS, 2, documents=12, expected=40)) == "3/3 公示，文档 12 份"
    assert said(Where(STEPS, 3, documents=42, expected=40)) == "收尾"


def test_a_terminal_shows_the_bar_and_leaves_nothing_behind() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    with sight(console) as tell:
        tell(Where(STEPS, 2, documents=12, expected=40))
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "3/3 公示，文档 12 份" in shown
    assert shown.endswith("\x1b[1A\x1b[2K")
