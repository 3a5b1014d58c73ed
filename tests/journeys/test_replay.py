"""The sample through the real command, the real flow and a real database: exactly the expected result."""

import json
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.journeys.command import SAMPLE, jingpin

EXPECTED = json.loads((SAMPLE / "expected.json").read_text())


def results(out: Path) -> dict[str, Any]:
    return json.loads((out / "results.json").read_text())


def assert_as_expected(out: Path) -> None:
    got = results(out)
    assert got["code"] == EXPECTED["code"]
    assert got["quota"] == EXPECTED["quota"]
    assert got["results"] == EXPECTED["results"]
    for screened, wanted in zip(got["screening"], EXPECTED["screening"], strict=True):
        assert {key: screened[key] for key in wanted} == wanted


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One replay on SQLite, for the tests that only read it."""
    out = tmp_path_factory.mktemp("replay") / "out"
    done = jingpin("replay", str(SAMPLE), "--out", str(out), "--no-documents", home=out)
    assert done.returncode == 0, done.stderr
    return out


def test_the_sample_gives_exactly_the_expected_result_on_sqlite(replayed: Path) -> None:
    assert_as_expected(replayed)


def test_the_sample_gives_exactly_the_expected_result_on_postgresql(tmp_path: Path, postgres_server: str) -> None:
    out = tmp_path / "out"
    settings = {"JINGPIN_DATABASE_URL": postgres_server}
    done = jingpin("replay", str(SAMPLE), "--out", str(out), "--no-documents", home=out, **settings)
    assert done.returncode == 0, done.stderr
    assert_as_expected(out)
    assert not (out / "jingpin.db").exists()
    assert jingpin("verify", home=out, **settings).returncode == 0
    with psycopg.connect(postgres_server) as connection:
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replay_%'").fetchall()
    assert len(schemas) == 1


def test_replaying_the_exported_bundle_gives_the_same_results(replayed: Path, tmp_path: Path) -> None:
    bundle, again = tmp_path / "bundle", tmp_path / "again"
    assert jingpin("export", "2026Q4-SUP", "--out", str(bundle), home=replayed).returncode == 0
    assert jingpin("replay", str(bundle), "--out", str(again), "--no-documents", home=again).returncode == 0
    assert results(again) == results(replayed)


def test_a_second_replay_into_the_same_directory_does_no_harm(replayed: Path) -> None:
    before = (replayed / "history.jsonl").read_bytes()
    again = jingpin("replay", str(SAMPLE), "--out", str(replayed), "--no-documents", home=replayed)
    assert again.returncode == 0, again.stderr
    assert (replayed / "history.jsonl").read_bytes() == before


def test_a_directory_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all")
    refused = jingpin("replay", str(SAMPLE), "--out", str(tmp_path), home=tmp_path)
    assert refused.returncode == 1
    assert "不是空目录" in refused.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_rehearsal_screens_and_shares_out_seats_only(tmp_path: Path) -> None:
    bundle, out = tmp_path / "bundle", tmp_path / "out"
    shutil.copytree(SAMPLE, bundle)
    for name in ("applications", "marks", "attendance", "exam", "reviewers"):
        (bundle / f"{name}.csv").unlink()
    done = jingpin("replay", str(bundle), "--out", str(out), "--rehearse", "--no-documents", home=out)
    assert done.returncode == 0, done.stderr
    got = results(out)
    assert got["quota"] == EXPECTED["quota"]
    assert got["results"] == []
    assert [s["eligible"] for s in got["screening"]] == [s["eligible"] for s in EXPECTED["screening"]]


def test_a_zipped_bundle_is_the_same_bundle(replayed: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "bundle"), "zip", SAMPLE.parent, SAMPLE.name)
    out = tmp_path / "out"
    assert jingpin("replay", archive, "--out", str(out), "--no-documents", home=out).returncode == 0
    assert results(out) == results(replayed)


def test_nobody_eligible_and_no_seat_are_no_errors(tmp_path: Path) -> None:
    bundle, out = tmp_path / "bundle", tmp_path / "out"
    shutil.copytree(SAMPLE, bundle)
    policy = (bundle / "policy.yaml").read_text()
    policy = policy.replace("months: 24\n  kpis", "months: 1200\n  kpis").replace(
        "months: 12\nquota", "months: 1200\nquota"
    )
    policy = policy.replace("seats: 12", "seats: 0").replace("minimum: 1", "minimum: 0")
    (bundle / "policy.yaml").write_text(policy)
    done = jingpin("replay", str(bundle), "--out", str(out), home=out)
    assert done.returncode == 0, done.stderr
    got = results(out)
    assert not any(s["eligible"] for s in got["screening"])
    assert set(got["quota"].values()) == {0}
    assert {r["outcome"] for r in got["results"]} == {"ineligible", "late", "withdrawn"}
    names = {p.name for p in (out / "documents").iterdir()}
    assert "04 结果公示.pdf" in names
    assert "05 任职通知.pdf" not in names


def test_a_notice_over_days_without_an_official_calendar_is_refused(tmp_path: Path) -> None:
    bundle, out = tmp_path / "bundle", tmp_path / "out"
    shutil.copytree(SAMPLE, bundle)
    policy = (bundle / "policy.yaml").read_text()
    late = policy.replace("2026-10-16T18:00:00", "2026-12-28T18:00:00")
    (bundle / "policy.yaml").write_text(late)
    refused = jingpin("replay", str(bundle), "--out", str(out), "--no-documents", home=out)
    assert refused.returncode == 1
    assert "2027 年的节假日安排没有官方数据" in refused.stderr
    assert results(out)["quota"] == EXPECTED["quota"]
    holidays = tmp_path / "2027.csv"
    holidays.write_text("date,kind\n2027-01-01,holiday\n")
    done = jingpin("replay", str(bundle), "--out", str(out), "--no-documents", home=out, JINGPIN_CALENDAR=str(holidays))
    assert done.returncode == 0, done.stderr
