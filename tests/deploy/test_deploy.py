"""What docs/deploy.md hands out is true of this code: services start, commands and metrics are there."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer.main

import postgresql_server as servers
from bottega.serving.cli.main import app
from bottega.serving.http.meters import Meters
from bottega.settings import ServerSettings, ShopSettings

yaml: Any = pytest.importorskip("yaml", reason="PyYAML is not here; it comes with the extra dev")
ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {
    name: one
    for name, one in COMPOSE["services"].items()
    if one["command" if "command" in one else "image"][0] == "bottega"
}


def test_every_service_is_whole() -> None:
    assert set(COMPOSE["services"]) == {"database", "server", "worker"} and set(OURS) == {"server", "worker"}
    known = {f"BOTTEGA_{name.upper()}" for name in [*ServerSettings.model_fields, *ShopSettings.model_fields]}
    for one in OURS.values():
        assert set(one["environment"]) <= known and one["restart"] == "unless-stopped"
        assert {volume.partition(":")[0] for volume in one["volumes"]} <= set(COMPOSE["volumes"])
        assert set(one["depends_on"]) <= set(COMPOSE["services"])
    assert all(port.startswith("127.0.0.1:") for port in OURS["server"]["ports"])
    assert (ROOT / OURS["server"]["build"]["dockerfile"]).is_file()


def test_the_services_start_and_find_each_other(tmp_path: Path) -> None:
    """Each command as it stands there, on a folder and a port of the test; the store is SQLite here."""
    assert _started(tmp_path, {"BOTTEGA_WORKER": "false"})["store"] == "sqlite"


@pytest.mark.slow
def test_they_find_the_database_as_it_is_set_up_there(tmp_path: Path) -> None:
    """PostgreSQL with the user, the password and the database that compose.yaml gives it, at another port."""
    if (programs := servers.postgresql_programs()) is None:
        pytest.skip("PostgreSQL's programs are not installed")
    service, password, port = COMPOSE["services"]["database"], "hush-hush", _free_port()
    given = service["environment"]
    assert given["POSTGRES_USER"] == given["POSTGRES_DB"] == "bottega" and "POSTGRES_PASSWORD" in given
    server = servers.PostgresqlServer(programs, password=password, port=port)
    server.start()
    try:
        login = f"host=127.0.0.1 port={port} user=bottega password={password} dbname=postgres"
        with psycopg.connect(login, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bottega")  # the image does it by POSTGRES_DB
        kind, probe, *words = service["healthcheck"]["test"]
        assert (kind, probe) == ("CMD", "pg_isready")
        subprocess.run([programs / probe, *words, "-h", "127.0.0.1", "-p", str(port)], check=True, timeout=60)
        variables = {name: str(value) for name, value in OURS["server"]["environment"].items()}
        assert variables == {name: str(value) for name, value in OURS["worker"]["environment"].items()}
        url = variables["BOTTEGA_DATABASE_URL"].replace("${POSTGRES_PASSWORD}", password)
        here = url.replace("@database/", f"@127.0.0.1:{port}/")
        assert here.count("@127.0.0.1") == 1
        found = _started(tmp_path, variables | {"BOTTEGA_DATABASE_URL": here})
        assert found["store"] == "postgresql" and not (tmp_path / "shop.db").exists()
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _started(tmp_path: Path, variables: dict[str, str]) -> dict[str, Any]:
    """What the server says of itself when both services run, with these variables."""
    variables = {**os.environ, "BOTTEGA_PORT": str(_free_port()), "PYTHONUNBUFFERED": "1", **variables}
    running: list[subprocess.Popen[str]] = []
    try:
        for name in ("server", "worker"):
            program, *arguments = OURS[name]["command"]
            assert program == "bottega"
            here = [str(tmp_path) if one == "/shop" else one.replace("0.0.0.0", "127.0.0.1") for one in arguments]
            command = [sys.executable, "-c", "from bottega.serving.cli.main import app; app()", *here]
            process = subprocess.Popen(
                command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            running.append(process)
            if name == "server":
                assert process.stdout
                address = _address(process)
                probe = OURS["server"]["healthcheck"]["test"][-1].replace("http://127.0.0.1:8000", address)
                done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60)
                assert done.returncode == 0, done.stderr
        time.sleep(1)
        assert [process.poll() for process in running] == [None, None]
        with urllib.request.urlopen(f"{address}/v1/health", timeout=60) as answer:
            health: dict[str, Any] = json.load(answer)
        assert health["status"] == "ok"
        return health
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=60)
            if process.stdout:
                process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://[\d.]+:\d+", line):
            return found[0]
    raise AssertionError("the server said no address")


@pytest.mark.parametrize("name", ["bottega", "bottega-worker"])
def test_a_unit_runs_a_command_that_is_there(name: str) -> None:
    unit = (ROOT / "deploy" / f"{name}.service").read_text()
    [line] = re.findall(r"^ExecStart=\S+/bottega (.*)$", unit, re.MULTILINE)
    command, *options = line.split()
    commands: Any = typer.main.get_command(app)
    there = {option for parameter in commands.commands[command].params for option in parameter.opts}
    assert {one for one in options if one.startswith("--")} <= there
    assert "Restart=on-failure" in unit and "ProtectSystem=strict" in unit and "StateDirectory=bottega" in unit


def test_every_metric_of_the_dashboard_is_told() -> None:
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text())
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    named = {re.sub(r"_bucket$", "", one) for one in re.findall(r"bottega_\w+", asked)}
    told = set(re.findall(r"^# HELP (bottega_\w+)", Meters().text().decode(), re.MULTILINE))
    assert len(named) >= 10 and named <= told
