"""Which bundle a demonstration runs."""

from pathlib import Path

import pytest

from cli import demo
from demo import centre
from forms import bundles


def test_the_bundle_that_ships_is_the_one_of_the_default_size() -> None:
    assert demo._bundle(people=centre.PEOPLE, seed=centre.SEED) == bundles.read(centre.BUNDLE)


def test_a_centre_of_another_size_is_made_for_the_occasion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = demo._bundle(people=50, seed=3)
    assert len(made.personnel.people) == 50
    assert list(tmp_path.iterdir()) == []
