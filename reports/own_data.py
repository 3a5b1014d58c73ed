"""A person's own copy of what is kept about them: a zip of JSON and CSV files, their papers and materials.

Of score sheets only the marks are in it, in the order of the paper result: no reviewer's number or name.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from kit.i18n import gettext as _
from kit.pdf import Attached
from reports.attached import csv_file, json_file

ABOUT_REVIEWERS: Final = frozenset({"reviewer", "reviewer_no", "reviewers"})


def without_reviewers(working: Any) -> Any:  # noqa: ANN401 - whatever a stage's working holds
    """Return the working of a stage without any reviewer's number; sheets stand in the order of their totals."""
    if isinstance(working, Mapping):
        if "sheets" in working:
            working = {**working, "sheets": sorted(working["sheets"], key=_order)}
        kept = {k: v for k, v in working.items() if k not in ABOUT_REVIEWERS}
        return {k: _counted(v) if k == "dropped" else without_reviewers(v) for k, v in kept.items()}
    if isinstance(working, list | tuple):
        return [without_reviewers(one) for one in working]
    return working


def _order(sheet: Mapping[str, Any]) -> tuple[bool, Decimal, str]:
    total = sheet.get("total")
    return (total is None, -Decimal(_cut(total)) if total else Decimal(0), repr(sorted(sheet.get("marks", {}).items())))


def _cut(total: str) -> str:
    top, _slash, bottom = total.partition("/")
    return str(Decimal(top) / Decimal(bottom)) if bottom else total


def _counted(dropped: Any) -> Any:  # noqa: ANN401 - a word on a sheet, or numbers of reviewers by criterion
    """Return how many marks of a criterion were left out, instead of whose they were."""
    if isinstance(dropped, Mapping):
        return {key: _counted(value) for key, value in dropped.items()}
    return len(dropped) if isinstance(dropped, list | tuple) else dropped


def table(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Attached:
    """Return rows as a CSV file."""
    return csv_file(f"{name}.csv", head, rows, description=name)


def facts(name: str, value: object) -> Attached:
    """Return a value as a JSON file."""
    return json_file(f"{name}.json", value, description=name)


def archive(files: Iterable[tuple[str, bytes]], *, made: datetime) -> bytes:
    """Return files as a zip; a second one of the same name gets a number."""
    out, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files:
            own, n = name, 1
            while own in taken:
                n += 1
                stem, dot, ending = name.rpartition(".")
                own = f"{stem} ({n}){dot}{ending}"
            taken.add(own)
            zipped.writestr(zipfile.ZipInfo(own, made.timetuple()[:6]), content)
    return out.getvalue()


def read_me(name: str, made: str) -> str:
    """Return what the files are, in a few lines."""
    return "\n".join(
        (
            _("{name}的个人信息，导出于{made}").format(name=name, made=made),
            "",
            _("person.json：账号和人员名册中的信息；*.csv：绩效、事故、荣誉、证书和指标记录。"),
            _("rounds/：每一轮竞聘的资格审查、报名、材料的各个版本、申请和异议，以及与您有关的留痕。"),
            _("已经公示的轮次还有成绩和计算过程、个人竞聘结果（PDF）；没有公示的结果公示后才会包含在内。"),
            _("评委的姓名和编号，以及其他人的信息，不在其中。"),
            "",
        )
    )
