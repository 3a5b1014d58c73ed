import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from cli.commands import PARTS, build
from clock import DRIVERS

ROOT = Path(__file__).parents[2]
SLOW = ("prefect", "fastapi", "alembic", "openpyxl", "weasyprint")
ACTING = ("actions.deeds", "reports.outcomes", "tasks.terms")


@pytest.mark.parametrize("part", PARTS)
def test_every_word_is_known_before_its_module_is_imported(part: str) -> None:
    app = typer.Typer()
    import_module(f"cli.{part}").add_to(app)
    declared = [one.name for one in (*app.registered_commands, *app.registered_groups)]
    assert sorted(map(str, declared)) == sorted(PARTS[part])


@pytest.mark.parametrize("word", [word for words in PARTS.values() for word in words])
def test_a_word_means_the_same_whether_the_others_are_there_or_not(word: str) -> None:
    alone, among = (typer.main.get_command(build(loaded)) for loaded in (word, ""))
    assert isinstance(alone, TyperGroup)
    assert isinstance(among, TyperGroup)
    assert [p.name for p in alone.params] == [p.name for p in among.params]
    assert [p.name for p in alone.commands[word].params] == [p.name for p in among.commands[word].params]


@pytest.mark.parametrize(
    ("arguments", "slow"),
    [
        (["--help"], SLOW),
        (["--version"], (*SLOW, *ACTING)),
        (["settings"], (*SLOW, *ACTING)),
        (["policy", "check", "demo/policy.yaml"], (*SLOW, *ACTING)),
        (["round", "list"], (*SLOW, *ACTING)),
    ],
)
def test_what_is_slow_to_import_is_not_imported_by_who_does_not_need_it(
    arguments: list[str], slow: tuple[str, ...], tmp_path: Path
) -> None:
    watched = f"import sys; from cli.app import run; run(sys.argv[1:]); print([m for m in {slow} if m in sys.modules])"
    command = [sys.executable, "-c", watched, "--home", str(tmp_path), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_process_ends_at_once_while_a_step_is_under_way_instead_of_taking_python_down_around_it() -> None:
    step = f"threading.Thread(target=threading.Event().wait, name='{DRIVERS}0', daemon=True).start()"
    code = f"import atexit, threading; from cli.app import main; atexit.register(print, 'taken down'); {step}; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [version("jingpin")]
