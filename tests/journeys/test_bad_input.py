"""Bad input: a message that names file, row, value and remedy, exit status 1, nothing left behind."""

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.app import run
from tests.journeys.command import SAMPLE


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what replaces the first ``old`` in a file of the bundle."""

    def edit(bundle: Path) -> None:
        file = bundle / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def appended(name: str, *rows: str) -> Callable[[Path], None]:
    def append(bundle: Path) -> None:
        with (bundle / name).open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)

    return append


def removed(*names: str) -> Callable[[Path], None]:
    def remove(bundle: Path) -> None:
        for name in names:
            (bundle / name).unlink()

    return remove


def emptied(bundle: Path) -> None:
    shutil.rmtree(bundle)
    bundle.mkdir()


def binary(bundle: Path) -> None:
    (bundle / "people.csv").write_bytes("工号,姓名\n00001,王芳\n".encode("gb18030"))


CASES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "an empty bundle": (emptied, ["空目录", "policy.yaml"]),
    "no policy": (removed("policy.yaml"), ["policy.yaml", "没有竞聘方案"]),
    "no people": (removed("people.csv"), ["people.csv", "缺少"]),
    "no marks": (removed("marks.csv"), ["marks.csv", "缺少"]),
    "a missing column": (edited("people.csv", "hired_on", "hired"), ["people.csv", "第 1 行", "hired_on"]),
    "not UTF-8": (binary, ["people.csv", "第 1 行", "CSV UTF-8"]),
    "contradictory rows": (appended("exam.csv", "00026,product,1"), ["exam.csv", "内容不同"]),
    "a mark above the maximum": (
        edited("marks.csv", "materials,00023,R12,analysis,75", "materials,00023,R12,analysis,101"),
        ["marks.csv", "第 2 行", "101", "0 到 100"],
    ),
    "NaN": (
        edited("marks.csv", "materials,00023,R12,analysis,75", "materials,00023,R12,analysis,NaN"),
        ["marks.csv", "第 2 行", "NaN", "普通小数"],
    ),
    "a score in scientific notation": (edited("exam.csv", "90.0", "9E1"), ["exam.csv", "第 2 行", "9E1"]),
    "a score above 100": (edited("exam.csv", "90.0", "100.5"), ["exam.csv", "第 2 行", "0 到 100"]),
    "an unknown reviewer": (
        edited("marks.csv", "materials,00023,R12,analysis", "materials,00023,R99,analysis"),
        ["marks.csv", "R99", "没有这个评委"],
    ),
    "an unknown person": (appended("applications.csv", "99998,2026-10-13T09:00:00+08:00,submitted"), ["99998", "名册"]),
    "an unknown line": (edited("people.csv", ",online,", ",onlin,"), ["people.csv", "第 2 行", "onlin", "业务线"]),
    "an empty line": (edited("people.csv", ",online,", ",,"), ["people.csv", "第 2 行", "不能为空"]),
    "a date that does not exist": (
        edited("people.csv", "2021-03-23", "2021-02-29"),
        ["people.csv", "第 2 行", "2021-02-29", "没有这一天"],
    ),
    "an instant without a time zone": (
        edited("applications.csv", "2026-10-12T23:02:00+08:00", "2026-10-12T23:02:00"),
        ["applications.csv", "第 2 行", "时区"],
    ),
    "an unknown session": (appended("attendance.csv", "00026,9,present"), ["attendance.csv", "9", "培训场次"]),
    "an unknown area": (appended("exam.csv", "00026,astrology,50"), ["exam.csv", "astrology", "考试科目"]),
    "an unknown criterion": (appended("marks.csv", "rotation,00026,R08,charm,5,scored,"), ["marks.csv", "charm"]),
    "two kinds of period": (appended("ratings.csv", "00001,2026Q2,A"), ["ratings.csv", "2026Q2", "周期"]),
    "weights of 99.99": (
        edited("policy.yaml", "theory.exam: 30", "theory.exam: 29.99"),
        ["policy.yaml", "99.99", "100"],
    ),
    "a policy that is no plain YAML": (
        edited("policy.yaml", "version: 1", "version: !!python/object/apply:os.system [id]"),
        ["policy.yaml", "第 1 行"],
    ),
    "a rule that the law forbids": (
        edited("policy.yaml", "eligibility:\n", "eligibility:\n  gender: male\n"),
        ["policy.yaml", "gender", "性别"],
    ),
    "an unknown key": (edited("policy.yaml", "drop_high", "drop_hi"), ["policy.yaml", "drop_hi", "drop_high"]),
}


def replay(bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    environment = dict(os.environ)
    status = run(["replay", str(bundle), "--out", str(tmp_path / "out"), "--no-documents"])
    os.environ.clear()
    os.environ.update(environment)
    return status, capfd.readouterr().err


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_named_and_leaves_nothing(case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(SAMPLE, bundle)
    spoil, named = CASES[case]
    spoil(bundle)
    status, said = replay(bundle, tmp_path, capfd)
    assert status == 1
    assert "Traceback" not in said
    for word in named:
        assert word in said.replace("\n", "")
    assert not (tmp_path / "out").exists()


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(SAMPLE, bundle)
    for case in ("weights of 99.99", "a date that does not exist", "a score above 100"):
        CASES[case][0](bundle)
    status, said = replay(bundle, tmp_path, capfd)
    assert status == 1
    assert all(name in said for name in ("policy.yaml", "people.csv"))


def broken(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 this is no zip")


def hostile_name(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../policy.yaml", "version: 1")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("policy.yaml", "version: 1")
        archive.writestr("people.csv", b"0" * 64 * 1024**2)


def linked(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("policy.yaml")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")


def empty(path: Path) -> None:
    zipfile.ZipFile(path, "w").close()


@pytest.mark.parametrize(
    ("make", "named"),
    [(broken, "zip"), (hostile_name, "之外"), (bomb, "异常庞大"), (linked, "链接"), (empty, "空的 zip")],
)
def test_a_hostile_archive_is_refused(
    make: Callable[[Path], None], named: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "bundle.zip"
    make(archive)
    status, said = replay(archive, tmp_path, capfd)
    assert status == 1
    assert named in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()
    assert not (tmp_path.parent / "policy.yaml").exists()


def test_a_link_out_of_the_directory_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(SAMPLE, bundle)
    (bundle / "exam.csv").unlink()
    (bundle / "exam.csv").symlink_to("/etc/passwd")
    status, said = replay(bundle, tmp_path, capfd)
    assert status == 1
    assert "exam.csv" in said


def test_the_faults_are_told_in_english_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from kit.i18n import use_language

    bundle = tmp_path / "bundle"
    shutil.copytree(SAMPLE, bundle)
    CASES["a score above 100"][0](bundle)
    try:
        status = run(["--lang", "en", "replay", str(bundle), "--out", str(tmp_path / "out")])
    finally:
        os.environ.pop("JINGPIN_LANGUAGE", None)
        use_language("zh")
    assert status == 1
    said = capfd.readouterr().err
    assert "row 2" in said
    assert not any("\u4e00" <= c <= "\u9fff" for c in said)
