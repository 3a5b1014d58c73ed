"""The bill of materials lists what is locked."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_locked_package_is_listed_with_its_version() -> None:
    made = subprocess.run([sys.executable, ROOT / "setup/sbom.py"], capture_output=True, check=True)
    bill = json.loads(made.stdout)
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "jingpin")
    listed = {f"{c['name']}=={c['version']}" for c in bill["components"]}
    locked = {
        re.sub(r"\[.*\]", "", line.split()[0])
        for line in (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8").splitlines()
        if line[:1].isalnum()
    }
    assert listed == locked
    assert len([c for c in bill["components"] if "licenses" in c]) > len(listed) * 0.9
