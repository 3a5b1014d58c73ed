"""A bundle: checked as a whole, every fault of every file at once, what is ignored is told."""

import shutil
import zipfile
from pathlib import Path

import pytest

from forms import bundles
from forms.bundles import Bundle
from forms.faults import FormError
from tests.factories import POLICY
from tests.forms.files import csv_file, said

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"
SMALL = {
    "policy.yaml": POLICY.encode(),
    "people.csv": csv_file(
        ["staff_no", "name", "business_line", "team", "grade", "hired_on", "in_grade_since", "manager_no", "email"],
        ["001", "王芳", "phone", "", "Ⅱ", "", "", "", ""],
        ["002", "李雷", "vip", "", "Ⅱ", "", "", "", ""],
    ),
    "applications.csv": b"staff_no,applied_at,status\n001,2026-10-13T09:00:00+08:00,submitted\n",
    "reviewers.csv": b"reviewer_no,name,business_line,staff_no\nR1,\xe7\x94\xb2,,\n",
    "marks.csv": b"stage,staff_no,reviewer_no,criterion,mark,status,comment\ninterview,001,R1,speech,8,scored,\n",
}
TRAINED = POLICY.replace(
    "- key: interview",
    """\
- key: theory
  name: 培训
  kind: training
  pass_mark: 60
  sessions: 3
  attendance: {at_least: 0}
  exam: {areas: {product: 100}}
- key: interview""",
)


def bundle(root: Path, **changes: bytes | None) -> Path:
    """Write the small bundle; ``people_csv`` replaces ``people.csv``, ``None`` leaves a file out."""
    changed = {name.replace("_", ".", 1): content for name, content in changes.items()}
    for name, content in {**SMALL, **changed}.items():
        if content is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
    return root


def faults(path: Path, *, rehearse: bool = False) -> list[str]:
    with pytest.raises(FormError) as caught:
        bundles.read(path, rehearse=rehearse)
    return said(caught.value.faults)


@pytest.fixture(scope="module")
def sample() -> Bundle:
    return bundles.read(SAMPLE)


def test_the_sample_is_read_completely(sample: Bundle) -> None:
    assert (len(sample.personnel.people), len(sample.evidence.marks)) == (300, 6445)
    assert sample.policy.code == "2026Q4-SUP"
    assert sample.policy_text == (SAMPLE / "policy.yaml").read_bytes()
    assert sample.facts == {}


def test_who_has_left_is_told_once_for_each_file(sample: Bundle) -> None:
    files = [note.file for note in sample.notes]
    assert files
    assert files == sorted(set(files), key=files.index)
    assert all("不在名册中" in note for note in said(sample.notes))


def test_a_zip_of_the_sample_also_one_folder_down_is_the_same_bundle(sample: Bundle, tmp_path: Path) -> None:
    for top in ("", "2026q4-supervisor/"):
        path = tmp_path / "bundle.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in SAMPLE.iterdir():
                archive.write(file, top + file.name)
        assert bundles.read(path) == sample


def test_every_changed_byte_changes_the_fingerprint(sample: Bundle, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SAMPLE, copy)
    assert bundles.read(copy).sha256 == sample.sha256
    (copy / "README.md").write_text("x")
    changed = bundles.read(copy)
    assert changed.sha256 != sample.sha256
    assert {name for name in sample.files if sample.files[name] != changed.files[name]} == {"README.md"}


def test_the_small_bundle_is_sound(tmp_path: Path) -> None:
    read = bundles.read(bundle(tmp_path))
    assert (read.notes, read.evidence.applications[0].staff_no) == ((), "001")


def test_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path) -> None:
    plain = bundles.read(bundle(tmp_path / "a"))
    marked = {
        name.replace(".", "_", 1): b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for name, content in SMALL.items()
    }
    other = bundles.read(bundle(tmp_path / "b", **marked))
    assert (other.policy, other.personnel, other.evidence) == (plain.policy, plain.personnel, plain.evidence)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    path = bundle(
        tmp_path,
        policy_yaml=POLICY.replace("seats: 1", "seats: -1").encode(),
        people_csv=SMALL["people.csv"].replace("Ⅱ,".encode(), "Ⅱ,2020-02-30".encode(), 1),
        applications_csv=SMALL["applications.csv"] + b"001,yesterday,submitted\n",
        marks_csv=None,
        exam_csv=b"staff_no,area,score\n001,x,101\n",
        round_json=b"[]",
    )
    assert [fault.split("：")[0].split(" ")[0] for fault in faults(path)] == [
        "policy.yaml",
        "people.csv",
        "applications.csv",
        "exam.csv",
        "round.json",
    ]


def test_a_broken_or_missing_file_makes_no_further_faults(tmp_path: Path) -> None:
    assert faults(bundle(tmp_path / "a", people_csv=None)) == ["people.csv：数据包中缺少这个文件，而方案用到了它"]
    assert faults(bundle(tmp_path / "b", reviewers_csv=None)) == ["reviewers.csv：数据包中缺少这个文件，而方案用到了它"]
    assert len(faults(bundle(tmp_path / "c", people_csv=b"\xff"))) == 1
    assert len(faults(bundle(tmp_path / "d", reviewers_csv=b"reviewer_no\nR1\n"))) == 1


