"""The examples for many machines and for systemd: every command is one of ours, every setting is known."""

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.app import run
from kit.settings import PREFIX, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted((DEPLOY / "systemd").iterdir())
JINGPIN = re.compile(r"(?:^|/)jingpin (?P<arguments>.+)$")


def unit(path: Path) -> configparser.ConfigParser:
    """Read a unit file; a key twice in a section is refused."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys are written with capitals
    parser.read_string(path.read_text())
    return parser


def commands() -> Iterator[str]:
    yield from (s["command"] for s in COMPOSE["services"].values() if s.get("command", "").startswith("jingpin"))
    for path in UNITS:
        service = dict(unit(path)["Service"]) if unit(path).has_section("Service") else {}
        yield from (value for key, value in service.items() if key.startswith("ExecStart") and "jingpin " in value)
    last = (DEPLOY / "Dockerfile").read_text().strip().splitlines()[-1]
    yield " ".join(yaml.safe_load(last.removeprefix("CMD ")))


def arguments(command: str) -> list[str]:
    """Return what is handed to our command; places that systemd or a shell fills in stay as they are."""
    words = shlex.split(command)
    inner = words[2].removeprefix("exec ") if words[0] == "/bin/sh" else " ".join(words)
    found = JINGPIN.search(inner)
    assert found, command
    return found["arguments"].split()


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_of_the_examples_is_one_of_ours(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    words = arguments(command)
    assert run([words[0], "--help"]) == 0
    help_text = capfd.readouterr().out
    for option in (w for w in words if w.startswith("--")):
        assert option in help_text, command


def test_every_setting_of_the_examples_is_known() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", "\n".join(p.read_text() for p in DEPLOY.rglob("*") if p.is_file())))
    assert named - known == set()
    assert {"JINGPIN_DATABASE_URL", "JINGPIN_PREFECT_API_URL"} <= named


def test_the_compose_file_starts_what_its_services_wait_for() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        for other, condition in service.get("depends_on", {}).items():
            assert other in services, name
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in services[other], other
    for volume in services["database"]["volumes"]:
        source = volume.partition(":")[0]
        assert source in COMPOSE["volumes"] or (DEPLOY / source).exists(), volume


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_has_its_sections_and_restarts_what_must_run(path: Path) -> None:
    found = unit(path)
    assert found["Unit"]["Description"]
    if path.name.startswith(("jingpin.", "jingpin-worker")):
        assert found["Service"]["Restart"] == "always"
        assert found["Service"]["User"] == "jingpin"
        assert found["Install"]["WantedBy"] == "multi-user.target"
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
