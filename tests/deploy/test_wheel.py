"""What is installed is what was written: a wheel has every file of every room."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.mo")


def test_a_wheel_has_every_file_of_every_room_and_nothing_else(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = [*project["tool"]["importlinter"]["root_packages"], "migrations", "locale"]
    source = tmp_path / "source"
    for room in rooms:
        shutil.copytree(ROOT / room, source / room, ignore=LEFT_BEHIND)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    written = {str(file.relative_to(source)) for room in rooms for file in (source / room).rglob("*") if file.is_file()}
    build = "import setuptools.build_meta, sys; setuptools.build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=source, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == written
