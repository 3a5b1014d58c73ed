import os
import subprocess
import sys
from pathlib import Path

import httpx
import yaml
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint

from clock.conductor import Conductor
from tests.clock import toy

ROOT = Path(__file__).resolve().parents[2]


def test_prefect_yaml_deploys_the_flow_of_a_round_for_workers_on_many_machines(home: Path) -> None:
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    flow: Flow[..., None] = load_flow_from_entrypoint(deployment["entrypoint"], use_placeholder_flow=False)
    with Conductor(home, toy.load) as conductor:
        api = f"{conductor.ui_url}/api"
        httpx.post(f"{api}/work_pools/", json={"name": "jingpin", "type": "process"}).raise_for_status()
        said = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
            cwd=ROOT,
            env={**os.environ, "PREFECT_API_URL": api, "PREFECT_HOME": str(home / "cli"), "DO_NOT_TRACK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stdout + said.stderr
        deployed = httpx.get(f"{api}/deployments/name/{flow.name}/{deployment['name']}").raise_for_status().json()
    assert deployed["entrypoint"] == "flows.rounds.run_round"
    assert deployed["work_pool_name"] == "jingpin"
    assert deployed["pull_steps"] in (None, [])  # no path of the deploying machine
    assert set(deployed["parameter_openapi_schema"]["required"]) == {"round_id", "code"}
