"""Read tables for the command line, hand them back when they are refused, and say what was taken in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from actions.books import ChangeError, Taken
from cli import show
from forms import archives
from forms.columns import SPECS
from forms.faults import Fault, FormError
from forms.rows import Checked, check
from forms.tables import Table, read_table
from kit.i18n import gettext as _
from kit.i18n import say
from reports import refusals
from reports.refusals import Refused
from rules.policies import Policy
from rules.records import Personnel
from rules.texts import RuleError, Text, enumerated

PARTS: Final = ("people", "ratings", "incidents", "honours", "certificates", "kpis")
ENDINGS: Final = (".csv", ".xlsx")


class Handed(NamedTuple):
    """One table as it was handed in (``None``: it could not be read), and what checking it gave."""

    book: str
    name: str
    table: Table | None
    read: Checked


def read_rows(
    source: Path | bytes,
    *,
    book: str,
    name: str = "",
    policy: Policy | None = None,
    people: Collection[str] | None = None,
    reviewers: Collection[str] | None = None,
) -> Handed:
    """Read and check one table completely; its faults are in what is returned."""
    name = name or (source.name if isinstance(source, Path) else "")
    try:
        table = read_table(source, name=name)
    except FormError as error:
        return Handed(book, name, None, Checked(faults=list(error.faults)))
    read = check(table, SPECS[book], people=people, policy=policy, reviewers=reviewers)
    return Handed(book, name, table, read)


def read_personnel(path: Path, *, table: str, known_people: Collection[str]) -> list[Handed]:
    """Read people and their records from a directory, a zip, or one file (``table`` names it, else its file name does).

    :raises RuleError: when it cannot be told which table a file is.
    """
    people = set(known_people)
    handed: list[Handed] = []
    sources = _sources(path, table)
    for part in PARTS:
        if part in sources:
            name, source = sources[part]
            handed.append(read_rows(source, book=part, name=name, people=None if part == "people" else people))
        if part == "people" and part in sources:
            people |= {person.staff_no for person in handed[0].read.records}
    return handed


def _sources(path: Path, table: str) -> Mapping[str, tuple[str, Path | bytes]]:
    """Return what to read for each table, with the name of its file."""
    if path.is_file() and path.suffix.lower() != ".zip":
        name = table or path.stem
        if name not in PARTS:
            said = {"file": path.name, "known": enumerated(PARTS)}
            raise RuleError(Text(_("看不出 {file} 是哪一张表；请用 --table 指明：{known}"), said))
        return {name: (path.name, path)}
    found: dict[str, tuple[str, Path | bytes]] = {}
    for part in archives.parts(path):
        file = Path(part.name)
        if file.stem in PARTS and file.name == part.name and file.suffix.lower() in ENDINGS:
            if file.stem in found:
                said = {"first": found[file.stem][0], "second": part.name}
                raise RuleError(Text(_("{first} 和 {second} 是同一张表；请只留一个"), said))
            found[file.stem] = (part.name, part.content)
    if not found:
        raise RuleError(Text(_("{path} 里没有人员表（people.csv 等）"), {"path": str(path)}))
    return found


def require_whole_directory(handed: Sequence[Handed]) -> None:
    """Refuse to take tables for the whole directory that have no people, or not all of them.

    :raises RuleError: because everybody who is skipped would be marked as having left.
    """
    people = next((one.read for one in handed if one.book == "people"), None)
    if people is None or not people.records or people.faults:
        raise RuleError(Text(_("--full 要求完整而没有问题的 people 表：不在其中的人都会记为离职")))


def personnel_of(handed: Sequence[Handed]) -> Personnel:
    """Return the good rows of all tables."""
    return Personnel(**{"people": [], **{one.book: one.read.records for one in handed}})


def settle(handed: Sequence[Handed], *, good_rows: bool, faults_to: Path | None) -> None:
    """Go on only when everything is good or the good rows were asked for; notes and skipped faults are told.

    :raises FormError: with every fault of every table; they are handed back in ``faults_to`` before.
    """
    faults = [fault for one in handed for fault in one.read.faults]
    if faults and faults_to is not None:
        _hand_back(handed, faults_to)
    if faults and not (good_rows and all(one.read.records or not one.read.faults for one in handed)):
        raise FormError(faults)
    for one in handed:
        for fault in (*one.read.notes, *one.read.faults):
            show.note(say(fault.whole()))
        if one.read.faults:
            said = _("跳过 {bad} 处问题，导入 {good} 行")
            show.note(said.format(bad=len(one.read.faults), good=len(one.read.records)))


def refused_changes(error: ChangeError, handed: Sequence[Handed], *, faults_to: Path | None) -> FormError:
    """Return a fault for each row that differs from what was taken in before, and hand the table back."""
    kind = type(error.rows[0][0])
    one = next(one for one in handed if SPECS[one.book].record is kind)
    lines = dict(zip(one.read.records, one.read.lines, strict=True))
    text = _("与已录入的不同（{changes}）；确需更正请加 --change 理由")
    faults = [
        Fault(Text(text, {"changes": list(_changes(new, old))}), one.name, lines.get(new)) for new, old in error.rows
    ]
    if faults_to is not None:
        _hand_back([one._replace(read=Checked(faults=[*one.read.faults, *faults]))], faults_to)
    return FormError(faults)


def _changes(new: Any, old: Any) -> Iterator[Text]:  # noqa: ANN401 - rows of any table
    for name, now, before in zip(new._fields, new, old, strict=True):
        if now != before:
            said = {"column": name, "old": "" if before is None else before, "new": "" if now is None else now}
            yield Text(_("{column} 原为“{old}”，现为“{new}”"), said)


def check_faults_to(faults_to: Path | None, source: Path) -> None:
    """Refuse a file to hand back that is neither CSV nor XLSX, or that would overwrite what it came from."""
    if faults_to is None:
        return
    if faults_to.suffix.lower() not in ENDINGS:
        raise RuleError(Text(_("--faults-to 的文件名应以 .csv 或 .xlsx 结尾")))
    if faults_to.exists() and faults_to.samefile(source):
        raise RuleError(Text(_("--faults-to 不能是要导入的文件本身；请换一个文件名")))


def _hand_back(handed: Sequence[Handed], faults_to: Path) -> None:
    """Write the tables that have faults; of several tables each to a file with the table's name in its own."""
    for one in handed:
        if one.table is None or not one.read.faults:
            continue
        file = faults_to if len(handed) == 1 else faults_to.with_stem(f"{faults_to.stem}.{one.book}")
        refused = Refused(one.table.header, one.table.rows, _problems(one.read.faults))
        if file.suffix.lower() == ".csv":
            file.write_bytes(refusals.as_csv(refused))
        else:
            file.write_bytes(refusals.as_xlsx(refused, name=one.book, issued=datetime.now(UTC)))
        show.note(_("已把表格连同问题写入 {file}").format(file=file))


def _problems(faults: Sequence[Fault]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for fault in faults:
        placed = Text(_("“{column}”{what}"), {"column": fault.column, "what": fault.text})
        found.setdefault(fault.line or 1, []).append(say(placed if fault.column else fault.text))
    return {line: _("；").join(texts) for line, texts in found.items()}


def tell(book: str, taken: Taken) -> None:
    """Say what became of the rows of a book."""
    said = _("{book}：新增 {new} 行，更正 {changed} 行，已有 {same} 行")
    show.line(said.format(book=book, new=taken.new, changed=taken.changed, same=taken.same))
