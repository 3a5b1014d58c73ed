"""Print the bill of materials as CycloneDX: every Python package that a production machine gets, by its exact version.

What is listed is what is locked (``requirements/runtime.txt``); licences are those that the installed packages name.
"""

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def bill() -> dict[str, Any]:
    """Return the bill of this release."""
    lines = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", lines, re.MULTILINE)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "jingpin", "version": metadata.version("jingpin")}},
        "components": [_component(name, version) for name, version in locked],
    }


def _component(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    said = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    licence = _licence(name)
    return said | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def _licence(name: str) -> str:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classified = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    return str(about.get("License-Expression") or "; ".join(classified) or (about.get("License") or "").split("\n")[0])


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, ensure_ascii=False, indent=1)
