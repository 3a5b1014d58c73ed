import sqlite3
from pathlib import Path

from kit import prefect_template


def test_a_template_that_is_there_is_copied_once_and_never_over_a_database(tmp_path: Path) -> None:
    cache, folder = tmp_path / "cache", tmp_path / "home"
    cache.mkdir()
    prefect_template.path_in(cache).write_bytes(b"empty")
    prefect_template.copy_template(cache, folder)
    assert (folder / "prefect.db").read_bytes() == b"empty"
    (folder / "prefect.db").write_bytes(b"full")
    prefect_template.copy_template(cache, folder)
    assert (folder / "prefect.db").read_bytes() == b"full"
    assert (folder / "prefect.db").stat().st_mode & 0o077 == 0
    assert [file.name for file in folder.iterdir()] == ["prefect.db"]


def test_a_missing_template_is_made_with_tables_in_one_file_and_the_pages_of_the_ui(tmp_path: Path) -> None:
    file = prefect_template.build_template(tmp_path)
    assert file == prefect_template.path_in(tmp_path)
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert {"flow_run", "task_run", "deployment"} <= tables
    assert list(prefect_template.ui_in(tmp_path).rglob("index.html"))
    assert {path.name for path in tmp_path.iterdir()} == {
        "prefect.lock",
        file.name,
        prefect_template.ui_in(tmp_path).name,
    }
