"""Requests that the schema allows, at every route with a key of each role: what breaks, and what goes beyond the role.

    python benchmarks/fuzz_roles.py [--requests 10000] [--files-away]

The shop is a small one without a training; requests are drawn by schemathesis, the same in every run. Where a
route takes files, in a form or as the whole body, most are of the kinds that some route reads, whole or cut short, and
the rest is what schemathesis draws. With `--files-away` the shop's files lie in a bucket that refuses whatever it is
asked: then 503 `files_unavailable` is an answer, and is counted apart.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import time
import warnings
import wave
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from bottega.actions.verbs import VERBS
from bottega.log import log_as_json
from bottega.names import Role
from bottega.serving.http.app import create_app
from bottega.shop.files import BucketFiles

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from starlette.testclient import TestClient

OPENED_BY = {one.route: one.role for one in VERBS if one.route}
SHELF = [
    {"id": f"tea-{number}", "title": f"Green tea {number}", "category": ["Food", "Tea"], "brand": f"b{number % 3}"}
    for number in range(30)
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="about so many in all")
    parser.add_argument("--files-away", action="store_true", help="the file store refuses everything")
    chosen = parser.parse_args()
    asked = chosen.requests
    os.environ.setdefault("BOTTEGA_WORKER", "false")
    log_as_json("critical" if chosen.files_away else "warning")
    with (
        tempfile.TemporaryDirectory() as folder,
        TestClient(create_app(_shop(Path(folder), chosen.files_away)), raise_server_exceptions=False) as client,
    ):
        shop = client.app.state.door.shop  # type: ignore[attr-defined]
        keys = {role: shop.store.keys.create(role.value, role=role) for role in Role}
        client.post("/v1/products", json=SHELF, headers={"X-API-Key": keys[Role.ADMIN]}).raise_for_status()
        if chosen.files_away:
            assert isinstance(shop.folder.files, BucketFiles)
            shop.folder.files._fs = Away()
        schema = schemathesis.openapi.from_dict(client.app.openapi())  # type: ignore[attr-defined]
        routes = [(path, method) for path in schema for method in schema[path]]
        each = max(1, asked // (len(routes) * len(Role)))
        print(f"{len(routes)} routes, {each} requests each with each role")
        for role, key in keys.items():
            told, began = Counter[str](), time.process_time()
            for path, method in routes:
                _ask(client, schema[path][method], f"{method.upper()} {path}", role, key, each, told)
            print(f"{role.value:7} {dict(sorted(told.items()))}, {time.process_time() - began:.0f} s of processor time")


class Away:
    """A file store that refuses whatever it is asked."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise ConnectionError(f"nobody is there to {name}")

        return refuse


def _shop(folder: Path, bucket: bool) -> Path:
    if bucket:
        (folder / "bottega.toml").write_text('files_url = "memory://away"\n')
    return folder


def _ask(client: Any, operation: Any, route: str, role: Role, key: str, each: int, told: Counter[str]) -> None:
    @settings(
        max_examples=each,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), file=st.sampled_from(FILES))
    def ask(case: Any, file: bytes | None) -> None:
        query = {name: str(value) for name, value in (case.query or {}).items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sent = _sent(case, file)
            heads = {"X-API-Key": key, **sent.pop("headers", {})}
            answer = client.request(case.method, case.formatted_path, params=query, headers=heads, **sent)
        told["requests"] += 1
        told["with files"] += "json" not in sent
        told[f"{answer.status_code // 100}xx"] += 1
        refused = answer.status_code == 403 and '"role_refused"' in answer.text
        needed = OPENED_BY.get(route)
        if needed is not None and refused is role.opens(needed):
            told["beyond the role"] += 1
            print(f"  {role.value}: {route} answered {answer.status_code}")
        if answer.status_code == 503 and '"files_unavailable"' in answer.text:
            told["files away"] += 1
        elif answer.status_code >= 500 and answer.status_code != 501:
            told["broken"] += 1
            print(f"  {role.value}: {route} answered {answer.status_code}: {answer.text[:200]}")

    ask()


def _sent(case: Any, file: bytes | None) -> dict[str, Any]:
    """The body of a request as the client takes it."""
    kind = case.media_type or ""
    if kind == "multipart/form-data" and isinstance(case.body, dict):
        return _form(case.body, file)
    if _is_file(case.body):
        content = file if file is not None else _bytes(case.body)
        return {"content": content, "headers": {"Content-Type": kind}}
    return {"json": _plain(case.body)}


def _form(body: dict[str, Any], file: bytes | None) -> dict[str, Any]:
    """What a client of HTTP sends as a form: files under their names, `file` in the place of what was drawn where it is
    given; other fields as text, objects and lists as JSON."""
    files: list[tuple[str, tuple[str | None, bytes]]] = []
    for name, value in body.items():
        parts = value if isinstance(value, list) and any(_is_file(one) for one in value) else [value]
        for part in parts:
            if _is_file(part):
                files.append((name, ("file", file if file is not None else _bytes(part))))
            else:
                text = part if isinstance(part, str) else json.dumps(_plain(part))
                files.append((name, (None, text.encode(errors="replace"))))
    return {"files": files or [("", (None, b""))]}


def _is_file(value: Any) -> bool:
    return isinstance(value, bytes) or isinstance(getattr(value, "data", None), bytes)


def _bytes(drawn: Any) -> bytes:
    return drawn if isinstance(drawn, bytes) else bytes(getattr(drawn, "data", b""))


def _picture(kind: str, size: tuple[int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 64).convert(mode).save(out, kind)
    return out.getvalue()


def _song() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as song:
        song.setparams((1, 2, 8000, 0, "NONE", ""))
        song.writeframes(bytes(range(256)) * 64)
    return out.getvalue()


_PHOTO = _picture("JPEG", (96, 128))
FILES = (
    _PHOTO,
    _PHOTO[:900],
    _picture("PNG", (64, 64), "RGBA"),
    _picture("WEBP", (40, 300)),
    _picture("GIF", (1, 1)),
    _song(),
    b"id,title,price\ntea-1,Green tea,2 USD\n",
    b"shopper_id,product_id,kind,time\nana,tea-1,view,1700000000\n",
    b"",
    None,
)
"""What is sent as a file; None for what schemathesis draws."""


def _plain(body: Any) -> Any:
    """A body as JSON holds it; what JSON cannot hold becomes a word."""
    if isinstance(body, dict):
        return {name: _plain(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_plain(value) for value in body]
    return body if isinstance(body, str | int | float | bool | None) else "file"


if __name__ == "__main__":
    main()