@pytest.mark.parametrize("name", ["policy.yml", "Policy.yaml", "policy.json", "files/policy.yaml"])
def test_a_policy_by_another_name_is_pointed_out(name: str, tmp_path: Path) -> None:
    path = bundle(tmp_path, policy_yaml=None)
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_bytes(SMALL["policy.yaml"])
    assert faults(path) == [f"policy.yaml：数据包中没有竞聘方案 policy.yaml；现有 {name}，请改为最上层的 policy.yaml"]


def test_a_table_by_another_name_is_pointed_out(tmp_path: Path) -> None:
    path = bundle(tmp_path, marks_csv=None)
    (path / "Marks.xlsx").write_bytes(b"x")
    assert faults(path) == [
        "marks.csv：数据包中缺少这个文件，而方案用到了它；现有 Marks.xlsx，请改为最上层的 marks.csv"
    ]


def test_without_a_policy_the_tables_are_checked_all_the_same(tmp_path: Path) -> None:
    path = bundle(tmp_path, policy_yaml=None, exam_csv=b"staff_no,area,score\n009,x,101\n")
    assert [fault.split("：")[0] for fault in faults(path)] == [
        "policy.yaml",
        "exam.csv 第 2 行 “staff_no”（填写为“009”）",
        "exam.csv 第 2 行 “score”（填写为“101”）",
    ]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"staff_no,session,status\n999,77,asleep\n", b"\xff\xfe"])
def test_without_a_training_stage_attendance_and_exam_are_ignored_whatever_they_are(
    content: bytes, tmp_path: Path
) -> None:
    read = bundles.read(bundle(tmp_path, attendance_csv=content, exam_csv=content))
    assert (read.evidence.attendance, read.evidence.exam) == ([], [])


def test_with_a_training_stage_they_are_needed_and_checked(tmp_path: Path) -> None:
    trained = TRAINED.encode()
    assert [fault.split("：")[0] for fault in faults(bundle(tmp_path / "a", policy_yaml=trained))] == [
        "attendance.csv",
        "exam.csv",
    ]
    path = bundle(
        tmp_path / "b",
        policy_yaml=trained,
        attendance_csv=b"staff_no,session,status\n001,4,present\n",
        exam_csv=b"staff_no,area,score\n001,history,50\n",
    )
    assert [fault.split("（")[0] for fault in faults(path)] == [
        "attendance.csv 第 2 行 “session”",
        "exam.csv 第 2 行 “area”",
    ]


def test_a_rehearsal_needs_nothing_that_comes_after_the_screening(tmp_path: Path) -> None:
    path = bundle(tmp_path, applications_csv=None, reviewers_csv=None, marks_csv=None)
    assert len(faults(path)) == 3
    read = bundles.read(path, rehearse=True)
    assert (read.evidence.applications, len(read.personnel.people)) == ([], 2)


def test_marks_of_a_stage_that_the_policy_does_not_have_are_ignored_with_a_note(tmp_path: Path) -> None:
    read = bundles.read(bundle(tmp_path, marks_csv=SMALL["marks.csv"] + b"roleplay,9,R9,x,NaN,?,\n"))
    assert len(read.evidence.marks) == 1
    assert said(read.notes) == ["marks.csv：1 行属于方案中没有的环节，已忽略"]


def test_materials_belong_to_people_of_the_directory(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    for name in ("001/case_summary.pdf", "001/more/photo.png", "002/case_summary", "009/case_summary", "readme.txt"):
        (path / "materials" / name).parent.mkdir(parents=True, exist_ok=True)
        (path / "materials" / name).write_bytes(name.encode())
    read = bundles.read(path)
    assert read.materials == {
        "001": [("case_summary.pdf", b"001/case_summary.pdf"), ("more/photo.png", b"001/more/photo.png")],
        "002": [("case_summary", b"002/case_summary")],
    }
    assert said(read.notes) == ["materials：2 个文件不属于名册中的人（如 materials/009/case_summary），已忽略"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[1]",
        b"{",
        b'"x"',
        b"null",
        b'{"posted_on": "tomorrow"}',
        b'{"posted_on": null}',
        b"[" * 100_000,
        b"\xff",
        b"1" * 5000,
    ],
)
def test_facts_that_no_export_wrote_are_refused(content: bytes, tmp_path: Path) -> None:
    assert faults(bundle(tmp_path, round_json=content)) == ["round.json：不是程序导出的 round.json；请删去这个文件"]


def test_the_facts_of_an_export_are_read(tmp_path: Path) -> None:
    read = bundles.read(bundle(tmp_path, round_json=b'{"posted_on": "2026-10-20"}'))
    assert read.facts == {"posted_on": "2026-10-20"}


def test_a_row_twice_counts_once(tmp_path: Path) -> None:
    twice = SMALL["marks.csv"] + SMALL["marks.csv"].splitlines(keepends=True)[1]
    assert len(bundles.read(bundle(tmp_path, marks_csv=twice)).evidence.marks) == 1


def test_rows_that_contradict_each_other_name_each_other(tmp_path: Path) -> None:
    other = SMALL["marks.csv"].splitlines(keepends=True)[1].replace(b",8,", b",9,")
    assert faults(bundle(tmp_path, marks_csv=SMALL["marks.csv"] + other)) == [
        "marks.csv 第 2 行：与第 3 行的 interview / 001 / R1 / speech 相同而内容不同，请只留一行",
        "marks.csv 第 3 行：与第 2 行的 interview / 001 / R1 / speech 相同而内容不同，请只留一行",
    ]
