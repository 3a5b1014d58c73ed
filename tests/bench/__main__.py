"""``python -m tests.bench [NAME …] [--quick]``: figures, each beside its floor, with what was promised.

Exit status 1 when a promise is broken; small sizes promise nothing.
"""

import argparse
import gc
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from cli.app import YOUNG
from tests.bench import documents, pages, replay, screening, stages, startup, waiting, wake
from tests.bench.measure import Figure

MODULES: Final[dict[str, Callable[..., Iterator[Figure]]]] = {
    "startup": startup.figures,
    "screening": screening.figures,
    "stages": stages.figures,
    "replay": replay.figures,
    "documents": documents.figures,
    "wake": wake.figures,
    "waiting": waiting.figures,
    "pages": pages.figures,
}
ROW: Final = "{:<70} {:>10} {:<3} {:>10} {:>8}  {:<12}  {:<7} {}"


def main() -> int:
    """Print the machine, then each figure as soon as it is measured; return the exit status."""
    asked = _asked()
    gc.set_threshold(YOUNG)  # as the product's own command does
    _say(*_machine())
    _say("", ROW.format("figure", "measured", "", "floor", "× floor", "promised", "", "the floor is"))
    broken = 0
    for name in asked.names or MODULES:
        _say("", f"— {name}")
        for figure in MODULES[name](quick=asked.quick):
            _say(_row(figure, judged=not asked.quick))
            broken += figure.kept is False and not asked.quick
    _say("", _end(broken, quick=asked.quick))
    return int(broken > 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODULES))
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it runs, not how fast")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in MODULES]:
        parser.error(f"no such figures: {', '.join(unknown)} (there are {', '.join(MODULES)})")
    return asked


def _machine() -> tuple[str, ...]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    packages = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "prefect", "weasyprint"))
    cores = f"{len(os.sched_getaffinity(0))} cores ({_processor()}), {memory:.0f} GB; load {os.getloadavg()[0]:.1f}"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return cores, f"{system}, SQLite {sqlite3.sqlite_version}, {packages}"


def _processor() -> str:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _row(figure: Figure, *, judged: bool) -> str:
    floor = "" if figure.floor is None else f"{figure.floor:.3f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    kept = {True: "kept", False: "BROKEN", None: ""}[figure.kept if judged else None]
    measured = (figure.name, f"{figure.value:.3f}", figure.unit, floor, ratio, figure.promise, kept)
    return ROW.format(*measured, figure.floor_name).rstrip()


def _end(broken: int, *, quick: bool) -> str:
    if quick:
        return "Small sizes: nothing was judged."
    return f"{broken} promises are broken." if broken else "Every promise is kept."


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
