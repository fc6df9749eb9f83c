"""The server around the application: what it says at its start, and what of a bug."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from bottega.errors import SettingsInvalid
from bottega.log import log_as_json
from bottega.serving.cli import server

HEAVY = ("torch", "scipy.optimize", "sklearn", "skimage", "usearch", "alembic", "altair", "lightgbm")
"""What a server that answers has no use for: torch alone is 120 MB and two seconds."""
ANSWER = """
import gc, json, sys, threading
from pathlib import Path
from starlette.testclient import TestClient
from bottega.serving.cli.server import app_of

app = app_of(Path(sys.argv[1]))
key = {"X-API-Key": app.state.door.shop.folder.store.keys.create("test")}
frozen, collects = gc.get_freeze_count(), gc.isenabled()
with TestClient(app) as client:
    said = [
        client.get("/v1/health"),
        client.post("/v1/events", json={"kind": "view", "shopper_id": "s1", "product_id": "tea-0"}, headers=key),
        client.post("/v1/recommendations", json={"shopper": "s1"}, headers=key),
        client.post("/v1/recommendations", json={"placement": "cart", "product_ids": ["tea-0"]}, headers=key),
    ]
    threads = [thread.name for thread in threading.enumerate()]
statuses = [one.status_code for one in said]
print(json.dumps({"statuses": statuses, "frozen": frozen, "collects": collects, "threads": threads,
                  "modules": sorted(sys.modules)}))
"""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What uvicorn was asked to run, instead of running it."""
    calls: list[dict[str, Any]] = []

    def run(app: Any, **options: Any) -> None:
        app.state.door.shop.close()
        calls.append(options)

    monkeypatch.setattr("uvicorn.run", run)
    monkeypatch.setattr(server, "log_as_json", lambda: None)
    monkeypatch.setattr("bottega.shop.open_shop.gc", SimpleNamespace(freeze=lambda: None))
    monkeypatch.setattr("sys.setswitchinterval", lambda seconds: None)
    return calls


def test_the_key_is_shown_at_the_first_start_only(
    tmp_path: Path, served: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    server.serve(tmp_path, port=0)
    first = capsys.readouterr().out
    server.serve(tmp_path, port=0)
    second = capsys.readouterr().out
    assert "btg_" in first and "btg_" not in second
    assert "http://127.0.0.1:0" in second and served[0]["host"] == "127.0.0.1"


def test_an_open_address_without_keys_is_remarked(
    tmp_path: Path, served: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bottega.toml").write_text('require_key = false\nstorefront = true\nhost = "0.0.0.0"\n')
    server.serve(tmp_path, port=0)
    said = capsys.readouterr()
    assert "anyone who reaches it may read" in said.err and "storefront" in said.err and "btg_" not in said.out


def test_a_port_in_use_is_refused_before_the_key_is_shown(
    tmp_path: Path, served: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SettingsInvalid, match="--port"):
            server.serve(tmp_path, port=other.getsockname()[1])
    assert not served and "btg_" not in capsys.readouterr().out


def test_log_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        log_as_json()
        structlog.get_logger("bottega").bind().info("request", status=200)
        assert '"status": 200' in capsys.readouterr().err
    finally:
        structlog.reset_defaults()


def test_a_bug_is_answered_without_its_details(
    trained: Path, open_door: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("bottega.actions.recommend.find_similar.find_similar", broken)
    door = open_door(trained)
    client = TestClient(door.client.app, raise_server_exceptions=False)
    response = client.post("/v1/similar", json={"product_id": "tea-0"}, headers={"X-API-Key": door.key})
    assert response.status_code == 500 and response.json()["error"]["code"] == "bug"
    assert "secret" not in response.text


def test_a_server_loads_what_it_answers_with_alone(trained: Path, tmp_path: Path) -> None:
    """Memory and the time to the first answer are those of its libraries: nothing that only training needs."""
    shutil.copytree(trained, tmp_path / "shop")
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, str(tmp_path / "shop")], check=True, capture_output=True, text=True, timeout=300
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found["statuses"]) <= {200, 202} and "worker" in found["threads"]
    assert {"numba", "sqlalchemy"} <= set(found["modules"])
    assert sorted({*HEAVY, "polars", "scipy.special"} & set(found["modules"])) == []
    assert found["collects"] and found["frozen"] > 10_000
