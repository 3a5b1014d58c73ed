"""Not one packet leaves this machine unless it was configured: every Python process of ours is listened to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.journeys.command import ROOT, SAMPLE
from tests.journeys.machines import free_port

LISTENER = """\
import os, sys

def hear(event, arguments):
    if event in {"socket.connect", "socket.sendto"}:
        said = arguments[1]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        said = arguments[0]
    else:
        return
    with open(os.environ["HEARD"], "a") as file:
        file.write(f"{event} {said!r} {sys.argv[:2]}\\n")

sys.addaudithook(hear)
"""
AT_HOME = ("127.0.0.1", "::1", "localhost", "None", "/")
"""Addresses of this machine; a path is a socket in the file system."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which each Python process writes down whom it wants to reach."""
    (tmp_path / "ears").mkdir()
    (tmp_path / "ears" / "sitecustomize.py").write_text(LISTENER)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("JINGPIN_", "PREFECT_", "DO_NOT_TRACK"))}
    paths = os.pathsep.join([str(tmp_path / "ears"), str(ROOT)])
    return {**inherited, "PYTHONPATH": paths, "HEARD": str(tmp_path / "heard"), "JINGPIN_HOME": str(tmp_path / "home")}


def reached(tmp_path: Path) -> list[str]:
    heard = (tmp_path / "heard").read_text().splitlines()
    return [line for line in heard if not any(f"'{place}" in line or f" {place} " in line for place in AT_HOME)]


def jingpin(*arguments: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_replay_and_a_server_talk_to_nobody_outside(tmp_path: Path, environment: dict[str, str]) -> None:
    jingpin("replay", str(SAMPLE), "--out", str(tmp_path / "out"), "--no-documents", environment=environment)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    lines = [server.stderr.readline() for _ in range(2)]
    assert "Prefect" in lines[1], lines
    assert httpx.get(f"http://127.0.0.1:{port}/login", timeout=60).is_success
    time.sleep(3)  # long enough for whatever wants to report its start
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0
    server.stderr.close()
    heard = (tmp_path / "heard").read_text()
    assert "127.0.0.1" in heard  # the listener listens: our own Prefect was reached
    assert reached(tmp_path) == []


def test_the_listener_hears_who_is_called(tmp_path: Path, environment: dict[str, str]) -> None:
    call = "import socket\ntry:\n socket.create_connection(('192.0.2.1', 9), timeout=0.01)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", call], env=environment, check=True)
    assert any("192.0.2.1" in line for line in reached(tmp_path))
