"""Kill −9 of the whole process at random moments, with many rounds in flight."""

from pathlib import Path

from tests.chaos.embedded import chaos


def test_nothing_is_lost_and_nothing_done_twice_however_often_the_server_is_killed(
    home: Path, migrated_sqlite: Path
) -> None:
    (home / "jingpin.db").write_bytes(migrated_sqlite.read_bytes())
    report = chaos(home, seed=20261124, rounds=8, seconds=20)
    assert report.kills, "nothing was killed"
    assert report.faults == []
