import json
import logging
from collections.abc import Iterator

import pytest

from kit import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Give the root logger its handlers back."""
    root, ours = logging.getLogger(), logging.getLogger(logs.OURS)
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], root.level, ours.level = before


def test_a_line_of_json_has_the_values_under_their_names(capfd: pytest.CaptureFixture[str]) -> None:
    logs.begin(form="json", level="info")
    logging.getLogger("jingpin.clock").info("closed %s", "interview", extra={"round": "2026Q4", "n": 3})
    said = json.loads(capfd.readouterr().err)
    assert said["message"] == "closed interview"
    assert (said["round"], said["n"], said["level"], said["logger"]) == ("2026Q4", 3, "info", "jingpin.clock")
    assert said["at"].endswith("+00:00")


def test_a_line_for_people_has_the_values_behind(capfd: pytest.CaptureFixture[str]) -> None:
    logs.begin(form="text", level="info")
    logging.getLogger("jingpin.clock").warning("late", extra={"round": "2026Q4"})
    assert capfd.readouterr().err.endswith("WARNING jingpin.clock late round=2026Q4\n")


def test_an_exception_stays_one_line_of_json(capfd: pytest.CaptureFixture[str]) -> None:
    logs.begin(form="json", level="info")
    try:
        raise ValueError("broken")  # noqa: TRY301 - that is the test
    except ValueError:
        logging.getLogger("jingpin.clock").exception("failed")
    (line,) = capfd.readouterr().err.splitlines()
    assert "ValueError: broken" in json.loads(line)["exception"]


def test_the_level_holds_for_ours_and_others_speak_from_warnings_on(capfd: pytest.CaptureFixture[str]) -> None:
    logs.begin(form="text", level="warning")
    logging.getLogger("jingpin.clock").info("not this")
    logging.getLogger("somebody.else").info("nor this")
    logging.getLogger("somebody.else").warning("but this")
    assert capfd.readouterr().err.count("\n") == 1
