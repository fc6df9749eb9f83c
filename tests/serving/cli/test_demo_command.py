"""`bottega demo`: where it listens is asked before anything is made."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.serving.cli import server
from bottega.serving.cli.main import app


def test_a_port_that_is_taken_is_told_before_the_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = CliRunner().invoke(app, ["demo", "--shop", str(tmp_path / "shop"), "--port", str(port)])
    assert said.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in said.output.replace("\n", " ")
    assert not (tmp_path / "shop" / "feed").exists()


def test_an_address_that_is_not_ours_is_told_before_the_work(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["demo", "--shop", str(tmp_path / "shop"), "--host", "192.0.2.1", "--port", "8000"])
    assert said.exit_code == 2 and "cannot listen on 192.0.2.1" in said.output.replace("\n", " ")
    assert not (tmp_path / "shop" / "feed").exists()


def test_the_address_and_the_key_are_the_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("uvicorn.run", lambda app, **_: app.state.door.shop.close())
    monkeypatch.setattr(server, "log_as_json", lambda: None)
    monkeypatch.setattr("sys.setswitchinterval", lambda _: None)
    monkeypatch.setenv("BOTTEGA_WORKER", "false")
    server.serve(tmp_path, port=0)
    *_, address, key = capsys.readouterr().out.strip().splitlines()
    assert address.startswith("Serving on http://127.0.0.1:0") and "X-API-Key: btg_" in key
