"""A bundle's files from a directory or a zip: the same files, and nothing from anywhere else."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from forms import archives
from forms.archives import Part, parts
from forms.faults import FormError
from tests.forms.files import said

FILES = {"people.csv": b"staff_no\n1\n", "policy.yaml": b"version: 1\n", "materials/001/case_summary.pdf": b"%PDF"}


def folder(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read(path: Path) -> dict[str, bytes]:
    return {part.name: part.content for part in parts(path)}


def refusal(path: Path) -> str:
    with pytest.raises(FormError) as caught:
        list(parts(path))
    [fault] = said(caught.value.faults)
    return fault


def test_a_directory_and_its_zip_are_the_same(tmp_path: Path) -> None:
    directory, archive = folder(tmp_path / "bundle", FILES), zipped(tmp_path / "bundle.zip", FILES)
    assert list(parts(directory)) == list(parts(archive)) == [Part(name, FILES[name]) for name in sorted(FILES)]


@pytest.mark.parametrize("top", ["2026q4/", "数据包/", "./bundle/"])
def test_one_folder_around_everything_is_looked_into(top: str, tmp_path: Path) -> None:
    within = {top + name: content for name, content in FILES.items()}
    assert read(zipped(tmp_path / "b.zip", within)) == FILES
    assert read(folder(tmp_path / "outer", within)) == FILES


def test_two_folders_around_everything_are_too_many(tmp_path: Path) -> None:
    within = {f"a/b/{name}": content for name, content in FILES.items()}
    assert set(read(zipped(tmp_path / "b.zip", within))) == {f"b/{name}" for name in FILES}


def test_materials_alone_are_no_folder_around_everything(tmp_path: Path) -> None:
    files = {"materials/001/a": b"x"}
    assert read(zipped(tmp_path / "b.zip", files)) == read(folder(tmp_path / "b", files)) == files


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    left = [".DS_Store", "__MACOSX/._people.csv", "materials/001/Thumbs.db", "materials/desktop.ini", ".git/config"]
    left += ["~$people.csv", "materials/.x/a"]
    more = {**FILES, **dict.fromkeys(left, b"?")}
    assert read(zipped(tmp_path / "b.zip", more)) == read(folder(tmp_path / "b", more)) == FILES


def test_names_in_a_zip_are_read_as_its_maker_meant_them(tmp_path: Path) -> None:
    name = "materials/001/材料\\.pdf".replace("\\", "一")
    for encoding in ("utf-8", "gb18030"):
        path = zipped(tmp_path / f"{encoding}.zip", {"x" * len(name.encode(encoding)): b"1"})
        path.write_bytes(path.read_bytes().replace(b"x" * len(name.encode(encoding)), name.encode(encoding)))
        assert read(path) == {name: b"1"}
    assert read(zipped(tmp_path / "flagged.zip", {name: b"1"})) == {name: b"1"}


def test_backslashes_between_folders_are_understood(tmp_path: Path) -> None:
    assert read(zipped(tmp_path / "b.zip", {"b\\people.csv": b"1", "b\\materials\\001\\a": b"2"})) == {
        "people.csv": b"1",
        "materials/001/a": b"2",
    }


OUT = ["../x", "a/../../x", "/etc/x", "..\\x", "\\\\host\\share\\x", "C:\\x", "c:x", "materials/001/../../../x"]


@pytest.mark.parametrize("name", OUT)
def test_a_name_that_leads_out_of_the_bundle_is_refused(name: str, tmp_path: Path) -> None:
    assert "文件名指向数据包之外，或是链接，拒绝读取" in refusal(zipped(tmp_path / "b.zip", {**FILES, name: b"x"}))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        info = zipfile.ZipInfo("people.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert refusal(tmp_path / "b.zip").startswith("people.csv：文件名指向数据包之外，或是链接")


@pytest.mark.parametrize("target", ["/etc/passwd", "policy.yaml", "nowhere", "/etc", "people.csv", "."])
def test_a_link_in_a_directory_is_refused(target: str, tmp_path: Path) -> None:
    root = folder(tmp_path / "b", {"policy.yaml": b"x"})
    (root / "people.csv").symlink_to(target)
    assert refusal(root) == "people.csv：是链接，或不是普通文件；请换成文件本身"


def test_a_link_to_the_directory_itself_is_followed(tmp_path: Path) -> None:
    folder(tmp_path / "b", FILES)
    (tmp_path / "link").symlink_to(tmp_path / "b")
    assert read(tmp_path / "link") == FILES


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    root = folder(tmp_path / "b", FILES)
    os.mkfifo(root / "marks.csv")
    assert "不是普通文件" in refusal(root)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("materials/001/a\x1bb", "materials/001/a‹U+001B›b：文件名含有不可见字符，请改名"),
        ("materials/001/a\nb", "materials/001/a b：文件名含有不可见字符，请改名"),
        ("materials/001/a\u202ecod.exe", "materials/001/a‹U+202E›cod.exe：文件名含有不可见字符，请改名"),
        (f"materials/001/{'长' * 86}", "文件名太长，请改名"),
        (f"materials/{'a/' * 600}x", "文件名太长，请改名"),
    ],
)
def test_a_name_that_no_database_or_disk_takes_is_refused(name: str, what: str, tmp_path: Path) -> None:
    assert what in refusal(zipped(tmp_path / "b.zip", {**FILES, name: b"x"}))


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    root = folder(tmp_path / "b", FILES)
    (root / os.fsdecode(b"materials/001/\xff\xfe.pdf")).write_bytes(b"x")
    assert "文件名含有不可见字符" in refusal(root)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["people.csv", "./people.csv", "people.csv/x", "x//../people.csv"])
def test_two_files_of_one_name_are_refused(second: str, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", "a")
        archive.writestr(second, "b")
    assert "people.csv" in refusal(path)


def test_a_bomb_is_refused_by_what_it_claims(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {**FILES, "people.csv": bytes(64 * 1024**2)})
    assert refusal(path) == "people.csv：解压后异常庞大，拒绝读取"


def test_many_small_equal_bytes_are_no_bomb(tmp_path: Path) -> None:
    files = {"people.csv": b"0" * (archives.SMALL - 1)}
    assert read(zipped(tmp_path / "b.zip", files)) == files


def test_a_file_that_grows_beyond_its_claim_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"people.csv": b"0" * 1000})
    content = path.read_bytes()
    path.write_bytes(content.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert "不是完好的 zip 文件" in refusal(path)


@pytest.mark.parametrize(("limit", "value"), [("MOST_BYTES", 11), ("MOST_FILE", 9), ("MOST_FILES", 2)])
def test_too_much_is_refused(limit: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, limit, value)
    assert "太" in refusal(zipped(tmp_path / "b.zip", FILES))
    if limit != "MOST_FILES":
        assert "太大" in refusal(folder(tmp_path / "b", FILES))


def test_an_encrypted_zip_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", FILES)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    assert "zip 已加密；请解密后再导入" in refusal(path)


def broken() -> dict[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", os.urandom(1000) * 3)
    whole = out.getvalue()
    return {
        "no zip at all": b"staff_no,name\n",
        "nothing": b"",
        "only a signature": b"PK\x03\x04",
        "cut off": whole[: len(whole) // 2],
        "its end cut off": whole[:-1],
        "bytes turned over": whole[:200] + bytes(b ^ 255 for b in whole[200:900]) + whole[900:],
        "an unknown method": whole.replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63"
        ),
    }


@pytest.mark.parametrize("kind", broken())
def test_a_broken_zip_is_refused_with_a_remedy(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(broken()[kind])
    fault = refusal(path)
    assert fault.startswith("b.zip：不是完好的 zip 文件（")
    assert fault.endswith("）；请重新压缩，或直接给出目录")


def test_an_empty_directory_or_zip_or_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    zipfile.ZipFile(tmp_path / "b.zip", "w").close()
    assert "是空目录" in refusal(tmp_path / "empty")
    assert "是空的 zip" in refusal(tmp_path / "b.zip")
    assert "没有这个目录或文件" in refusal(tmp_path / "nothing")
