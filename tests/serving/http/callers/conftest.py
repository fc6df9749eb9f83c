"""A shop served by a real uvicorn on this machine, for clients that know nothing of it."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from bottega.serving.cli.workers import UVICORN
from bottega.serving.http.app import create_app
from bottega.shop.open_shop import OpenShop


@dataclass(frozen=True)
class Served:
    """A shop, and where it is served."""

    address: str
    shop: OpenShop
    key: str


@pytest.fixture
def serve(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Served]]:
    """Serves a copy of the trained shop, or an empty one, with settings changed."""
    with ExitStack() as stack:

        def serve_(*, empty: bool = False, **settings: Any) -> Served:
            folder = tmp_path / f"served{len(list(tmp_path.iterdir()))}"
            if not empty:
                shutil.copytree(trained, folder)
            for name, value in {"refresh_s": 3600, "worker": False, **settings}.items():
                text = value if isinstance(value, str) else json.dumps(value)
                monkeypatch.setenv(f"BOTTEGA_{name.upper()}", text)
            app = create_app(folder)
            server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **UVICORN))
            bound = socket.create_server(("127.0.0.1", 0))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
            thread.start()
            stack.callback(bound.close)
            stack.callback(thread.join, 20)
            stack.callback(setattr, server, "should_exit", True)
            while not server.started:
                assert thread.is_alive(), "the server ended before it began"
                time.sleep(0.01)
            shop: OpenShop = app.state.door.shop
            return Served(f"http://127.0.0.1:{bound.getsockname()[1]}", shop, shop.folder.store.keys.create("test"))

        yield serve_


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """The trained shop, served."""
    return serve()
