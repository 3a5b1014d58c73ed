"""Read tables for the command line, and say what was taken in."""

import tempfile
from collections.abc import Collection
from pathlib import Path

from actions.books import ChangeError, Taken
from cli import show
from forms import archives
from forms.columns import SPECS
from forms.faults import Fault, FormError
from forms.rows import Checked, check
from forms.tables import read_table
from kit.i18n import gettext as _
from kit.i18n import say
from rules.policies import Policy
from rules.records import Personnel
from rules.texts import RuleError, Text

PARTS = ("people", "ratings", "incidents", "honours", "certificates", "kpis")


def read_rows(
    file: Path,
    *,
    book: str,
    policy: Policy | None = None,
    people: Collection[str] | None = None,
    reviewers: Collection[str] | None = None,
    good_rows: bool = False,
) -> Checked:
    """Read and check one table; notes and, with ``good_rows``, the faults of the others go to the error stream.

    :raises FormError: with every fault, unless the good rows were asked for.
    """
    read = check(read_table(file), SPECS[book], people=people, policy=policy, reviewers=reviewers)
    return _settled(read, good_rows=good_rows)


def _settled(read: Checked, *, good_rows: bool) -> Checked:
    if read.faults and not (good_rows and read.records):
        raise FormError(read.faults)
    for fault in (*read.notes, *read.faults):
        show.note(say(fault.whole()))
    if read.faults:
        show.note(_("跳过 {bad} 处问题，导入 {good} 行").format(bad=len(read.faults), good=len(read.records)))
    return read


def read_personnel(path: Path, *, table: str, good_rows: bool, known_people: Collection[str]) -> Personnel:
    """Read people and their records from a directory, a zip, or one file (``table`` names it, else its file name does).

    :raises FormError: with every fault of every file.
    :raises RuleError: when it cannot be told which table a file is.
    """
    if path.is_file() and path.suffix.lower() != ".zip":
        name = table or path.stem
        if name not in PARTS:
            said = {"file": path.name, "known": "、".join(PARTS)}
            raise RuleError(Text(_("看不出 {file} 是哪一张表；请用 --table 指明：{known}"), said))
        files = {name: path}
        return _checked(files, good_rows=good_rows, known_people=known_people)
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for part in archives.parts(path):
            stem, _dot, kind = part.name.rpartition(".")
            if stem in PARTS and kind in {"csv", "xlsx"}:
                files[stem] = Path(folder) / part.name
                files[stem].write_bytes(part.content)
        if not files:
            raise RuleError(Text(_("{path} 里没有人员表（people.csv 等）"), {"path": str(path)}))
        return _checked(files, good_rows=good_rows, known_people=known_people)


def _checked(files: dict[str, Path], *, good_rows: bool, known_people: Collection[str]) -> Personnel:
    people = set(known_people)
    found: dict[str, Checked] = {}
    for part in PARTS:
        if part in files:
            found[part] = check(read_table(files[part]), SPECS[part], people=None if part == "people" else people)
        if part == "people" and part in found:
            people |= {p.staff_no for p in found[part].records}
    faults = [fault for read in found.values() for fault in read.faults]
    if faults and not good_rows:
        raise FormError(faults)
    return Personnel(**{"people": [], **{part: _settled(read, good_rows=True).records for part, read in found.items()}})


def change_faults(error: ChangeError, read: Checked, file: str) -> list[Fault]:
    """Return a fault for each row that differs from what was taken in before."""
    lines = dict(zip(read.records, read.lines, strict=True))
    text = _("与已录入的不同（原为 {old}）；确需更正请加 --change 理由")
    return [
        Fault(Text(text, {"old": " ".join("" if v is None else str(v) for v in old)}), file, lines.get(new))
        for new, old in error.rows
    ]


def tell(book: str, taken: Taken) -> None:
    """Say what became of the rows of a book."""
    said = _("{book}：新增 {new} 行，更正 {changed} 行，已有 {same} 行")
    show.line(said.format(book=book, new=taken.new, changed=taken.changed, same=taken.same))
