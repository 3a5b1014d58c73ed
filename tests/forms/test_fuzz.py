"""Damaged files, the same ones each time: whatever their bytes, a value or faults in words; nothing else is raised."""

import random
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from forms import bundles, policies
from forms.columns import SPECS
from forms.faults import FormError
from forms.rows import check
from forms.tables import read_table
from tests.forms.files import SHEET, said, with_part, xlsx_file

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"
POLICY = policies.load(SAMPLE / "policy.yaml")
SEED = 20261012
NASTY = [
    *(b"\0", b'"', b",", b"\n", b"\r", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[2J", b"-"),
    *(b"1e999", b"NaN", b"&a;", b"<", b"</", b"<!DOCTYPE x>", b"]]>", b"99999999999999999999", b"\t", b": ", b"- "),
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xff\xff\xff\xff", b"XFD1048576", b"../", b"=1+1", b"&*!|%@"),
]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return the content with one to four places changed."""
    for _time in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) + 1)
        until = min(len(content), at + chance.choice([0, 1, 2, 8, 64]))
        put = chance.choice([b"", chance.choice(NASTY), content[at:until] * 2, chance.randbytes(until - at)])
        content = content[:at] + put + content[until:]
        if chance.random() < 0.05:
            content = content[:at]
    return content


def times(n: int) -> Iterator[random.Random]:
    return (random.Random(SEED + number) for number in range(n))


def survives(read: Callable[[], object]) -> bool:
    """Return whether it was read; faults must be there and can be said."""
    try:
        read()
    except FormError as error:
        assert error.faults
        assert all(said(error.faults))
        return False
    return True


def some_of(name: str, rows: int = 12) -> bytes:
    return b"".join((SAMPLE / name).read_bytes().splitlines(keepends=True)[: rows + 1])


def checked(content: bytes, name: str) -> Callable[[], object]:
    def read() -> object:
        found = check(read_table(content, name=f"{name}.csv"), SPECS[name], policy=POLICY, people={"00023", "00026"})
        if found.faults:
            raise FormError(found.faults)
        return found.records

    return read


@pytest.mark.parametrize("name", ["people", "marks", "applications", "kpis", "exam", "reviewers"])
def test_damaged_csv(name: str) -> None:
    content = some_of(f"{name}.csv")
    results = [survives(checked(damaged(content, chance), name)) for chance in times(150)]
    assert False in results


def test_damaged_xlsx() -> None:
    rows = [row for _line, row in read_table(some_of("people.csv")).rows]
    header = [c.name for c in SPECS["people"].columns]
    content = xlsx_file(header, *rows)
    parts = [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
    results = []
    for chance in times(60):
        part = chance.choice(parts)
        inside = with_part(content, {part: lambda xml, chance=chance: damaged(xml, chance)})  # type: ignore[misc]
        results.append(survives(checked(inside, "people")))
        results.append(survives(checked(damaged(content, chance), "people")))
    assert set(results) == {True, False}


def packed(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_damaged_bundles(tmp_path: Path) -> None:
    files = {file.name: some_of(file.name) for file in sorted(SAMPLE.glob("*.csv"))}
    files |= {"policy.yaml": (SAMPLE / "policy.yaml").read_bytes(), "round.json": b'{"posted_on": "2026-12-01"}'}
    files |= {"materials/00001/case_summary.txt": b"x"}
    path = tmp_path / "bundle.zip"
    for chance in times(40):
        name = chance.choice(sorted(files))
        path.write_bytes(packed({**files, name: damaged(files[name], chance)}))
        survives(lambda: bundles.read(path))
        path.write_bytes(damaged(packed(files), chance))
        survives(lambda: bundles.read(path))


def test_damaged_policies() -> None:
    content = (SAMPLE / "policy.yaml").read_bytes()
    results = [survives(lambda chance=chance: policies.read(damaged(content, chance))) for chance in times(120)]  # type: ignore[misc]
    assert set(results) == {True, False}


def test_the_damage_is_the_same_each_time() -> None:
    first, second = ([damaged(b"0123456789" * 10, chance) for chance in times(20)] for _time in range(2))
    assert first == second
    assert len(set(first)) == 20
