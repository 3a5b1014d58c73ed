"""Every command: its exit status, its help in both languages, what it says when something is wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from rich.cells import cell_len
from sqlalchemy import Engine, text
from typer.core import TyperGroup

from cli.app import run
from cli.commands import build
from models.database import transaction
from tests.actions.test_stages import to_the_decision
from tests.factories import POLICY, launched

CODE = "T-1"

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is said, which does not depend on the database."""


@pytest.fixture(autouse=True)
def _no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the course of the round to the tests: the signals stay where they are."""
    monkeypatch.setattr("cli.conducting.hand_over", lambda _code: None)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the commands are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands() -> Iterator[list[str]]:
    """Return every command and group as it is typed."""

    def below(command: object, path: list[str]) -> Iterator[list[str]]:
        yield path
        if isinstance(command, TyperGroup):
            for name, one in command.commands.items():
                yield from below(one, [*path, name])

    yield from below(typer.main.get_command(build()), [])


COMMANDS = list(commands())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_both_languages(
    path: list[str], language: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", language, *path, "--help"]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    usage, blank, purpose, *rest = said.out.splitlines()
    assert " ".join(["jingpin", *path]) in usage
    assert blank == ""
    assert purpose.strip()
    assert any("-h, --help" in line for line in rest)
    assert max(map(cell_len, said.out.splitlines())) <= 80
    options = [line.split()[0] for line in rest if line.startswith("  --")]
    assert all(line.split()[1:] for line in rest if line.startswith("  --")), "an option without a word on it"
    assert len(options) == len(set(options))
    if language == "zh":
        assert not {"Usage", "Options", "Commands", "Arguments", "Show"} & set(said.out.replace(":", " ").split())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_word_that_is_no_option_is_told_with_status_2(
    path: list[str], home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run([*path, "--bogus"]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert "没有选项 --bogus" in said.err
    assert f"{' '.join(['jingpin', *path])} --help" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "没有命令“bogus”"),
        (["roun"], "是不是要用 'round'"),
        (["round", "show"], "缺少 ROUND"),
        (["round", "list", "x"], "多出了参数：x"),
        (["stage", "close", CODE, "interview"], "缺少 --reason"),
        (["serve", "--port"], "选项 --port 后面要有值"),
        (["serve", "--port", "x"], "--port 的值不对：应为整数"),
        (["round", "list", "--json=1"], "选项 --json 后面不能有值"),
    ],
)
def test_a_command_line_that_is_wrong_is_told_in_words_with_status_2(
    arguments: list[str], said: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert said in capfd.readouterr().err


def test_the_version_is_told(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", capfd.readouterr().out)


def test_a_group_alone_shows_its_commands_with_status_2(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["stage"]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert all(word in said.err for word in ("open", "close", "extend", "reopen"))


OF_A_ROUND = [
    ["round", "show", "X"],
    ["round", "results", "X"],
    ["round", "cancel", "X", "--reason", "r", "--yes"],
    ["stage", "open", "X", "interview"],
    ["stage", "close", "X", "interview", "--reason", "r", "--yes"],
    ["stage", "extend", "X", "interview", "--until", "2099-01-01T00:00", "--reason", "r"],
    ["stage", "reopen", "X", "interview", "--reason", "r", "--yes"],
    ["decision", "confirm", "X"],
    ["verify", "X"],
    ["history", "X"],
    ["export", "X", "--out", "out"],
    ["report", "make", "X", "--out", "out"],
    *([book, "import", "X", "file.csv"] for book in ("applications", "reviewers", "marks", "attendance", "exam")),
]


@ON_SQLITE
@pytest.mark.parametrize("arguments", OF_A_ROUND, ids=" ".join)
def test_an_unknown_round_is_named_with_those_that_there_are(
    arguments: list[str], database: Engine, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "file.csv").write_text("staff_no\n")
    with transaction() as session:
        launched(session)
    assert run(arguments) == 1
    said = capfd.readouterr().err
    assert "没有编号为“X”的竞聘轮次；现有：T-1" in said
    assert "Traceback" not in said
    assert not (here / "out").exists()


@ON_SQLITE
@pytest.mark.parametrize("verb", [["open"], ["close", "--reason", "r", "--yes"], ["reopen", "--reason", "r", "--yes"]])
def test_an_unknown_step_is_named_with_those_that_there_are(
    verb: list[str], database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        launched(session)
    assert run(["stage", verb[0], CODE, "nonsense", *verb[1:]]) == 1
    assert "本轮没有“nonsense”这一环节；有：screening、applications、interview" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [["round", "list"], ["people", "list"], ["verify"], *OF_A_ROUND], ids=" ".join)
def test_before_init_every_command_says_so_and_makes_nothing(
    arguments: list[str], home: Path, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "file.csv").write_text("staff_no\n")
    assert run(arguments) == 1
    assert "jingpin init" in capfd.readouterr().err
    assert list(home.iterdir()) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["policy", "check", "nowhere.yaml"], "没有这个文件或目录"),
        (["policy", "check", "."], "是目录"),
        (["round", "launch", "nowhere.yaml"], "没有这个文件或目录"),
        (["people", "import", "nowhere"], "nowhere"),
        (["people", "import", "policy.yaml"], "看不出 policy.yaml 是哪一张表"),
        (["marks", "import", CODE, "."], "先用 jingpin reviewers import"),
        (["applications", "import", CODE, "nowhere.csv"], "没有这个文件或目录"),
        (["applications", "import", CODE, "."], "是目录"),
        (["export", CODE, "--out", "policy.yaml"], "不是空目录"),
        (["export", CODE, "--out", "policy.yaml/below"], "不是目录"),
        (["report", "make", CODE, "--out", "policy.yaml"], "已经存在，而且不是目录"),
        (["replay", "nowhere", "--out", "out"], "nowhere"),
        (["backup", "policy.yaml/backup.zip"], "不是目录"),
        (["stage", "extend", CODE, "interview", "--until", "tomorrow", "--reason", "r"], "2026-10-21T18:00"),
        (["stage", "extend", CODE, "interview", "--until", "2099-01-01", "--reason", "r"], "不是日期加时刻"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_with_status_1_and_no_traceback(
    arguments: list[str], said: str, database: Engine, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "policy.yaml").write_text(POLICY, encoding="utf-8")
    to_the_decision_without_reviewers()
    capfd.readouterr()
    assert run(arguments) == 1
    told = capfd.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    assert not (here / "home" / "errors").exists()


def to_the_decision_without_reviewers() -> None:
    to_the_decision()
    with transaction() as session:
        session.connection().execute(text("DELETE FROM reviewer"))


def test_what_nobody_foresaw_is_kept_in_a_file_and_told_in_words(
    database: Engine, home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_session: object) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr("queries.rounds.all_rounds", broken)
    assert run(["round", "list"]) == 1
    said = capfd.readouterr().err
    assert "出现意外错误：ZeroDivisionError nobody foresaw this" in said
    assert "Traceback" not in said
    (kept,) = (home / "errors").iterdir()
    assert str(kept) in said
    assert "Traceback" in kept.read_text(encoding="utf-8")


ROUND = {"code", "title", "mode", "state", "stage", "closes_at", "launched_at", "ended_at"}
NUMBERS = {"screened", "eligible", "applied", "still_in", "documents"}
STEP = {"key", "name", "kind", "state", "opens_at", "closes_at", "generation", "blocked"}
PERSON = {"staff_no", "name", "business_line", "team", "grade", "hired_on", "in_grade_since", "manager_no", "email"}
ENTRY = {"number", "at", "actor", "deed", "subject", "detail", "evidence", "previous", "hash"}


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> object:
    capfd.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_what_is_listed_is_told_to_programs_under_keys_that_stay(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    to_the_decision()
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    rounds, shown = told(capfd, "round", "list"), told(capfd, "round", "show", CODE)
    assert [set(row) for row in rounds] == [ROUND]
    assert rounds[0]["stage"] == "decision"
    assert ROUND | NUMBERS | {"policy_sha256", "flow_run_id", "stages"} <= set(shown)
    assert all(set(step) == STEP for step in shown["stages"])
    assert [step["key"] for step in shown["stages"]][:3] == ["screening", "applications", "interview"]
    assert all(set(row) == PERSON for row in told(capfd, "people", "list"))
    assert all(set(row) == ENTRY for row in told(capfd, "history", CODE))
    assert set(told(capfd, "round", "results", CODE)) == {"code", "screening", "quota", "results"}
    assert set(told(capfd, "verify")) == {"ok", "checked", "findings"}
    assert set(told(capfd, "policy", "check", str(tmp_path / "policy.yaml"))) == {"code", "title", "warnings"}
    assert all(set(row) == {"name", "value", "meaning"} for row in told(capfd, "settings"))


@ON_SQLITE
@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize(
    "arguments",
    [["round", "list"], ["round", "show", CODE], ["people", "list"], ["history", CODE], ["history"], ["settings"]],
    ids=" ".join,
)
def test_tables_fit_the_terminal(
    arguments: list[str],
    columns: int,
    database: Engine,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_the_decision()
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run(arguments) == 0
    lines = capfd.readouterr().out.splitlines()
    of_table = lines[3:] if arguments[:2] == ["round", "show"] else lines
    assert of_table
    assert max(map(cell_len, of_table)) <= columns
